/** What single sleeves looked like over a window, per bar and not annualised; over the returns that are present. */
import { arithmeticMeans } from "./estimators/mean.ts";
import { estimateVolatilities, sampleVolatilities } from "./estimators/volatility.ts";
import type { SleeveWindow } from "./weighting.ts";

/** [count] each; NaN where a sleeve has too few returns for the figure. */
export interface SleeveStatistics {
  /** Returns present. */
  readonly present: Int32Array;
  readonly mean: Float64Array;
  /** Sample deviation, ddof 1; rounding noise around a constant return is 0. */
  readonly volatility: Float64Array;
  /** Root of the mean square of returns below the rate without risk, over all returns. */
  readonly downside: Float64Array;
  /** (mean - rate) / volatility; NaN where volatility is 0. */
  readonly sharpe: Float64Array;
  /** (mean - rate) / downside; NaN where downside is 0. */
  readonly sortino: Float64Array;
}

/** @param riskFree rate per bar, fraction */
export function sleeveStatistics(window: SleeveWindow, riskFree = 0): SleeveStatistics {
  const { returns, bars, count } = window;
  const figure = () => new Float64Array(count);
  const [mean, volatility, downside] = [figure(), figure(), figure()];
  arithmeticMeans(window, mean);
  sampleVolatilities(window, volatility);
  estimateVolatilities(window, { kind: "downside", targetReturn: riskFree }, downside);
  const present = new Int32Array(count);
  for (let t = 0; t < bars; t++)
    for (let k = 0; k < count; k++) if (returns[t * count + k] === returns[t * count + k]) present[k]!++;
  const ratio = (risk: Float64Array) => mean.map((m, k) => (risk[k]! > 0 ? (m - riskFree) / risk[k]! : Number.NaN));
  return { present, mean, volatility, downside, sharpe: ratio(volatility), sortino: ratio(downside) };
}

/** Mean of the worst 5% of returns, at least one, as a loss >= 0; NaN without any. */
export function expectedShortfall(returns: Float64Array): number {
  const sorted = returns.slice().sort();
  const tail = Math.ceil(0.05 * sorted.length);
  let sum = 0;
  for (let i = 0; i < tail; i++) sum += sorted[i]!;
  return tail === 0 ? Number.NaN : Math.max(0, -sum / tail);
}

/** The returns of sleeve k that are present, oldest first. */
export function presentReturns({ returns, bars, count }: SleeveWindow, k: number): Float64Array {
  const column = new Float64Array(bars);
  let length = 0;
  for (let i = k; i < bars * count; i += count) {
    const value = returns[i]!;
    if (value === value) column[length++] = value;
  }
  return column.subarray(0, length);
}

/** Of compounded returns below their running peak, >= 0, from 1 before the first return. */
export function deepestDrawdown(column: Float64Array): number {
  let wealth = 1;
  let peak = 1;
  let deepest = 0;
  for (let i = 0; i < column.length; i++) {
    wealth *= 1 + column[i]!;
    if (wealth > peak) peak = wealth;
    deepest = Math.max(deepest, 1 - wealth / peak);
  }
  return deepest;
}
