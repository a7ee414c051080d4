/** Fractional Kelly over a base method: weights proportional to base weight times edge, edges not above 0 left out.
 *  The fraction k would cancel when weights are scaled to one, so it is reported as a leverage instead:
 *  k * (w'mu - r) / (w'Cw), what Kelly would bet on the whole book. */
import { fail, ok, type Result } from "../../core/result.ts";
import type { Weighing, WeightingMethod } from "../weighting.ts";
import { type MethodAnswer, proportional } from "../weighting.ts";
import { baseWeights } from "./base-weights.ts";
import { kellyEdge } from "./kelly-edge.ts";

export const fractionalKelly: WeightingMethod = {
  name: "fractional_kelly",
  usesHistory: true,
  weigh: (problem, out) => kellyWeights(problem, problem.parameters.kelly.fraction, out),
};

/** @param fraction k, 0..1 of the full Kelly leverage */
export function kellyWeights(problem: Weighing, fraction: number, out: Float64Array): Result<MethodAnswer> {
  const { riskFree, kelly } = problem.parameters;
  const base = new Float64Array(out.length);
  const based = baseWeights(kelly.base, problem, base);
  if (!based.ok) return fail(`base method ${kelly.base}: ${based.reason}`);
  const statistics = problem.statistics();
  const scores = base.map((weight, k) => weight * kellyEdge(statistics, k, riskFree, kelly.edgeSource));
  if (!proportional(scores, out)) return fail("no participant has an edge above 0");
  return ok({ leverage: fraction * fullKellyLeverage(problem, out), warnings: based.value.warnings });
}

/** (w'mu - r) / (w'Cw), mu the sample means; 0 where there is no gain to expect, NaN without risk. */
export function fullKellyLeverage(problem: Weighing, weights: Float64Array): number {
  const { mean } = problem.statistics();
  const { matrix } = problem.covariance();
  const count = weights.length;
  let gain = -problem.parameters.riskFree;
  let variance = 0;
  for (let i = 0; i < count; i++) {
    if (weights[i] === 0) continue;
    gain += weights[i]! * mean[i]!;
    for (let j = 0; j < count; j++) variance += weights[i]! * weights[j]! * matrix[i * count + j]!;
  }
  return variance > 0 ? Math.max(0, gain) / variance : Number.NaN;
}
