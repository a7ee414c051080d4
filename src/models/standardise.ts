/** Centre and scale of each feature over training rows; what later rows are standardised with. */

/** [F] each. */
export interface Standardisation {
  readonly centre: Float64Array;
  /** Standard deviation (ddof 0); 1 where the feature is constant. */
  readonly scale: Float64Array;
  /** 1 = varies in training; a feature that does not is left out of the model. */
  readonly varies: Uint8Array;
}

/**
 * Mean and deviation (ddof 0) of what is not missing, each row counted once whatever its weight.
 *
 * Constant is what varies by no more than rounding: variance <= n eps variance + (n eps mean)^2, as scikit-learn has it; so is a
 * feature that is missing in every row.
 *
 * @param x    [all rows*F] row-major, NaN = missing
 * @param rows the rows that count
 */
export function standardisationOf(x: Float64Array, columns: number, rows: Int32Array): Standardisation {
  const centre = new Float64Array(columns);
  const scale = new Float64Array(columns);
  const varies = new Uint8Array(columns);
  const counts = new Float64Array(columns);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]! * columns;
    for (let f = 0; f < columns; f++) {
      const value = x[row + f]!;
      if (value !== value) continue;
      counts[f] = counts[f]! + 1;
      centre[f] = centre[f]! + value;
    }
  }
  for (let f = 0; f < columns; f++) centre[f] = counts[f] === 0 ? 0 : centre[f]! / counts[f]!;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]! * columns;
    for (let f = 0; f < columns; f++) {
      const distance = x[row + f]! - centre[f]!;
      if (distance === distance) scale[f] = scale[f]! + distance * distance;
    }
  }
  for (let f = 0; f < columns; f++) {
    const n = counts[f]!;
    const variance = n === 0 ? 0 : scale[f]! / n;
    const rounding = n * Number.EPSILON * variance + (n * Number.EPSILON * centre[f]!) ** 2;
    varies[f] = variance > rounding ? 1 : 0;
    scale[f] = varies[f] === 1 ? Math.sqrt(variance) : 1;
  }
  return { centre, scale, varies };
}
