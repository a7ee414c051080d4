/** Average true range, Wilder (1978), as a simple mean. Departs from the book: bars without a range are left out of
 *  the mean, so that a halt does not leave positions without a stop for a whole window. */
import type { Ohlcv } from "../core/ohlcv.ts";
import { trueRange } from "../math/true-range.ts";
import { trailingMean } from "./trailing-mean.ts";

/**
 * @param bars window, >= 1; fewer bars at the start of an asset's history
 * @returns [T*N] quote currency; NaN while the window has no bar with high and low
 */
export function averageTrueRange(market: Ohlcv, bars: number): Float64Array {
  const assets = market.axes.assets.length;
  const range = new Float64Array(market.close.length);
  trueRange(market, assets, range);
  return range.map((_, i) => trailingMean(range, i, assets, bars));
}
