/** Backtest references: prices and decisions as a market and its targets. */
import type { TargetWeights } from "../../src/core/contracts.ts";
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import { createAxes } from "../../src/core/panel.ts";
import { decisionsAt, flatten, marketOn } from "./market.ts";

export interface BacktestInput {
  readonly symbols: string[];
  readonly dates: string[];
  readonly open: (number | null)[][];
  readonly close: (number | null)[][];
  readonly target_weights: number[][];
}

/** @param decisionRows bar of each row of target weights */
export function backtestCase(
  input: BacktestInput,
  decisionRows: readonly number[],
): { readonly market: Ohlcv; readonly targets: TargetWeights } {
  const axes = createAxes(
    input.dates.map((date) => Date.parse(date)),
    input.symbols,
  );
  const market = marketOn(axes, flatten(input.open), flatten(input.close));
  const targets = decisionsAt(axes, Object.fromEntries(decisionRows.map((t, i) => [t, input.target_weights[i]!])));
  return { market, targets };
}
