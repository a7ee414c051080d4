/** Minimum conditional drawdown at risk (Chekhlov, Uryasev & Zabarankin 2005): the mean of the worst alpha share of
 *  drawdowns of the uncompounded cumulative return, which is convex in w and a linear program. The peak starts at 0
 *  before the first return. Uncompounded is the paper's choice; metrics/ reports compounded drawdowns, and its tail is
 *  ceil(alpha T) whole bars where the program weighs the last one by the fraction that belongs. */
import { fail, ok, type Result } from "../../core/result.ts";
import type { LinearProgramSolver } from "../../math/linear-program.ts";
import { budgetFault } from "../../math/quadratic-program.ts";
import type { WeightBounds } from "../weight-bounds.ts";

export interface CdarReport {
  /** Minimum CDaR at alpha, >= 0, fraction of capital */
  readonly cdar: number;
}

/**
 * @param returns [T*N] simple returns, oldest row first, without gaps
 * @param alpha   share of bars in the tail, in (0, 1]; 0.05 is usual
 * @param solve   from loadLinearProgram()
 * @param out     [N] written in full when ok, else untouched
 * @returns a reason when a return is missing, there is no bar, or the bounds cannot hold the budget
 */
export function cdarMinWeights(
  returns: Float64Array,
  bounds: WeightBounds,
  alpha: number,
  solve: LinearProgramSolver,
  out: Float64Array,
): Result<CdarReport> {
  const n = out.length;
  const bars = returns.length / n;
  if (!Number.isInteger(bars)) throw new RangeError(`returns has ${returns.length} cells, not a multiple of ${n}`);
  if (bars === 0) return fail("no bar of returns");
  if (!(alpha > 0 && alpha <= 1)) return fail(`alpha must be in (0, 1], got ${alpha}`);
  for (let i = 0; i < returns.length; i++)
    if (!Number.isFinite(returns[i]!))
      return fail(`return is ${returns[i]} at bar ${Math.floor(i / n)}, asset ${i % n}`);
  const fault = budgetFault(bounds);
  if (fault !== undefined) return fail(fault);
  const answer = solve(drawdownProgram(returns, n, bars, bounds, alpha));
  if (!answer.ok) return answer;
  for (let i = 0; i < n; i++) out[i] = Math.min(Math.max(answer.value.x[i]!, bounds.lower[i]!), bounds.upper[i]!);
  return ok({ cdar: answer.value.objective });
}

/** Columns: w [N], drawdown d [T], excess over the threshold e [T], threshold. The drawdown needs no peak of its own:
 *  d_t >= d_{t-1} - r_t'w and d_t >= 0 is the same recursion, with one dense row a bar. */
function drawdownProgram(returns: Float64Array, n: number, bars: number, bounds: WeightBounds, alpha: number) {
  const columns = n + 2 * bars + 1;
  const threshold = columns - 1;
  const rows = 2 * bars + 1;
  const cost = new Float64Array(columns).fill(0);
  cost.fill(1 / (alpha * bars), n + bars, n + 2 * bars);
  cost[threshold] = 1;
  const columnLower = new Float64Array(columns);
  const columnUpper = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  columnLower.set(bounds.lower);
  columnUpper.set(bounds.upper);
  const rowLower = new Float64Array(rows);
  const rowUpper = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const starts = new Int32Array(rows + 1);
  const indices = new Int32Array(n + bars * (n + 2) + 3 * bars);
  const values = new Float64Array(indices.length);
  let at = 0;
  const put = (column: number, value: number): void => {
    indices[at] = column;
    values[at++] = value;
  };
  for (let i = 0; i < n; i++) put(i, 1);
  rowLower[0] = bounds.budget;
  rowUpper[0] = bounds.budget;
  for (let t = 0; t < bars; t++) {
    starts[1 + 2 * t] = at;
    for (let i = 0; i < n; i++) put(i, returns[t * n + i]!);
    if (t > 0) put(n + t - 1, -1);
    put(n + t, 1);
    starts[2 + 2 * t] = at;
    put(n + t, -1);
    put(n + bars + t, 1);
    put(threshold, 1);
  }
  starts[rows] = at;
  return {
    cost,
    columnLower,
    columnUpper,
    rowLower,
    rowUpper,
    starts,
    indices: indices.subarray(0, at),
    values: values.subarray(0, at),
  };
}
