/** Trailing mean of the values present in each window; with complete windows the same as `rollingMean`, to the bit. */
import type { Floats } from "../core/panel.ts";
import { checkedRows, type RollingWindow, slideWindow, tailMemory, tailRow } from "./rolling-window.ts";

/**
 * @param x   [T*N] any unit, finite; NaN = missing
 * @param out [T*N] written in full, unit of x; NaN where a window has fewer than `least` values; must not alias x
 * @throws RangeError as checkedRows
 */
export function rollingPresentMean(x: Floats, assets: number, window: RollingWindow, out: Float64Array): void {
  const rows = checkedRows("rollingPresentMean", x, assets, window, out);
  const head = new Float64Array(assets);
  const headCount = new Float64Array(assets);
  const tail = tailMemory(rows, assets, window);
  const tailCount = tailMemory(rows, assets, window);
  const { least } = window;
  slideWindow(rows, window, {
    tail(row, k) {
      for (let n = 0, i = row * assets, cell = k * assets; n < assets; n++, i++, cell++) {
        const value = x[i]!;
        const present = value === value;
        tail[cell] = present ? tail[cell + assets]! + value : tail[cell + assets]!;
        tailCount[cell] = tailCount[cell + assets]! + (present ? 1 : 0);
      }
    },
    head(t, empty) {
      if (empty) {
        head.fill(0);
        headCount.fill(0);
      }
      for (let n = 0, i = t * assets; n < assets; n++, i++) {
        const value = x[i]!;
        if (value !== value) continue;
        head[n] = head[n]! + value;
        headCount[n] = headCount[n]! + 1;
      }
    },
    join(t, k) {
      for (let n = 0, i = t * assets, cell = tailRow(k, rows, assets, window); n < assets; n++, i++, cell++) {
        const count = headCount[n]! + tailCount[cell]!;
        out[i] = count >= least ? (head[n]! + tail[cell]!) / count : Number.NaN;
      }
    },
  });
}
