/** Mean, sample standard deviation, skewness and kurtosis of one return series; every other metric takes them here.
 *  A spread that is only rounding counts as 0, so that a constant series has no Sharpe ratio of 1e16. */
import type { Floats } from "../core/panel.ts";

/** Returns of a constant-growth equity curve still differ in their last bits; real returns differ by far more. */
export const ROUNDING_SPREAD = 1e-14;

/**
 * Arithmetic mean.
 *
 * @param x [n] any unit; a NaN makes the result NaN
 * @returns NaN when n = 0
 */
export function mean(x: Floats): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]!;
  return sum / x.length;
}

/**
 * Sample standard deviation, ddof 1, two passes, not annualised.
 *
 * @param x      [n] simple returns, fraction; a NaN makes the result NaN
 * @param centre the mean of x, for who has it already
 * @returns exactly 0 when the spread is rounding (1e-14 of max(1, |mean|)); NaN when n < 2
 */
export function standardDeviation(x: Floats, centre: number = mean(x)): number {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i]! - centre) * (x[i]! - centre);
  return deviationOf(squares, x.length, centre);
}

/** The shape of one sample; every member but the mean is NaN when n < 2. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** As standardDeviation. */
  readonly deviation: number;
  /** Biased, g1 = m3 / m2^1.5, as scipy's default (pandas and quantstats report G1); NaN when x is constant. */
  readonly skewness: number;
  /** Biased, g2 = m4 / m2^2 - 3, 0 for a normal sample (pandas and quantstats report G2); NaN when x is constant. */
  readonly excessKurtosis: number;
}

/**
 * Mean, deviation, skewness and kurtosis in two passes.
 *
 * @param x      [n] simple returns, fraction; a NaN makes every member but the count NaN
 * @param centre the mean of x, for who has it already
 */
export function moments(x: Floats, centre: number = mean(x)): Moments {
  let squares = 0;
  let cubes = 0;
  let fourths = 0;
  for (let i = 0; i < x.length; i++) {
    const offset = x[i]! - centre;
    const square = offset * offset;
    squares += square;
    cubes += square * offset;
    fourths += square * square;
  }
  const deviation = deviationOf(squares, x.length, centre);
  const variance = deviation > 0 ? squares / x.length : Number.NaN;
  return {
    count: x.length,
    mean: centre,
    deviation,
    skewness: cubes / x.length / variance ** 1.5,
    excessKurtosis: fourths / x.length / (variance * variance) - 3,
  };
}

/** The sample deviation of `count` values whose squared distances from their mean, `centre`, add up to `squares`. */
export function deviationOf(squares: number, count: number, centre: number): number {
  if (count < 2) return Number.NaN;
  const deviation = Math.sqrt(squares / (count - 1));
  return deviation <= ROUNDING_SPREAD * Math.max(1, Math.abs(centre)) ? 0 : deviation;
}
