/** min 1/2 x'Qx - c'x subject to sum x = budget, lower <= x <= upper: a primal active set (Nocedal & Wright, Numerical
 *  Optimization, algorithm 16.3) whose factor of the free variables is updated, not rebuilt. Exact to rounding.
 *  A singular Q is first tried as Q + m * 11' (m = mean diagonal), which adds a constant on the budget plane and so
 *  changes nothing; if directions inside the plane are flat too, with 1e-9 * m on the diagonal as well (`ridge`),
 *  which picks the solution nearest zero.
 *  For rows other than the budget see grouped-quadratic-program.ts. */
import { fail, ok, type Result } from "../core/result.ts";
import { AT_LOWER, AT_UPPER, FREE, startingPoint } from "./active-set-start.ts";
import {
  clampedGap,
  computeGradient,
  equalityStep,
  freeGradient,
  gradientScale,
  isUnique,
  mostViolating,
} from "./active-set-steps.ts";
import { appendVariable, createFreeBlock, type FreeBlock, removeVariable } from "./free-block.ts";
import { createQuadraticScratch, type QuadraticScratch } from "./quadratic-scratch.ts";

export interface QuadraticProgram {
  /** [n*n] symmetric positive semidefinite */
  readonly quadratic: Float64Array;
  /** [n]; left out = 0 */
  readonly linear?: Float64Array;
  readonly budget: number;
  /** [n]; -Infinity allowed */
  readonly lower: Float64Array;
  /** [n]; Infinity allowed */
  readonly upper: Float64Array;
}

/** Plain data; a solution is the start of the next, similar program. */
export interface ActiveSet {
  /** [n] */
  readonly x: Float64Array;
  /** [n] -1 at its lower bound, 1 at its upper, 0 free */
  readonly status: Int8Array;
}

export interface QuadraticSolution extends ActiveSet {
  /** Common gradient of the free variables, Q x - c there: the price of budget. */
  readonly multiplier: number;
  /** What was added to the diagonal, 0 unless Q was flat in a direction that keeps the budget. */
  readonly ridge: number;
  readonly iterations: number;
}

const INDEFINITE = "the quadratic form is not positive semidefinite";
/** Room granted to the sum of bounds, so that ten caps of 0.1 hold a budget of 1. */
const BUDGET_ROOM = 1e-12;

/**
 * The minimiser; with `ridge` > 0 the one of the ridged program.
 *
 * @param start   active set of an earlier solution; bounds and budget may have moved since
 * @param scratch without it one is made; pass one where many small programs are solved
 * @returns a reason when a value is NaN, a bound pair is crossed, the bounds cannot hold the budget, Q is not positive
 *          semidefinite, or no optimum is reached within 50 n + 100 exchanges
 */
export function solveQuadraticProgram(
  program: QuadraticProgram,
  start?: ActiveSet,
  scratch: QuadraticScratch = createQuadraticScratch(program.lower.length),
): Result<QuadraticSolution> {
  const fault = budgetFault(program) ?? valueFault(program);
  if (fault !== undefined) return fail(fault);
  const n = program.lower.length;
  if (start !== undefined && start.x.length !== n)
    throw new RangeError(`active set of ${start.x.length} variables, the program has ${n}`);
  if (scratch.capacity < n) throw new RangeError(`scratch holds ${scratch.capacity} variables, the program has ${n}`);
  return overFactors(program, n, scratch, (block) => attempt(program, start, block, scratch));
}

/**
 * The minimiser when every variable that `active` has at a bound stays there and the bounds of the free ones are
 * disregarded: the point its face of the box aims at.
 */
export function minimiseOnFace(program: QuadraticProgram, active: ActiveSet): Result<Float64Array> {
  const n = active.x.length;
  const scratch = createQuadraticScratch(n);
  return overFactors(program, n, scratch, (block) => {
    const x = active.x.slice();
    const outcome = appendFree(block, program.quadratic, active.status);
    if (outcome !== undefined) return outcome;
    const { gradient, move, unit } = scratch;
    for (let pass = 0; pass < 2 && block.size > 0; pass++) {
      computeGradient(program, x, block.ridge, gradient);
      equalityStep(block, n, x, gradient, program.budget, move, unit);
      for (let a = 0; a < block.size; a++) x[block.members[a]!] = x[block.members[a]!]! + move[a]!;
    }
    return ok(x);
  });
}

/** Runs with the factor of Q, then of Q + m 11', then with the ridge too, as far as needed. */
function overFactors<T>(
  { quadratic, linear }: QuadraticProgram,
  n: number,
  scratch: QuadraticScratch,
  run: (block: FreeBlock) => Result<T> | "singular",
): Result<T> {
  let mean = 0;
  for (let i = 0; i < n; i++) mean += quadratic[i * n + i]! / n;
  const pivots = { pivotTolerance: 1e-12, pivotFloor: 1e-13 * mean };
  const plain = run(createFreeBlock(scratch, { shift: 0, ridge: 0, ...pivots }));
  if (plain !== "singular") return plain;
  const shifted = mean > 0 ? run(createFreeBlock(scratch, { shift: mean, ridge: 0, ...pivots })) : "singular";
  if (shifted !== "singular") return shifted;
  let scale = mean;
  if (mean === 0 && linear !== undefined) for (const c of linear) scale = Math.max(scale, Math.abs(c));
  const ridged = run(
    createFreeBlock(scratch, { shift: mean, ridge: 1e-9 * (scale || 1), pivotTolerance: 0, pivotFloor: 0 }),
  );
  return ridged === "singular" ? fail("the quadratic form is singular") : ridged;
}

