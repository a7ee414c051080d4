/** max g'w / sqrt(w'Cw) within box and budget, exact under any bounds: the maximum Sharpe ratio with g = mu - rf, the
 *  maximum diversification ratio with g = volatility.
 *  The answer lies on the frontier w(t) = argmin 1/2 w'Cw - t g'w, whose active set is constant between corners
 *  (Markowitz 1956). On such a face w = a + t b, a its point at t = 0; as a'Cb = 0 and g'b = b'Cb, the ratio rises
 *  with t exactly while w'Cw - t g'w = a'Ca - t a'g is positive, so its summit is t = a'Ca / a'g. Faces are walked by
 *  that step inside a bracket; each is one warm-started quadratic program. */
import { fail, ok, type Result } from "../../core/result.ts";
import {
  type ActiveSet,
  budgetFault,
  minimiseOnFace,
  type QuadraticSolution,
  solveQuadraticProgram,
} from "../../math/quadratic-program.ts";
import { dot, portfolioVariance, type WeightBounds } from "../weight-bounds.ts";

export interface GreatestRatio {
  /** g'w / sqrt(w'Cw), Infinity without risk */
  readonly ratio: number;
  /** Start for the next, similar problem. */
  readonly activeSet: ActiveSet;
}

const MAX_FACES = 400;

/**
 * @param gain [N]
 * @param cov  [N*N] symmetric positive semidefinite
 * @param out  [N] written in full when ok, else untouched
 * @param noGain the reason given when no weights within the bounds have g'w > 0
 * @returns the ratio; among riskless weights with positive gain (ratio infinite) those of the most gain, nearly
 */
export function greatestRatio(
  gain: Float64Array,
  cov: Float64Array,
  bounds: WeightBounds,
  out: Float64Array,
  noGain: string,
  start?: ActiveSet,
): Result<GreatestRatio> {
  const fault = budgetFault(bounds);
  if (fault !== undefined) return fail(fault);
  for (let i = 0; i < gain.length; i++)
    if (!Number.isFinite(gain[i]!)) return fail(`expected gain is ${gain[i]} at asset ${i}`);
  const most = greatestGain(gain, bounds);
  let size = 0;
  for (const g of gain) size = Math.max(size, Math.abs(g));
  // A sum that cancels to rounding noise is not a gain.
  if (!(most > 1e-13 * size)) return fail(noGain);

  const linear = new Float64Array(gain.length);
  const least = solveQuadraticProgram({ quadratic: cov, linear, ...bounds }, start);
  if (!least.ok) return least;
  const scale = naturalStep(gain, cov);
  const answer = walk({ quadratic: cov, linear, ...bounds }, gain, least.value, scale);
  if (!answer.ok) return answer;
  const gained = dot(gain, answer.value.x);
  if (!(gained > 0)) return fail(noGain);
  out.set(answer.value.x);
  return ok({ ratio: gained / Math.sqrt(Math.max(portfolioVariance(out, cov), 0)), activeSet: answer.value });
}

interface FrontierProgram extends WeightBounds {
  readonly quadratic: Float64Array;
  /** Overwritten with t * gain. */
  readonly linear: Float64Array;
}

function walk(
  program: FrontierProgram,
  gain: Float64Array,
  least: QuadraticSolution,
  scale: number,
): Result<QuadraticSolution> {
  const { quadratic: cov, linear, lower, upper, budget } = program;
  const atRest = { quadratic: cov, lower, upper, budget };
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let current = least;
  const calm = portfolioVariance(least.x, cov);
  const calmGain = dot(gain, least.x);
  let t = calmGain > 0 ? calm / calmGain : scale;
  // Riskless with a gain: the ratio is infinite from the start; a little of t picks the best such weights.
  const riskless = calmGain > 0 && calm <= 1e-9 * scale * calmGain;
  if (riskless) t = 1e-6 * scale;
  for (let face = 0; face < MAX_FACES; face++) {
    for (let i = 0; i < gain.length; i++) linear[i] = t * gain[i]!;
    const next = solveQuadraticProgram(program, current);
    if (!next.ok) return next;
    current = next.value;
    if (riskless) return next;
    const variance = portfolioVariance(current.x, cov);
    const gained = dot(gain, current.x);
    const slope = variance - t * gained;
    // Gain without risk, which the start did not show as it had none: there is nothing to weigh up.
    if (gained > 0 && variance <= 1e-12 * t * gained) return next;
    // A ridged answer is known to about the ridge and no better: chasing its digits would not end.
    const precision = current.ridge > 0 ? 1e-9 : 1e-14;
    if (Math.abs(slope) <= precision * variance) return next;
    if (slope > 0) low = t;
    else high = t;
    if (high < Number.POSITIVE_INFINITY && high - low <= precision * high) return next;
    const foot = minimiseOnFace(atRest, current);
    if (!foot.ok) return foot;
    const footGain = dot(gain, foot.value);
    const summit = footGain > 0 ? portfolioVariance(foot.value, cov) / footGain : Number.POSITIVE_INFINITY;
    if (Math.abs(summit - t) <= 10 * precision * t) return next;
    if (summit > low && summit < high) t = summit;
    else if (high === Number.POSITIVE_INFINITY) t *= 4;
    else t = low > 0 ? (low + high) / 2 : high / 64;
    // Down to nothing and the gain still outweighs the variance: the weights are riskless to rounding.
    if (t < 1e-12 * scale && low === 0) return next;
    if (!Number.isFinite(t)) break;
  }
  return fail("the ratio has no maximum within the bounds");
}

/** max g'w within box and budget, by filling the best first. */
function greatestGain(gain: Float64Array, { lower, upper, budget }: WeightBounds): number {
  let rest = budget;
  let total = 0;
  for (let i = 0; i < gain.length; i++) {
    if (lower[i] === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
    rest -= lower[i]!;
    total += gain[i]! === 0 ? 0 : gain[i]! * lower[i]!;
  }
  const order = Array.from(gain.keys()).sort((a, b) => gain[b]! - gain[a]! || a - b);
  for (const i of order) {
    const step = Math.min(rest, upper[i]! - lower[i]!);
    total += step * gain[i]!;
    rest -= step;
    if (rest <= 0) break;
  }
  return total;
}

/** Variance over gain in the size these inputs have. */
function naturalStep(gain: Float64Array, cov: Float64Array): number {
  const n = gain.length;
  let variance = 0;
  let size = 0;
  for (let i = 0; i < n; i++) {
    variance = Math.max(variance, cov[i * n + i]!);
    size = Math.max(size, Math.abs(gain[i]!));
  }
  return variance > 0 ? variance / size : 1;
}
