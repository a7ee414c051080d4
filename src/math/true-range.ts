/** True range, Wilder (1978): how far a bar's prices reach, the gap from the last close included. */
import type { Floats } from "../core/panel.ts";

/**
 * Departs from TA-Lib: the first bar of an asset has a range, high - low; and after a hole the gap counts from the last
 * close there was.
 *
 * @param prices [T*N] planes; NaN = missing
 * @param out    [T*N] written in full, unit of the prices; NaN without high or low; must not alias a price
 */
export function trueRange(
  { high, low, close }: Readonly<Record<"high" | "low" | "close", Floats>>,
  assets: number,
  out: Float64Array,
): void {
  const lastClose = new Float64Array(assets).fill(Number.NaN);
  for (let row = 0; row < close.length; row += assets) {
    for (let n = 0, i = row; n < assets; n++, i++) {
      const known = lastClose[n]!;
      out[i] = known === known ? Math.max(high[i]!, known) - Math.min(low[i]!, known) : high[i]! - low[i]!;
      if (close[i] === close[i]) lastClose[n] = close[i]!;
    }
  }
}
