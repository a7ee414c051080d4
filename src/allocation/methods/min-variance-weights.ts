/** Minimum variance weights (Markowitz 1952): min w'Cw within box and budget, by the active set of
 *  math/quadratic-program.ts. Where C leaves the answer open (duplicated assets) its stated ridge decides: the
 *  solution nearest zero, so twins share. */
import { ok, type Result } from "../../core/result.ts";
import { type ActiveSet, solveQuadraticProgram } from "../../math/quadratic-program.ts";
import type { QuadraticScratch } from "../../math/quadratic-scratch.ts";
import { portfolioVariance, type WeightBounds } from "../weight-bounds.ts";

export interface MinVarianceReport {
  /** w'Cw, unit of cov */
  readonly variance: number;
  /** Start for the next, similar problem. */
  readonly activeSet: ActiveSet;
}

/**
 * @param cov [N*N] symmetric positive semidefinite, any period
 * @param out [N] written in full when ok, else untouched
 * @param start   report.activeSet of an earlier answer for the same assets
 * @param scratch without it one is made; pass one where many small problems are solved
 * @returns a reason when cov has a NaN or the bounds cannot hold the budget
 */
export function minVarianceWeights(
  cov: Float64Array,
  bounds: WeightBounds,
  out: Float64Array,
  start?: ActiveSet,
  scratch?: QuadraticScratch,
): Result<MinVarianceReport> {
  const answer = solveQuadraticProgram({ quadratic: cov, ...bounds }, start, scratch);
  if (!answer.ok) return answer;
  out.set(answer.value.x);
  return ok({ variance: portfolioVariance(out, cov), activeSet: answer.value });
}
