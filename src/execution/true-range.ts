/** Average true range, Wilder (1978), as a simple mean. Departs from the book: bars without a range are left out of
 *  the mean, so that a halt does not leave positions without a stop for a whole window. */
import type { Ohlcv } from "../core/ohlcv.ts";
import { trailingMean } from "./trailing-mean.ts";

/**
 * @param bars window, >= 1; fewer bars at the start of an asset's history
 * @returns [T*N] quote currency; NaN while the window has no bar with high and low
 */
export function averageTrueRange(market: Ohlcv, bars: number): Float64Array {
  const { high, low, close } = market;
  const assets = market.axes.assets.length;
  const range = new Float64Array(close.length);
  const lastClose = new Float64Array(assets).fill(Number.NaN);
  for (let i = 0; i < close.length; i++) {
    const known = lastClose[i % assets]!;
    range[i] = known === known ? Math.max(high[i]!, known) - Math.min(low[i]!, known) : high[i]! - low[i]!;
    if (close[i] === close[i]) lastClose[i % assets] = close[i]!;
  }
  return range.map((_, i) => trailingMean(range, i, assets, bars));
}
