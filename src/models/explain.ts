/** What a fitted model goes by: coefficients or gain, and on rows it has not learnt from what each feature is worth.
 *  Permutation importance (Breiman 2001) here is the rank IC that is lost when a feature is shuffled among the assets of
 *  each date, which keeps what is common to a date. */
import type { FoldFit } from "../core/model-record.ts";
import type { Floats } from "../core/panel.ts";
import { createRng, type Rng } from "../core/rng.ts";
import { type DateGroups, groupByDate, sumRankIc } from "./date-groups.ts";
import type { FittedModel } from "./model.ts";

/** Rows of whole dates, evenly spaced, that importance is measured on: enough for its first two digits. */
const PERMUTED_ROWS = 10_000;

/** TreeSHAP's time grows with leaves and the square of their depth. */
const ATTRIBUTED_ROWS = 1_000;

export type Explanation = Pick<FoldFit, "coefficients" | "rawCoefficients" | "gain" | "permutation" | "shap">;

/** Rows the model has not learnt from. */
export interface RowsToExplain {
  /** [rows*F] */
  readonly x: Float64Array;
  /** [rows] ascending. */
  readonly bar: Int32Array;
  /** [rows] NaN = none that may be looked at. */
  readonly label: Float64Array;
}

/** @param seed of the shuffles */
export function explainModel(model: FittedModel, rows: RowsToExplain, seed: number): Explanation {
  const coefficients = model.coefficients?.();
  return {
    coefficients: coefficients?.map(({ value }) => value) ?? null,
    rawCoefficients: coefficients?.map(({ rawValue }) => rawValue) ?? null,
    gain: model.gainImportance?.().map(({ value }) => value) ?? null,
    permutation: permutationImportance(model, rows, createRng(seed).fork("permutation")),
    shap: meanContributions(model, rows),
  };
}

function permutationImportance(model: FittedModel, rows: RowsToExplain, rng: Rng): number[] | null {
  const { x, bar, label } = labelledDates(rows, model.features.length);
  const columns = model.features.length;
  const dates = groupByDate(bar);
  const scores = new Float64Array(bar.length);
  const rankIc = () => {
    model.score(x, bar.length, scores);
    return sumRankIc(dates, scores, label);
  };
  const whole = rankIc();
  if (whole.dates === 0) return null;
  const column = new Float64Array(bar.length);
  return model.features.map((feature, f) => {
    for (let r = 0; r < column.length; r++) column[r] = x[r * columns + f]!;
    writeColumn(x, columns, f, shuffledWithin(dates, column, rng.fork(feature)));
    const shuffled = rankIc();
    writeColumn(x, columns, f, column);
    // Without any IC left all that there was is lost: scores that are all alike order nothing.
    return whole.sum / whole.dates - (shuffled.dates === 0 ? 0 : shuffled.sum / shuffled.dates);
  });
}

/** Copies of the rows of evenly spaced dates that have labels. */
function labelledDates({ x, bar, label }: RowsToExplain, columns: number): RowsToExplain {
  const { starts, bars } = groupByDate(bar);
  const labelled: number[] = [];
  for (let g = 0; g < bars.length; g++)
    if (label.subarray(starts[g]!, starts[g + 1]!).some((y) => y === y)) labelled.push(g);
  const rows = labelled.reduce((sum, g) => sum + starts[g + 1]! - starts[g]!, 0);
  const stride = Math.max(1, Math.ceil(rows / PERMUTED_ROWS));
  const kept = labelled.filter((_, i) => i % stride === 0).flatMap((g) => range(starts[g]!, starts[g + 1]!));
  return {
    x: rowsOf(x, columns, kept),
    bar: Int32Array.from(kept, (r) => bar[r]!),
    label: Float64Array.from(kept, (r) => label[r]!),
  };
}

/** Fisher and Yates, date by date. */
function shuffledWithin({ starts }: DateGroups, column: Float64Array, rng: Rng): Float64Array {
  const shuffled = column.slice();
  for (let g = 0; g + 1 < starts.length; g++)
    for (let r = starts[g + 1]! - 1; r > starts[g]!; r--) {
      const other = starts[g]! + rng.integer(r - starts[g]! + 1);
      const value = shuffled[r]!;
      shuffled[r] = shuffled[other]!;
      shuffled[other] = value;
    }
  return shuffled;
}

function writeColumn(x: Float64Array, columns: number, f: number, column: Floats): void {
  for (let r = 0; r < column.length; r++) x[r * columns + f] = column[r]!;
}

/** [F] mean |contribution| over evenly spaced rows; null where the model has none, or no row a score. */
function meanContributions(model: FittedModel, { x, bar }: RowsToExplain): number[] | null {
  if (model.contributions === undefined) return null;
  const columns = model.features.length;
  const stride = Math.max(1, Math.ceil(bar.length / ATTRIBUTED_ROWS));
  const kept = range(0, bar.length).filter((r) => r % stride === 0);
  const parts = new Float64Array(kept.length * (columns + 1));
  model.contributions(rowsOf(x, columns, kept), kept.length, parts);
  const sums = new Float64Array(columns);
  let scored = 0;
  for (let i = 0; i < kept.length; i++) {
    const row = i * (columns + 1);
    if (parts[row] !== parts[row]) continue;
    scored++;
    for (let f = 0; f < columns; f++) sums[f] = sums[f]! + Math.abs(parts[row + f]!);
  }
  return scored === 0 ? null : Array.from(sums, (sum) => sum / scored);
}

function rowsOf(x: Float64Array, columns: number, rows: readonly number[]): Float64Array {
  const out = new Float64Array(rows.length * columns);
  for (const [i, r] of rows.entries()) out.set(x.subarray(r * columns, (r + 1) * columns), i * columns);
  return out;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
