/** Risk parity: equal risk contributions of the covariance, or inverse volatility, which leaves correlations out. */
import { ok } from "../../core/result.ts";
import { keptScratch } from "../kept-scratch.ts";
import { PLAIN_ANSWER, type WeightingMethod } from "../weighting.ts";
import { createRiskContributionScratch, equalRiskContributionWeights } from "./equal-risk-contribution.ts";
import { inverseVolatility } from "./inverse-volatility.ts";

const scratch = keptScratch(createRiskContributionScratch);

export const riskParity: WeightingMethod = {
  name: "risk_parity",
  usesHistory: true,
  weigh(problem, out) {
    if (problem.parameters.riskParity.mode === "inverse_vol") return inverseVolatility.weigh(problem, out);
    const answer = equalRiskContributionWeights(problem.covariance().matrix, out, undefined, scratch(out.length));
    return answer.ok ? ok(PLAIN_ANSWER) : answer;
  },
};
