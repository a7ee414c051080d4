/** From equity to simple returns, and what they add up to. A missing return is dropped and counted, never made 0.
 *  Functions below that take `returns` want present ones, as presentReturns leaves them. */
import type { Floats } from "../core/panel.ts";
import { mean } from "./moments.ts";

/**
 * Simple return of each bar after the first: equity[t+1] / equity[t] - 1.
 * A bar without equity gives NaN, and the bar after it the return since the last known equity, so that nothing of
 * the total is lost. After ruin (equity <= 0) there is nothing to earn a return on: NaN.
 *
 * @param equity [T] currency at the close; NaN = missing
 * @returns [T-1] fraction, newly allocated; empty when T = 0
 */
export function equityReturns(equity: Floats): Float64Array {
  const returns = new Float64Array(Math.max(0, equity.length - 1)).fill(Number.NaN);
  let known = equity.length > 0 ? equity[0]! : Number.NaN;
  for (let t = 1; t < equity.length; t++) {
    const value = equity[t]!;
    if (value !== value) continue;
    if (known > 0) returns[t - 1] = value / known - 1;
    known = value;
  }
  return returns;
}

/**
 * The finite entries of `returns` in their order.
 *
 * @param returns [T] fraction; NaN or infinite = missing
 * @returns [<= T] newly allocated
 */
export function presentReturns(returns: Floats): Float64Array {
  const present = new Float64Array(returns.length);
  let count = 0;
  for (let t = 0; t < returns.length; t++) if (Number.isFinite(returns[t]!)) present[count++] = returns[t]!;
  return present.slice(0, count);
}

/**
 * Value of 1 after each return; a loss of 100% or more leaves 0 for good.
 *
 * @param returns [T] fraction, present
 * @returns [T+1] newly allocated, first element 1
 */
export function wealth(returns: Floats): Float64Array {
  const path = new Float64Array(returns.length + 1);
  let value = 1;
  path[0] = value;
  for (let t = 0; t < returns.length; t++) {
    value *= Math.max(0, 1 + returns[t]!);
    path[t + 1] = value;
  }
  return path;
}

/**
 * Compound annual growth rate, (1 + total)^(periodsPerYear / periods) - 1; -1 after a total loss.
 * Years are counted in returns, periods / periodsPerYear, as empyrical and quantstats 0.0.81 do.
 *
 * @param total   compounded return over all periods, fraction
 * @param periods returns that it is made of
 * @returns fraction; NaN when there is no return or the rate overflows
 */
export function compoundAnnualGrowth(total: number, periods: number, periodsPerYear: number): number {
  const growth = (1 + total) ** (periodsPerYear / periods) - 1;
  return Number.isFinite(growth) ? growth : Number.NaN;
}

/** Arithmetic mean return per year: mean * periodsPerYear, not compounded. */
export function annualMean(returns: Floats, periodsPerYear: number): number {
  return mean(returns) * periodsPerYear;
}
