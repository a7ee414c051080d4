/** One return series against a benchmark: alpha, beta, tracking error, information ratio.
 *  Bars on which either side is missing count for neither. */
import type { Floats } from "../core/panel.ts";
import { mean, standardDeviation } from "./moments.ts";
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
  const [own, other] = commonReturns(returns, benchmark);
  const active = own.map((value, t) => value - other[t]!);
  const spread = standardDeviation(active);
  const beta = slope(own, other);
  return {
    alpha: (mean(own) - ratePerPeriod - beta * (mean(other) - ratePerPeriod)) * periodsPerYear,
    beta,
    informationRatio: quotient(mean(active), spread) * Math.sqrt(periodsPerYear),
    trackingError: spread * Math.sqrt(periodsPerYear),
    periods: own.length,
  };
}

/** Both series at the bars where both are finite, in order. */
function commonReturns(returns: Floats, benchmark: Floats): readonly [Float64Array, Float64Array] {
  if (returns.length !== benchmark.length)
    throw new RangeError(`relativeMetrics: ${returns.length} returns against ${benchmark.length} of the benchmark`);
  const own = new Float64Array(returns.length);
  const other = new Float64Array(returns.length);
  let count = 0;
  for (let t = 0; t < returns.length; t++) {
    if (!Number.isFinite(returns[t]!) || !Number.isFinite(benchmark[t]!)) continue;
    own[count] = returns[t]!;
    other[count++] = benchmark[t]!;
  }
  return [own.slice(0, count), other.slice(0, count)];
}

function slope(y: Floats, x: Floats): number {
  if (!(standardDeviation(x) > 0)) return Number.NaN;
  const centreX = mean(x);
  const centreY = mean(y);
  let joint = 0;
  let squares = 0;
  for (let t = 0; t < x.length; t++) {
    joint += (x[t]! - centreX) * (y[t]! - centreY);
    squares += (x[t]! - centreX) ** 2;
  }
  return joint / squares;
}
