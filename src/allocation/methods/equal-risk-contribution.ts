/** Risk budgeting weights: w_i (C w)_i / w'Cw = b_i, equal b by default (equal risk contribution; Maillard, Roncalli &
 *  Teiletche 2010). Spinu (2013): the minimiser of 1/2 y'Ry - sum b_i ln y_i, R the correlation, rescaled to
 *  w = y / sigma / sum; found by damped Newton, which for this self-concordant form converges from anywhere.
 *  An asset with zero variance or zero budget gets weight 0. Long only, budget 1, no caps: those are a projection. */
import { fail, ok, type Result } from "../../core/result.ts";
import { portfolioVariance } from "../weight-bounds.ts";

export interface RiskContributionReport {
  /** sqrt(w'Cw), period of cov */
  readonly volatility: number;
  readonly iterations: number;
}

/** Working memory for up to `capacity` assets; holds nothing between calls. */
export interface RiskContributionScratch {
  readonly capacity: number;
  readonly share: Float64Array;
  readonly sigma: Float64Array;
  readonly y: Float64Array;
  readonly product: Float64Array;
  readonly move: Float64Array;
  readonly correlation: Float64Array;
  readonly factor: Float64Array;
}

export function createRiskContributionScratch(capacity: number): RiskContributionScratch {
  const vector = () => new Float64Array(capacity);
  return {
    capacity,
    share: vector(),
    sigma: vector(),
    y: vector(),
    product: vector(),
    move: vector(),
    correlation: new Float64Array(capacity * capacity),
    factor: new Float64Array(capacity * capacity),
  };
}

const MAX_ITERATIONS = 200;
/** Added to R's diagonal when it has a riskless long-only mix, along which the convex form has no minimum. */
const RIDGE = 1e-8;

/**
 * @param cov     [N*N] symmetric positive semidefinite, any period
 * @param out     [N] written in full when ok, else untouched: weights >= 0 that sum to 1
 * @param budgets [N] shares of risk >= 0, rescaled to sum 1; left out = equal
 * @param scratch without it one is made; pass one where many small problems are solved
 * @returns a reason when a value is NaN, a budget negative, or no asset with a budget has variance
 */
export function equalRiskContributionWeights(
  cov: Float64Array,
  out: Float64Array,
  budgets?: Float64Array,
  scratch: RiskContributionScratch = createRiskContributionScratch(out.length),
): Result<RiskContributionReport> {
  const n = out.length;
  if (scratch.capacity < n) throw new RangeError(`scratch holds ${scratch.capacity} assets, got ${n}`);
  if (cov.length !== n * n) throw new RangeError(`cov has ${cov.length} cells, expected ${n * n}`);
  for (let i = 0; i < cov.length; i++)
    if (!Number.isFinite(cov[i]!)) return fail(`covariance is ${cov[i]} at row ${Math.floor(i / n)}`);
  const members: number[] = [];
  let total = 0;
  for (let i = 0; i < n; i++) {
    const budget = budgets === undefined ? 1 : budgets[i]!;
    if (!(budget >= 0 && Number.isFinite(budget))) return fail(`risk budget of asset ${i} is ${budget}`);
    if (!(cov[i * n + i]! > 0) || budget === 0) continue;
    members.push(i);
    total += budget;
  }
  const k = members.length;
  if (k === 0) return fail("no asset with a risk budget has a positive variance");

  const { share, sigma, y, correlation } = scratch;
  for (let a = 0; a < k; a++) {
    share[a] = (budgets === undefined ? 1 : budgets[members[a]!]!) / total;
    sigma[a] = Math.sqrt(cov[members[a]! * n + members[a]!]!);
  }
  for (let a = 0; a < k; a++)
    for (let b = 0; b < k; b++)
      correlation[a * k + b] = a === b ? 1 : cov[members[a]! * n + members[b]!]! / (sigma[a]! * sigma[b]!);

  let iterations = newton(k, 1e-11, scratch);
  if (iterations < 0) {
    for (let a = 0; a < k; a++) correlation[a * k + a] = 1 + RIDGE;
    iterations = newton(k, 1e-5, scratch);
    if (iterations < 0) return fail("risk budgets not met: the covariance is not positive semidefinite");
  }
  let sum = 0;
  for (let a = 0; a < k; a++) sum += y[a]! / sigma[a]!;
  out.fill(0);
  for (let a = 0; a < k; a++) out[members[a]!] = y[a]! / sigma[a]! / sum;
  return ok({ volatility: Math.sqrt(Math.max(portfolioVariance(out, cov), 0)), iterations });
}

