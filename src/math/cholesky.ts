/** Cholesky factor of a symmetric positive definite matrix, and linear systems solved with it. Row-major, n x n. */
import { fail, ok, type Result } from "../core/result.ts";

/** A pivot at or below this share of its diagonal entry is rounding: the row depends on those before it. */
const RELATIVE_PIVOT = 1e-13;

/**
 * Lower triangular L with L L' = matrix.
 *
 * @param matrix [n*n] symmetric, only the lower half is read
 * @param out    [n*n] L, zeros above the diagonal; may be the matrix itself; half written when there is no factor
 * @returns which row stopped it when the matrix is not positive definite: a pivot NaN, or not above 1e-13 of its own
 *          diagonal entry, that is a row explained by those before it to all but 1e-13 of its variance
 */
export function cholesky(matrix: Float64Array, n: number, out: Float64Array): Result<void> {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j < i; j++) {
      let sum = matrix[row + j]!;
      for (let k = 0; k < j; k++) sum -= out[row + k]! * out[j * n + k]!;
      out[row + j] = sum / out[j * n + j]!;
    }
    const diagonal = matrix[row + i]!;
    let pivot = diagonal;
    for (let k = 0; k < i; k++) pivot -= out[row + k]! * out[row + k]!;
    if (!(pivot > RELATIVE_PIVOT * diagonal && diagonal > 0))
      return fail(`not positive definite: row ${i} has pivot ${pivot}, diagonal ${diagonal}`);
    out[row + i] = Math.sqrt(pivot);
  }
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) out[i * n + j] = 0;
  return ok(undefined);
}

/**
 * x with L L' x = b.
 *
 * @param lower [n*n] from `cholesky`
 * @param b     [n]
 * @param out   [n] written in full; may be b itself
 */
export function choleskySolve(lower: Float64Array, n: number, b: Float64Array, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * out[k]!;
    out[i] = sum / lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = out[i]!;
    for (let k = i + 1; k < n; k++) sum -= lower[k * n + i]! * out[k]!;
    out[i] = sum / lower[i * n + i]!;
  }
}
