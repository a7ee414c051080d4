/** Historical tail measures of present simple returns at 5% and 95%, signed as returns: a loss is negative.
 *  Quantiles are numpy's linear ones. quantstats' VaR is the normal quantile instead, skfolio's is a positive loss.
 *  All take the returns as orderTails leaves them, so that a summary orders them once, and only at their ends. */
import type { Floats } from "../core/panel.ts";
import { quantileSorted } from "../math/quantile.ts";
import { placeOrderStatistic, smallestFirst } from "./order-statistics.ts";
import { quotient } from "./ratios.ts";

const LOWER = 0.05;
const UPPER = 0.95;

/**
 * Rearranges returns so that those up to the two about the 5% quantile ascend, those about the 95% quantile stand
 * where they would in ascending order, and what lies between and beyond is on its side of them.
 *
 * @param returns [T] fraction, present; rearranged
 */
export function orderTails(returns: Float64Array): void {
  const T = returns.length;
  const lower = Math.min(T, Math.floor(LOWER * (T - 1)) + 2);
  smallestFirst(returns, lower);
  const upper = Math.floor(UPPER * (T - 1));
  if (upper >= lower) placeOrderStatistic(returns, upper, lower);
  if (upper + 1 >= lower && upper + 1 < T) placeOrderStatistic(returns, upper + 1, upper + 1);
}

/**
 * Value at risk: the 5% quantile of the returns per period.
 *
 * @param ordered [T] returns as orderTails leaves them, fraction
 * @returns fraction; NaN when T = 0
 */
export function valueAtRisk(ordered: Floats): number {
  return quantileSorted(ordered, LOWER);
}

/**
 * Expected shortfall (CVaR): mean of the returns at or below the value at risk.
 * Rockafellar & Uryasev's estimator weighs the boundary return by its fraction instead.
 *
 * @param ordered [T] returns as orderTails leaves them, fraction
 * @returns fraction; NaN when T = 0
 */
export function expectedShortfall(ordered: Floats): number {
  const limit = valueAtRisk(ordered);
  let sum = 0;
  let count = 0;
  // To the end: returns equal to the limit may lie anywhere beyond it.
  for (let t = 0; t < ordered.length; t++) {
    if (!(ordered[t]! <= limit)) continue;
    sum += ordered[t]!;
    count++;
  }
  return sum / count;
}

/**
 * |95% quantile| / |5% quantile|.
 *
 * @param ordered [T] returns as orderTails leaves them, fraction
 * @returns NaN when the lower quantile is 0 or T = 0
 */
export function tailRatio(ordered: Floats): number {
  return quotient(Math.abs(quantileSorted(ordered, UPPER)), Math.abs(quantileSorted(ordered, LOWER)));
}
