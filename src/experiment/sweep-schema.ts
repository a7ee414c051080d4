/** The `sweep` block of the experiment's YAML: which values of which paths are tried. */
import { z } from "zod";
import { METRICS, SERIES_METRICS } from "../metrics/catalogue.ts";
import { wholeBars } from "./portfolio-schema.ts";

const path = z
  .string()
  .regex(/^[a-z0-9_]+(\.[A-Za-z0-9_-]+)+$|^seed$/, "must be a path into the experiment, such as allocation.method");
const values = z.array(z.unknown()).min(1);

const range = z
  .strictObject({
    min: z.number(),
    max: z.number(),
    log: z.boolean().default(false).describe("Drawn evenly by ratio instead of by distance."),
    whole: z.boolean().default(false).describe("Whole numbers alone."),
  })
  .refine(({ min, max }) => min <= max, "min must not be above max")
  .refine(({ min, log }) => !log || min > 0, "min must be above 0 with `log`");

/** What can be measured on a part of the bars, and is better one way. */
const WINDOW_METRICS = SERIES_METRICS.filter(({ better }) => better !== "neutral").map(({ key }) => key as string);

const walkForward = z
  .strictObject({
    kind: z
      .enum(["expanding", "rolling"])
      .default("expanding")
      .describe("Training windows that start where the trials do, or that have one length."),
    train_bars: wholeBars(2).describe("Bars of the first (rolling: of every) window a config is chosen on."),
    test_bars: wholeBars(1).describe("Bars after it that the choice is measured on; the last window may have fewer."),
    step_bars: wholeBars(1)
      .optional()
      .describe("Bars from one choice to the next, at most test_bars, which it is without it."),
    rank_by: z.enum(WINDOW_METRICS).optional().describe("Metric the choice goes by; that of the sweep without it."),
  })
  .refine(({ step_bars, test_bars }) => step_bars === undefined || step_bars <= test_bars, {
    path: ["step_bars"],
    error: "must not be above test_bars: there would be bars that no choice stands for",
  });

export const sweep = z
  .strictObject({
    grid: z.record(path, values).optional().describe("Path -> values; every combination is tried."),
    zip: z
      .record(path, values)
      .refine((axes) => new Set(Object.values(axes).map((list) => list.length)).size <= 1, {
        error: "lists must be of one length",
      })
      .optional()
      .describe("Path -> values; the first of each, then the second of each, and so on."),
    list: z.array(z.record(path, z.unknown())).min(1).optional().describe("Sets of path: value, tried one by one."),
    random: z
      .strictObject({
        n: wholeBars(1).max(1_000_000).describe("Draws."),
        seed: z.int().optional().describe("The experiment's own without it."),
        space: z
          .record(path, z.union([values, range], { error: "must be a list of values or {min, max, log, whole}" }))
          .describe("Path -> values, or a range to draw from."),
      })
      .optional()
      .describe("Draws from lists and ranges."),
    where: z
      .array(z.string())
      .default([])
      .describe("Constraints between paths or values, such as `allocation.lookback_bars > 20`; others are not tried."),
    rank_by: rankBy([]),
    walk_forward: walkForward
      .optional()
      .describe("A config is chosen again and again by what was known, and its choices are run as one account."),
    effective_trials: z
      .boolean()
      .default(false)
      .describe("Count the trials that move alike as one, for a second deflated Sharpe ratio."),
    top_k: z.int().min(1).max(50).default(10).describe("Best different trials whose equity is kept and shown."),
  })
  .refine(({ grid, zip, list, random }) => [grid, zip, list, random].some((source) => source !== undefined), {
    error: "needs a `grid`, `zip`, `list` or `random`",
  })
  .refine((block) => block.walk_forward === undefined || WINDOW_METRICS.includes(windowMetric(block)), {
    path: ["walk_forward", "rank_by"],
    error: "must be given, as the sweep's own rank_by cannot be measured on a part of the bars",
  });

/** The block where extensions bring metrics of their own. */
export function sweepRankedBy(metricKeys: readonly string[]): typeof sweep {
  return metricKeys.length === 0 ? sweep : sweep.safeExtend({ rank_by: rankBy(metricKeys) });
}

function rankBy(more: readonly string[]) {
  return z
    .enum([...METRICS.map(({ key }) => key as string), ...more])
    .default("sharpe")
    .describe("Metric the trials are ranked by.");
}

export type SweepBlock = z.output<typeof sweep>;
export type WalkForwardBlock = NonNullable<SweepBlock["walk_forward"]>;

interface RankedBlock {
  readonly rank_by: string;
  readonly walk_forward?: { readonly rank_by?: string | undefined } | undefined;
}

/** The metric that choices on windows go by. */
export function windowMetric({ walk_forward, rank_by }: RankedBlock): string {
  return walk_forward?.rank_by ?? rank_by;
}
