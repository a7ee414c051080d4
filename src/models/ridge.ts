/** Ridge regression on features standardised over the training rows: min sum w (y - c - z b)^2 + alpha b'b.
 *  The intercept is not penalised and alpha is not multiplied by the number of rows, as in scikit-learn. */
import { InputError } from "../core/errors.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { cholesky, choleskySolve } from "../math/cholesky.ts";
import { linearModel } from "./linear-model.ts";
import type { FittedModel, ModelDefinition, TrainingSet } from "./model.ts";
import { type NormalEquations, normalEquations } from "./normal-equations.ts";
import { standardisationOf } from "./standardise.ts";
import { type MissingRule, usableRows } from "./training-rows.ts";

export interface RidgeParameters {
  /** Penalty, >= 0. */
  readonly alpha: number;
  readonly missing: MissingRule;
}

export const ridge: ModelDefinition<RidgeParameters> = {
  kind: "ridge",
  fit: (training, { alpha, missing }) => ridgePath(training, [alpha], missing)[0]!,
};

/**
 * One model for each penalty, from one pass over the rows.
 *
 * @param alphas each >= 0
 * @throws InputError when no row is left, or alpha is 0 and the features explain one another
 */
export function ridgePath(training: TrainingSet, alphas: readonly number[], missing: MissingRule): FittedModel[] {
  const { features } = training;
  const rows = usableRows(training, missing);
  const standardisation = standardisationOf(training.x, features.length, rows);
  const equations = normalEquations(training, rows, standardisation);
  return alphas.map((alpha) => {
    const solved = solveRidge(equations, alpha);
    if (!solved.ok)
      throw InputError.of({
        where: "ridge_alpha",
        rule: `must be larger, or features fewer: the normal equations of ${rows.length} rows are ${solved.reason}`,
        got: alpha,
      });
    const coefficients = new Float64Array(features.length);
    let intercept = equations.yMean;
    for (const [a, f] of equations.active.entries()) {
      coefficients[f] = solved.value[a]!;
      intercept -= solved.value[a]! * equations.means[a]!;
    }
    return linearModel({
      kind: "ridge",
      features,
      trainingRows: rows.length,
      standardisation,
      missing,
      coefficients,
      intercept,
    });
  });
}

/** [A] coefficients of the features that vary, or why there are none. */
function solveRidge({ active, gram, moment }: NormalEquations, alpha: number): Result<Float64Array> {
  if (!(alpha >= 0 && alpha < Infinity)) return fail(`without meaning for alpha ${alpha}`);
  const count = active.length;
  const penalised = gram.slice();
  for (let a = 0; a < count; a++) penalised[a * count + a] = penalised[a * count + a]! + alpha;
  const factor = cholesky(penalised, count, penalised);
  if (!factor.ok) return fail(factor.reason);
  const coefficients = new Float64Array(count);
  choleskySolve(penalised, count, moment, coefficients);
  return ok(coefficients);
}
