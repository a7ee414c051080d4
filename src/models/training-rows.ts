/** Which rows of a training set a model learns from, and the checks that every model makes of one. */
import { InputError } from "../core/errors.ts";
import type { TrainingSet } from "./model.ts";

/** What a linear model does about missing features. `impute`: the mean of the training rows; `drop`: rows with a gap
 *  are neither learnt from nor scored. */
export const MISSING_RULES = ["impute", "drop"] as const;
export type MissingRule = (typeof MISSING_RULES)[number];

/**
 * Rows with a label, a weight above 0 and at least one feature (`drop`: every feature), ascending.
 *
 * @throws RangeError when the arrays do not fit one another
 * @throws InputError when no row is left, or a label, weight or feature is infinite
 */
export function usableRows(training: TrainingSet, missing: MissingRule): Int32Array {
  checkShapes(training);
  const { x, y, weight, features } = training;
  const columns = features.length;
  const kept = new Int32Array(y.length);
  let count = 0;
  for (let r = 0; r < y.length; r++) {
    const label = y[r]!;
    const heft = weight === null ? 1 : weight[r]!;
    if (label !== label || !(heft > 0)) continue;
    if (label - label !== 0 || heft - heft !== 0)
      throw InputError.of({ where: `training row ${r}`, rule: "its label and weight must be finite" });
    const present = presentFeatures(x, r * columns, features);
    if (present === columns || (missing === "impute" && present > 0)) kept[count++] = r;
  }
  if (count === 0)
    throw InputError.of({ where: "training rows", rule: "none has a label and features", got: y.length });
  return kept.slice(0, count);
}

/** Features of the row that starts at x[from] that are not missing. */
function presentFeatures(x: Float64Array, from: number, features: readonly string[]): number {
  let present = 0;
  for (let f = 0; f < features.length; f++) {
    const value = x[from + f]!;
    if (value !== value) continue;
    if (value - value !== 0)
      throw InputError.of({ where: `feature ${features[f]!}`, rule: "must be finite or missing", got: value });
    present++;
  }
  return present;
}

function checkShapes({ x, y, weight, bar, labelEnd, features }: TrainingSet): void {
  const rows = y.length;
  if (features.length === 0) throw InputError.of({ where: "features", rule: "a model needs at least one" });
  if (new Set(features).size !== features.length)
    throw InputError.of({ where: "features", rule: "must be distinct", got: features.join(", ") });
  if (x.length !== rows * features.length)
    throw new RangeError(`training set: x has ${x.length} cells, not ${rows} rows x ${features.length} features`);
  for (const [name, array] of Object.entries({ weight, bar, labelEnd }))
    if (array !== null && array.length !== rows)
      throw new RangeError(`training set: ${name} has ${array.length} entries, y has ${rows}`);
  for (let r = 1; r < rows; r++)
    if (bar[r]! < bar[r - 1]!) throw new RangeError(`training set: bars must ascend, row ${r} is at ${bar[r]}`);
}
