/** The rows of a window in which no return is missing, column by column: what every joint estimate starts from. */
import type { SleeveWindow } from "../weighting.ts";

export interface CompleteColumns {
  /** [count*rows] column n is values[n*rows .. (n+1)*rows), oldest first */
  readonly values: Float64Array;
  readonly rows: number;
  readonly count: number;
}

/** A copy; the window is left alone. */
export function completeColumns({ returns, bars, count }: SleeveWindow): CompleteColumns {
  const complete = new Int32Array(bars);
  let rows = 0;
  for (let t = 0; t < bars; t++) {
    let sum = 0;
    // Returns are finite or NaN, so the sum is NaN exactly where one of them is.
    for (let n = t * count; n < (t + 1) * count; n++) sum += returns[n]!;
    if (sum === sum) complete[rows++] = t * count;
  }
  const values = new Float64Array(rows * count);
  for (let n = 0; n < count; n++) for (let k = 0; k < rows; k++) values[n * rows + k] = returns[complete[k]! + n]!;
  return { values, rows, count };
}

/**
 * out[a, b] = scale * sum over rows of a's value times b's.
 *
 * @param out [count*count] written in full, symmetric to the bit
 */
export function crossProducts({ values, rows, count }: CompleteColumns, scale: number, out: Float64Array): void {
  for (let a = 0; a < count; a++)
    for (let b = 0; b <= a; b++) {
      const x = a * rows;
      const y = b * rows;
      // Two sums, so that one addition need not wait for the last.
      let even = 0;
      let odd = 0;
      let k = 0;
      for (; k + 1 < rows; k += 2) {
        even += values[x + k]! * values[y + k]!;
        odd += values[x + k + 1]! * values[y + k + 1]!;
      }
      if (k < rows) even += values[x + k]! * values[y + k]!;
      const product = scale * (even + odd);
      out[a * count + b] = product;
      out[b * count + a] = product;
    }
}
