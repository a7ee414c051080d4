/** The experiment's YAML, strict. Defaults stand here and nowhere else; `ballast schema` prints this as JSON Schema. */
import { z } from "zod";
import { WEIGHTING_METHOD_NAMES } from "../allocation/methods/catalogue.ts";
import { SAMPLE_LIMITS } from "../data/sample.ts";
import {
  CASH_SHORTFALLS,
  EXECUTION_MODES,
  OPPOSITE_ENTRIES,
  PRICE_TYPES,
  SIZINGS,
  VOLUME_UNITS,
} from "../execution/policy.ts";
import { COST_DEFAULTS, COST_PRESET_NAMES } from "./cost-presets.ts";

const wholeBars = (least: number) => z.int().min(least);
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

const signal = z.strictObject({
  kind: z
    .enum(["long_only", "weights"])
    .default("long_only")
    .describe("`long_only` wants every listed asset; `weights` reads targets from a file."),
  path: z.string().min(1).optional().describe("Wide CSV `date,<symbol>...` of target weights, for kind `weights`."),
});

const allocation = z.strictObject({
  method: z.enum(WEIGHTING_METHOD_NAMES).default("equal_weight").describe("Weighting method."),
  lookback_bars: wholeBars(2).default(60).describe("Returns the method sees, counted back from the decision."),
  rebalance_bars: wholeBars(1).default(5).describe("Bars between decisions."),
  min_history_bars: wholeBars(2)
    .optional()
    .describe("Returns an asset needs in the lookback to take part; half of the lookback without it."),
});

const bpsPerSide = z.number().min(0).lt(10_000);

const liquidity = z.strictObject({
  impact_coefficient: z
    .number()
    .min(0)
    .default(0)
    .describe("k of the square-root impact k * sigma * sqrt(traded / ADV); 0 = trading moves no price."),
  participation_cap: z
    .number()
    .positive()
    .optional()
    .describe("Most that is traded in a bar, as a fraction of ADV; the rest waits. No limit without it."),
  volatility_bars: wholeBars(2).default(20).describe("Bars for sigma, the deviation of returns per bar."),
  adv_bars: wholeBars(1).default(20).describe("Bars for ADV, the mean traded value per bar."),
  volume_unit: z.enum(VOLUME_UNITS).default("units").describe("What the volume column counts."),
});

const costModel = z.strictObject({
  preset: z
    .enum(COST_PRESET_NAMES)
    .optional()
    .describe(
      `Ready-made costs; keys beside it outrank it. Without it: ${COST_DEFAULTS.fee_bps} bps fee, ${COST_DEFAULTS.slippage_bps} bps slippage.`,
    ),
  fee_bps: bpsPerSide.optional().describe("Fee per side, basis points of the fill notional."),
  slippage_bps: bpsPerSide.optional().describe("Slippage per side, basis points of the raw price."),
  min_fee: z.number().min(0).optional().describe("Currency charged at least for every fill."),
  borrow_rate: z.number().min(0).optional().describe("Annual rate paid on what is held short, as a fraction."),
  per_asset: z
    .record(z.string(), z.strictObject({ fee_bps: bpsPerSide.optional(), slippage_bps: bpsPerSide.optional() }))
    .optional()
    .describe("Fee and slippage of single symbols, where they differ."),
  liquidity: liquidity.optional().describe("Market impact and participation; needs a volume column."),
});

const portfolio = z.strictObject({
  execution_mode: z
    .enum(EXECUTION_MODES)
    .default("orders")
    .describe("`orders` trades towards every decision; `signals` only enters, exits and turns round."),
  upon_opposite_entry: z
    .enum(OPPOSITE_ENTRIES)
    .default("reverse")
    .describe("What `signals` does with a target of the other sign: take it, only close, or hold."),
  price_type: z
    .enum(PRICE_TYPES)
    .default("next_open")
    .describe("Where decisions are filled: the next bar's open or close."),
  sizing: z
    .enum(SIZINGS)
    .default("post_cost")
    .describe("Size trades on the value after costs, so that weights hold, or before."),
  cash_shortfall: z
    .enum(CASH_SHORTFALLS)
    .default("pro_rata")
    .describe("Under `pre_cost`: shrink all buys by one factor, or fill the smallest first."),
  initial_cash: z.number().positive().default(100_000).describe("Currency."),
  rebalance_threshold: z
    .number()
    .min(0)
    .default(0)
    .describe("Drift of one asset, as a fraction of equity, below which it is not traded."),
  max_leverage_cap: z.number().positive().default(1).describe("Gross exposure after trading, as a multiple of equity."),
  delist_after_bars: wholeBars(1)
    .default(20)
    .describe("Bars without a price after which a position is closed at its last price."),
  delist_haircut: z.number().min(0).max(1).default(0).describe("Fraction of that price lost."),
  cost_model: costModel.prefault({}),
  funding_column: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Column of the data with the funding rate per bar; longs pay a positive rate on their notional at the close.",
    ),
});

const benchmark = z.strictObject({
  method: z.enum(WEIGHTING_METHOD_NAMES).optional().describe("Weighting method of the benchmark portfolio."),
  symbol: z.string().min(1).optional().describe("Or one symbol, bought and held."),
  lookback_bars: wholeBars(2).optional().describe("As in allocation, which it follows without this."),
  rebalance_bars: wholeBars(1).optional().describe("As in allocation, which it follows without this."),
});

const metrics = z.strictObject({
  risk_free: z.number().gt(-1).default(0).describe("Annual rate, converted per period by (1 + rf)^(1/p) - 1."),
});

export const experimentSchema = z.strictObject({
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
  data,
  signal: signal.prefault({}),
  allocation: allocation.optional(),
  portfolio: portfolio.prefault({}),
  benchmark: benchmark.optional(),
  metrics: metrics.prefault({}),
});

/** What the YAML means once defaults are in. */
export type ExperimentConfig = z.output<typeof experimentSchema>;

/** Defaults of the portfolio block, for callers without an experiment. */
export function defaultPortfolio(): ExperimentConfig["portfolio"] {
  return portfolio.parse({});
}

/** Defaults of the allocation block, for experiments that leave it out. */
export function defaultAllocation(): NonNullable<ExperimentConfig["allocation"]> {
  return allocation.parse({});
}

/** JSON Schema (draft 2020-12) of the YAML, for editors. */
export function experimentJsonSchema(): unknown {
  return { ...z.toJSONSchema(experimentSchema, { io: "input" }), title: "Ballast experiment" };
}
