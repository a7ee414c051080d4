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
 * Sortino ratio per year: mean * p / downside deviation, the required return being the risk-free rate.
 *
 * @param returns       [T] simple returns
 * @param ratePerPeriod taken off each of them
 * @returns NaN when T < 2 or no return is below the rate (empyrical returns Infinity there)
 */
export function sortinoRatio(returns: Floats, periodsPerYear: number, ratePerPeriod: number): number {
  if (returns.length < 2) return Number.NaN;
  let sum = 0;
  for (let t = 0; t < returns.length; t++) sum += returns[t]! - ratePerPeriod;
  const meanExcess = sum / returns.length;
  return quotient(meanExcess * periodsPerYear, downsideDeviation(returns, periodsPerYear, ratePerPeriod));
}

/** sqrt(mean(min(r - rate, 0)^2)) over all T returns, those above the rate counting as 0, times sqrt(periodsPerYear). */
export function downsideDeviation(returns: Floats, periodsPerYear: number, ratePerPeriod = 0): number {
  let squares = 0;
  for (let t = 0; t < returns.length; t++) {
    const loss = lossOf(returns[t]! - ratePerPeriod);
    squares += loss * loss;
  }
  return Math.sqrt((squares / returns.length) * periodsPerYear);
}

/** Growth rate per year / |deepest drawdown|, both fractions; NaN without a drawdown. */
export function calmarRatio(growthPerYear: number, deepestDrawdown: number): number {
  return quotient(growthPerYear, -deepestDrawdown);
}

/** Sum of gains / sum of losses about 0 (Keating & Shadwick 2002); NaN without a loss. No risk-free rate is taken off. */
export function omegaRatio(returns: Floats): number {
  let gains = 0;
  let losses = 0;
  for (let t = 0; t < returns.length; t++) {
    const loss = lossOf(returns[t]!);
    gains += returns[t]! - loss;
    losses -= loss;
  }
  return quotient(gains, losses);
}

/** min(r, 0) to the bit, without the branch that the sign of a return sends the wrong way every other time. */
function lossOf(value: number): number {
  return (value - Math.abs(value)) * 0.5;
}

/** NaN instead of a division by 0 and instead of anything infinite. */
export function quotient(top: number, bottom: number): number {
  const value = top / bottom;
  return bottom !== 0 && Number.isFinite(value) ? value : Number.NaN;
}
