/** Reward per risk over present simple returns: Sharpe, Sortino, Calmar, omega.
 *  Where the risk is 0 the ratio is undefined and NaN; infinity never leaves this file. */
import type { Floats } from "../core/panel.ts";

/** The rate that compounds to `annualRate` over a year of `periodsPerYear` periods: (1 + r)^(1/p) - 1. */
export function periodicRate(annualRate: number, periodsPerYear: number): number {
  return (1 + annualRate) ** (1 / periodsPerYear) - 1;
}

/**
 * Sharpe ratio per year: mean / standard deviation (ddof 1) * sqrt(periodsPerYear).
 *
 * @param meanExcess mean return less the risk-free rate, both per period
 * @param deviation  as standardDeviation gives, 0 when the spread is only rounding
 * @returns NaN when either is undefined or the deviation is 0 (empyrical and quantstats return 1e16 there)
 */
export function sharpeRatio(meanExcess: number, deviation: number, periodsPerYear: number): number {
  return quotient(meanExcess, deviation) * Math.sqrt(periodsPerYear);
}

/**
 * Sortino ratio per year: mean * p / downside deviation, the required return being the rate already taken off.
 *
 * @param excessSum       of the returns in excess of the risk-free rate per period
 * @param downsideSquares of the squares of those below 0
 * @returns NaN with fewer than two periods or no return below 0 (empyrical returns Infinity there)
 */
export function sortinoRatio(
  excessSum: number,
  downsideSquares: number,
  periods: number,
  periodsPerYear: number,
): number {
  if (periods < 2) return Number.NaN;
  return quotient((excessSum / periods) * periodsPerYear, Math.sqrt((downsideSquares / periods) * periodsPerYear));
}

/** sqrt(mean(min(r, 0)^2)) over all T returns, the positive ones counting as 0, times sqrt(periodsPerYear). */
export function downsideDeviation(excess: Floats, periodsPerYear: number): number {
  let squares = 0;
  for (let t = 0; t < excess.length; t++) if (excess[t]! < 0) squares += excess[t]! * excess[t]!;
  return Math.sqrt((squares / excess.length) * periodsPerYear);
}

/** Growth rate per year / |deepest drawdown|, both fractions; NaN without a drawdown. */
export function calmarRatio(growthPerYear: number, deepestDrawdown: number): number {
  return quotient(growthPerYear, -deepestDrawdown);
}

/** Sum of gains / sum of losses about 0 (Keating & Shadwick 2002); NaN without a loss. No risk-free rate is taken off. */
export function omegaRatio(gains: number, losses: number): number {
  return quotient(gains, losses);
}

/** NaN instead of a division by 0 and instead of anything infinite. */
export function quotient(top: number, bottom: number): number {
  const value = top / bottom;
  return bottom !== 0 && Number.isFinite(value) ? value : Number.NaN;
}
