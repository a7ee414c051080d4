/** Trailing standard deviation, score and skewness of the values present in each window. Central moments of a head and a
 *  tail are joined after Chan, Golub & LeVeque (1979) and Pebay (2008), so that a large mean costs no digits. */
import type { Floats } from "../core/panel.ts";
import { checkedRows, type RollingWindow, slideWindow, tailMemory, tailRow } from "./rolling-window.ts";

/**
 * Standard deviation, ddof 1; exactly 0 over a constant stretch.
 *
 * @param x   [T*N] any unit, finite; NaN = missing
 * @param out [T*N] written in full, unit of x, not annualised; NaN where a window has fewer than `least` or than two
 *            values; must not alias x
 * @throws RangeError as checkedRows
 */
export function rollingDeviation(x: Floats, assets: number, window: RollingWindow, out: Float64Array): void {
  const rows = checkedRows("rollingDeviation", x, assets, window, out);
  slideMoments(x, rows, assets, window, ({ count, squares }, row) => {
    for (let n = 0; n < assets; n++)
      out[row + n] = count[n]! > 1 ? Math.sqrt(squares[n]! / (count[n]! - 1)) : Number.NaN;
  });
}

/**
 * Distance of the newest value from the mean of its window, in standard deviations (ddof 0).
 *
 * @param x   [T*N] any unit, finite; NaN = missing
 * @param out [T*N] written in full, pure number; 0 where the window is constant, NaN where it has fewer than `least`
 *            values or not the newest; must not alias x
 * @throws RangeError as checkedRows
 */
export function rollingScore(x: Floats, assets: number, window: RollingWindow, out: Float64Array): void {
  const rows = checkedRows("rollingScore", x, assets, window, out);
  slideMoments(x, rows, assets, window, ({ count, mean, squares }, row) => {
    for (let n = 0; n < assets; n++) {
      const apart = x[row + n]! - mean[n]!;
      out[row + n] = apart === 0 ? 0 : apart / Math.sqrt(squares[n]! / count[n]!);
    }
  });
}

/**
 * Skewness, the adjusted Fisher-Pearson coefficient G1 of pandas and Excel.
 *
 * @param x     [T*N] any unit, finite; NaN = missing
 * @param noise unit of x; a window whose root mean square deviation is not above it counts as constant
 * @param out   [T*N] written in full, pure number; NaN where a window is constant or has fewer than `least` or than
 *              three values; must not alias x
 * @throws RangeError as checkedRows
 */
export function rollingSkewness(
  x: Floats,
  assets: number,
  window: RollingWindow,
  noise: number,
  out: Float64Array,
): void {
  const rows = checkedRows("rollingSkewness", x, assets, window, out);
  slideMoments(x, rows, assets, window, ({ count, squares, cubes }, row) => {
    for (let n = 0; n < assets; n++) {
      const values = count[n]!;
      const variance = squares[n]! / values;
      const skewed = cubes[n]! / values / (variance * Math.sqrt(variance));
      const varied = values > 2 && variance > noise * noise;
      out[row + n] = varied ? (skewed * Math.sqrt(values * (values - 1))) / (values - 2) : Number.NaN;
    }
  });
}

/** Of some values, per asset or per asset and tail. */
interface Moments {
  readonly count: Float64Array;
  /** Unit of the values. */
  readonly mean: Float64Array;
  /** Sum of squared deviations from the mean; exactly 0 over a constant stretch. */
  readonly squares: Float64Array;
  /** Sum of cubed deviations from the mean. */
  readonly cubes: Float64Array;
}

/** Hands the moments of every window, asset by asset, to `finish`, with the cell at which row t begins; all but the
 *  count are NaN where a window has fewer than `least` values. */
function slideMoments(
  x: Floats,
  rows: number,
  assets: number,
  window: RollingWindow,
  finish: (moments: Moments, row: number) => void,
): void {
  const head = moments(() => new Float64Array(assets));
  const joint = moments(() => new Float64Array(assets));
  const tail = moments(() => tailMemory(rows, assets, window));
  slideWindow(rows, window, {
    tail(row, k) {
      for (let n = 0; n < assets; n++) addValue(x[row * assets + n]!, tail, (k + 1) * assets + n, tail, k * assets + n);
    },
    head(t, empty) {
      if (empty) for (const part of [head.count, head.mean, head.squares, head.cubes]) part.fill(0);
      for (let n = 0; n < assets; n++) addValue(x[t * assets + n]!, head, n, head, n);
    },
    join(t, k) {
      const cell = tailRow(k, rows, assets, window);
      for (let n = 0; n < assets; n++) joinParts(head, n, tail, cell + n, window.least, joint);
      finish(joint, t * assets);
    },
  });
}

function moments(plane: () => Float64Array): Moments {
  return { count: plane(), mean: plane(), squares: plane(), cubes: plane() };
}

/** Moments `from[i]` with one more value, written to `to[j]`; unchanged by a missing one. */
function addValue(value: number, from: Moments, i: number, to: Moments, j: number): void {
  const before = from.count[i]!;
  const mean = from.mean[i]!;
  const squares = from.squares[i]!;
  const cubes = from.cubes[i]!;
  if (value !== value) {
    to.count[j] = before;
    to.mean[j] = mean;
    to.squares[j] = squares;
    to.cubes[j] = cubes;
    return;
  }
  const count = before + 1;
  const step = value - mean;
  const share = step / count;
  const after = mean + share;
  const added = step * (value - after);
  to.count[j] = count;
  to.mean[j] = after;
  to.squares[j] = squares + added;
  to.cubes[j] = cubes + added * share * (count - 2) - 3 * share * squares;
}

/** Moments of part a[n] and part b[j] together, written to out[n]. */
function joinParts(a: Moments, n: number, b: Moments, j: number, least: number, out: Moments): void {
  const countA = a.count[n]!;
  const countB = b.count[j]!;
  const count = countA + countB;
  out.count[n] = count;
  if (count < least) {
    out.mean[n] = Number.NaN;
    out.squares[n] = Number.NaN;
    out.cubes[n] = Number.NaN;
    return;
  }
  const squaresA = a.squares[n]!;
  const squaresB = b.squares[j]!;
  const apart = b.mean[j]! - a.mean[n]!;
  const joint = (countA * countB) / count;
  out.mean[n] = a.mean[n]! + (apart * countB) / count;
  out.squares[n] = squaresA + squaresB + apart * apart * joint;
  out.cubes[n] =
    a.cubes[n]! +
    b.cubes[j]! +
    (apart * apart * apart * joint * (countA - countB)) / count +
    (3 * apart * (countA * squaresB - countB * squaresA)) / count;
}