function appendFree(block: FreeBlock, quadratic: Float64Array, status: Int8Array) {
  for (let i = 0; i < status.length; i++) {
    if (status[i] !== FREE) continue;
    const outcome = appendVariable(block, quadratic, status.length, i);
    if (outcome === "singular") return outcome;
    if (outcome === "indefinite") return fail(INDEFINITE);
  }
  return undefined;
}

/** Why no x can meet bounds and budget, naming them; undefined when one can. */
export function budgetFault(
  { lower, upper, budget }: Pick<QuadraticProgram, "lower" | "upper" | "budget">,
  room = BUDGET_ROOM,
): string | undefined {
  let least = 0;
  let most = 0;
  for (let i = 0; i < lower.length; i++) {
    if (!(lower[i]! <= upper[i]!)) return `bounds of asset ${i} are crossed: lower ${lower[i]}, upper ${upper[i]}`;
    least += lower[i]!;
    most += upper[i]!;
  }
  if (lower.length === 0) return "no asset";
  if (!(least <= budget + room)) return `infeasible: lower bounds sum to ${least}, above the budget ${budget}`;
  if (!(most >= budget - room)) return `infeasible: upper bounds sum to ${most}, below the budget ${budget}`;
  return undefined;
}

function valueFault({ quadratic, linear, lower }: QuadraticProgram): string | undefined {
  const n = lower.length;
  if (quadratic.length !== n * n) throw new RangeError(`quadratic has ${quadratic.length} cells, expected ${n * n}`);
  for (let i = 0; i < quadratic.length; i++)
    if (!Number.isFinite(quadratic[i]!)) return `quadratic form is ${quadratic[i]} at row ${Math.floor(i / n)}`;
  if (linear !== undefined)
    for (let i = 0; i < n; i++) if (!Number.isFinite(linear[i]!)) return `linear term is ${linear[i]} at asset ${i}`;
  return undefined;
}

function attempt(
  program: QuadraticProgram,
  start: ActiveSet | undefined,
  block: FreeBlock,
  { gradient, move, unit }: QuadraticScratch,
): Result<QuadraticSolution> | "singular" {
  const { quadratic, lower, upper, budget } = program;
  const n = lower.length;
  const { members, ridge } = block;
  const x = new Float64Array(n);
  const status = new Int8Array(n);
  startingPoint(program, start, x, status);
  const fault = appendFree(block, quadratic, status);
  if (fault !== undefined) return fault;
  computeGradient(program, x, ridge, gradient);
  if (block.size === 0) return ok({ x, status, multiplier: 0, ridge, iterations: 0 });

  const scale = gradientScale(program, x, ridge);
  // Where only the ridge tells solutions apart its gradients are 1e-9 of the others.
  let tolerance = (ridge > 0 ? 1e-14 : 1e-13) * scale;
  let fresh = true;
  let entered = -1;
  let idle = 0;
  for (let iterations = 1; iterations <= 50 * n + 100; iterations++) {
    equalityStep(block, n, x, gradient, budget, move, unit);
    let length = 1;
    let blocking = -1;
    if (block.size > 1)
      for (let a = 0; a < block.size; a++) {
        const i = members[a]!;
        const by = move[a]!;
        if (by === 0) continue;
        const room = by < 0 ? (lower[i]! - x[i]!) / by : (upper[i]! - x[i]!) / by;
        if (room < length) {
          length = Math.max(room, 0);
          blocking = a;
        }
      }
    for (let a = 0; a < block.size; a++) {
      const i = members[a]!;
      const by = length * move[a]!;
      if (by === 0) continue;
      x[i] = x[i]! + by;
      const row = i * n;
      for (let k = 0; k < n; k++) gradient[k] = gradient[k]! + quadratic[row + k]! * by;
      gradient[i] = gradient[i]! + ridge * by;
    }
    idle = length > 0 ? 0 : idle + 1;
    if (blocking >= 0) {
      const i = members[blocking]!;
      const down = move[blocking]! < 0;
      x[i] = down ? lower[i]! : upper[i]!;
      status[i] = down ? AT_LOWER : AT_UPPER;
      removeVariable(block, n, blocking);
      // Freed on a multiplier that was rounding noise: ask for more before freeing again.
      if (i === entered && length === 0) tolerance *= 10;
      entered = -1;
      fresh = false;
      continue;
    }
    const multiplier = freeGradient(block, gradient);
    entered = mostViolating(program, status, gradient, multiplier, tolerance, idle > n);
    if (entered >= 0) {
      status[entered] = FREE;
      const outcome = appendVariable(block, quadratic, n, entered);
      if (outcome === "singular") return outcome;
      if (outcome === "indefinite") return fail(INDEFINITE);
      fresh = false;
    } else if (fresh) {
      if (ridge === 0 && !isUnique(block, program, status, gradient, multiplier, 1e-10 * scale)) return "singular";
      if (!(clampedGap(x, program) <= 1e-11)) return ridge === 0 ? "singular" : fail("budget lost to rounding");
      return ok({ x, status, multiplier, ridge, iterations });
    } else {
      // Judged on updated gradients: once more from exact ones, which also takes the rounding out of x.
      computeGradient(program, x, ridge, gradient);
      fresh = true;
    }
  }
  return fail(`no optimum after ${50 * n + 100} exchanges`);
}
