/** Drawdowns: the distance of equity below its running peak, as a fraction <= 0, and the figures made of them.
 *  The peak starts at the equity before the first return, so that a first-day loss is a drawdown; skfolio starts at
 *  the first observation instead. */
import type { Floats } from "../core/panel.ts";
import { mean } from "./moments.ts";
import { smallestFirst } from "./order-statistics.ts";
import { wealth } from "./returns.ts";

/**
 * Distance below the running peak at each bar.
 *
 * @param equity    [T] currency, > 0 at the start; NaN = missing, is NaN in the result and leaves the peak as it is
 * @param drawdowns [T] fully written, may be `equity` itself; without it newly allocated
 * @returns `drawdowns`, fraction in [-1, 0]; the first known bar is 0
 */
export function equityDrawdowns(
  equity: Floats,
  drawdowns: Float64Array = new Float64Array(equity.length),
): Float64Array {
  let peak = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < equity.length; t++) {
    const value = equity[t]!;
    if (value > peak) peak = value;
    drawdowns[t] = value >= peak ? 0 : value / peak - 1;
  }
  return drawdowns;
}

/**
 * Distance below the running peak after each return, compounding from 1.
 *
 * @param returns [T] fraction, present
 * @returns [T] fraction in [-1, 0], newly allocated
 */
export function drawdownSeries(returns: Floats): Float64Array {
  return equityDrawdowns(wealth(returns)).slice(1);
}

/**
 * The deepest drawdown.
 *
 * @param drawdowns [T] fraction <= 0, as drawdownSeries gives
 * @returns fraction <= 0; NaN when T = 0
 */
export function maxDrawdown(drawdowns: Floats): number {
  let deepest = drawdowns.length === 0 ? Number.NaN : 0;
  for (let t = 0; t < drawdowns.length; t++) if (drawdowns[t]! < deepest) deepest = drawdowns[t]!;
  return deepest;
}

/**
 * The longest unbroken stay below a peak, an unfinished one included.
 *
 * @param drawdowns [T] fraction <= 0, as drawdownSeries gives
 * @returns bars; NaN when T = 0
 */
export function maxDrawdownDuration(drawdowns: Floats): number {
  let longest = drawdowns.length === 0 ? Number.NaN : 0;
  let peakBar = -1;
  for (let t = 0; t < drawdowns.length; t++) {
    if (!(drawdowns[t]! < 0)) peakBar = t;
    else if (t - peakBar > longest) longest = t - peakBar;
  }
  return longest;
}

/**
 * Mean drawdown over all bars, those at a peak counting as 0.
 *
 * @param drawdowns [T] fraction <= 0, as drawdownSeries gives
 * @returns fraction <= 0; NaN when T = 0
 */
export function averageDrawdown(drawdowns: Floats): number {
  return mean(drawdowns);
}

/**
 * Root mean square drawdown (Martin 1987), divided by T; quantstats divides by T - 1.
 *
 * @param drawdowns [T] fraction <= 0, as drawdownSeries gives
 * @returns fraction >= 0; NaN when T = 0
 */
export function ulcerIndex(drawdowns: Floats): number {
  let squares = 0;
  for (let t = 0; t < drawdowns.length; t++) squares += drawdowns[t]! * drawdowns[t]!;
  return Math.sqrt(squares / drawdowns.length);
}

/**
 * Conditional drawdown at risk: mean of the ceil(tail * T) deepest drawdowns (Chekhlov, Uryasev & Zabarankin 2005
 * weigh the boundary drawdown by its fraction instead).
 *
 * @param drawdowns    [T] fraction <= 0, as drawdownSeries gives; left in their order
 * @param tail         share of the bars in the tail, in (0, 1]
 * @param deepestFirst [T] overwritten; without it newly allocated
 * @returns fraction <= 0; NaN when T = 0
 */
export function conditionalDrawdown(
  drawdowns: Floats,
  tail = 0.05,
  deepestFirst: Float64Array = new Float64Array(drawdowns.length),
): number {
  const count = Math.ceil(tail * drawdowns.length - COUNT_ROUNDING);
  for (let t = 0; t < drawdowns.length; t++) deepestFirst[t] = drawdowns[t]!;
  smallestFirst(deepestFirst, count);
  let sum = 0;
  for (let t = 0; t < count; t++) sum += deepestFirst[t]!;
  return sum / count;
}

/** 0.07 * 100 is 7.000000000000001 in doubles and must count 7 bars. */
const COUNT_ROUNDING = 1e-9;
