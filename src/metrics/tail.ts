/** Historical tail measures of present simple returns, signed as returns: a loss is negative.
 *  Quantiles are numpy's linear ones. quantstats' VaR is the normal quantile instead, skfolio's is a positive loss.
 *  All take the returns ascending, as sortedCopy gives them, so that a summary sorts once. */
import type { Floats } from "../core/panel.ts";
import { quantileSorted } from "../math/quantile.ts";
import { quotient } from "./ratios.ts";

/**
 * Value at risk: the `tail` quantile of the returns per period.
 *
 * @param sorted [T] returns ascending, fraction
 * @returns fraction; NaN when T = 0
 */
export function valueAtRisk(sorted: Floats, tail = 0.05): number {
  return quantileSorted(sorted, tail);
}

/**
 * Expected shortfall (CVaR): mean of the returns at or below the value at risk.
 * Rockafellar & Uryasev's estimator weighs the boundary return by its fraction instead.
 *
 * @param sorted [T] returns ascending, fraction
 * @returns fraction; NaN when T = 0
 */
export function expectedShortfall(sorted: Floats, tail = 0.05): number {
  const limit = valueAtRisk(sorted, tail);
  let sum = 0;
  let count = 0;
  while (count < sorted.length && sorted[count]! <= limit) sum += sorted[count++]!;
  return sum / count;
}

/**
 * |95% quantile| / |5% quantile|.
 *
 * @param sorted [T] returns ascending, fraction
 * @returns NaN when the lower quantile is 0 or T = 0
 */
export function tailRatio(sorted: Floats): number {
  return quotient(Math.abs(quantileSorted(sorted, 0.95)), Math.abs(quantileSorted(sorted, 0.05)));
}
