/** The rows of a window in which no return is missing, column by column: what every joint estimate starts from. */
import type { SleeveWindow } from "../weighting.ts";

export interface CompleteColumns {
  /** [count*rows or more] column n is values[n*rows .. (n+1)*rows), oldest first */
  readonly values: Float64Array;
  readonly rows: number;
  readonly count: number;
}

/** Working memory for windows of up to `capacity` cells; holds nothing between calls. */
export interface ColumnsScratch {
  readonly capacity: number;
  readonly values: Float64Array;
  readonly complete: Int32Array;
}

export function createColumnsScratch(capacity: number): ColumnsScratch {
  return { capacity, values: new Float64Array(capacity), complete: new Int32Array(capacity) };
}

/**
 * A copy; the window is left alone.
 *
 * @param columns those to take, in their order; all without it
 * @param scratch of at least bars * max(1, columns) cells; the copy is in it
 */
export function completeColumns(
  { returns, bars, count }: SleeveWindow,
  columns: readonly number[] | undefined,
  { values, complete }: ColumnsScratch,
): CompleteColumns {
  const taken = columns?.length ?? count;
  let rows = 0;
  for (let t = 0; t < bars; t++) {
    let sum = 0;
    // Returns are finite or NaN, so the sum is NaN exactly where one of them is.
    for (let k = 0; k < taken; k++) sum += returns[t * count + (columns === undefined ? k : columns[k]!)]!;
    if (sum === sum) complete[rows++] = t * count;
  }
  for (let k = 0; k < taken; k++) {
    const n = columns === undefined ? k : columns[k]!;
    for (let r = 0; r < rows; r++) values[k * rows + r] = returns[complete[r]! + n]!;
  }
  return { values, rows, count: taken };
}

/**
 * out[a, b] = scale * sum over rows of a's value times b's.
 *
 * @param out [count*count] written in full, symmetric to the bit
 */
export function crossProducts({ values, rows, count }: CompleteColumns, scale: number, out: Float64Array): void {
  for (let a = 0; a < count; a += 2)
    for (let b = 0; b <= a; b += 2) {
      // Two columns by two, the last one by itself again where there is no other: what is read serves twice.
      const a1 = a + 1 < count ? a + 1 : a;
      const b1 = b + 1 < count ? b + 1 : b;
      let [x, u] = [a * rows, a1 * rows];
      let [y, v] = [b * rows, b1 * rows];
      // Two sums each, so that one addition need not wait for the last.
      let xyEven = 0;
      let xyOdd = 0;
      let xvEven = 0;
      let xvOdd = 0;
      let uyEven = 0;
      let uyOdd = 0;
      let uvEven = 0;
      let uvOdd = 0;
      const last = x + rows - 1;
      for (; x < last; x += 2, u += 2, y += 2, v += 2) {
        xyEven += values[x]! * values[y]!;
        xyOdd += values[x + 1]! * values[y + 1]!;
        xvEven += values[x]! * values[v]!;
        xvOdd += values[x + 1]! * values[v + 1]!;
        uyEven += values[u]! * values[y]!;
        uyOdd += values[u + 1]! * values[y + 1]!;
        uvEven += values[u]! * values[v]!;
        uvOdd += values[u + 1]! * values[v + 1]!;
      }
      if (x === last) {
        xyEven += values[x]! * values[y]!;
        xvEven += values[x]! * values[v]!;
        uyEven += values[u]! * values[y]!;
        uvEven += values[u]! * values[v]!;
      }
      writeProduct(out, count, a, b, scale * (xyEven + xyOdd));
      writeProduct(out, count, a, b1, scale * (xvEven + xvOdd));
      writeProduct(out, count, a1, b, scale * (uyEven + uyOdd));
      writeProduct(out, count, a1, b1, scale * (uvEven + uvOdd));
    }
}

function writeProduct(out: Float64Array, count: number, a: number, b: number, product: number): void {
  out[a * count + b] = product;
  out[b * count + a] = product;
}
