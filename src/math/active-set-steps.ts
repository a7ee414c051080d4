/** The parts of one active-set iteration on min 1/2 x'Qx - c'x over box and budget (quadratic-program.ts): gradient,
 *  direction on the budget plane, choice of the variable to free, and the checks before an answer is given out. */
import { AT_LOWER, FREE } from "./active-set-start.ts";
import { appendVariable, type FreeBlock, solveFreeBlock } from "./free-block.ts";
import type { QuadraticProgram } from "./quadratic-program.ts";

/** False when a variable that could leave its bound at no cost has no curvature of its own: other x are as good. */
export function isUnique(
  block: FreeBlock,
  { quadratic, lower, upper }: QuadraticProgram,
  status: Int8Array,
  gradient: Float64Array,
  multiplier: number,
  tolerance: number,
): boolean {
  for (let i = 0; i < status.length; i++) {
    if (status[i] === FREE || lower[i] === upper[i] || Math.abs(gradient[i]! - multiplier) > tolerance) continue;
    if (appendVariable(block, quadratic, status.length, i) !== "appended") return false;
  }
  return true;
}

/** Size of the terms a gradient is summed from, which its rounding errors are relative to. */
export function gradientScale({ quadratic, linear }: QuadraticProgram, x: Float64Array, ridge: number): number {
  const n = x.length;
  let diagonal = ridge;
  let size = 0;
  let slope = 0;
  for (let i = 0; i < n; i++) {
    diagonal = Math.max(diagonal, quadratic[i * n + i]!);
    size += Math.abs(x[i]!);
    if (linear !== undefined) slope = Math.max(slope, Math.abs(linear[i]!));
  }
  return diagonal * size + slope;
}

/** Direction to the minimum over the free variables with the budget met: block * p = nu * 1 - gradient, 1'p = gap. */
export function equalityStep(
  block: FreeBlock,
  n: number,
  x: Float64Array,
  gradient: Float64Array,
  budget: number,
  move: Float64Array,
  unit: Float64Array,
): void {
  const { members, size } = block;
  let gap = budget;
  for (let i = 0; i < n; i++) gap -= x[i]!;
  if (!(Math.abs(gap) > 0)) gap = 0;
  // Only differences of gradients matter; taking the first off keeps small ones from drowning.
  const level = gradient[members[0]!]!;
  for (let a = 0; a < size; a++) {
    move[a] = level - gradient[members[a]!]!;
    unit[a] = 1;
  }
  solveFreeBlock(block, n, move);
  solveFreeBlock(block, n, unit);
  let moved = 0;
  let units = 0;
  for (let a = 0; a < size; a++) {
    moved += move[a]!;
    units += unit[a]!;
  }
  const price = (gap - moved) / units;
  for (let a = 0; a < size; a++) move[a] = move[a]! + price * unit[a]!;
}

export function computeGradient(
  program: QuadraticProgram,
  x: Float64Array,
  ridge: number,
  gradient: Float64Array,
): void {
  const { quadratic, linear } = program;
  const n = x.length;
  if (linear === undefined) gradient.fill(0);
  else for (let k = 0; k < n; k++) gradient[k] = -linear[k]!;
  for (let i = 0; i < n; i++) {
    const value = x[i]!;
    if (value === 0) continue;
    const row = i * n;
    for (let k = 0; k < n; k++) gradient[k] = gradient[k]! + quadratic[row + k]! * value;
    gradient[i] = gradient[i]! + ridge * value;
  }
}

export function freeGradient({ members, size }: FreeBlock, gradient: Float64Array): number {
  let sum = 0;
  for (let a = 0; a < size; a++) sum += gradient[members[a]!]!;
  return sum / size;
}

/** The bounded variable whose release improves fastest, or the first such (Bland's rule) when steps have been idle. */
export function mostViolating(
  { lower, upper }: QuadraticProgram,
  status: Int8Array,
  gradient: Float64Array,
  multiplier: number,
  tolerance: number,
  first: boolean,
): number {
  let worst = tolerance;
  let chosen = -1;
  for (let i = 0; i < status.length; i++) {
    if (status[i] === FREE || lower[i] === upper[i]) continue;
    const violation = status[i] === AT_LOWER ? multiplier - gradient[i]! : gradient[i]! - multiplier;
    if (violation > worst) {
      worst = violation;
      chosen = i;
      if (first) break;
    }
  }
  return chosen;
}

/** Takes rounding beyond the bounds off x; what the budget is then missed by, relative to the size of x. */
export function clampedGap(x: Float64Array, { lower, upper, budget }: QuadraticProgram): number {
  let gap = budget;
  let size = 1;
  for (let i = 0; i < x.length; i++) {
    x[i] = Math.min(Math.max(x[i]!, lower[i]!), upper[i]!);
    gap -= x[i]!;
    size += Math.abs(x[i]!);
  }
  return Math.abs(gap) / size;
}
