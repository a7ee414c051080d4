/** What every L5 model is: it is fitted to training rows once and scores rows ever after. Models see rows of numbers
 *  only; which bars and assets the rows are, and which of them may be learnt from, is settled before. */

/** Rows to learn from, by decision bar; nothing in them may be younger than the day they are used on. */
export interface TrainingSet {
  /** [F] distinct names of the columns of x. */
  readonly features: readonly string[];
  /** [rows*F] row-major; NaN = missing. */
  readonly x: Float64Array;
  /** [rows] labels; rows without one (NaN) are left out. */
  readonly y: Float64Array;
  /** [rows] > 0; a row whose weight is 0 or NaN is left out. null = all alike. */
  readonly weight: Float64Array | null;
  /** [rows] decision bars, ascending. */
  readonly bar: Int32Array;
  /** [rows] bar at whose close the label is known. */
  readonly labelEnd: Int32Array;
}

export interface FitContext {
  /** Any finite number. */
  readonly seed: number;
  /** Threads one fit may use; results are the same bytes whatever it is. */
  readonly threads: number;
  /** Asked between iterations; true ends the fit with a FitCancelledError. */
  readonly cancelled: () => boolean;
}

export interface ModelDefinition<Parameters> {
  readonly kind: string;
  /**
   * @throws InputError when no row is left to learn from, or the rows have no answer under these parameters
   * @throws FitCancelledError when `context.cancelled` said so
   */
  fit(training: TrainingSet, parameters: Parameters, context: FitContext): FittedModel;
}

/** A number of one feature: a coefficient, an importance. */
export interface FeatureNumber {
  readonly feature: string;
  readonly value: number;
}

/** A coefficient in both units: y per standard deviation of the training rows, and y per unit of the feature. */
export interface Coefficient extends FeatureNumber {
  readonly rawValue: number;
}

/** Features may be missing at scoring; a row in which all are is scored NaN by every model. */
export interface FittedModel {
  readonly kind: string;
  /** [F] names and order of the columns it takes. */
  readonly features: readonly string[];
  /** Rows it learnt from. */
  readonly trainingRows: number;
  /**
   * @param x   [rows*F] row-major, NaN = missing
   * @param out [rows] written in full; must not alias x
   * @throws RangeError when an array is not of that shape
   */
  score(x: Float64Array, rows: number, out: Float64Array): void;
  /** Linear models: one entry a feature, 0 where the feature was constant in training. */
  coefficients?(): readonly Coefficient[];
  /** Tree models: mean gain of the splits on each feature, 0 where there are none. */
  gainImportance?(): readonly FeatureNumber[];
  /**
   * Tree models: what each feature adds to each score (TreeSHAP).
   *
   * @param out [rows*(F+1)] row-major; the last column is the part of no feature, and a row sums to its score but for
   *            32-bit rounding. NaN where the score is.
   */
  contributions?(x: Float64Array, rows: number, out: Float64Array): void;
  /** Plain data that `modelFromJson` turns into a model with the same scores to the bit. */
  toJSON(): FittedModelData;
}

/** Saved form: `kind` says which model reads the rest. */
export interface FittedModelData {
  readonly kind: string;
  readonly features: readonly string[];
  readonly trainingRows: number;
  readonly [key: string]: unknown;
}

/** A fit that was told to stop. */
export class FitCancelledError extends Error {
  constructor(kind: string) {
    super(`${kind}: the fit was cancelled`);
    this.name = "FitCancelledError";
  }
}

/** @throws RangeError unless x is [rows*F] and out [rows * perRow] */
export function checkScoreShapes(
  features: readonly string[],
  x: Float64Array,
  rows: number,
  out: Float64Array,
  perRow: number,
): void {
  if (!(x instanceof Float64Array && x.length === rows * features.length))
    throw new RangeError(`score: x must be a Float64Array of ${rows} rows x ${features.length} features`);
  if (!(out instanceof Float64Array && out.length === rows * perRow))
    throw new RangeError(`score: out must be a Float64Array of ${rows} x ${perRow}`);
}
