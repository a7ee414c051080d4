/** Pearson correlations between many return series of one length, as clustering a sweep's trials needs them. */
import type { Floats } from "../core/panel.ts";

/** Bars taken at a time, so that those of a thousand series stay in the processor's cache. */
const CHUNK_BARS = 256;

/**
 * Correlation of every pair of series.
 *
 * @param series P series [T], each with a spread; NaN or infinite = missing, counts as the series' own mean, which
 *               draws its correlations towards 0
 * @returns [P*P] symmetric, in [-1, 1], 1 on the diagonal
 */
export function correlations(series: readonly Floats[]): Float64Array {
  const P = series.length;
  const T = series[0]?.length ?? 0;
  // Pairs of series are taken two by two: an odd one is paired with a row of zeros.
  const rows = P + (P % 2);
  const unit = new Float64Array(rows * T);
  for (let p = 0; p < P; p++) writeUnit(series[p]!, unit, p * T);
  const sums = new Float64Array(rows * rows);
  for (let start = 0; start < T; start += CHUNK_BARS)
    for (let i = 0; i < rows; i += 2)
      for (let j = i; j < rows; j += 2) addProducts(unit, T, i, j, start, Math.min(T, start + CHUNK_BARS), sums, rows);
  const out = new Float64Array(P * P);
  for (let i = 0; i < P; i++) {
    out[i * P + i] = 1;
    for (let j = i + 1; j < P; j++) {
      const correlation = Math.min(1, Math.max(-1, sums[i * rows + j]!));
      out[i * P + j] = correlation;
      out[j * P + i] = correlation;
    }
  }
  return out;
}

/** Distances from the mean, of length 1 as a vector; 0 where missing. */
function writeUnit(returns: Floats, out: Float64Array, to: number): void {
  let count = 0;
  let sum = 0;
  for (let t = 0; t < returns.length; t++) {
    if (!Number.isFinite(returns[t]!)) continue;
    count++;
    sum += returns[t]!;
  }
  const mean = sum / count;
  let squares = 0;
  for (let t = 0; t < returns.length; t++) {
    const distance = Number.isFinite(returns[t]!) ? returns[t]! - mean : 0;
    out[to + t] = distance;
    squares += distance * distance;
  }
  const length = Math.sqrt(squares);
  for (let t = 0; t < returns.length; t++) out[to + t] = out[to + t]! / length;
}

/** Adds the products of rows i, i + 1 with rows j, j + 1 over some bars: four sums for four values read. */
function addProducts(
  unit: Float64Array,
  T: number,
  i: number,
  j: number,
  start: number,
  end: number,
  sums: Float64Array,
  rows: number,
): void {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let t = start; t < end; t++) {
    const a = unit[i * T + t]!;
    const b = unit[(i + 1) * T + t]!;
    const c = unit[j * T + t]!;
    const d = unit[(j + 1) * T + t]!;
    first += a * c;
    second += a * d;
    third += b * c;
    fourth += b * d;
  }
  sums[i * rows + j] = sums[i * rows + j]! + first;
  sums[i * rows + j + 1] = sums[i * rows + j + 1]! + second;
  sums[(i + 1) * rows + j] = sums[(i + 1) * rows + j]! + third;
  sums[(i + 1) * rows + j + 1] = sums[(i + 1) * rows + j + 1]! + fourth;
}
