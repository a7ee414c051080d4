/** The `portfolio` block of the experiment's YAML: how decisions become trades, what they cost, what ends them. */
import { z } from "zod";
import {
  CASH_SHORTFALLS,
  EXECUTION_MODES,
  OPPOSITE_ENTRIES,
  PRICE_TYPES,
  SIZINGS,
  VOLUME_UNITS,
} from "../execution/policy.ts";
import { COST_DEFAULTS, COST_PRESET_NAMES } from "./cost-presets.ts";
import { PORTFOLIO_PRESET_NAMES } from "./portfolio-presets.ts";

export const wholeBars = (least: number) => z.int().min(least);

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

const fractionBelowOne = z.number().gt(0).lt(1);

/** Bars for ATR where nothing else is said. */
export const ATR_BARS = 14;

const stops = z.strictObject({
  stop_loss: fractionBelowOne.optional().describe("Loss against the average entry price, as a fraction."),
  take_profit: z.number().gt(0).optional().describe("Gain against the average entry price, as a fraction."),
  trailing: fractionBelowOne.optional().describe("Fall from the best price since the entry, as a fraction."),
  atr_multiple: z
    .number()
    .gt(0)
    .optional()
    .describe("Distance from the average entry price in ATRs, as known when the entry was decided."),
  atr_bars: wholeBars(1).optional().describe(`Bars for ATR, the mean true range; ${ATR_BARS} without it.`),
});

const margin = z.strictObject({
  initial: z
    .number()
    .gt(0)
    .max(1)
    .describe("Margin posted at entry, as a fraction of the notional; gross exposure cannot pass its inverse."),
  maintenance: z
    .number()
    .min(0)
    .describe("A position is liquidated when margin and price gain are this fraction of its notional, or less."),
});

const killSwitch = z.strictObject({
  drawdown: fractionBelowOne
    .optional()
    .describe("Drawdown at a close, from the highest one, at which everything is sold at the next price."),
  flat_bars: z
    .union([wholeBars(1), z.literal("forever")], { error: 'must be a whole number of at least 1, or "forever"' })
    .default("forever")
    .describe("Bars without a decision after that, and after a system stop."),
});

export const portfolio = z.strictObject({
  preset: z
    .enum(PORTFOLIO_PRESET_NAMES)
    .optional()
    .describe("Ready-made settings of this block; keys beside it outrank it, and `cost_model` does so as a whole."),
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
  size_type: z
    .enum(["target_percent"])
    .default("target_percent")
    .describe("What a weight is: a fraction of equity, and nothing else so far."),
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
  system_stop_loss: fractionBelowOne
    .nullable()
    .default(null)
    .describe(
      "Loss of the whole account since its start, or since it came back, at which everything is sold at the next price; null = none.",
    ),
  kill_switch: killSwitch
    .optional()
    .describe(
      "Drawdown of the whole account at which everything is sold, and how long it then stays out of the market, after a system stop too.",
    ),
  stops: stops
    .optional()
    .describe(
      "Exits of single positions, checked against high and low. What was stopped is not entered again before a target of the other sign, or zero.",
    ),
  margin: margin
    .optional()
    .describe("Isolated margin behind every position, checked against high and low; none without it."),
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

/** What holds for the system stop where there is no `kill_switch` block. */
export function defaultKillSwitch(): z.output<typeof killSwitch> {
  return killSwitch.parse({});
}
