/** Ready-made `portfolio` blocks; any key written beside a preset outranks it. They go in before the schema's defaults,
 *  so a preset is a shorthand and nothing that the engine or a saved config knows of. */
import type { CASH_SHORTFALLS, EXECUTION_MODES, OPPOSITE_ENTRIES, PRICE_TYPES, SIZINGS } from "../execution/policy.ts";
import type { CostPresetName } from "./cost-presets.ts";

/** The keys that presets set, as the YAML has them. */
export interface PortfolioSettings {
  readonly execution_mode?: (typeof EXECUTION_MODES)[number];
  readonly upon_opposite_entry?: (typeof OPPOSITE_ENTRIES)[number];
  readonly price_type?: (typeof PRICE_TYPES)[number];
  readonly sizing?: (typeof SIZINGS)[number];
  readonly cash_shortfall?: (typeof CASH_SHORTFALLS)[number];
  readonly rebalance_threshold?: number;
  readonly max_leverage_cap?: number;
  readonly system_stop_loss?: number;
  readonly cost_model?: { readonly preset: CostPresetName };
}

export const PORTFOLIO_PRESETS = {
  conservative: {
    execution_mode: "orders",
    price_type: "next_open",
    sizing: "post_cost",
    rebalance_threshold: 0.05,
    max_leverage_cap: 1,
    system_stop_loss: 0.1,
    cost_model: { preset: "binance_spot" },
  },
  aggressive: {
    execution_mode: "orders",
    price_type: "next_open",
    rebalance_threshold: 0.01,
    max_leverage_cap: 3,
    system_stop_loss: 0.25,
    cost_model: { preset: "binance_futures" },
  },
  signals_mode: {
    execution_mode: "signals",
    upon_opposite_entry: "reverse",
    rebalance_threshold: 0,
    max_leverage_cap: 1,
    system_stop_loss: 0.1,
    cost_model: { preset: "binance_spot" },
  },
} as const satisfies Readonly<Record<string, PortfolioSettings>>;

export type PortfolioPresetName = keyof typeof PORTFOLIO_PRESETS;

export const PORTFOLIO_PRESET_NAMES = Object.keys(PORTFOLIO_PRESETS) as [PortfolioPresetName, ...PortfolioPresetName[]];
