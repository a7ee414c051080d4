/** Trailing mean and standard deviation over one row-major T x N plane, O(1) a cell whatever the window.
 *  The plane is cut into blocks of `window` rows; every window is the tail of one block plus the head of the next,
 *  so values only ever join a sum and never leave it: nothing drifts, nothing cancels, and a row's result depends on
 *  the rows of its window alone. NaN = missing. */
import type { Floats } from "../core/panel.ts";

/**
 * Trailing mean of the last `window` bars; NaN until every bar in the window is present.
 *
 * @param x      [T*N] any unit, finite or NaN
 * @param assets N, columns per row
 * @param window bars, >= 1
 * @param out    [T*N] written in full, same unit as x; must not alias x
 * @throws RangeError when x is not a whole number of rows, `out` differs in length, or window is not a whole number >= 1
 */
export function rollingMean(x: Floats, assets: number, window: number, out: Float64Array): void {
  const bars = checkedBars("rollingMean", x, assets, window, out);
  const gapBar = new Int32Array(assets).fill(-1);
  const head = new Float64Array(assets);
  const tail = new Float64Array(bars > window ? window * assets : 0);
  for (let start = 0; start < bars; start += window) {
    if (start > 0) sumTails(x, assets, window, start, tail);
    head.fill(0);
    const end = Math.min(start + window, bars);
    for (let t = start; t < end; t++) {
      const tailRow = (t - start + 1) * assets;
      const hasTail = t - start + 1 < window;
      for (let n = 0; n < assets; n++) {
        const value = x[t * assets + n]!;
        if (value !== value) gapBar[n] = t;
        else head[n] = head[n]! + value;
        const complete = t - gapBar[n]! >= window;
        out[t * assets + n] = complete ? (head[n]! + (hasTail ? tail[tailRow + n]! : 0)) / window : Number.NaN;
      }
    }
  }
}

/**
 * Trailing sample standard deviation (ddof 1) of the last `window` bars; NaN until every bar in it is present, and
 * for window = 1. Exactly 0 over a constant stretch. Block moments are joined by Chan, Golub & LeVeque (1979).
 *
 * @param x      [T*N] any unit, finite or NaN
 * @param assets N, columns per row
 * @param window bars, >= 1
 * @param out    [T*N] written in full, unit of x, not annualised; must not alias x
 * @throws RangeError as rollingMean
 */
export function rollingStandardDeviation(x: Floats, assets: number, window: number, out: Float64Array): void {
  const bars = checkedBars("rollingStandardDeviation", x, assets, window, out);
  const gapBar = new Int32Array(assets).fill(-1);
  const headMean = new Float64Array(assets);
  const headSquares = new Float64Array(assets);
  const tailMean = new Float64Array(bars > window ? window * assets : 0);
  const tailSquares = new Float64Array(tailMean.length);
  for (let start = 0; start < bars; start += window) {
    if (start > 0) momentTails(x, assets, window, start, tailMean, tailSquares);
    headMean.fill(0);
    headSquares.fill(0);
    const end = Math.min(start + window, bars);
    for (let t = start; t < end; t++) {
      const headCount = t - start + 1;
      const tailCount = window - headCount;
      const joint = (headCount * tailCount) / window;
      for (let n = 0; n < assets; n++) {
        const value = x[t * assets + n]!;
        if (value !== value) gapBar[n] = t;
        else {
          const step = value - headMean[n]!;
          headMean[n] = headMean[n]! + step / headCount;
          headSquares[n] = headSquares[n]! + step * (value - headMean[n]!);
        }
        let squares = headSquares[n]!;
        if (tailCount > 0) {
          const cell = headCount * assets + n;
          const apart = headMean[n]! - tailMean[cell]!;
          squares += tailSquares[cell]! + apart * apart * joint;
        }
        const complete = t - gapBar[n]! >= window && window > 1;
        out[t * assets + n] = complete ? Math.sqrt(squares / (window - 1)) : Number.NaN;
      }
    }
  }
}

/** tail[k*N + n] = sum of rows start-window+k .. start-1 of column n, a missing value counting as absent. */
function sumTails(x: Floats, assets: number, window: number, start: number, tail: Float64Array): void {
  for (let k = window - 1; k > 0; k--) {
    const row = (start - window + k) * assets;
    for (let n = 0; n < assets; n++) {
      const value = x[row + n]!;
      const later = k === window - 1 ? 0 : tail[(k + 1) * assets + n]!;
      tail[k * assets + n] = value === value ? later + value : later;
    }
  }
}

/** Mean and sum of squared deviations of the same tails (Welford). A tail with a gap is never read. */
function momentTails(
  x: Floats,
  assets: number,
  window: number,
  start: number,
  mean: Float64Array,
  squares: Float64Array,
): void {
  for (let k = window - 1; k > 0; k--) {
    const count = window - k;
    for (let n = 0; n < assets; n++) {
      const value = x[(start - window + k) * assets + n]!;
      const cell = k * assets + n;
      const laterMean = count === 1 ? 0 : mean[cell + assets]!;
      const laterSquares = count === 1 ? 0 : squares[cell + assets]!;
      const step = value - laterMean;
      mean[cell] = laterMean + step / count;
      squares[cell] = laterSquares + step * (value - mean[cell]!);
    }
  }
}

function checkedBars(name: string, x: Floats, assets: number, window: number, out: Float64Array): number {
  if (!(Number.isInteger(window) && window >= 1))
    throw new RangeError(`${name}: window must be a whole number of bars >= 1, got ${window}`);
  if (!(assets >= 1) || x.length % assets !== 0)
    throw new RangeError(`${name}: x has ${x.length} cells, not a multiple of ${assets} assets`);
  if (out.length !== x.length) throw new RangeError(`${name}: out has ${out.length} cells, x has ${x.length}`);
  return x.length / assets;
}
