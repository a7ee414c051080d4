/** Eigenvalues of a symmetric matrix without vectors, as a diagnostic: Householder tridiagonal form, then bisection on
 *  Sturm counts (Golub & Van Loan, 8.3 and 8.4). Accurate to rounding of the largest one, not of each. */

/**
 * @param matrix [n*n] symmetric, finite; only the lower half is read, not changed
 * @param out    [n] ascending, written in full
 */
export function symmetricEigenvalues(matrix: Float64Array, n: number, out: Float64Array): void {
  const unit = largestEntry(matrix, n);
  if (unit === 0) {
    out.fill(0, 0, n);
    return;
  }
  const diagonal = new Float64Array(n);
  const squares = new Float64Array(n);
  const radius = tridiagonal(matrix, n, unit, diagonal, squares);
  for (let k = 0; k < n; k++) out[k] = unit * nthEigenvalue(diagonal, squares, n, k, radius);
}

/**
 * Largest over smallest eigenvalue of a covariance matrix.
 *
 * @param matrix [n*n] symmetric; not changed
 * @returns at least 1; Infinity when the smallest is not above n * 2.2e-16 of the largest, which includes every
 *          indefinite matrix; NaN for n = 0, for all zeros and where an entry is not finite
 */
export function conditionNumber(matrix: Float64Array, n: number): number {
  for (let i = 0; i < n * n; i++) if (!Number.isFinite(matrix[i])) return Number.NaN;
  const unit = largestEntry(matrix, n);
  if (unit === 0) return Number.NaN;
  const diagonal = new Float64Array(n);
  const squares = new Float64Array(n);
  const radius = tridiagonal(matrix, n, unit, diagonal, squares);
  const smallest = nthEigenvalue(diagonal, squares, n, 0, radius);
  const largest = nthEigenvalue(diagonal, squares, n, n - 1, radius);
  return smallest > n * Number.EPSILON * largest ? largest / smallest : Number.POSITIVE_INFINITY;
}

function largestEntry(matrix: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n * n; i++) largest = Math.max(largest, Math.abs(matrix[i]!));
  return largest;
}

/** Writes the diagonal and the squared off-diagonal (squares[i] stands between i and i + 1) of a tridiagonal matrix
 *  similar to matrix / unit; returns a bound on the size of its eigenvalues (Gershgorin). */
function tridiagonal(
  matrix: Float64Array,
  n: number,
  unit: number,
  diagonal: Float64Array,
  squares: Float64Array,
): number {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n * n; i++) a[i] = matrix[i]! / unit;
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    const first = a[(k + 1) * n + k]!;
    let below = 0;
    for (let i = k + 2; i < n; i++) below += a[i * n + k]! * a[i * n + k]!;
    const length = first * first + below;
    squares[k] = length;
    // The largest entry is 1: what is this small changes no digit.
    if (below < 1e-60) continue;
    // Reflect column k onto its first entry, away from it so that nothing cancels.
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k]!;
    v[k + 1] = first + (first < 0 ? -1 : 1) * Math.sqrt(length);
    const scale = 2 / (below + v[k + 1]! * v[k + 1]!);
    p.fill(0, k + 1);
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < i; j++) {
        p[i]! += a[i * n + j]! * v[j]!;
        p[j]! += a[i * n + j]! * v[i]!;
      }
      p[i]! += a[i * n + i]! * v[i]!;
    }
    let half = 0;
    for (let i = k + 1; i < n; i++) {
      p[i]! *= scale;
      half += (scale / 2) * p[i]! * v[i]!;
    }
    for (let i = k + 1; i < n; i++) p[i]! -= half * v[i]!;
    for (let i = k + 1; i < n; i++) for (let j = k + 1; j <= i; j++) a[i * n + j]! -= v[i]! * p[j]! + p[i]! * v[j]!;
  }
  let radius = 0;
  for (let i = 0; i < n; i++) {
    diagonal[i] = a[i * n + i]!;
    const beside = (i > 0 ? Math.sqrt(squares[i - 1]!) : 0) + (i < n - 1 ? Math.sqrt(squares[i]!) : 0);
    radius = Math.max(radius, Math.abs(diagonal[i]!) + beside);
  }
  return radius;
}

function nthEigenvalue(
  diagonal: Float64Array,
  squares: Float64Array,
  n: number,
  index: number,
  radius: number,
): number {
  let low = -radius;
  let high = radius;
  const width = Number.EPSILON * radius * 0.25;
  while (high - low > width) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (countBelow(diagonal, squares, n, middle, radius) > index) high = middle;
    else low = middle;
  }
  return low + (high - low) / 2;
}

/** Number of eigenvalues below x: the negative pivots of the shifted tridiagonal matrix. */
function countBelow(diagonal: Float64Array, squares: Float64Array, n: number, x: number, radius: number): number {
  const tiny = Number.EPSILON * Number.EPSILON * radius + Number.MIN_VALUE;
  let below = 0;
  let pivot = 1;
  for (let i = 0; i < n; i++) {
    pivot = diagonal[i]! - x - (i > 0 ? squares[i - 1]! / pivot : 0);
    if (Math.abs(pivot) < tiny) pivot = -tiny;
    if (pivot < 0) below++;
  }
  return below;
}
