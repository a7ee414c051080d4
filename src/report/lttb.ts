/** Largest-Triangle-Three-Buckets downsampling, Steinarsson (2013), "Downsampling Time Series for Visual
 *  Representation", section 4.2. Picks rows, computes none: every point drawn is a point of the series. */
import type { Floats } from "../core/panel.ts";

/**
 * Rows of (x, y) that keep the shape of the line: first and last, and from each bucket between the point that spans
 * the largest triangle with the point picked before it and the mean of the bucket after it. Ties go to the earlier row.
 *
 * @param x    [n] increasing, finite
 * @param y    [n] finite; a series with NaN is cut into finite runs first (see sampling)
 * @param keep rows wanted, at least 2
 * @param from first row considered; rows before it are not looked at
 * @param to   one past the last row considered
 * @returns ascending row numbers within [from, to); all of them when there are no more than `keep`
 */
export function lttb(x: Floats, y: Floats, keep: number, from = 0, to = x.length): Int32Array {
  const n = to - from;
  const wanted = Math.max(2, Math.floor(keep));
  if (n <= wanted) return Int32Array.from({ length: Math.max(0, n) }, (_, i) => from + i);
  const rows = new Int32Array(wanted);
  rows[0] = from;
  rows[wanted - 1] = to - 1;
  // The rows between first and last are shared out over wanted - 2 buckets; bucket k is [edge(k), edge(k + 1)).
  const width = (n - 2) / (wanted - 2);
  const edge = (k: number): number => from + 1 + Math.floor(k * width);
  let picked = from;
  for (let k = 0; k < wanted - 2; k++) {
    const start = edge(k);
    const end = edge(k + 1);
    const nextEnd = k === wanted - 3 ? to : edge(k + 2);
    let meanX = 0;
    let meanY = 0;
    for (let i = end; i < nextEnd; i++) {
      meanX += x[i]!;
      meanY += y[i]!;
    }
    meanX /= nextEnd - end;
    meanY /= nextEnd - end;
    const ax = x[picked]!;
    const ay = y[picked]!;
    let best = start;
    let bestArea = -1;
    for (let i = start; i < end; i++) {
      const area = Math.abs((ax - meanX) * (y[i]! - ay) - (ax - x[i]!) * (meanY - ay));
      if (area > bestArea) {
        bestArea = area;
        best = i;
      }
    }
    rows[k + 1] = best;
    picked = best;
  }
  return rows;
}
