/** The greatest diversification ratio within the constraints; the arithmetic is in max-diversification-weights. */
import { ok } from "../../core/result.ts";
import { PLAIN_ANSWER, type WeightingMethod } from "../weighting.ts";
import { maxDiversificationWeights } from "./max-diversification-weights.ts";

export const maxDiversification: WeightingMethod = {
  name: "max_diversification",
  usesHistory: true,
  weigh(problem, out) {
    const answer = maxDiversificationWeights(problem.covariance().matrix, problem.bounds, out);
    return answer.ok ? ok(PLAIN_ANSWER) : answer;
  },
};
