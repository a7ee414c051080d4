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
 * @param x [n] simple returns, fraction; a NaN makes the result NaN
 * @returns exactly 0 when the spread is rounding (1e-14 of max(1, |mean|)); NaN when n < 2
 */
export function standardDeviation(x: Floats): number {
  if (x.length < 2) return Number.NaN;
  const centre = mean(x);
  const deviation = Math.sqrt(sumOfPowers(x, centre, 2) / (x.length - 1));
  return deviation <= ROUNDING_SPREAD * Math.max(1, Math.abs(centre)) ? 0 : deviation;
}

/**
 * Biased skewness g1 = m3 / m2^1.5, as scipy's default. pandas and quantstats report the unbiased G1.
 *
 * @param x [n] a NaN makes the result NaN
 * @returns NaN when n < 2 or x is constant
 */
export function skewness(x: Floats): number {
  if (!(standardDeviation(x) > 0)) return Number.NaN;
  const centre = mean(x);
  const variance = sumOfPowers(x, centre, 2) / x.length;
  return sumOfPowers(x, centre, 3) / x.length / variance ** 1.5;
}

/**
 * Biased excess kurtosis g2 = m4 / m2^2 - 3, 0 for a normal sample. pandas and quantstats report the unbiased G2.
 *
 * @param x [n] a NaN makes the result NaN
 * @returns NaN when n < 2 or x is constant
 */
export function excessKurtosis(x: Floats): number {
  if (!(standardDeviation(x) > 0)) return Number.NaN;
  const centre = mean(x);
  const variance = sumOfPowers(x, centre, 2) / x.length;
  return sumOfPowers(x, centre, 4) / x.length / (variance * variance) - 3;
}

function sumOfPowers(x: Floats, centre: number, power: 2 | 3 | 4): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const deviation = x[i]! - centre;
    const square = deviation * deviation;
    sum += power === 2 ? square : power === 3 ? square * deviation : square * square;
  }
  return sum;
}
