/** Trailing Sharpe ratio, drawdown and return over as many bars of a window as there are, amortised O(1) a cell.
 *  The plane is cut into blocks as in math/rolling: every window is the tail of one block plus the head of the next,
 *  so that nothing ever leaves a sum, nothing drifts, and a row depends on the rows of its window alone. */
import type { Floats } from "../core/panel.ts";

/**
 * Mean over sample standard deviation (ddof 1) of the returns present in the last `window` bars, not annualised;
 * 0 where they do not vary. Block moments are joined by Chan, Golub & LeVeque (1979).
 *
 * @param returns [T*N] fraction per bar, finite; NaN = missing, passed over
 * @param assets  N
 * @param window  bars, >= 1
 * @param least   returns that must be present, >= 2; NaN with fewer
 * @param out     [T*N] written in full; must not alias `returns`
 */
export function trailingSharpe(
  returns: Floats,
  assets: number,
  window: number,
  least: number,
  out: Float64Array,
): void {
  const bars = returns.length / assets;
  const head = momentPlane(assets);
  const tail = momentPlane(bars > window ? window * assets : 0);
  for (let start = 0; start < bars; start += window) {
    if (start > 0) momentTails(returns, assets, window, start, tail);
    head.count.fill(0);
    const end = Math.min(start + window, bars);
    for (let t = start; t < end; t++) {
      const tailRow = start > 0 && t - start + 1 < window ? (t - start + 1) * assets : -1;
      for (let n = 0; n < assets; n++) {
        const value = returns[t * assets + n]!;
        if (value === value) addMoment(head, n, n, value);
        out[t * assets + n] = jointSharpe(head, n, tail, tailRow < 0 ? -1 : tailRow + n, least);
      }
    }
  }
}

/**
 * Deepest fall from an earlier close to a later one among the closes present in the last `window` bars.
 *
 * @param close  [T*N] > 0; NaN = missing, passed over
 * @param assets N
 * @param window closes, >= 1
 * @param out    [T*N] fraction in [0, 1), 0 where no close is below an earlier one; written in full; must not alias
 *               `close`
 */
export function trailingDrawdown(close: Floats, assets: number, window: number, out: Float64Array): void {
  const bars = close.length / assets;
  const headLow = new Float64Array(assets);
  const headPeak = new Float64Array(assets);
  const headFall = new Float64Array(assets);
  const tailPeak = new Float64Array(bars > window ? window * assets : 0);
  const tailFall = new Float64Array(tailPeak.length);
  for (let start = 0; start < bars; start += window) {
    if (start > 0) fallTails(close, assets, window, start, tailPeak, tailFall);
    headLow.fill(Number.POSITIVE_INFINITY);
    headPeak.fill(0);
    headFall.fill(0);
    const end = Math.min(start + window, bars);
    for (let t = start; t < end; t++) {
      const hasTail = start > 0 && t - start + 1 < window;
      for (let n = 0; n < assets; n++) {
        const value = close[t * assets + n]!;
        if (value === value) {
          if (value < headLow[n]!) headLow[n] = value;
          if (value > headPeak[n]!) headPeak[n] = value;
          headFall[n] = Math.max(headFall[n]!, 1 - value / headPeak[n]!);
        }
        let fall = headFall[n]!;
        if (hasTail) {
          const cell = (t - start + 1) * assets + n;
          const across = tailPeak[cell]! > 0 ? 1 - headLow[n]! / tailPeak[cell]! : 0;
          fall = Math.max(fall, tailFall[cell]!, across);
        }
        out[t * assets + n] = fall;
      }
    }
  }
}

/**
 * The close against the earliest one present among the `lookback` bars before it, less 1.
 *
 * @param close    [T*N] > 0; NaN = missing
 * @param assets   N
 * @param lookback bars, >= 1
 * @param out      [T*N] fraction; NaN where this close or every earlier one is missing; written in full; must not
 *                 alias `close`
 */
export function trailingReturn(close: Floats, assets: number, lookback: number, out: Float64Array): void {
  const bars = close.length / assets;
  const base = new Int32Array(assets);
  for (let t = 0; t < bars; t++)
    for (let n = 0; n < assets; n++) {
      let from = Math.max(base[n]!, t - lookback);
      while (from < t && close[from * assets + n] !== close[from * assets + n]) from++;
      base[n] = from;
      out[t * assets + n] = from < t ? close[t * assets + n]! / close[from * assets + n]! - 1 : Number.NaN;
    }
}

/** Count, mean and sum of squared deviations of one stretch of returns a cell. */
interface MomentPlane {
  readonly count: Int32Array;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
}

function momentPlane(cells: number): MomentPlane {
  return { count: new Int32Array(cells), mean: new Float64Array(cells), squares: new Float64Array(cells) };
}

/** Cell `to` = cell `from` with one value more (Welford). */
function addMoment({ count, mean, squares }: MomentPlane, from: number, to: number, value: number): void {
  const before = count[from]!;
  const centre = before === 0 ? 0 : mean[from]!;
  const step = value - centre;
  count[to] = before + 1;
  mean[to] = centre + step / (before + 1);
  squares[to] = before === 0 ? 0 : squares[from]! + step * (value - mean[to]!);
}

/** tail[k*N + n] = moments of rows start-window+k .. start-1 of column n, for k = 1 .. window-1. */
function momentTails(returns: Floats, assets: number, window: number, start: number, tail: MomentPlane): void {
  const { count, mean, squares } = tail;
  for (let k = window - 1; k > 0; k--)
    for (let n = 0; n < assets; n++) {
      const cell = k * assets + n;
      const later = cell + assets;
      if (k === window - 1) count[cell] = 0;
      const value = returns[(start - window + k) * assets + n]!;
      if (value === value) addMoment(tail, k === window - 1 ? cell : later, cell, value);
      else if (k < window - 1) {
        count[cell] = count[later]!;
        mean[cell] = mean[later]!;
        squares[cell] = squares[later]!;
      }
    }
}

/** @param cell of the tail; -1 = the head is the whole window */
function jointSharpe(head: MomentPlane, n: number, tail: MomentPlane, cell: number, least: number): number {
  const headCount = head.count[n]!;
  const tailCount = cell < 0 ? 0 : tail.count[cell]!;
  const count = headCount + tailCount;
  if (count < least) return Number.NaN;
  let mean = headCount === 0 ? tail.mean[cell]! : head.mean[n]!;
  let squares = headCount === 0 ? tail.squares[cell]! : head.squares[n]!;
  if (headCount > 0 && tailCount > 0) {
    const apart = tail.mean[cell]! - mean;
    mean += (apart * tailCount) / count;
    squares += tail.squares[cell]! + (apart * apart * headCount * tailCount) / count;
  }
  return squares === 0 ? 0 : mean / Math.sqrt(squares / (count - 1));
}

/** Highest close and deepest fall of rows start-window+k .. start-1 of column n at k*N + n; peak 0 = no close there. */
function fallTails(
  close: Floats,
  assets: number,
  window: number,
  start: number,
  peak: Float64Array,
  fall: Float64Array,
): void {
  for (let n = 0; n < assets; n++) {
    let high = 0;
    let low = Number.POSITIVE_INFINITY;
    let deepest = 0;
    for (let k = window - 1; k > 0; k--) {
      const value = close[(start - window + k) * assets + n]!;
      if (value === value) {
        if (value > high) high = value;
        if (value < low) low = value;
        deepest = Math.max(deepest, 1 - low / value);
      }
      peak[k * assets + n] = high;
      fall[k * assets + n] = deepest;
    }
  }
}
