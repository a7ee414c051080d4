/** Training and predicting with XGBoost, from arrays to arrays. A booster and its matrices live within one call on one
 *  thread (XGBoost's errors and prediction cache belong to a thread), are freed once, and never leave this file:
 *  between calls a model is the bytes of its UBJSON form. */
import type { XgboostHandle, XgboostLibrary } from "./xgboost-library.ts";

/** Rows as XGBoost takes them. */
export interface BoosterRows {
  /** [rows*columns] row-major, NaN = missing. */
  readonly x: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

export interface LabelledRows extends BoosterRows {
  /** [rows] */
  readonly y: Float32Array;
  /** [rows] or null. */
  readonly weight: Float32Array | null;
}

export interface BoosterTraining {
  /** XGBoost's names and values; unknown names pass silently, so that they must have been checked. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly rounds: number;
  readonly threads: number;
  readonly cancelled: () => boolean;
  /** Asked after each round with the predictions for `rows`; false ends the training. */
  readonly validation: { readonly rows: BoosterRows; readonly goOn: (predictions: Float32Array) => boolean } | null;
  /** Rounds that are kept, asked when the training has ended, at least 1. */
  readonly keptRounds: (trained: number) => number;
}

export interface TrainedBooster {
  /** UBJSON. */
  readonly model: Uint8Array;
  /** [columns] mean gain of the splits on each column, 0 without a split. */
  readonly gain: Float64Array;
  readonly trainedRounds: number;
  /** Rounds in `model`. */
  readonly keptRounds: number;
}

/** Number of rows predicted at a time, which bounds the memory of contributions. */
const PREDICTED_AT_ONCE = 65_536;

/** Codes of XGBoosterPredictFromDMatrix. */
const PREDICTION_TYPES = { value: 0, contributions: 2 } as const;
export type PredictionType = keyof typeof PREDICTION_TYPES;

/** @returns null when it was cancelled */
export function trainBooster(
  library: XgboostLibrary,
  rows: LabelledRows,
  training: BoosterTraining,
): TrainedBooster | null {
  const { calls } = library;
  const { validation } = training;
  checkLabels(rows);
  return withMatrix(library, rows, training.threads, (matrix) => {
    calls.XGDMatrixSetFloatInfo(matrix, "label", rows.y, rows.rows);
    if (rows.weight !== null) calls.XGDMatrixSetFloatInfo(matrix, "weight", rows.weight, rows.rows);
    if (validation === null) return trainOn(library, matrix, null, rows.columns, training);
    return withMatrix(library, validation.rows, training.threads, (held) =>
      trainOn(library, matrix, held, rows.columns, training),
    );
  });
}

function trainOn(
  library: XgboostLibrary,
  matrix: XgboostHandle,
  held: XgboostHandle | null,
  columns: number,
  { parameters, rounds, threads, cancelled, validation, keptRounds }: BoosterTraining,
): TrainedBooster | null {
  const { calls } = library;
  return withBooster(library, held === null ? [matrix] : [matrix, held], (booster) => {
    for (const [name, value] of parameters) calls.XGBoosterSetParam(booster, name, value);
    calls.XGBoosterSetParam(booster, "nthread", `${threads}`);
    let trained = 0;
    while (trained < rounds) {
      if (cancelled()) return null;
      calls.XGBoosterUpdateOneIter(booster, trained, matrix);
      trained++;
      if (validation === null || held === null) continue;
      const predictions = predict(library, booster, held, "value", validation.rows.rows);
      if (!validation.goOn(predictions)) break;
    }
    const kept = keptRounds(trained);
    const save = (of: XgboostHandle) => ({
      ...savedBooster(library, of, columns),
      trainedRounds: trained,
      keptRounds: kept,
    });
    return kept === trained ? save(booster) : withSlice(library, booster, kept, save);
  });
}

function savedBooster(
  library: XgboostLibrary,
  booster: XgboostHandle,
  columns: number,
): Pick<TrainedBooster, "model" | "gain"> {
  const length = [0n];
  const address = [0n];
  library.calls.XGBoosterSaveModelToBuffer(booster, '{"format": "ubj"}', length, address);
  const model = library.copyBytes(address[0]!, Number(length[0]));
  return { model, gain: gainOf(library, booster, columns) };
}

/** Columns without a split are left out of XGBoost's answer; the others are called f0, f1, ... */
function gainOf(library: XgboostLibrary, booster: XgboostHandle, columns: number): Float64Array {
  const count = [0n];
  const names = [0n];
  const dimensions = [0n];
  const shape = [0n];
  const scores = [0n];
  library.calls.XGBoosterFeatureScore(booster, '{"importance_type": "gain"}', count, names, dimensions, shape, scores);
  const gain = new Float64Array(columns);
  const found = Number(count[0]);
  if (found === 0) return gain;
  const values = new Float32Array(library.copyBytes(scores[0]!, found * 4).buffer);
  for (const [i, name] of library.readStrings(names[0]!, found).entries()) gain[Number(name.slice(1))] = values[i]!;
  return gain;
}

/**
 * @param model UBJSON from `trainBooster`
 * @param out   [rows] values, or [rows*(columns+1)] contributions, the last of a row the part of no column
 * @throws Error when the model does not load, or its answer has another shape
 */
export function predictWithBooster(
  library: XgboostLibrary,
  model: Uint8Array,
  { x, rows, columns }: BoosterRows,
  threads: number,
  type: PredictionType,
  out: Float64Array,
): void {
  const perRow = type === "value" ? 1 : columns + 1;
  if (out.length !== rows * perRow) throw new RangeError(`predict: out must have ${rows} x ${perRow} cells`);
  withBooster(library, [], (booster) => {
    library.calls.XGBoosterLoadModelFromBuffer(booster, model, model.length);
    library.calls.XGBoosterSetParam(booster, "nthread", `${threads}`);
    for (let from = 0; from < rows; from += PREDICTED_AT_ONCE) {
      const size = Math.min(PREDICTED_AT_ONCE, rows - from);
      const part = { x: x.subarray(from * columns, (from + size) * columns), rows: size, columns };
      withMatrix(library, part, threads, (matrix) =>
        out.set(predict(library, booster, matrix, type, size * perRow), from * perRow),
      );
    }
  });
}

function predict(
  library: XgboostLibrary,
  booster: XgboostHandle,
  matrix: XgboostHandle,
  type: PredictionType,
  expected: number,
): Float32Array {
  const options = {
    type: PREDICTION_TYPES[type],
    training: false,
    iteration_begin: 0,
    iteration_end: 0,
    strict_shape: false,
  };
  const shape = [0n];
  const dimensions = [0n];
  const result = [0n];
  library.calls.XGBoosterPredictFromDMatrix(booster, matrix, JSON.stringify(options), shape, dimensions, result);
  const lengths = new BigUint64Array(library.copyBytes(shape[0]!, Number(dimensions[0]) * 8).buffer);
  const cells = lengths.reduce((product, length) => product * Number(length), 1);
  if (cells !== expected) throw new Error(`XGBoosterPredictFromDMatrix: gave ${cells} numbers, not ${expected}`);
  return new Float32Array(library.copyBytes(result[0]!, cells * 4).buffer);
}

function withMatrix<T>(
  library: XgboostLibrary,
  { x, rows, columns }: BoosterRows,
  threads: number,
  use: (matrix: XgboostHandle) => T,
): T {
  if (!(x instanceof Float32Array && rows > 0 && columns > 0 && x.length === rows * columns))
    throw new RangeError(`XGBoost matrix: x must be a Float32Array of ${rows} x ${columns} cells, both above 0`);
  const created = [0n];
  library.calls.XGDMatrixCreateFromMat_omp(x, rows, columns, Number.NaN, created, threads);
  try {
    return use(created[0]!);
  } finally {
    library.calls.XGDMatrixFree(created[0]);
  }
}

function withBooster<T>(
  library: XgboostLibrary,
  matrices: readonly XgboostHandle[],
  use: (booster: XgboostHandle) => T,
): T {
  const created = [0n];
  library.calls.XGBoosterCreate(matrices, matrices.length, created);
  try {
    return use(created[0]!);
  } finally {
    library.calls.XGBoosterFree(created[0]);
  }
}

/** The first `rounds` rounds of a booster. */
function withSlice<T>(
  library: XgboostLibrary,
  booster: XgboostHandle,
  rounds: number,
  use: (slice: XgboostHandle) => T,
): T {
  const created = [0n];
  library.calls.XGBoosterSlice(booster, 0, rounds, 1, created);
  try {
    return use(created[0]!);
  } finally {
    library.calls.XGBoosterFree(created[0]);
  }
}

function checkLabels({ y, weight, rows }: LabelledRows): void {
  for (const [name, array] of Object.entries({ y, weight }))
    if (array !== null && !(array instanceof Float32Array && array.length === rows))
      throw new RangeError(`XGBoost matrix: ${name} must be a Float32Array of ${rows}`);
}
