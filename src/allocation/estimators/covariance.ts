/** Covariance of the participants' returns, per bar, over the rows in which all of them have one. Sample, exponentially
 *  weighted, shrunk or diagonal; where there are too few rows for the number of assets, diagonal with a warning. */
import { keptScratch } from "../kept-scratch.ts";
import type { SleeveWindow } from "../weighting.ts";
import { type CompleteColumns, completeColumns, createColumnsScratch, crossProducts } from "./complete-columns.ts";
import { type Decay, isRoundingNoise, lambdaOf } from "./decay.ts";
import { ledoitWolfShrinkage, oasShrinkage } from "./shrinkage.ts";
import { sampleVolatilities } from "./volatility.ts";

const scratch = keptScratch(createColumnsScratch);

export type CovarianceEstimator =
  /** ddof 1; needs count + 1 rows. */
  | { readonly kind: "sample" }
  /**
   * Needs count + 1 rows, taken as consecutive. `pandas`: about the weighted mean with the bias taken out, as
   * `ewm(adjust=True).cov(bias=False)`. `riskmetrics`: C = lambda C + (1 - lambda) r r' from the first row's r r', no mean.
   */
  | { readonly kind: "ewma"; readonly decay: Decay; readonly form: "pandas" | "riskmetrics" }
  /** Towards the mean variance times the identity, from a ddof 0 covariance, as scikit-learn; needs 2 rows. */
  | { readonly kind: "shrinkage"; readonly intensity: "ledoit_wolf" | "oas" }
  /** Variances (ddof 1) over each asset's own returns, no correlation. */
  | { readonly kind: "diagonal" };

export interface CovarianceEstimate {
  /** [count*count] symmetric to the bit, per bar, not annualised */
  readonly matrix: Float64Array;
  readonly used: CovarianceEstimator["kind"];
  /** Rows in which every participant has a return. */
  readonly rows: number;
  /** Weight of the target in [0, 1], where one was shrunk towards. */
  readonly shrinkage?: number;
  /** Why `used` is not what was asked for. */
  readonly warning: string | null;
}

/**
 * Positive semidefinite up to rounding. A constant column, rounding aside, has exactly 0 variance and covariance before
 * any shrinking; only `riskmetrics`, which takes no mean, sees a variance there.
 *
 * @param window returns finite or NaN; a row with a NaN is left out for all, but for the diagonal only where it is
 * @param columns participants, as positions in the window; all of it without them
 * @returns entries are NaN only on the diagonal of an asset with fewer than two returns
 * @throws RangeError for a decay outside (0, 1)
 */
export function estimateCovariance(
  window: SleeveWindow,
  estimator: CovarianceEstimator,
  columns?: readonly number[],
): CovarianceEstimate {
  const cells = window.bars * Math.max(1, columns?.length ?? window.count);
  const complete = completeColumns(window, columns, scratch(cells));
  const { rows, count } = complete;
  const needed = rowsNeeded(estimator, count);
  if (estimator.kind === "diagonal" || rows < needed) {
    const warning =
      estimator.kind === "diagonal"
        ? null
        : `covariance: ${rows} complete rows for ${count} assets, ${estimator.kind} needs ${needed}; diagonal used`;
    return { matrix: diagonalOf(window, count, columns), used: "diagonal", rows, warning };
  }
  const matrix = new Float64Array(count * count);
  switch (estimator.kind) {
    case "sample":
      centre(complete, null);
      crossProducts(complete, 1 / (rows - 1), matrix);
      return { matrix, used: "sample", rows, warning: null };
    case "ewma":
      ewmaCovariance(complete, lambdaOf(estimator.decay), estimator.form, matrix);
      return { matrix, used: "ewma", rows, warning: null };
    case "shrinkage": {
      centre(complete, null);
      crossProducts(complete, 1 / rows, matrix);
      const shrink = estimator.intensity === "oas" ? oasShrinkage : ledoitWolfShrinkage;
      return { matrix, used: "shrinkage", rows, shrinkage: shrink(complete, matrix), warning: null };
    }
  }
}

/** Complete rows below which an estimator gives way to the diagonal. */
export function rowsNeeded({ kind }: CovarianceEstimator, count: number): number {
  if (kind === "diagonal") return 0;
  return kind === "shrinkage" ? 2 : count + 1;
}

function ewmaCovariance(
  columns: CompleteColumns,
  lambda: number,
  form: "pandas" | "riskmetrics",
  out: Float64Array,
): void {
  const { rows } = columns;
  const weights = new Float64Array(rows);
  let weight = form === "pandas" ? 1 : 1 - lambda;
  for (let k = rows - 1; k >= 0; k--) {
    weights[k] = weight;
    weight *= lambda;
  }
  if (form === "riskmetrics") {
    // The recursion starts from the oldest row with the weight of all before it.
    weights[0] = weights[0]! / (1 - lambda);
    scaleRows(columns, weights);
    crossProducts(columns, 1, out);
    return;
  }
  let total = 0;
  let squares = 0;
  for (const w of weights) {
    total += w;
    squares += w * w;
  }
  centre(columns, weights);
  scaleRows(columns, weights);
  crossProducts(columns, total / (total * total - squares), out);
}

/** Takes each column's (weighted) mean off in place; a column that only rounding moves becomes exactly 0. */
function centre({ values, rows, count }: CompleteColumns, weights: Float64Array | null): void {
  for (let n = 0; n < count; n++) {
    const from = n * rows;
    const to = from + rows;
    // About the first value, so that a constant column leaves no rounding.
    const first = values[from]!;
    let sum = 0;
    let total = 0;
    let largest = 0;
    for (let k = from; k < to; k++) {
      const weight = weights === null ? 1 : weights[k - from]!;
      sum += weight * (values[k]! - first);
      total += weight;
      largest = Math.max(largest, Math.abs(values[k]!));
    }
    const mean = first + sum / total;
    let squares = 0;
    for (let k = from; k < to; k++) {
      values[k] = values[k]! - mean;
      squares += (weights === null ? 1 : weights[k - from]!) * values[k]! * values[k]!;
    }
    if (isRoundingNoise(Math.sqrt(squares / total), largest)) values.fill(0, from, to);
  }
}

/** Multiplies row k by the root of its weight, in place, so that products of columns are weighted sums. */
function scaleRows({ values, rows, count }: CompleteColumns, weights: Float64Array): void {
  for (let k = 0; k < rows; k++) {
    const root = Math.sqrt(weights[k]!);
    for (let n = 0; n < count; n++) values[n * rows + k] = values[n * rows + k]! * root;
  }
}

function diagonalOf(window: SleeveWindow, count: number, columns: readonly number[] | undefined): Float64Array {
  const volatilities = new Float64Array(count);
  sampleVolatilities(window, volatilities, columns);
  const matrix = new Float64Array(count * count);
  for (let n = 0; n < count; n++) matrix[n * count + n] = volatilities[n]! * volatilities[n]!;
  return matrix;
}
