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
  return present.slice(0, copyPresent(returns, present));
}

/**
 * As presentReturns, into the first places of `out`.
 *
 * @param out [>= T] may be `returns` itself
 * @returns how many there are
 */
export function copyPresent(returns: Floats, out: Float64Array): number {
  let count = 0;
  for (let t = 0; t < returns.length; t++) {
    const value = returns[t]!;
    // Finite, without the call that Number.isFinite is until V8 has optimised for long.
    if (value - value === 0) out[count++] = value;
  }
  return count;
}

/**
 * Value of 1 after each return; a loss of 100% or more leaves 0 for good.
 *
 * @param returns [T] fraction, present
 * @param path    [T+1] fully written; without it newly allocated
 * @returns `path`, its first element 1
 */
export function wealth(returns: Floats, path: Float64Array = new Float64Array(returns.length + 1)): Float64Array {
  let value = 1;
  path[0] = value;
  for (let t = 0; t < returns.length; t++) {
    value *= Math.max(0, 1 + returns[t]!);
    path[t + 1] = value;
  }
  return path;
}

/** Compounded return over the whole series, fraction; NaN when there is no return. */
export function totalReturn(returns: Floats): number {
  let value = 1;
  for (let t = 0; t < returns.length; t++) value *= Math.max(0, 1 + returns[t]!);
  return returns.length === 0 ? Number.NaN : value - 1;
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

/** Share of returns above 0; a flat bar is no hit. quantstats leaves flat bars out of the count. NaN when empty. */
export function hitRate(returns: Floats): number {
  let hits = 0;
  for (let t = 0; t < returns.length; t++) hits += Number(returns[t]! > 0);
  return hits / returns.length;
}
