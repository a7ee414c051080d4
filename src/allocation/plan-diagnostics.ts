/** How concentrated a plan is. */
import { riskContributions } from "./risk-contributions.ts";

/**
 * Share of the plan's volatility that each sleeve adds, w_i (C w)_i / w'Cw.
 *
 * @param covariance [count*count]
 * @returns [count] sums to 1; zeros where the plan has no risk
 */
export function riskShares(weights: Float64Array, covariance: Float64Array): Float64Array {
  const shares = new Float64Array(weights.length);
  const volatility = riskContributions(weights, covariance, weights.length, shares);
  return volatility > 0 ? shares.map((share) => share / volatility) : shares.fill(0);
}

/** 1 / sum of squared shares of the gross weight: n for equal weights, 1 for one sleeve; NaN without any weight. */
export function effectiveNumber(weights: Float64Array): number {
  let gross = 0;
  let squares = 0;
  for (const weight of weights) {
    gross += Math.abs(weight);
    squares += weight * weight;
  }
  return gross > 0 ? gross ** 2 / squares : Number.NaN;
}
