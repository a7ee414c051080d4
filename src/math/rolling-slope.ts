/** Trailing regression slope of every column on one common series (beta), with an intercept, over the bars of each
 *  window at which both are present. Joins co-moments as rolling-moments joins moments. */
import type { Floats } from "../core/panel.ts";
import { checkedRows, type RollingWindow, slideWindow, tailMemory, tailRow } from "./rolling-window.ts";

/** Per asset: pairs present, their means, sum of squared deviations of the common series, sum of co-deviations. */
interface Comoments {
  readonly count: Float64Array;
  readonly meanX: Float64Array;
  readonly meanY: Float64Array;
  readonly squares: Float64Array;
  readonly products: Float64Array;
}

/**
 * Covariance of y and x over the variance of x.
 *
 * @param y      [T*N] any unit, finite; NaN = missing
 * @param common [T] x, any unit, finite; NaN = missing
 * @param noise  unit of x; a window in which its root mean square deviation is not above this has no slope
 * @param out    [T*N] written in full, unit of y per unit of x; NaN where a window has fewer than `least` or than two
 *               pairs, or a constant x; must not alias y
 * @throws RangeError as checkedRows, and when the common series is not T long
 */
export function rollingSlope(
  y: Floats,
  common: Floats,
  assets: number,
  window: RollingWindow,
  noise: number,
  out: Float64Array,
): void {
  const rows = checkedRows("rollingSlope", y, assets, window, out);
  if (common.length !== rows)
    throw new RangeError(`rollingSlope: the common series has ${common.length} values, y has ${rows} rows`);
  const head = comoments(() => new Float64Array(assets));
  const tail = comoments(() => tailMemory(rows, assets, window));
  const { least } = window;
  slideWindow(rows, window, {
    tail(row, k) {
      for (let n = 0; n < assets; n++)
        addPair(common[row]!, y[row * assets + n]!, tail, (k + 1) * assets + n, tail, k * assets + n);
    },
    head(t, empty) {
      if (empty) for (const part of [head.count, head.meanX, head.meanY, head.squares, head.products]) part.fill(0);
      for (let n = 0; n < assets; n++) addPair(common[t]!, y[t * assets + n]!, head, n, head, n);
    },
    join(t, k) {
      for (let n = 0, i = t * assets, cell = tailRow(k, rows, assets, window); n < assets; n++, i++, cell++) {
        const count = head.count[n]! + tail.count[cell]!;
        const joint = (head.count[n]! * tail.count[cell]!) / count;
        const apartX = tail.meanX[cell]! - head.meanX[n]!;
        const apartY = tail.meanY[cell]! - head.meanY[n]!;
        const squares = head.squares[n]! + tail.squares[cell]! + apartX * apartX * joint;
        const products = head.products[n]! + tail.products[cell]! + apartX * apartY * joint;
        const varied = count >= least && squares > count * noise * noise;
        out[i] = varied ? products / squares : Number.NaN;
      }
    },
  });
}

function comoments(plane: () => Float64Array): Comoments {
  return { count: plane(), meanX: plane(), meanY: plane(), squares: plane(), products: plane() };
}

/** Co-moments `from[i]` with one more pair, written to `to[j]`; unchanged where either value is missing. */
function addPair(x: number, y: number, from: Comoments, i: number, to: Comoments, j: number): void {
  const before = from.count[i]!;
  const meanX = from.meanX[i]!;
  const meanY = from.meanY[i]!;
  const absent = x !== x || y !== y;
  const count = absent ? before : before + 1;
  const step = absent ? 0 : x - meanX;
  const share = absent ? 0 : 1 / count;
  const after = meanX + step * share;
  to.count[j] = count;
  to.meanX[j] = after;
  to.meanY[j] = absent ? meanY : meanY + (y - meanY) * share;
  to.squares[j] = from.squares[i]! + (absent ? 0 : step * (x - after));
  to.products[j] = from.products[i]! + (absent ? 0 : (x - after) * (y - meanY));
}
