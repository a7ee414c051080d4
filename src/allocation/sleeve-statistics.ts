/** What single sleeves looked like over a window, per bar and not annualised; over the returns that are present. */
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
  /** Deepest fall of compounded returns below their running peak, >= 0, from 1 before the first return. */
  readonly maxDrawdown: Float64Array;
}

const FIGURES = ["mean", "volatility", "downside", "sharpe", "sortino", "maxDrawdown"] as const;

/** @param riskFree rate per bar, fraction */
export function sleeveStatistics(window: SleeveWindow, riskFree = 0): SleeveStatistics {
  const { count } = window;
  const figures = Object.fromEntries(
    FIGURES.map((name) => [name, new Float64Array(count).fill(Number.NaN)]),
  ) as unknown as Record<(typeof FIGURES)[number], Float64Array>;
  const present = new Int32Array(count);
  for (let k = 0; k < count; k++) {
    const column = presentReturns(window, k);
    present[k] = column.length;
    if (column.length === 0) continue;
    const mean = average(column);
    figures.mean[k] = mean;
    figures.maxDrawdown[k] = deepestDrawdown(column);
    const downside = Math.sqrt(average(column.map((r) => Math.min(0, r - riskFree) ** 2)));
    figures.downside[k] = downside;
    figures.sortino[k] = downside > 0 ? (mean - riskFree) / downside : Number.NaN;
    if (column.length < 2) continue;
    const volatility = sampleDeviation(column, mean);
    figures.volatility[k] = volatility;
    figures.sharpe[k] = volatility > 0 ? (mean - riskFree) / volatility : Number.NaN;
  }
  return { present, ...figures };
}

/** Mean of the worst 5% of returns, at least one, as a loss >= 0; NaN without any. */
export function expectedShortfall(returns: Float64Array): number {
  const sorted = returns.slice().sort();
  const tail = Math.ceil(0.05 * sorted.length);
  return tail === 0 ? Number.NaN : Math.max(0, -average(sorted.subarray(0, tail)));
}

export function presentReturns({ returns, bars, count }: SleeveWindow, k: number): Float64Array {
  const column = new Float64Array(bars);
  let length = 0;
  for (let i = k; i < bars * count; i += count) {
    const value = returns[i]!;
    if (value === value) column[length++] = value;
  }
  return column.subarray(0, length);
}

function average(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]!;
  return sum / x.length;
}

function sampleDeviation(column: Float64Array, mean: number): number {
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < column.length; i++) {
    squares += (column[i]! - mean) ** 2;
    largest = Math.max(largest, Math.abs(column[i]!));
  }
  const deviation = Math.sqrt(squares / (column.length - 1));
  return deviation > 1e-14 * largest ? deviation : 0;
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
