/** The experiment's YAML, strict. Defaults stand here and nowhere else; `ballast schema` prints this as JSON Schema. */
import { z } from "zod";
import { SAMPLE_LIMITS } from "../data/sample.ts";
import type { MetricExtensions } from "../metrics/metric-extension.ts";
import { allocation, benchmark, comparison } from "./allocation-schema.ts";
import { ensemble } from "./ensemble-schema.ts";
import { extensionBlock } from "./extension-schema.ts";
import { type Extensions, NO_EXTENSIONS } from "./extensions.ts";
import { features } from "./feature-schema.ts";
import { l5 } from "./l5-schema.ts";
import { portfolio } from "./portfolio-schema.ts";
import { ranking } from "./ranking-schema.ts";
import { rebalancing } from "./rebalancing-schema.ts";
import { assetSelector } from "./selector-schema.ts";
import { signal } from "./signal-schema.ts";
import { sweepRankedBy } from "./sweep-schema.ts";
import { distinct } from "./weighting-schema.ts";

const isoDate = z.iso.date({ error: "must be a date YYYY-MM-DD" });

/** Size of the synthetic market where nothing else is said: ten years of trading days. */
export const SAMPLE_DEFAULTS = { assets: 20, bars: 2520, seed: 7 } as const;

const data = z.strictObject({
  source: z
    .enum(["sample", "csv", "parquet"])
    .optional()
    .describe("Where prices come from. Without it: `sample` when there is no path, else what the file's ending says."),
  path: z
    .string()
    .min(1)
    .optional()
    .describe("Price file; looked for beside the experiment, then in the working directory."),
  symbols: z.array(z.string().min(1)).min(1).optional().describe("Symbols to load; all without it."),
  start: isoDate.optional().describe("First date, inclusive."),
  end: isoDate.optional().describe("Last date, inclusive."),
  periods_per_year: z
    .number()
    .positive()
    .optional()
    .describe("Bars per year for annualising; inferred from the calendar without it."),
  repair: z
    .enum(["drop", "clip"])
    .optional()
    .describe(
      "What to do with rows that break the OHLC rule: drop the row, or widen high and low. Without it they are an error.",
    ),
  sample_assets: z
    .int()
    .min(1)
    .max(SAMPLE_LIMITS.assets)
    .optional()
    .describe(`Assets of the synthetic market; ${SAMPLE_DEFAULTS.assets} without it.`),
  sample_bars: z
    .int()
    .min(2)
    .max(SAMPLE_LIMITS.bars)
    .optional()
    .describe(`Bars of the synthetic market; ${SAMPLE_DEFAULTS.bars} without it.`),
});

const riskFree = z.number().gt(-1).default(0).describe("Annual rate, converted per period by (1 + rf)^(1/p) - 1.");

/** Metrics of extensions have a block each, by their names. */
interface MetricsBlock {
  readonly risk_free: number;
  readonly [metric: string]: unknown;
}

function metrics(extensions: MetricExtensions): z.ZodType<MetricsBlock> {
  const own = Object.fromEntries(Array.from(extensions, ([name, metric]) => [name, extensionBlock(metric)]));
  return z.strictObject({ risk_free: riskFree, ...own });
}

export const extensionFiles = z
  .array(z.string().min(1))
  .min(1)
  .refine(distinct, "must name each file once")
  .describe(
    "TypeScript modules that define features, signals, weightings, models and metrics of your own; looked for beside the experiment, then in the working directory.",
  );

const validation = z.strictObject({
  holdout_start: isoDate.describe(
    "First date of the holdout: nothing is fitted, tuned or chosen by labels that end on it or later.",
  ),
});

const schemas = new WeakMap<Extensions, ReturnType<typeof makeSchema>>();

/** The schema of experiments with these extensions; made once for each. */
export function experimentSchema(extensions: Extensions): ReturnType<typeof makeSchema> {
  const known = schemas.get(extensions) ?? makeSchema(extensions);
  schemas.set(extensions, known);
  return known;
}

function makeSchema(extensions: Extensions) {
  return z.strictObject({
    name: z
      .string()
      .max(100)
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
        "must be letters, digits, dots, dashes and underscores, as it names a folder",
      )
      .describe("Names the run and its folder."),
    description: z.string().optional().describe("A sentence for the report's head."),
    seed: z.int().default(SAMPLE_DEFAULTS.seed).describe("Seed of everything random."),
    extensions: extensionFiles.optional(),
    data,
    features: features(extensions.features).optional(),
    ranking: ranking.optional().describe("Scores from features: the `scores` signal trades them."),
    l5: l5(extensions.models)
      .optional()
      .describe("Models fitted walk-forward to forward returns of the assets, on all features."),
    ensemble: ensemble
      .optional()
      .describe(
        "How the scores of the ranking and of the first model become one; `weighted` where both are there without it.",
      ),
    validation: validation.optional(),
    signal: signal(extensions.signals).prefault({ kind: "long_only" }),
    asset_selector: assetSelector
      .optional()
      .describe("Who takes part: excludes what does badly, and lets it come back."),
    allocation: allocation(extensions.weightings).optional(),
    rebalancing: rebalancing
      .optional()
      .describe("When decisions are traded, and in how many steps; at once and in one without the block."),
    portfolio: portfolio.prefault({}),
    benchmark: benchmark(extensions.weightings)
      .optional()
      .describe(
        "What the strategy is measured against; executed with the same costs and sizing, without stops, margin or kill switch.",
      ),
    comparison: comparison(extensions.weightings)
      .optional()
      .describe(
        "Further weighting methods to run with everything else the same, for one table and chart in the report.",
      ),
    metrics: metrics(extensions.metrics).prefault({}),
    sweep: sweepRankedBy([...extensions.metrics.keys()])
      .optional()
      .describe("Values of other keys to try; `ballast run` then runs them all."),
  });
}

/** What the YAML means once defaults are in. */
export type ExperimentConfig = z.output<ReturnType<typeof makeSchema>>;

/** Defaults of the portfolio block, for callers without an experiment. */
export function defaultPortfolio(): ExperimentConfig["portfolio"] {
  return portfolio.parse({});
}

/** Defaults of the allocation block, for experiments that leave it out. */
export function defaultAllocation(): NonNullable<ExperimentConfig["allocation"]> {
  return allocation(NO_EXTENSIONS.weightings).parse({});
}

/** JSON Schema (draft 2020-12) of the YAML with these extensions, for editors. */
export function experimentJsonSchema(extensions: Extensions = NO_EXTENSIONS): unknown {
  return { ...z.toJSONSchema(experimentSchema(extensions), { io: "input" }), title: "Ballast experiment" };
}
