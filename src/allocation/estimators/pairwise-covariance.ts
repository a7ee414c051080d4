/** Covariance from the rows that each pair of columns shares, ddof 1: what pandas' DataFrame.cov does with gaps.
 *  Every entry uses all it can, but the whole may be indefinite, so no estimator here falls back on it. */
import type { SleeveWindow } from "../weighting.ts";

/**
 * @returns [count*count] symmetric, per bar; NaN for a pair with fewer than two common rows. Means are taken over the
 *          pair's common rows. May have negative eigenvalues when returns are missing
 */
export function pairwiseCovariance({ returns, bars, count }: SleeveWindow): Float64Array {
  const out = new Float64Array(count * count);
  for (let a = 0; a < count; a++)
    for (let b = 0; b <= a; b++) {
      let rows = 0;
      let meanA = 0;
      let meanB = 0;
      let product = 0;
      for (let t = 0; t < bars; t++) {
        const x = returns[t * count + a]!;
        const y = returns[t * count + b]!;
        if (x !== x || y !== y) continue;
        rows++;
        const step = x - meanA;
        meanA += step / rows;
        meanB += (y - meanB) / rows;
        product += step * (y - meanB);
      }
      const value = rows > 1 ? product / (rows - 1) : Number.NaN;
      out[a * count + b] = value;
      out[b * count + a] = value;
    }
  return out;
}