/** Minimiser of 1/2 y'Ry - sum b ln y into y, R the correlation of k assets and b their share; -1 when there is none to
 *  be found. It stops at relative budget errors of 1e-14, or of `settled` when rounding lets them fall no further. */
function newton(
  k: number,
  settled: number,
  { correlation: R, share: b, y, product, move, factor }: RiskContributionScratch,
): number {
  for (let a = 0; a < k; a++) y[a] = Math.sqrt(b[a]!);
  multiply(k, R, y, product);
  let risk = 0;
  let size = 0;
  for (let a = 0; a < k; a++) {
    risk += y[a]! * product[a]!;
    size += y[a]! * y[a]!;
  }
  if (!(risk > 1e-11 * size)) return -1;
  // Along this ray the minimum is where y'Ry = sum b = 1.
  for (let a = 0; a < k; a++) y[a] = y[a]! / Math.sqrt(risk);
  let previous = Number.POSITIVE_INFINITY;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    multiply(k, R, y, product);
    let error = 0;
    let largest = 0;
    for (let a = 0; a < k; a++) {
      error = Math.max(error, Math.abs(y[a]! * product[a]! - b[a]!) / b[a]!);
      largest = Math.max(largest, y[a]!);
      move[a] = b[a]! / y[a]! - product[a]!;
    }
    if (error <= 1e-14 || (error <= settled && error >= previous)) return iteration;
    if (largest > 1e7 || error !== error) return -1;
    previous = error;
    if (!newtonStep(k, R, b, y, factor, move)) return -1;
    // Nesterov's damping with the largest relative change of a coordinate, which also keeps y positive.
    let relative = 0;
    for (let a = 0; a < k; a++) relative = Math.max(relative, Math.abs(move[a]! / y[a]!));
    const length = relative < 0.3 ? 1 : 1 / (1 + relative);
    for (let a = 0; a < k; a++) y[a] = y[a]! + length * move[a]!;
  }
  return -1;
}

/** Solves (R + diag(b / y^2)) x = move in place. */
function newtonStep(
  k: number,
  R: Float64Array,
  b: Float64Array,
  y: Float64Array,
  factor: Float64Array,
  move: Float64Array,
): boolean {
  for (let i = 0; i < k; i++) {
    const row = i * k;
    let z = move[i]!;
    for (let c = 0; c < i; c++) {
      const rowC = c * k;
      let value = R[row + c]!;
      for (let m = 0; m < c; m++) value -= factor[row + m]! * factor[rowC + m]!;
      value /= factor[rowC + c]!;
      factor[row + c] = value;
      z -= value * move[c]!;
    }
    let pivot = R[row + i]! + b[i]! / (y[i]! * y[i]!);
    for (let m = 0; m < i; m++) pivot -= factor[row + m]! * factor[row + m]!;
    if (!(pivot > 0)) return false;
    factor[row + i] = Math.sqrt(pivot);
    move[i] = z / factor[row + i]!;
  }
  for (let i = k - 1; i >= 0; i--) {
    const row = i * k;
    const value = move[i]! / factor[row + i]!;
    move[i] = value;
    for (let c = 0; c < i; c++) move[c] = move[c]! - factor[row + c]! * value;
  }
  return true;
}

function multiply(k: number, matrix: Float64Array, x: Float64Array, out: Float64Array): void {
  for (let i = 0; i < k; i++) {
    let sum = 0;
    for (let c = 0; c < k; c++) sum += matrix[i * k + c]! * x[c]!;
    out[i] = sum;
  }
}
