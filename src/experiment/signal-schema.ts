/** The `signal` block of the experiment's YAML: direction and strength per asset, before any weighting. */
import { z } from "zod";
import { PROPORTIONS } from "../signal/score-selection.ts";
import { SIDES } from "../signal/side.ts";
import type { SignalExtension } from "../signal/signal-extension.ts";
import { extensionKeys } from "./extension-schema.ts";
import { wholeBars } from "./portfolio-schema.ts";

export const SIGNAL_KINDS = ["long_only", "tsmom", "scores", "weights"] as const;

const longOnly = z.strictObject({
  kind: z.literal("long_only").default("long_only").describe("Every listed asset, at full strength."),
});

const timeSeriesMomentum = z.strictObject({
  kind: z.literal("tsmom").describe("Each asset by the sign of its own trailing return, sized by its volatility."),
  lookback_bars: wholeBars(1).default(60).describe("Bars whose return says the direction."),
  skip_bars: wholeBars(0).default(0).describe("Latest bars left out of them."),
  vol_window_bars: wholeBars(2).default(20).describe("Returns in the trailing volatility."),
  vol_target: z
    .number()
    .positive()
    .default(0.15)
    .describe("Annual volatility at which the strength is 1; strength = vol_target / volatility."),
  max_strength: z.number().positive().default(1).describe("Strength is never more than this."),
  side: z.enum(SIDES).default("long_short").describe("`long_only` is out where `long_short` is short."),
  funding_adjusted: z
    .boolean()
    .default(false)
    .describe("Direction of returns net of the funding a long paid; rates from portfolio.funding_column."),
});

const PROPORTION_RULE = `{proportional: ${PROPORTIONS.join(" | ")}}`;

const select = z
  .union(
    [
      z.strictObject({ top_k: z.int().min(1) }),
      z.strictObject({ quantile: z.number().gt(0).max(1) }),
      z.strictObject({ proportional: z.enum(PROPORTIONS) }),
    ],
    { error: `must be one of {top_k: 5}, {quantile: 0.2} and ${PROPORTION_RULE}` },
  )
  .describe(
    "Who is held: the best `top_k`, the best `quantile` (a fraction), or all in proportion to their score (`raw`) or its distance from the mean of the date (`centred`). Long-short holds as many of the worst short.",
  );

const scores = z.strictObject({
  kind: z.literal("scores").describe("Positions by scores, higher = better."),
  path: z
    .string()
    .min(1)
    .optional()
    .describe("Wide file `date,<symbol>...` of scores; without it those of the experiment's own ranking or models."),
  select,
  side: z.enum(SIDES).default("long_only").describe("Whether the worst are sold short."),
  max_age_bars: wholeBars(0)
    .optional()
    .describe("Bars without scores after which the last selection lapses; without it, it holds until a newer one."),
});

const weights = z.strictObject({
  kind: z.literal("weights").describe("Target weights from a file, as they are."),
  path: z.string().min(1).describe("Wide CSV `date,<symbol>...` of target weights."),
});

const builtIn = z.discriminatedUnion("kind", [longOnly, timeSeriesMomentum, scores, weights]);

/** The block once defaults are in; the kind of an extension is none of these, and is looked up before them. */
export type SignalBlock = z.output<typeof builtIn>;

/** @param extensions signals of extensions by name */
export function signal(extensions: ReadonlyMap<string, SignalExtension> = new Map()): z.ZodType<SignalBlock> {
  const names = [...SIGNAL_KINDS, ...extensions.keys()];
  const own = Array.from(extensions.values(), (extension) => extensionKeys(extension, "kind"));
  return z.discriminatedUnion("kind", [longOnly, timeSeriesMomentum, scores, weights, ...(own as [])], {
    error: (issue) => (issue.code === "invalid_union" ? `must be one of ${names.join(", ")}` : undefined),
  });
}

/** What of the rest of the experiment a signal depends on. */
export interface SignalSurroundings {
  /** A `ranking` or `l5` block makes scores. */
  readonly makesScores: boolean;
  /** The data's funding rates are named. */
  readonly hasFunding: boolean;
}

/** Keys that are each valid alone but not together: path below the block, rule, value. */
export function signalFaults(
  block: SignalBlock,
  { makesScores, hasFunding }: SignalSurroundings,
): readonly (readonly [path: readonly string[], rule: string, got: string | number | boolean])[] {
  if (block.kind === "tsmom" && block.funding_adjusted && !hasFunding)
    return [[["funding_adjusted"], "needs `portfolio.funding_column`, the column with the rates", true]];
  if (block.kind !== "scores") return [];
  const faults: (readonly [readonly string[], string, string | number])[] = [];
  if (block.path === undefined && !makesScores)
    faults.push([["kind"], "needs `signal.path`, a wide file of scores, or a `ranking` or `l5` block", block.kind]);
  if (block.path !== undefined && makesScores)
    faults.push([["path"], "is a second source of scores beside the `ranking` or `l5` block", block.path]);
  if ("quantile" in block.select && block.select.quantile > 0.5 && block.side === "long_short")
    faults.push([["select", "quantile"], "must be at most 0.5 with `side: long_short`", block.select.quantile]);
  return faults;
}
