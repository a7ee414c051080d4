/** Historical tail measures of present simple returns, signed as returns: a loss is negative.
 *  Quantiles are numpy's linear ones. quantstats' VaR is the normal quantile instead, skfolio's is a positive loss. */
import type { Floats } from "../core/panel.ts";
import { quantile, quantileSorted, sortedCopy } from "../math/quantile.ts";
import { quotient } from "./ratios.ts";

/** Value at risk: the `tail` quantile of the returns per period, fraction; NaN when there is no return. */
export function valueAtRisk(returns: Floats, tail = 0.05): number {
  return quantile(returns, tail);
}

/**
 * Expected shortfall (CVaR): mean of the returns at or below the value at risk, fraction.
 * Rockafellar & Uryasev's estimator weighs the boundary return by its fraction instead.
 *
 * @returns NaN when there is no return
 */
export function expectedShortfall(returns: Floats, tail = 0.05): number {
  const limit = quantile(returns, tail);
  let sum = 0;
  let count = 0;
  for (let t = 0; t < returns.length; t++) {
    if (returns[t]! > limit) continue;
    sum += returns[t]!;
    count++;
  }
  return sum / count;
}

/** |95% quantile| / |5% quantile|; NaN when the lower quantile is 0 or there is no return. */
export function tailRatio(returns: Floats): number {
  const sorted = sortedCopy(returns);
  return quotient(Math.abs(quantileSorted(sorted, 0.95)), Math.abs(quantileSorted(sorted, 0.05)));
}
