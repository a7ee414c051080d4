/** min 1/2 x'Qx - c'x with rows besides the budget: sum x = budget, lower <= x <= upper, rowLower <= A x <= rowUpper.
 *  Dual method of Goldfarb & Idnani (1983) by the quadprog package, which wants Q positive definite: a singular Q
 *  gets `ridge` = 1e-9 of its mean diagonal. For a budget alone quadratic-program.ts is faster and needs less. */
import quadprog from "quadprog";
import { fail, ok, type Result } from "../core/result.ts";
import { budgetFault, type QuadraticProgram } from "./quadratic-program.ts";

export interface RowLimits {
  /** [M*n] row-major */
  readonly coefficients: Float64Array;
  /** [M]; -Infinity = none */
  readonly lower: Float64Array;
  /** [M]; Infinity = none */
  readonly upper: Float64Array;
}

export interface GroupedSolution {
  /** [n] */
  readonly x: Float64Array;
  readonly ridge: number;
}

/** Largest violation of a row, bound or budget that a solution may have. */
const FEASIBILITY = 1e-9;
const ROUNDING = 1e-12;

/** @returns a reason when no x meets budget, bounds and rows together; the package's own `message` is not trusted alone */
export function solveGroupedQuadraticProgram(program: QuadraticProgram, rows: RowLimits): Result<GroupedSolution> {
  const fault = budgetFault(program);
  if (fault !== undefined) return fail(fault);
  const { quadratic, lower, upper } = program;
  const n = lower.length;
  let mean = 0;
  for (let i = 0; i < quadratic.length; i++)
    if (!Number.isFinite(quadratic[i]!)) return fail(`quadratic form is ${quadratic[i]} at row ${Math.floor(i / n)}`);
  for (let i = 0; i < n; i++) mean += quadratic[i * n + i]! / n;
  const scale = mean > 0 ? mean : 1;
  const { columns, limits, equalities } = constraintsOf(program, rows);
  for (const ridge of [0, 1e-9]) {
    let answer = run(program, scale, ridge, columns, limits, equalities);
    // Limits that leave a single point (three caps of 1/3) it calls inconsistent over a rounding error.
    if (answer.message.includes("inconsistent")) {
      const relaxed = limits.map((limit, m) => (m < equalities ? limit : limit - ROUNDING));
      answer = run(program, scale, ridge, columns, relaxed, equalities);
    }
    if (answer.message.includes("positive definite")) continue;
    const x = new Float64Array(n);
    for (let i = 0; i < n; i++) x[i] = Math.min(Math.max(answer.solution[i + 1]!, lower[i]!), upper[i]!);
    if (answer.message !== "" || !(worstViolation(columns, limits, equalities, x) <= FEASIBILITY))
      return fail("infeasible: no weights meet the budget, the bounds and the group limits together");
    return ok({ x, ridge: ridge * scale });
  }
  return fail("the quadratic form is not positive semidefinite");
}

/** The package writes over its matrices, so each call builds them anew. */
function run(
  { quadratic, linear, lower }: QuadraticProgram,
  scale: number,
  ridge: number,
  columns: number[][],
  limits: number[],
  equalities: number,
) {
  const n = lower.length;
  const D: number[][] = [[]];
  const d: number[] = [0];
  const A: number[][] = [[]];
  for (let i = 0; i < n; i++) {
    const row = [0];
    for (let k = 0; k < n; k++) row.push(quadratic[i * n + k]! / scale + (i === k ? ridge : 0));
    D.push(row);
    d.push(linear === undefined ? 0 : linear[i]! / scale);
    A.push([0, ...columns.map((column) => column[i]!)]);
  }
  return quadprog.solveQP(D, d, A, [0, ...limits], equalities);
}

/** a'x = b first, then a'x >= b, as the package takes them. */
function constraintsOf({ lower, upper, budget }: QuadraticProgram, rows: RowLimits) {
  const n = lower.length;
  const equal: { a: number[]; b: number }[] = [{ a: new Array<number>(n).fill(1), b: budget }];
  const atLeast: { a: number[]; b: number }[] = [];
  const add = (a: number[], low: number, high: number): void => {
    if (low === high) equal.push({ a, b: low });
    else {
      if (low > Number.NEGATIVE_INFINITY) atLeast.push({ a, b: low });
      if (high < Number.POSITIVE_INFINITY) atLeast.push({ a: a.map((value) => -value), b: -high });
    }
  };
  for (let m = 0; m < rows.lower.length; m++)
    add(Array.from(rows.coefficients.subarray(m * n, (m + 1) * n)), rows.lower[m]!, rows.upper[m]!);
  for (let i = 0; i < n; i++) {
    const a = new Array<number>(n).fill(0);
    a[i] = 1;
    // A pinned variable as two inequalities: many equalities at once are what the dual method finds inconsistent.
    if (lower[i]! > Number.NEGATIVE_INFINITY) atLeast.push({ a, b: lower[i]! });
    if (upper[i]! < Number.POSITIVE_INFINITY) atLeast.push({ a: a.map((value) => -value), b: -upper[i]! });
  }
  const all = [...equal, ...atLeast];
  return { columns: all.map(({ a }) => a), limits: all.map(({ b }) => b), equalities: equal.length };
}

function worstViolation(columns: number[][], limits: number[], equalities: number, x: Float64Array): number {
  let worst = 0;
  for (const [m, a] of columns.entries()) {
    let value = -limits[m]!;
    for (let i = 0; i < x.length; i++) value += a[i]! * x[i]!;
    worst = Math.max(worst, m < equalities ? Math.abs(value) : -value);
    if (value !== value) return Number.NaN;
  }
  return worst;
}
