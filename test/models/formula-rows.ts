/** Training rows that a formula gives, the same in fixtures/make-xgboost-fixture.py, and what that made of them. */
import { readFileSync } from "node:fs";
import type { FitContext, TrainingSet } from "../../src/models/model.ts";
import type { BoostingParameters } from "../../src/models/xgboost-parameters.ts";

export const FEATURES = ["f0", "f1", "f2", "f3", "f4"] as const;

export const CONTEXT: FitContext = { seed: 7, threads: 1, cancelled: () => false };

/** A 32-bit integer hash (Wellons' lowbias32). */
function mixed(index: number): number {
  let x = index >>> 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

export interface FormulaRow {
  readonly cells: readonly number[];
  readonly label: number;
  readonly weight: number;
}

/** Features in [-8, 8) by 1/64, one in eleven missing; label and weight by 1/1024. */
export function formulaRow(r: number): FormulaRow {
  const cells = FEATURES.map((_, f) => {
    const bits = mixed(r * 16 + f + 1);
    return bits % 11 === 0 ? Number.NaN : (((bits >>> 8) % 1024) - 512) / 64;
  });
  const known = cells.map((cell) => (Number.isNaN(cell) ? 0 : cell));
  const noise = ((mixed(r * 16 + 14) >>> 8) % 64) - 32;
  const signal = (known[0]! > 1 ? 4 : -4) + Math.floor(8 * known[1]!) + Math.floor(6 * known[2]!);
  return { cells, label: (signal + noise) / 1024, weight: (1 + (mixed(r * 16 + 15) % 1024)) / 1024 };
}

/** Rows [from, to), one a bar unless `rowsPerBar` says more; labels end `horizon` bars on. */
export function formulaTraining(
  from: number,
  to: number,
  { weighted = false, rowsPerBar = 1, horizon = 1 } = {},
): TrainingSet {
  const rows = Array.from({ length: to - from }, (_, i) => formulaRow(from + i));
  const bar = Int32Array.from(rows, (_, i) => Math.floor(i / rowsPerBar));
  return {
    features: FEATURES,
    x: Float64Array.from(rows.flatMap(({ cells }) => cells)),
    y: Float64Array.from(rows, ({ label }) => label),
    weight: weighted ? Float64Array.from(rows, ({ weight }) => weight) : null,
    bar,
    labelEnd: bar.map((t) => t + horizon),
  };
}

/** What Python's xgboost learnt from the first rows and predicted for the ones after them. */
export interface PythonCase {
  readonly name: string;
  /** Forest mode: `rounds` trees in one round. */
  readonly forest: boolean;
  readonly weighted: boolean;
  readonly rounds: number;
  readonly parameters: BoostingParameters;
  readonly predictions: readonly number[];
  /** Of the first ten rows. */
  readonly contributions: readonly (readonly number[])[];
  readonly gain: readonly number[];
}

export interface PythonFixture {
  readonly rows: number;
  readonly test_rows: number;
  readonly first_row: readonly [readonly (number | null)[], number, number];
  readonly cases: readonly PythonCase[];
  readonly early_stopping: {
    readonly parameters: BoostingParameters;
    readonly patience: number;
    readonly best_iteration: number;
    readonly trained_rounds: number;
    readonly predictions: readonly number[];
  };
}

const fixture = new URL("./fixtures/xgboost-python.json", import.meta.url);

export const pythonFixture: PythonFixture = JSON.parse(readFileSync(fixture, "utf8"));
