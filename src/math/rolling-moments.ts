/** Trailing mean, standard deviation and skewness of the values present in each window. Central moments of a head and a
 *  tail are joined after Chan, Golub & LeVeque (1979) and Pebay (2008), so that a large mean costs no digits. */
import type { Floats } from "../core/panel.ts";
import { checkedRows, type RollingWindow, slideWindow, tailMemory, tailRow } from "./rolling-window.ts";

/** Planes [T*N] of each window's values; all but the count are NaN where there are fewer than `least`. */
export interface Moments {
  readonly count: Float64Array;
  /** Unit of x. */
  readonly mean: Float64Array;
  /** Sum of squared deviations from the mean; exactly 0 over a constant stretch. */
  readonly squares: Float64Array;
  /** Sum of cubed deviations from the mean. */
  readonly cubes: Float64Array;
}

/** Memory for the moments of `cells` cells. */
export function momentPlanes(cells: number): Moments {
  const plane = () => new Float64Array(cells);
  return { count: plane(), mean: plane(), squares: plane(), cubes: plane() };
}

/**
 * @param x   [T*N] any unit, finite; NaN = missing
 * @param out written in full; no plane may alias x
 * @throws RangeError as checkedRows
 */
export function rollingMoments(x: Floats, assets: number, window: RollingWindow, out: Moments): void {
  const rows = checkedRows("rollingMoments", x, assets, window, out.mean);
  for (const plane of [out.count, out.squares, out.cubes]) checkedRows("rollingMoments", x, assets, window, plane);
  const head = momentPlanes(assets);
  const tail = {
    count: tailMemory(rows, assets, window),
    mean: tailMemory(rows, assets, window),
    squares: tailMemory(rows, assets, window),
    cubes: tailMemory(rows, assets, window),
  };
  slideWindow(rows, window, {
    tail(row, k) {
      for (let n = 0; n < assets; n++) addValue(x[row * assets + n]!, tail, (k + 1) * assets + n, tail, k * assets + n);
    },
    head(t, empty) {
      if (empty) for (const plane of [head.count, head.mean, head.squares, head.cubes]) plane.fill(0);
      for (let n = 0; n < assets; n++) addValue(x[t * assets + n]!, head, n, head, n);
    },
    join(t, k) {
      const cell = tailRow(k, rows, assets, window);
      for (let n = 0; n < assets; n++) joinParts(head, n, tail, cell + n, window.least, out, t * assets + n);
    },
  });
}

/**
 * Standard deviation, ddof 1; exactly 0 over a constant stretch.
 *
 * @param out [T*N] written in full, unit of x, not annualised; NaN where a window has fewer than `least` or than two
 *            values; must not alias x
 * @throws RangeError as checkedRows
 */
export function rollingDeviation(x: Floats, assets: number, window: RollingWindow, out: Float64Array): void {
  const moments = { ...momentPlanes(out.length), squares: out };
  rollingMoments(x, assets, window, moments);
  for (let i = 0; i < out.length; i++) {
    const count = moments.count[i]!;
    out[i] = count > 1 ? Math.sqrt(out[i]! / (count - 1)) : Number.NaN;
  }
}

/**
 * Skewness, the adjusted Fisher-Pearson coefficient G1 of pandas and Excel.
 *
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
  const moments = { ...momentPlanes(out.length), cubes: out };
  rollingMoments(x, assets, window, moments);
  for (let i = 0; i < out.length; i++) {
    const count = moments.count[i]!;
    const variance = moments.squares[i]! / count;
    const skewed = out[i]! / count / (variance * Math.sqrt(variance));
    const varied = count > 2 && variance > noise * noise;
    out[i] = varied ? (skewed * Math.sqrt(count * (count - 1))) / (count - 2) : Number.NaN;
  }
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

/** Moments of part a[i] and part b[j] together, written to out[k]. */
function joinParts(a: Moments, i: number, b: Moments, j: number, least: number, out: Moments, k: number): void {
  const countA = a.count[i]!;
  const countB = b.count[j]!;
  const count = countA + countB;
  out.count[k] = count;
  if (count < least) {
    out.mean[k] = Number.NaN;
    out.squares[k] = Number.NaN;
    out.cubes[k] = Number.NaN;
    return;
  }
  const squaresA = a.squares[i]!;
  const squaresB = b.squares[j]!;
  const apart = b.mean[j]! - a.mean[i]!;
  const joint = (countA * countB) / count;
  out.mean[k] = a.mean[i]! + (apart * countB) / count;
  out.squares[k] = squaresA + squaresB + apart * apart * joint;
  out.cubes[k] =
    a.cubes[i]! +
    b.cubes[j]! +
    (apart * apart * apart * joint * (countA - countB)) / count +
    (3 * apart * (countA * squaresB - countB * squaresA)) / count;
}
