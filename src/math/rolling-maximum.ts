/** Trailing largest value of each window. Two comparisons a cell, as in van Herk (1992) and Gil & Werman (1993). */
import type { Floats } from "../core/panel.ts";
import { checkedRows, type RollingWindow, slideWindow, tailMemory, tailRow } from "./rolling-window.ts";

/**
 * @param x   [T*N] any unit; NaN = missing
 * @param out [T*N] written in full, unit of x; NaN where a window has fewer than `least` values; must not alias x
 * @throws RangeError as checkedRows
 */
export function rollingMaximum(x: Floats, assets: number, window: RollingWindow, out: Float64Array): void {
  const rows = checkedRows("rollingMaximum", x, assets, window, out);
  const lowest = Number.NEGATIVE_INFINITY;
  const head = new Float64Array(assets);
  const headCount = new Float64Array(assets);
  const tail = tailMemory(rows, assets, window, lowest);
  const tailCount = tailMemory(rows, assets, window);
  const { least } = window;
  slideWindow(rows, window, {
    tail(row, k) {
      for (let n = 0, i = row * assets, cell = k * assets; n < assets; n++, i++, cell++) {
        const value = x[i]!;
        const later = tail[cell + assets]!;
        tail[cell] = value > later ? value : later;
        tailCount[cell] = tailCount[cell + assets]! + (value === value ? 1 : 0);
      }
    },
    head(t, empty) {
      if (empty) {
        head.fill(lowest);
        headCount.fill(0);
      }
      for (let n = 0, i = t * assets; n < assets; n++, i++) {
        const value = x[i]!;
        if (value !== value) continue;
        if (value > head[n]!) head[n] = value;
        headCount[n] = headCount[n]! + 1;
      }
    },
    join(t, k) {
      for (let n = 0, i = t * assets, cell = tailRow(k, rows, assets, window); n < assets; n++, i++, cell++) {
        const most = head[n]! > tail[cell]! ? head[n]! : tail[cell]!;
        out[i] = headCount[n]! + tailCount[cell]! >= least ? most : Number.NaN;
      }
    },
  });
}
