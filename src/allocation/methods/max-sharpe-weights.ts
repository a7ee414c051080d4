/** Maximum Sharpe ratio weights (Sharpe 1966; Tobin's tangency portfolio): max (w'mu - rf B) / sqrt(w'Cw) with
 *  sum w = B. Cash outside the budget earns rf, so only excess returns count. Exact under bounds, shorts included. */
import { fail, type Result } from "../../core/result.ts";
import type { ActiveSet } from "../../math/quadratic-program.ts";
import type { WeightBounds } from "../weight-bounds.ts";
import { type GreatestRatio, greatestRatio } from "./greatest-ratio.ts";

export const NO_POSITIVE_EXCESS = "no positive expected excess return";

/**
 * @param mu  [N] expected returns over the period of cov, arithmetic
 * @param cov [N*N] symmetric positive semidefinite
 * @param riskFree return of cash over the same period
 * @param out [N] written in full when ok, else untouched
 * @returns ratio = Sharpe ratio over that period; fails with NO_POSITIVE_EXCESS when no weights within the bounds have
 *          an expected return above cash, which is so when every mu is at or below rf and shorts are not allowed
 */
export function maxSharpeWeights(
  mu: Float64Array,
  cov: Float64Array,
  bounds: WeightBounds,
  riskFree: number,
  out: Float64Array,
  start?: ActiveSet,
): Result<GreatestRatio> {
  if (!Number.isFinite(riskFree)) return fail(`risk-free return is ${riskFree}`);
  const excess = mu.map((value) => value - riskFree);
  return greatestRatio(excess, cov, bounds, out, NO_POSITIVE_EXCESS, start);
}
