/** Weights proportional to the trailing Sharpe ratio, what is not above 0 left out. A sleeve that never moved has no
 *  ratio and gets weight 0. */
import { fail, ok } from "../../core/result.ts";
import { PLAIN_ANSWER, proportional, type WeightingMethod } from "../weighting.ts";

export const sharpeProportional: WeightingMethod = {
  name: "sharpe_proportional",
  usesHistory: true,
  weigh(problem, out) {
    if (!proportional(problem.statistics().sharpe, out)) return fail("no participant has a Sharpe ratio above 0");
    return ok(PLAIN_ANSWER);
  },
};
