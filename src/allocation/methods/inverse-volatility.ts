/** Weights proportional to 1 / volatility (naive risk parity) over the returns present in the window, by the policy's
 *  volatility estimator. A participant that never moved has no risk to divide by: it gets weight 0. */
import { fail, ok } from "../../core/result.ts";
import { PLAIN_ANSWER, proportional, type WeightingMethod } from "../weighting.ts";

export const inverseVolatility: WeightingMethod = {
  name: "inverse_volatility",
  usesHistory: true,
  weigh(problem, out) {
    const scores = problem.volatilities().map((sigma) => (sigma > 0 ? 1 / sigma : 0));
    if (!proportional(scores, out)) return fail("no participant has a positive volatility");
    return ok(PLAIN_ANSWER);
  },
};
