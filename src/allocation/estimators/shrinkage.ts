/** Shrinkage of a covariance towards mu * I, mu the mean variance: Ledoit & Wolf, J. Multivariate Analysis 88 (2004),
 *  and oracle approximating shrinkage, Chen, Wiesel, Eldar & Hero (2010). Both as scikit-learn has them, which for OAS
 *  means 1 in place of 1 - 2/p and of n + 1 - 2/p. One asset is not shrunk. */
import type { CompleteColumns } from "./complete-columns.ts";

/**
 * @param columns centred returns
 * @param matrix  [count*count] their ddof 0 covariance, shrunk in place
 * @returns weight of the target in [0, 1]
 */
export function ledoitWolfShrinkage({ values, rows, count }: CompleteColumns, matrix: Float64Array): number {
  if (count < 2) return 0;
  const mean = meanVariance(matrix, count);
  let fourth = 0;
  for (let k = 0; k < rows; k++) {
    let length = 0;
    for (let n = 0; n < count; n++) length += values[n * rows + k]! * values[n * rows + k]!;
    fourth += length * length;
  }
  let squares = 0;
  for (let i = 0; i < count * count; i++) squares += matrix[i]! * matrix[i]!;
  // Mean squared distances, per entry: of the sample from its rows' products, and of the sample from the target.
  const noise = (fourth / rows - squares) / (count * rows);
  const spread = (squares - count * mean * mean) / count;
  const capped = Math.min(noise, spread);
  return shrinkTowards(matrix, count, mean, capped > 0 ? capped / spread : 0);
}

/** As `ledoitWolfShrinkage`, under normal returns. Everything is shrunk (1) where the matrix is the target already. */
export function oasShrinkage({ rows, count }: CompleteColumns, matrix: Float64Array): number {
  if (count < 2) return 0;
  const mean = meanVariance(matrix, count);
  let squares = 0;
  for (let i = 0; i < count * count; i++) squares += matrix[i]! * matrix[i]!;
  const meanSquare = squares / (count * count);
  const spread = (rows + 1) * (meanSquare - (mean * mean) / count);
  const weight = spread > 0 ? Math.min((meanSquare + mean * mean) / spread, 1) : 1;
  return shrinkTowards(matrix, count, mean, weight);
}

function meanVariance(matrix: Float64Array, count: number): number {
  let trace = 0;
  for (let n = 0; n < count; n++) trace += matrix[n * count + n]!;
  return trace / count;
}

function shrinkTowards(matrix: Float64Array, count: number, mean: number, weight: number): number {
  for (let i = 0; i < count * count; i++) matrix[i] = matrix[i]! * (1 - weight);
  for (let n = 0; n < count; n++) matrix[n * count + n]! += weight * mean;
  return weight;
}
