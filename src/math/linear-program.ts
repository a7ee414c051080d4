/** Linear programs by HiGHS (dual simplex, WebAssembly). Loading is asynchronous and done once a process; a loaded
 *  solver then answers synchronously, every program in a model of its own, so nothing carries over between calls. */
import highsModule, { type Highs } from "highs";
import { fail, ok, type Result } from "../core/result.ts";

/** min cost'x subject to rowLower <= A x <= rowUpper, columnLower <= x <= columnUpper; infinities allowed in bounds. */
export interface LinearProgram {
  /** [columns] */
  readonly cost: Float64Array;
  readonly columnLower: Float64Array;
  readonly columnUpper: Float64Array;
  /** [rows] */
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  /** A by rows: entries starts[r] .. starts[r+1] of `indices` (columns) and `values`. */
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

export interface LinearSolution {
  /** [columns] */
  readonly x: Float64Array;
  readonly objective: number;
}

/** @returns a reason when the program is infeasible, unbounded or not solved to 1e-10 */
export type LinearProgramSolver = (program: LinearProgram) => Result<LinearSolution>;

const OPTIONS = {
  output_flag: false,
  solver: "simplex",
  primal_feasibility_tolerance: 1e-10,
  dual_feasibility_tolerance: 1e-10,
  small_matrix_value: 1e-12,
} as const;

/** The package's types describe its CommonJS build; what an import gets is the loader itself. */
const loadHighs = highsModule as unknown as () => Promise<Highs>;

let loading: Promise<Highs> | undefined;

/** The solver, loaded at the first call. */
export async function loadLinearProgram(): Promise<LinearProgramSolver> {
  loading ??= loadHighs();
  const highs: Highs = await loading;
  return (program) => solve(highs, program);
}

function solve(highs: Highs, program: LinearProgram): Result<LinearSolution> {
  const { optimal, infeasible, unbounded, unboundedOrInfeasible } = highs.constants.modelStatus;
  return highs.withModel((model) => {
    model.options.set(OPTIONS);
    const numCols = program.cost.length;
    const numRows = program.rowLower.length;
    model.passModel({
      numCols,
      numRows,
      colCost: program.cost,
      colLower: program.columnLower,
      colUpper: program.columnUpper,
      rowLower: program.rowLower,
      rowUpper: program.rowUpper,
      matrix: {
        format: "csr",
        numRows,
        numCols,
        starts: program.starts,
        indices: program.indices,
        values: program.values,
      },
    });
    const { modelStatus } = model.run();
    if (modelStatus === infeasible) return fail("infeasible: no point meets every row and bound");
    if (modelStatus === unbounded || modelStatus === unboundedOrInfeasible)
      return fail("unbounded or infeasible linear program");
    if (modelStatus !== optimal) return fail(`linear program not solved: status ${modelStatus}`);
    const x = model.getSolution().colValue;
    let objective = 0;
    for (let i = 0; i < numCols; i++) objective += program.cost[i]! * x[i]!;
    return ok({ x, objective });
  });
}
