/** What an asset earns over a horizon once a decision could be filled: the label that scores are held against.
 *  Row t looks ahead by design; who learns from it must wait for the label's end bar. */
import type { Floats } from "../core/panel.ts";

/** Bars from the decision to the price that the label starts at. */
export const LABEL_LAGS = { open: 1, close: 0 } as const;

/** `open`: open[t+1+h] / open[t+1] - 1, what a fill at the next open earns. `close`: close[t+h] / close[t] - 1, as
 *  alphalens has it, which nobody can trade. */
export type LabelPrice = keyof typeof LABEL_LAGS;

/**
 * Bar of the last price in the label of row `bar`: at this bar's close, and no earlier one, the label is known.
 *
 * @param lagBars 1 for labels from the next open, 0 for labels from the close
 */
export function labelEndBar(bar: number, horizonBars: number, lagBars: number): number {
  return bar + lagBars + horizonBars;
}

/**
 * `prices[t+lag+h] / prices[t+lag] - 1` per column; NaN where either price is missing or beyond the last bar.
 *
 * @param prices      [T*N] opens or closes, > 0; NaN = missing
 * @param assets      N
 * @param horizonBars h, whole, >= 1
 * @param lagBars     bars from the decision to the first price, whole, >= 0: 1 for the next open, 0 for this close
 * @param out         [T*N] fraction, written in full; must not alias `prices`
 * @throws RangeError when a shape or a number of bars makes no sense
 */
export function forwardReturn(
  prices: Floats,
  assets: number,
  horizonBars: number,
  lagBars: number,
  out: Float64Array,
): void {
  if (!(Number.isInteger(horizonBars) && horizonBars >= 1))
    throw new RangeError(`forwardReturn: horizonBars must be a whole number >= 1, got ${horizonBars}`);
  if (!(Number.isInteger(lagBars) && lagBars >= 0))
    throw new RangeError(`forwardReturn: lagBars must be a whole number >= 0, got ${lagBars}`);
  if (!(assets >= 1) || prices.length % assets !== 0)
    throw new RangeError(`forwardReturn: prices has ${prices.length} cells, not a multiple of ${assets} assets`);
  if (out.length !== prices.length)
    throw new RangeError(`forwardReturn: out has ${out.length} cells, prices has ${prices.length}`);
  const first = lagBars * assets;
  const last = (lagBars + horizonBars) * assets;
  for (let i = 0; i < prices.length; i++)
    out[i] = i + last < prices.length ? prices[i + last]! / prices[i + first]! - 1 : Number.NaN;
}
