/** Trailing maximum drawdown: the deepest fall from any value of a window to a later one of the same window. A stretch
 *  is summed up by its highest, its lowest and its worst ratio, and two stretches join by these alone. */
import type { Floats } from "../core/panel.ts";
import { checkedRows, type RollingWindow, slideWindow, tailMemory, tailRow } from "./rolling-window.ts";

/**
 * @param x   [T*N] prices or equity, > 0; NaN = missing, passed over
 * @param out [T*N] written in full, fraction in (-1, 0]; NaN where a window has fewer than `least` values; must not alias x
 * @throws RangeError as checkedRows
 */
export function rollingMaxDrawdown(x: Floats, assets: number, window: RollingWindow, out: Float64Array): void {
  const rows = checkedRows("rollingMaxDrawdown", x, assets, window, out);
  const highest = new Float64Array(assets);
  const headLow = new Float64Array(assets);
  const headWorst = new Float64Array(assets);
  const headCount = new Float64Array(assets);
  // Values are positive: beside a highest of 0 any ratio is infinite and never the worst.
  const tailHigh = tailMemory(rows, assets, window);
  const tailLow = tailMemory(rows, assets, window, Number.POSITIVE_INFINITY);
  const tailWorst = tailMemory(rows, assets, window, 1);
  const tailCount = tailMemory(rows, assets, window);
  const { least } = window;
  slideWindow(rows, window, {
    tail(row, k) {
      for (let n = 0, i = row * assets, cell = k * assets; n < assets; n++, i++, cell++) {
        const value = x[i]!;
        const later = cell + assets;
        const fall = tailLow[later]! / value;
        tailWorst[cell] = fall < tailWorst[later]! ? fall : tailWorst[later]!;
        tailHigh[cell] = value > tailHigh[later]! ? value : tailHigh[later]!;
        tailLow[cell] = value < tailLow[later]! ? value : tailLow[later]!;
        tailCount[cell] = tailCount[later]! + (value === value ? 1 : 0);
      }
    },
    head(t, empty) {
      if (empty) {
        highest.fill(0);
        headLow.fill(Number.POSITIVE_INFINITY);
        headWorst.fill(1);
        headCount.fill(0);
      }
      for (let n = 0, i = t * assets; n < assets; n++, i++) {
        const value = x[i]!;
        if (value !== value) continue;
        if (value > highest[n]!) highest[n] = value;
        if (value < headLow[n]!) headLow[n] = value;
        const fall = value / highest[n]!;
        if (fall < headWorst[n]!) headWorst[n] = fall;
        headCount[n] = headCount[n]! + 1;
      }
    },
    join(t, k) {
      for (let n = 0, i = t * assets, cell = tailRow(k, rows, assets, window); n < assets; n++, i++, cell++) {
        const across = headLow[n]! / tailHigh[cell]!;
        let worst = headWorst[n]! < tailWorst[cell]! ? headWorst[n]! : tailWorst[cell]!;
        if (across < worst) worst = across;
        out[i] = headCount[n]! + tailCount[cell]! >= least ? worst - 1 : Number.NaN;
      }
    },
  });
}
