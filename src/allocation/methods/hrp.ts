/** Hierarchical risk parity on the estimated covariance; the arithmetic is in hrp-weights. */
import { ok } from "../../core/result.ts";
import { keptScratch } from "../kept-scratch.ts";
import { PLAIN_ANSWER, type WeightingMethod } from "../weighting.ts";
import { createHrpScratch, hrpWeights } from "./hrp-weights.ts";

const scratch = keptScratch(createHrpScratch);

export const hrp: WeightingMethod = {
  name: "hrp",
  usesHistory: true,
  weigh(problem, out) {
    const { linkage, leafOrder } = problem.parameters.hrp;
    const options = { linkage, leafOrder, distance: "direct" } as const;
    const answer = hrpWeights(problem.covariance().matrix, out.length, options, out, scratch(out.length));
    return answer.ok ? ok(PLAIN_ANSWER) : answer;
  },
};
