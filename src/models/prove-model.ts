/** What a fitted model of an extension must hold to, tried on the rows it has just scored: that it scores at all, each row
 *  by itself, and the same to the bit once saved and read back. */
import { InputError } from "../core/errors.ts";
import type { FittedModel, FittedModelData } from "./model.ts";
import type { BoundModel } from "./model-extension.ts";

/** Rows scored again; every second one at most, so that they are in other company than before. */
const TRIED_AGAIN = 256;

/**
 * @param saved  what `fitted.toJSON` returned
 * @param x      [rows*F] row-major
 * @param scores [rows] of these rows, by `fitted`
 * @throws InputError naming file, definition and what it does not hold to
 */
export function proveModel(
  model: BoundModel,
  fitted: FittedModel,
  saved: FittedModelData,
  x: Float64Array,
  scores: Float64Array,
): void {
  const refused = (rule: string, got?: string) => InputError.of({ where: model.place, rule, got });
  if (scores.length > 0 && scores.every((score) => score !== score))
    throw refused(`score left all ${scores.length} rows of the test NaN: nothing could be traded`);
  const columns = fitted.features.length;
  const stride = Math.max(2, Math.ceil(scores.length / TRIED_AGAIN));
  const rows = Int32Array.from({ length: Math.ceil(scores.length / stride) }, (_, i) => i * stride);
  const some = new Float64Array(rows.length * columns);
  for (const [i, r] of rows.entries()) some.set(x.subarray(r * columns, (r + 1) * columns), i * columns);
  const again = new Float64Array(rows.length);
  const firstOther = (by: FittedModel) => {
    by.score(some, rows.length, again);
    return rows.findIndex((r, i) => again[i] !== scores[r] && !(Number.isNaN(again[i]) && Number.isNaN(scores[r])));
  };
  const other = firstOther(fitted);
  if (other >= 0)
    throw refused(
      `score must depend on each row alone: one of the test's rows is ${scores[rows[other]!]} among all and among fewer of them`,
      `${again[other]}`,
    );
  const changed = firstOther(model.restore(saved));
  if (changed >= 0)
    throw refused(
      `restore must give a model with the same scores to the bit: a row that scored ${scores[rows[changed]!]} has another score`,
      `${again[changed]}`,
    );
}
