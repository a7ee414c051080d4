/** Mean-variance utility: max w'mu - riskAversion/2 w'Cw within box and budget. */
import { fail, ok, type Result } from "../../core/result.ts";
import { type ActiveSet, solveQuadraticProgram } from "../../math/quadratic-program.ts";
import { dot, portfolioVariance, type WeightBounds } from "../weight-bounds.ts";

export interface MeanVarianceReport {
  /** w'mu - riskAversion/2 w'Cw */
  readonly utility: number;
  readonly activeSet: ActiveSet;
}

/**
 * @param mu  [N] expected returns over the period of cov
 * @param cov [N*N] symmetric positive semidefinite
 * @param riskAversion above 0
 * @param out [N] written in full when ok, else untouched
 * @returns a reason when an input is NaN, the risk aversion is not positive or the bounds cannot hold the budget
 */
export function meanVarianceWeights(
  mu: Float64Array,
  cov: Float64Array,
  bounds: WeightBounds,
  riskAversion: number,
  out: Float64Array,
  start?: ActiveSet,
): Result<MeanVarianceReport> {
  if (!(riskAversion > 0)) return fail(`risk aversion must be above 0, got ${riskAversion}`);
  const linear = mu.map((value) => value / riskAversion);
  const answer = solveQuadraticProgram({ quadratic: cov, linear, ...bounds }, start);
  if (!answer.ok) return answer;
  out.set(answer.value.x);
  const utility = dot(mu, out) - (riskAversion / 2) * portfolioVariance(out, cov);
  return ok({ utility, activeSet: answer.value });
}
