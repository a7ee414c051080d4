/** Cholesky factor of the block of a symmetric matrix that an active-set method leaves free, updated in O(k^2) when a
 *  variable joins (a row more) or leaves (Givens rotations): Golub & Van Loan, Matrix Computations, section 6.5.
 *  The block may be factored as Q + shift * 11' + ridge * I, see quadratic-program.ts. */

export interface FreeBlock {
  /** [n or more] variables in the block, in the order of its rows; the first `size` entries count. */
  readonly members: Int32Array;
  /** [n*n or more] row-major lower triangle, stride n; the first `size` rows count. */
  readonly factor: Float64Array;
  readonly shift: number;
  readonly ridge: number;
  /** A new pivot below this share of its diagonal element counts as zero; 0 lifts such a pivot to the ridge. */
  readonly pivotTolerance: number;
  /** So does one below this value. */
  readonly pivotFloor: number;
  size: number;
}

export type AppendOutcome = "appended" | "singular" | "indefinite";

/** An empty block of as many variables as the room given has. */
export function createFreeBlock(
  room: Pick<FreeBlock, "members" | "factor">,
  options: Pick<FreeBlock, "shift" | "ridge" | "pivotTolerance" | "pivotFloor">,
): FreeBlock {
  return { members: room.members, factor: room.factor, size: 0, ...options };
}

/**
 * Adds variable j as the last row.
 *
 * @param matrix [n*n] symmetric
 * @returns "singular" or "indefinite", with the block unchanged, when the enlarged block has no usable factor
 */
export function appendVariable(block: FreeBlock, matrix: Float64Array, n: number, j: number): AppendOutcome {
  const { members, factor, shift, ridge, size } = block;
  const row = size * n;
  const diagonal = matrix[j * n + j]! + shift + ridge;
  let pivot = diagonal;
  for (let a = 0; a < size; a++) {
    const rowA = a * n;
    let value = matrix[j * n + members[a]!]! + shift;
    for (let b = 0; b < a; b++) value -= factor[rowA + b]! * factor[row + b]!;
    value /= factor[rowA + a]!;
    factor[row + a] = value;
    pivot -= value * value;
  }
  if (pivot < -1e-8 * diagonal || diagonal < 0) return "indefinite";
  if (block.pivotTolerance > 0 && !(pivot > Math.max(block.pivotTolerance * diagonal, block.pivotFloor)))
    return "singular";
  factor[row + size] = Math.sqrt(Math.max(pivot, ridge));
  members[size] = j;
  block.size = size + 1;
  return "appended";
}

/** Takes the variable at row `position` out. */
export function removeVariable(block: FreeBlock, n: number, position: number): void {
  const { members, factor } = block;
  const last = block.size - 1;
  for (let a = position; a < last; a++) {
    members[a] = members[a + 1]!;
    factor.copyWithin(a * n, (a + 1) * n, (a + 1) * n + a + 2);
  }
  // Every moved row has one entry right of the diagonal: rotate columns a and a+1 to clear it.
  for (let a = position; a < last; a++) {
    const diagonal = factor[a * n + a]!;
    const excess = factor[a * n + a + 1]!;
    const length = Math.hypot(diagonal, excess);
    const cosine = diagonal / length;
    const sine = excess / length;
    factor[a * n + a] = length;
    for (let b = a + 1; b < last; b++) {
      const left = factor[b * n + a]!;
      const right = factor[b * n + a + 1]!;
      factor[b * n + a] = cosine * left + sine * right;
      factor[b * n + a + 1] = cosine * right - sine * left;
    }
  }
  block.size = last;
}

/** Solves block * x = b in place. @param b [size] in the order of `members` */
export function solveFreeBlock(block: FreeBlock, n: number, b: Float64Array): void {
  const { factor, size } = block;
  for (let a = 0; a < size; a++) {
    const row = a * n;
    let value = b[a]!;
    for (let c = 0; c < a; c++) value -= factor[row + c]! * b[c]!;
    b[a] = value / factor[row + a]!;
  }
  for (let a = size - 1; a >= 0; a--) {
    const row = a * n;
    const value = b[a]! / factor[row + a]!;
    b[a] = value;
    for (let c = 0; c < a; c++) b[c] = b[c]! - factor[row + c]! * value;
  }
}
