/** Kelly sizing in the continuous (Gaussian) approximation: growth = (mu - rf)'w - 1/2 w'Cw (Kelly 1956; Thorp 2006,
 *  "The Kelly criterion in blackjack, sports betting and the stock market"). mu are arithmetic means over the period
 *  of cov, no Ito correction. Cash is what the weights leave over and earns rf.
 *  For the edge of win and loss counts see profit-factor-edge.ts. */
import { fail, ok, type Result } from "../../core/result.ts";
import { solveQuadraticProgram } from "../../math/quadratic-program.ts";
import { dot, portfolioVariance } from "../weight-bounds.ts";

export interface KellyOptions {
  /** Share of the full Kelly stake, above 0; half Kelly = 0.5. */
  readonly fraction: number;
  /** Return of cash over the period of cov. */
  readonly riskFree: number;
  /** "inside": the fraction scales the edge and the bounds hold the result; "after": it scales the bounded answer. */
  readonly fractionApplies: "inside" | "after";
  /** [N] */
  readonly lower: Float64Array;
  /** [N]; Infinity = no cap */
  readonly upper: Float64Array;
  /** Most the weights may sum to; Infinity = borrow at rf without limit. */
  readonly maxSum: number;
}

/**
 * f * inv(C) (mu - rf): no bound, any sum.
 *
 * @param mu  [N]
 * @param cov [N*N]
 * @param out [N] written in full when ok, else untouched
 * @returns a reason when an input is NaN or cov is singular, where the stake has no finite size
 */
export function unconstrainedKellyWeights(
  mu: Float64Array,
  cov: Float64Array,
  riskFree: number,
  fraction: number,
  out: Float64Array,
): Result<void> {
  const n = out.length;
  const unbounded = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const lower = unbounded.map((value) => -value);
  const answer = growthOptimal(mu, cov, riskFree, 1, lower, unbounded, Number.POSITIVE_INFINITY);
  if (!answer.ok) return answer;
  for (let i = 0; i < n; i++) out[i] = fraction * answer.value[i]!;
  return ok(undefined);
}

/**
 * Bounded fractional Kelly: sum w <= maxSum, lower <= w <= upper.
 *
 * @param out [N] written in full when ok, else untouched
 * @returns `cash` = 1 - sum w
 */
export function kellyWeights(
  mu: Float64Array,
  cov: Float64Array,
  options: KellyOptions,
  out: Float64Array,
): Result<{ readonly cash: number }> {
  const { fraction, riskFree, fractionApplies, lower, upper, maxSum } = options;
  if (!(fraction > 0 && Number.isFinite(fraction))) return fail(`Kelly fraction must be above 0, got ${fraction}`);
  const inside = fractionApplies === "inside";
  const answer = growthOptimal(mu, cov, riskFree, inside ? fraction : 1, lower, upper, maxSum);
  if (!answer.ok) return answer;
  let cash = 1;
  for (let i = 0; i < out.length; i++) {
    out[i] = inside ? answer.value[i]! : fraction * answer.value[i]!;
    cash -= out[i]!;
  }
  return ok({ cash });
}

/**
 * Scale at which a base weighting is fractional Kelly: k * w'mu / (w'Cw), the k that normalising would cancel.
 *
 * @param mu [N] expected returns over cash, over the period of cov
 * @returns the multiple of the weights, negative when their expected return is; a reason when they carry no variance
 */
export function kellyLeverage(weights: Float64Array, mu: Float64Array, cov: Float64Array, k: number): Result<number> {
  const gain = dot(weights, mu);
  const variance = portfolioVariance(weights, cov);
  if (!Number.isFinite(gain) || !Number.isFinite(variance)) return fail("weights, mu or covariance have a NaN");
  let scale = 0;
  for (let i = 0; i < weights.length; i++) scale += weights[i]! * weights[i]! * cov[i * weights.length + i]!;
  if (!(variance > 1e-14 * scale)) return fail("the weights carry no variance: no finite Kelly leverage");
  return ok((k * gain) / variance);
}

/** argmax of edge * (mu - rf)'w - 1/2 w'Cw. Cash joins as an asset without risk, which turns the limit into a budget. */
function growthOptimal(
  mu: Float64Array,
  cov: Float64Array,
  riskFree: number,
  edge: number,
  lower: Float64Array,
  upper: Float64Array,
  maxSum: number,
): Result<Float64Array> {
  const n = mu.length;
  const budget = Number.isFinite(maxSum) ? maxSum : 0;
  const quadratic = new Float64Array((n + 1) * (n + 1));
  const linear = new Float64Array(n + 1);
  const low = new Float64Array(n + 1);
  const high = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    linear[i] = edge * (mu[i]! - riskFree);
    low[i] = lower[i]!;
    high[i] = upper[i]!;
    for (let k = 0; k < n; k++) quadratic[i * (n + 1) + k] = cov[i * n + k]!;
  }
  low[n] = Number.isFinite(maxSum) ? 0 : Number.NEGATIVE_INFINITY;
  high[n] = Number.POSITIVE_INFINITY;
  const answer = solveQuadraticProgram({ quadratic, linear, budget, lower: low, upper: high });
  if (!answer.ok) return answer;
  const { x, ridge } = answer.value;
  let open = false;
  for (let i = 0; i < n; i++) open ||= !Number.isFinite(upper[i]!) || !Number.isFinite(lower[i]!);
  if (ridge > 0 && open && !Number.isFinite(maxSum))
    return fail("singular covariance: the unbounded Kelly stake has no finite size");
  return ok(x.subarray(0, n));
}
