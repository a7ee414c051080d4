/** One walk over a return series for everything a summary adds up bar by bar: sums, gains and losses, wealth and its
 *  drawdowns. It is one loop because V8 takes thousands of series before it optimises a dozen short ones. */
import type { Floats } from "../core/panel.ts";

export interface ReturnScan {
  /** Present returns. */
  readonly periods: number;
  readonly sum: number;
  /** Of the returns less the rate. */
  readonly excessSum: number;
  /** Of the squares of those below the rate. */
  readonly downsideSquares: number;
  readonly gains: number;
  /** Positive. */
  readonly losses: number;
  /** Returns above 0; a flat bar is no hit. quantstats leaves flat bars out of the count. */
  readonly hits: number;
  /** Value of 1 after all returns; a loss of 100% or more leaves 0 for good. */
  readonly finalWealth: number;
  /** Fraction <= 0; the peak starts at 1. */
  readonly deepestDrawdown: number;
  /** Bars of the longest unbroken stay below a peak, an unfinished one included. */
  readonly longestDrawdown: number;
  /** Of the squares of all drawdowns, those at a peak being 0. */
  readonly drawdownSquares: number;
}

/**
 * What a summary is made of.
 *
 * @param returns       [T] simple returns, fraction; NaN or infinite = missing, left out
 * @param ratePerPeriod risk-free rate, fraction
 * @param present       [>= T] out: the present returns in order, in the first places
 * @param drawdowns     [>= T] out: the drawdown after each of them
 */
export function scanReturns(
  returns: Floats,
  ratePerPeriod: number,
  present: Float64Array,
  drawdowns: Float64Array,
): ReturnScan {
  let periods = 0;
  let sum = 0;
  let excessSum = 0;
  let downsideSquares = 0;
  let gains = 0;
  let losses = 0;
  let hits = 0;
  let wealth = 1;
  let peak = 1;
  let peakPeriod = -1;
  let deepestDrawdown = 0;
  let longestDrawdown = 0;
  let drawdownSquares = 0;
  for (let t = 0; t < returns.length; t++) {
    const value = returns[t]!;
    // NaN and the infinities; Number.isFinite is a call until V8 has optimised the loop.
    if (value - value !== 0) continue;
    present[periods] = value;
    sum += value;
    // min(x, 0) to the bit, without a branch that the sign of a return sends the wrong way every other time.
    const loss = (value - Math.abs(value)) * 0.5;
    gains += value - loss;
    losses -= loss;
    hits += Number(value > 0);
    const excess = value - ratePerPeriod;
    excessSum += excess;
    const shortfall = (excess - Math.abs(excess)) * 0.5;
    downsideSquares += shortfall * shortfall;
    wealth *= Math.max(0, 1 + value);
    let drawdown = 0;
    if (wealth >= peak) {
      peak = wealth;
      peakPeriod = periods;
    } else {
      drawdown = wealth / peak - 1;
      // A fall too small for the quotient to show is none.
      if (!(drawdown < 0)) peakPeriod = periods;
      else if (periods - peakPeriod > longestDrawdown) longestDrawdown = periods - peakPeriod;
      if (drawdown < deepestDrawdown) deepestDrawdown = drawdown;
    }
    drawdowns[periods++] = drawdown;
    drawdownSquares += drawdown * drawdown;
  }
  return {
    periods,
    sum,
    excessSum,
    downsideSquares,
    gains,
    losses,
    hits,
    finalWealth: wealth,
    deepestDrawdown,
    longestDrawdown,
    drawdownSquares,
  };
}
