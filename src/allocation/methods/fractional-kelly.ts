/** Fractional Kelly over a base method: weights proportional to base weight times edge, edges not above 0 left out.
 *  The fraction k would cancel when weights are scaled to one, so it is reported as a leverage instead:
 *  k * w'(mu - r) / w'Cw, what Kelly would bet on the whole book. */
import { fail, ok, type Result } from "../../core/result.ts";
import { type MethodAnswer, proportional, type Weighing, type WeightingMethod } from "../weighting.ts";
import { baseWeights } from "./base-weights.ts";
import { kellyEdge } from "./kelly-edge.ts";
import { kellyLeverage } from "./kelly-weights.ts";

export const fractionalKelly: WeightingMethod = {
  name: "fractional_kelly",
  usesHistory: true,
  weigh: (problem, out) => edgeWeights(problem, problem.parameters.kelly.fraction, out),
};

/** @param fraction k of the full Kelly leverage */
export function edgeWeights(problem: Weighing, fraction: number, out: Float64Array): Result<MethodAnswer> {
  const { riskFree, kelly } = problem.parameters;
  const base = new Float64Array(out.length);
  const based = baseWeights(kelly.base, problem, base);
  if (!based.ok) return fail(`base method ${kelly.base}: ${based.reason}`);
  const scores = base.map((weight, k) => weight * kellyEdge(problem, k, kelly.edgeSource));
  if (!proportional(scores, out)) return fail("no participant has an edge above 0");
  const excess = problem.statistics().mean.map((mean) => mean - riskFree);
  const leverage = kellyLeverage(out, excess, problem.covariance().matrix, fraction);
  if (!leverage.ok)
    return ok({ leverage: 1, warnings: [...based.value.warnings, `no Kelly leverage: ${leverage.reason}`] });
  return ok({ leverage: Math.max(0, leverage.value), warnings: based.value.warnings });
}
