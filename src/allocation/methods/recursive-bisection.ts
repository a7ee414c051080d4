/** The splitting half of hierarchical risk parity, Lopez de Prado (2016): an order of assets is halved again and again,
 *  each half weighted inversely to its variance under inverse-variance weights. Any order will do. */

/** Working memory for up to `capacity` assets; holds nothing between calls. */
export interface BisectionScratch {
  readonly inverse: Float64Array;
  readonly stretches: Int32Array;
}

export function createBisectionScratch(capacity: number): BisectionScratch {
  // Halving depth-first keeps one waiting stretch a level, two numbers each.
  return { inverse: new Float64Array(capacity), stretches: new Int32Array(128) };
}

/**
 * Weights of the assets in `order`, summing to 1; the others' are left as they are. Halves are cut at
 * floor(length / 2); where neither has a variance the split is even.
 *
 * @param covariance [n*n] symmetric, variances of the ordered assets > 0; a cluster variance below 0, which an
 *                   indefinite matrix can give, counts as 0
 * @param order      [count] distinct asset numbers
 * @param out        [n] written at the ordered assets; must not alias the covariance
 */
export function recursiveBisection(
  covariance: Float64Array,
  n: number,
  order: Int32Array,
  count: number,
  out: Float64Array,
  scratch: BisectionScratch = createBisectionScratch(count),
): void {
  const { inverse, stretches } = scratch;
  for (let k = 0; k < count; k++) {
    out[order[k]!] = 1;
    inverse[k] = 1 / covariance[order[k]! * n + order[k]!]!;
  }
  stretches[0] = 0;
  stretches[1] = count;
  let waiting = 1;
  while (waiting > 0) {
    waiting--;
    const from = stretches[2 * waiting]!;
    const to = stretches[2 * waiting + 1]!;
    if (to - from < 2) continue;
    const middle = from + ((to - from) >> 1);
    const left = clusterVariance(covariance, n, order, inverse, from, middle);
    const right = clusterVariance(covariance, n, order, inverse, middle, to);
    const share = left + right > 0 ? right / (left + right) : 0.5;
    for (let k = from; k < middle; k++) out[order[k]!]! *= share;
    for (let k = middle; k < to; k++) out[order[k]!]! *= 1 - share;
    stretches[2 * waiting] = from;
    stretches[2 * waiting + 1] = middle;
    stretches[2 * waiting + 2] = middle;
    stretches[2 * waiting + 3] = to;
    waiting += 2;
  }
}

/** Variance of the inverse-variance portfolio of places [from, to). */
function clusterVariance(
  covariance: Float64Array,
  n: number,
  order: Int32Array,
  inverse: Float64Array,
  from: number,
  to: number,
): number {
  let total = 0;
  let variance = 0;
  for (let a = from; a < to; a++) {
    const row = order[a]! * n;
    total += inverse[a]!;
    let across = 0;
    for (let b = from; b < a; b++) across += covariance[row + order[b]!]! * inverse[b]!;
    variance += inverse[a]! * (2 * across + covariance[row + order[a]!]! * inverse[a]!);
  }
  variance /= total * total;
  return variance > 0 ? variance : 0;
}
