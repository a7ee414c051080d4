/** Where a portfolio's volatility comes from: RC_i = w_i (C w)_i / sqrt(w' C w), which add up to the volatility. */

/**
 * d volatility / d w_i = (C w)_i / sqrt(w' C w).
 *
 * @param weights    [n] any sign, fraction
 * @param covariance [n*n] symmetric
 * @param out        [n] written in full, must not alias the inputs; zeros when the portfolio has no variance
 * @returns the portfolio's volatility per bar; 0 where w' C w <= 0
 */
export function marginalRisk(weights: Float64Array, covariance: Float64Array, n: number, out: Float64Array): number {
  let variance = 0;
  for (let i = 0; i < n; i++) {
    let product = 0;
    for (let j = 0; j < n; j++) product += covariance[i * n + j]! * weights[j]!;
    out[i] = product;
    variance += product * weights[i]!;
  }
  if (variance <= 0) {
    out.fill(0, 0, n);
    return 0;
  }
  const volatility = Math.sqrt(variance);
  for (let i = 0; i < n; i++) out[i]! /= volatility;
  return volatility;
}

/**
 * RC_i per asset; they sum to the volatility that is returned. Divide by it for shares of risk. Negative for a hedge.
 *
 * @param out [n] written in full, as `marginalRisk` otherwise
 */
export function riskContributions(
  weights: Float64Array,
  covariance: Float64Array,
  n: number,
  out: Float64Array,
): number {
  const volatility = marginalRisk(weights, covariance, n, out);
  for (let i = 0; i < n; i++) out[i]! *= weights[i]!;
  return volatility;
}
