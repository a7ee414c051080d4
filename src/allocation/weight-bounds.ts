/** The box and budget every optimiser answers within: sum of weights = budget, lower <= w <= upper, in fractions of
 *  capital. Negative lower bounds allow shorts. A limit on gross exposure is not among them: verify-weights.ts can
 *  check one, no solver here holds one. */

export interface WeightBounds {
  /** [N] */
  readonly lower: Float64Array;
  /** [N] */
  readonly upper: Float64Array;
  readonly budget: number;
}

/** The same two bounds for n assets. */
export function uniformBounds(n: number, lower: number, upper: number, budget = 1): WeightBounds {
  return { lower: new Float64Array(n).fill(lower), upper: new Float64Array(n).fill(upper), budget };
}

/** w'Cw. @param cov [N*N] */
export function portfolioVariance(weights: Float64Array, cov: Float64Array): number {
  const n = weights.length;
  let variance = 0;
  for (let i = 0; i < n; i++) {
    const w = weights[i]!;
    if (w === 0) continue;
    let row = 0;
    for (let k = 0; k < n; k++) row += cov[i * n + k]! * weights[k]!;
    variance += w * row;
  }
  return variance;
}

/** a'b. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
