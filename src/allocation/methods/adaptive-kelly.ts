/** Kelly with a fraction that follows what is known: k = k0 * e * d.
 *  e = S / (S + 1) with S = n * SR^2, the squared t statistic of the book's mean return over n bars: the part of an
 *  estimated edge that is worth betting on when the mean is known only to sigma / sqrt(n) (Baker & McHale 2013).
 *  d = max(0, 1 - D / L), D the book's drawdown at the end of the window and L the drawdown limit: betting ends where the
 *  limit is reached (Grossman & Zhou 1993). */
import { ok } from "../../core/result.ts";
import { presentReturns, sleeveStatistics } from "../sleeve-statistics.ts";
import type { SleeveWindow, WeightingMethod } from "../weighting.ts";
import { edgeWeights } from "./fractional-kelly.ts";

export const adaptiveKelly: WeightingMethod = {
  name: "adaptive_kelly",
  usesHistory: true,
  weigh(problem, out) {
    const answer = edgeWeights(problem, 1, out);
    if (!answer.ok) return answer;
    const { fraction, drawdownLimit } = problem.parameters.kelly;
    const book = bookReturns(problem.window, out);
    const { sharpe, present } = sleeveStatistics(book, problem.parameters.riskFree);
    const strength = sharpe[0] === sharpe[0] ? present[0]! * sharpe[0]! ** 2 : 0;
    const certainty = strength / (strength + 1);
    const room = Math.max(0, 1 - endDrawdown(presentReturns(book, 0)) / drawdownLimit);
    return ok({ ...answer.value, leverage: fraction * certainty * room * answer.value.leverage });
  },
};

/** Returns of the weights over the window; a sleeve without a return at a bar adds nothing there. */
function bookReturns({ returns, bars, count }: SleeveWindow, weights: Float64Array): SleeveWindow {
  const book = new Float64Array(bars);
  for (let t = 0; t < bars; t++)
    for (let k = 0; k < count; k++) {
      const r = returns[t * count + k]!;
      if (r === r) book[t] = book[t]! + weights[k]! * r;
    }
  return { returns: book, bars, count: 1 };
}

/** Distance below the running peak after the last return, >= 0. */
function endDrawdown(returns: Float64Array): number {
  let wealth = 1;
  let peak = 1;
  for (let t = 0; t < returns.length; t++) {
    wealth *= 1 + returns[t]!;
    peak = Math.max(peak, wealth);
  }
  return 1 - wealth / peak;
}
