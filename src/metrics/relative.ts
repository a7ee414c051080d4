/** One return series against a benchmark: alpha, beta, tracking error, information ratio.
 *  Bars on which either side is missing count for neither. */
import type { Floats } from "../core/panel.ts";
import { deviationOf } from "./moments.ts";
import { quotient } from "./ratios.ts";

export interface RelativeMetrics {
  /** Jensen's alpha: (mean(r - rf) - beta * mean(b - rf)) * periodsPerYear; empyrical compounds it instead. */
  readonly alpha: number;
  /** cov(r, b) / var(b). */
  readonly beta: number;
  /** mean(r - b) / std(r - b) * sqrt(periodsPerYear); empyrical and quantstats leave it per period. */
  readonly informationRatio: number;
  /** Standard deviation (ddof 1) of r - b times sqrt(periodsPerYear), fraction. */
  readonly trackingError: number;
  /** Bars on which both sides are present. */
  readonly periods: number;
}

/**
 * Metrics of `returns` against `benchmark`.
 *
 * @param returns     [T] simple returns, fraction; NaN or infinite = missing
 * @param benchmark   [T] simple returns over the same bars
 * @param ratePerPeriod risk-free rate per period; enters alpha alone (it cancels in the others)
 * @returns NaN members with fewer than 2 common bars; beta and alpha also when the benchmark is constant, the
 *          information ratio also when the difference is constant
 * @throws RangeError when the series differ in length
 */
export function relativeMetrics(
  returns: Floats,
  benchmark: Floats,
  periodsPerYear: number,
  ratePerPeriod: number,
): RelativeMetrics {
  if (returns.length !== benchmark.length)
    throw new RangeError(`relativeMetrics: ${returns.length} returns against ${benchmark.length} of the benchmark`);
  const own = new Float64Array(returns.length);
  const other = new Float64Array(returns.length);
  let periods = 0;
  let ownSum = 0;
  let otherSum = 0;
  let activeSum = 0;
  for (let t = 0; t < returns.length; t++) {
    const mine = returns[t]!;
    const theirs = benchmark[t]!;
    // 0 unless one of them is NaN or infinite.
    if (mine - mine + (theirs - theirs) !== 0) continue;
    own[periods] = mine;
    other[periods++] = theirs;
    ownSum += mine;
    otherSum += theirs;
    activeSum += mine - theirs;
  }
  const ownMean = ownSum / periods;
  const otherMean = otherSum / periods;
  const activeMean = activeSum / periods;
  let joint = 0;
  let otherSquares = 0;
  let activeSquares = 0;
  for (let t = 0; t < periods; t++) {
    const distance = other[t]! - otherMean;
    const active = own[t]! - other[t]! - activeMean;
    joint += distance * (own[t]! - ownMean);
    otherSquares += distance * distance;
    activeSquares += active * active;
  }
  const spread = deviationOf(activeSquares, periods, activeMean);
  const beta = deviationOf(otherSquares, periods, otherMean) > 0 ? joint / otherSquares : Number.NaN;
  return {
    alpha: (ownMean - ratePerPeriod - beta * (otherMean - ratePerPeriod)) * periodsPerYear,
    beta,
    informationRatio: quotient(activeMean, spread) * Math.sqrt(periodsPerYear),
    trackingError: spread * Math.sqrt(periodsPerYear),
    periods,
  };
}
