/** Ready-made cost models by venue, as keys of the `cost_model` block; any key given beside a preset outranks it.
 *  Rates are the venues' published ones for a small account in 2026, slippage a cautious guess for liquid names. */

export interface CostSettings {
  readonly fee_bps: number;
  readonly slippage_bps: number;
  readonly min_fee: number;
  readonly borrow_rate: number;
}

export const COST_PRESETS = {
  frictionless: { fee_bps: 0, slippage_bps: 0, min_fee: 0, borrow_rate: 0 },
  binance_spot: { fee_bps: 10, slippage_bps: 5, min_fee: 0, borrow_rate: 0 },
  binance_futures: { fee_bps: 5, slippage_bps: 2, min_fee: 0, borrow_rate: 0 },
  us_equity: { fee_bps: 0.5, slippage_bps: 2, min_fee: 1, borrow_rate: 0.003 },
} as const satisfies Readonly<Record<string, CostSettings>>;

export type CostPresetName = keyof typeof COST_PRESETS;

export const COST_PRESET_NAMES = Object.keys(COST_PRESETS) as [CostPresetName, ...CostPresetName[]];

/** What holds where neither a key nor a preset says otherwise. */
export const COST_DEFAULTS: CostSettings = COST_PRESETS.binance_spot;
