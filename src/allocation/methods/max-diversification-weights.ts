/** Most diversified portfolio (Choueifaty & Coignard 2008): max w'sigma / sqrt(w'Cw). Without bounds this is minimum
 *  variance on the correlation matrix divided by sigma; here it is exact under bounds as well (greatest-ratio.ts).
 *  A zero-variance asset cannot diversify: it gets its lower bound, or 0 if that is negative. */
import type { Result } from "../../core/result.ts";
import { type ActiveSet, budgetFault } from "../../math/quadratic-program.ts";
import type { WeightBounds } from "../weight-bounds.ts";
import { type GreatestRatio, greatestRatio } from "./greatest-ratio.ts";

/**
 * @param cov [N*N] symmetric positive semidefinite
 * @param out [N] written in full when ok, else untouched
 * @returns ratio = diversification ratio; a reason when no asset has variance or the bounds cannot hold the budget
 */
export function maxDiversificationWeights(
  cov: Float64Array,
  bounds: WeightBounds,
  out: Float64Array,
  start?: ActiveSet,
): Result<GreatestRatio> {
  const n = bounds.lower.length;
  const volatility = new Float64Array(n);
  const lower = bounds.lower.slice();
  const upper = bounds.upper.slice();
  for (let i = 0; i < n; i++) {
    volatility[i] = Math.sqrt(cov[i * n + i]!);
    if (volatility[i] !== 0) continue;
    lower[i] = Math.min(Math.max(0, lower[i]!), upper[i]!);
    upper[i] = lower[i]!;
  }
  const pinned: WeightBounds = { lower, upper, budget: bounds.budget };
  const usable = budgetFault(pinned) === undefined ? pinned : bounds;
  return greatestRatio(volatility, cov, usable, out, "no asset has a positive variance", start);
}
