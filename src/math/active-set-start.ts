/** Where an active-set method begins: a point that meets box and budget, and which of its variables are free. */
import type { ActiveSet, QuadraticProgram } from "./quadratic-program.ts";

export const FREE = 0;
export const AT_LOWER = -1;
export const AT_UPPER = 1;

/**
 * Feasible x: the given one (or the point of the box nearest zero), moved to the budget in order of attractiveness.
 *
 * @param x      [n] written in full
 * @param status [n] written in full; at least one variable is free unless every one is pinned by lower = upper
 */
export function startingPoint(
  program: QuadraticProgram,
  start: ActiveSet | undefined,
  x: Float64Array,
  status: Int8Array,
): void {
  const { quadratic, linear, lower, upper, budget } = program;
  const n = lower.length;
  let gap = budget;
  for (let i = 0; i < n; i++) {
    const wish = start === undefined ? 0 : start.status[i] === AT_LOWER ? lower[i]! : start.x[i]!;
    const pinned = start !== undefined && start.status[i] === AT_UPPER ? upper[i]! : wish;
    x[i] = Math.min(Math.max(Number.isFinite(pinned) ? pinned : 0, lower[i]!), upper[i]!);
    gap -= x[i]!;
  }
  if (Math.abs(gap) > 0) {
    const cost = (i: number): number => quadratic[i * n + i]! / 2 - (linear === undefined ? 0 : linear[i]!);
    // Free variables of the start absorb the difference first, so that the others stay where they were.
    const rank = (i: number): number => (start !== undefined && start.status[i] === FREE ? 0 : 1);
    const sign = gap > 0 ? 1 : -1;
    const order = Array.from(x.keys()).sort((a, b) => rank(a) - rank(b) || sign * (cost(a) - cost(b)) || a - b);
    for (const i of order) {
      const step = gap > 0 ? Math.min(gap, upper[i]! - x[i]!) : Math.max(gap, lower[i]! - x[i]!);
      x[i] = step === upper[i]! - x[i]! ? upper[i]! : step === lower[i]! - x[i]! ? lower[i]! : x[i]! + step;
      gap -= step;
      if (gap === 0) break;
    }
  }
  let free = 0;
  for (let i = 0; i < n; i++) {
    status[i] = x[i] === lower[i] ? AT_LOWER : x[i] === upper[i] ? AT_UPPER : FREE;
    if (status[i] === FREE) free++;
  }
  for (let i = 0; i < n && free === 0; i++)
    if (lower[i]! < upper[i]!) {
      status[i] = FREE;
      free++;
    }
}
