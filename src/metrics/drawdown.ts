/** Drawdowns: the distance of equity below its running peak, as a fraction <= 0, and means of them.
 *  The peak starts at the equity before the first return, so that a first-day loss is a drawdown; skfolio starts at
 *  the first observation instead. */
import type { Floats } from "../core/panel.ts";
import { mean } from "./moments.ts";
import { smallestFirst } from "./order-statistics.ts";
import { wealth } from "./returns.ts";

/**
 * Distance below the running peak at each bar.
 *
 * @param equity [T] currency, > 0 at the start; NaN = missing, is NaN in the result and leaves the peak as it is
 * @returns [T] fraction in [-1, 0], newly allocated; the first known bar is 0
 */
export function equityDrawdowns(equity: Floats): Float64Array {
  const drawdowns = new Float64Array(equity.length);
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
 * Mean drawdown over all bars, those at a peak counting as 0.
 *
 * @param drawdowns [T] fraction <= 0, as drawdownSeries gives
 * @returns fraction <= 0; NaN when T = 0
 */
export function averageDrawdown(drawdowns: Floats): number {
  return mean(drawdowns);
}

/**
 * Conditional drawdown at risk: mean of the ceil(tail * T) deepest drawdowns (Chekhlov, Uryasev & Zabarankin 2005
 * weigh the boundary drawdown by its fraction instead).
 *
 * @param drawdowns [T] fraction <= 0, as drawdownSeries gives; left in their order
 * @param tail      share of the bars in the tail, in (0, 1]
 * @returns fraction <= 0; NaN when T = 0
 */
export function conditionalDrawdown(drawdowns: Floats, tail = 0.05): number {
  const deepestFirst = drawdowns.slice();
  const count = Math.ceil(tail * deepestFirst.length - COUNT_ROUNDING);
  smallestFirst(deepestFirst, count);
  let sum = 0;
  for (let t = 0; t < count; t++) sum += deepestFirst[t]!;
  return sum / count;
}

/** 0.07 * 100 is 7.000000000000001 in doubles and must count 7 bars. */
const COUNT_ROUNDING = 1e-9;
