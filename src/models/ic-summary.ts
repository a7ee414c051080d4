/** A series of ICs in a few numbers. Overlapping labels make neighbouring ICs alike, which the plain t forgets and the
 *  one of Newey & West (1987) does not: Bartlett weights 1 - j/(lag + 1), lag = horizon - 1 bars. Its small-sample
 *  factor n/(n - 1), statsmodels' `use_correction`, makes it the plain t at lag 0. */
import type { Floats } from "../core/panel.ts";
import type { IcSeries } from "./information-coefficient.ts";

/** ICs that differ by rounding alone have no spread. */
const ROUNDING_SPREAD = 1e-14;

export interface IcSummary {
  /** Dates with an IC; the others count for nothing below. */
  readonly dates: number;
  readonly mean: number;
  /** ddof 1; NaN for one date. */
  readonly deviation: number;
  /** mean / deviation, not annualised; NaN when the ICs are all alike. */
  readonly icir: number;
  /** icir * sqrt(dates). */
  readonly tStat: number;
  readonly tStatNeweyWest: number;
  /** Share of dates with an IC above 0. */
  readonly hitRatio: number;
}

/**
 * @param ic  [T] one value a bar; NaN = none. Lags are counted in bars, whatever dates are missing between.
 * @param lag bars over which ICs are taken to be alike, >= 0: horizon - 1
 */
export function summariseIc(ic: Floats, lag: number): IcSummary {
  let dates = 0;
  let sum = 0;
  let positive = 0;
  for (let t = 0; t < ic.length; t++) {
    const value = ic[t]!;
    if (value !== value) continue;
    dates++;
    sum += value;
    if (value > 0) positive++;
  }
  const mean = sum / dates;
  const offsets = new Float64Array(ic.length);
  let squares = 0;
  for (let t = 0; t < ic.length; t++) {
    const value = ic[t]!;
    if (value !== value) continue;
    offsets[t] = value - mean;
    squares += offsets[t]! * offsets[t]!;
  }
  const spread = dates > 1 ? Math.sqrt(squares / (dates - 1)) : Number.NaN;
  const deviation = spread <= ROUNDING_SPREAD ? 0 : spread;
  const icir = deviation > 0 ? mean / deviation : Number.NaN;
  const longRun = deviation > 0 ? Math.sqrt(longRunSquares(offsets, squares, lag) / (dates - 1)) : Number.NaN;
  return {
    dates,
    mean,
    deviation,
    icir,
    tStat: icir * Math.sqrt(dates),
    tStatNeweyWest: longRun > 0 ? (mean / longRun) * Math.sqrt(dates) : Number.NaN,
    hitRatio: positive / dates,
  };
}

/** Sum of squares plus twice the weighted sums of products; a missing date adds nothing, so it cannot turn negative. */
function longRunSquares(offsets: Float64Array, squares: number, lag: number): number {
  let total = squares;
  for (let j = 1; j <= Math.min(lag, offsets.length - 1); j++) {
    let products = 0;
    for (let t = j; t < offsets.length; t++) products += offsets[t]! * offsets[t - j]!;
    total += 2 * (1 - j / (lag + 1)) * products;
  }
  return total;
}

/** What all pairs of the dates with at least 3 have in common. */
export interface PooledFit {
  readonly pairs: number;
  /** Root of the mean of (score - label)^2. */
  readonly rmse: number;
  /** Share of pairs with sign(score) = sign(label). */
  readonly signHit: number;
}

/** Every pair weighs the same, so a date weighs as much as it has pairs. NaN when there is none. */
export function poolPairs({ pairs, rmse, signHit }: IcSeries): PooledFit {
  let total = 0;
  let squares = 0;
  let hits = 0;
  for (let t = 0; t < pairs.length; t++) {
    if (rmse[t] !== rmse[t]) continue;
    total += pairs[t]!;
    squares += pairs[t]! * rmse[t]! * rmse[t]!;
    hits += pairs[t]! * signHit[t]!;
  }
  return { pairs: total, rmse: Math.sqrt(squares / total), signHit: hits / total };
}
