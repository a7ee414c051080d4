/** Mean-variance weights within the constraints: least variance, or the greatest Sharpe ratio. */
import { ok, type Result } from "../../core/result.ts";
import { createQuadraticScratch } from "../../math/quadratic-scratch.ts";
import { bayesSteinMeans } from "../estimators/mean.ts";
import { keptScratch } from "../kept-scratch.ts";
import type { MethodParameters } from "../policy.ts";
import { PLAIN_ANSWER, type Weighing, type WeightingMethod } from "../weighting.ts";
import { maxSharpeWeights } from "./max-sharpe-weights.ts";
import { minVarianceWeights } from "./min-variance-weights.ts";

const scratch = keptScratch(createQuadraticScratch);

export const constrainedMv: WeightingMethod = {
  name: "constrained_mv",
  usesHistory: true,
  weigh(problem, out) {
    const { mv, riskFree } = problem.parameters;
    const { matrix } = problem.covariance();
    if (mv.objective === "min_var") {
      const answer = minVarianceWeights(matrix, problem.bounds, out, undefined, scratch(out.length));
      return answer.ok ? ok(PLAIN_ANSWER) : answer;
    }
    const expected = expectedReturns(problem, mv);
    if (!expected.ok) return expected;
    const answer = maxSharpeWeights(expected.value, matrix, problem.bounds, riskFree, out);
    return answer.ok ? ok(PLAIN_ANSWER) : answer;
  },
};

/**
 * mu_i = mean, or r + ratio_i * sigma_i with sigma from the covariance: a Sharpe or Sortino ratio turned back into a
 * return at the deviation the optimiser sees; then shrunk. A sleeve without a ratio gets r.
 */
function expectedReturns(problem: Weighing, mv: MethodParameters["mv"]): Result<Float64Array> {
  const { mean, sharpe, sortino } = problem.statistics();
  const { matrix, rows } = problem.covariance();
  const { riskFree } = problem.parameters;
  const count = mean.length;
  const expected = mean.map((value, k) => {
    if (mv.expectedReturnSource === "mean") return value;
    const ratio = (mv.expectedReturnSource === "sharpe" ? sharpe : sortino)[k]!;
    return ratio === ratio ? riskFree + ratio * Math.sqrt(matrix[k * count + k]!) : riskFree;
  });
  const { meanShrinkage } = mv;
  if (meanShrinkage === "bayes_stein") {
    const shrunk = bayesSteinMeans(expected, matrix, count, rows, expected);
    return shrunk.ok ? ok(expected) : shrunk;
  }
  const grand = expected.reduce((sum, value) => sum + value, 0) / count;
  return ok(expected.map((value) => value + meanShrinkage * (grand - value)));
}
