/** Expected returns from past ones: the arithmetic mean, or the mean drawn towards a common one. Per bar. */
import { fail, ok, type Result } from "../../core/result.ts";
import { cholesky, choleskySolve } from "../../math/cholesky.ts";
import type { SleeveWindow } from "../weighting.ts";

/**
 * Arithmetic mean of each column over the returns it has.
 *
 * @param out [count] fraction per bar, written in full; NaN for a column without returns
 */
export function arithmeticMeans({ returns, bars, count }: SleeveWindow, out: Float64Array): void {
  for (let n = 0; n < count; n++) {
    let sum = 0;
    let present = 0;
    for (let i = n; i < bars * count; i += count) {
      const r = returns[i]!;
      if (r !== r) continue;
      sum += r;
      present++;
    }
    out[n] = present > 0 ? sum / present : Number.NaN;
  }
}

/**
 * Bayes-Stein means, Jorion (1986): every mean moves by the same share towards the mean of the minimum-variance
 * portfolio, the further the less the means differ for their covariance and the fewer rows there are.
 * share = (n + 2) / (n + 2 + rows * (m - m0)' S^-1 (m - m0)), S = covariance * (rows - 1) / (rows - n - 2).
 *
 * @param means      [n] arithmetic means
 * @param covariance [n*n] their sample covariance (ddof 1), not changed
 * @param rows       returns both were taken over
 * @param out        [n] written in full when ok; may be `means` itself
 * @returns the share in (0, 1]; why there is none for rows <= n + 2 or a covariance that is not positive definite
 */
export function bayesSteinMeans(
  means: Float64Array,
  covariance: Float64Array,
  n: number,
  rows: number,
  out: Float64Array,
): Result<number> {
  if (rows <= n + 2) return fail(`${rows} rows for ${n} assets, shrinking the means needs ${n + 3}`);
  const lower = new Float64Array(n * n);
  const factor = cholesky(covariance, n, lower);
  if (!factor.ok) return factor;
  // Inverse covariance times ones: the minimum-variance portfolio before it is normalised.
  const portfolio = new Float64Array(n).fill(1);
  choleskySolve(lower, n, portfolio, portfolio);
  let total = 0;
  let centre = 0;
  for (let i = 0; i < n; i++) {
    total += portfolio[i]!;
    centre += portfolio[i]! * means[i]!;
  }
  centre /= total;
  const apart = new Float64Array(n);
  for (let i = 0; i < n; i++) apart[i] = means[i]! - centre;
  const solved = new Float64Array(n);
  choleskySolve(lower, n, apart, solved);
  let distance = 0;
  for (let i = 0; i < n; i++) distance += apart[i]! * solved[i]!;
  distance *= (rows - n - 2) / (rows - 1);
  const share = (n + 2) / (n + 2 + rows * distance);
  if (share !== share) return fail("a mean is not a number");
  for (let i = 0; i < n; i++) out[i] = means[i]! - share * apart[i]!;
  return ok(share);
}
