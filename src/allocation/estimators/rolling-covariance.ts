/** Covariance at every decision bar of a run. Windows that follow one another share most of their rows, so the rows are
 *  cut into blocks of one lookback and each window is the tail of one block joined to the head of the next: rows only
 *  ever join a sum and never leave it, so nothing drifts. Moments are joined by Chan, Golub & LeVeque (1979).
 *  What that cannot serve (gaps, short windows, other estimators) takes `estimateCovariance`, as do decisions too far
 *  apart to gain by it. Which of the two a decision takes, and so its last bits, hangs on nothing that comes later. */
import type { Floats } from "../../core/panel.ts";
import { type CovarianceEstimate, type CovarianceEstimator, estimateCovariance, rowsNeeded } from "./covariance.ts";
import { isRoundingNoise, lambdaOf } from "./decay.ts";

/** Below this many decisions in a lookback the sums of whole windows are as quick. */
const FEWEST_SHARED = 3;
/** Numbers kept for the tails of one block at most (64 MB). */
const MOST_KEPT = 8e6;

/** Weighted means and lower triangle of centred products of the rows added so far. */
interface Moments {
  readonly mean: Float64Array;
  readonly products: Float64Array;
}

/**
 * Calls `visit` once for every decision, in order, with the covariance of the last `lookbackBars` returns.
 *
 * @param returns      [T*N] simple returns, finite or NaN
 * @param assets       N
 * @param spacingBars  bars between decisions as planned, >= 1; a decision's bits are the same whichever others are asked
 *                     for with it
 * @param decisionBars ascending rows of `returns`, spacingBars apart or more; before row lookbackBars - 1 the window is
 *                     what there is
 * @param visit        the decision's place in `decisionBars`, and its estimate over all N columns; the matrix may be
 *                     written over after the call returns. Equals `estimateCovariance` of the window to 1e-10 of the
 *                     volatilities; where a return is missing it is that, so ask for the participants' own window there
 * @throws RangeError when lookbackBars is not a whole number >= 1, a bar is out of range or order, spacingBars is not a
 *                    whole number >= 1, or the decay is not inside (0, 1)
 */
export function rollingCovariance(
  returns: Floats,
  assets: number,
  lookbackBars: number,
  estimator: CovarianceEstimator,
  spacingBars: number,
  decisionBars: Int32Array,
  visit: (decision: number, estimate: CovarianceEstimate) => void,
): void {
  checkBars(returns.length / assets, lookbackBars, spacingBars, decisionBars);
  const triangle = (assets * (assets + 1)) / 2;
  const inBlock = Math.floor(lookbackBars / spacingBars);
  const gains = inBlock >= FEWEST_SHARED && (inBlock + 1) * triangle <= MOST_KEPT;
  const lambda = !gains || lookbackBars < rowsNeeded(estimator, assets) ? null : sharedLambda(estimator);
  const matrix = new Float64Array(assets * assets);
  const row = new Float64Array(assets);
  const head: Moments = { mean: new Float64Array(assets), products: new Float64Array(triangle) };
  const kept: Moments[] = [];
  const weights = lambda === null ? new Float64Array(0) : cumulativeWeights(lambda, lookbackBars);

  let first = 0;
  while (first < decisionBars.length) {
    const start = Math.floor(decisionBars[first]! / lookbackBars) * lookbackBars;
    let past = first;
    while (past < decisionBars.length && decisionBars[past]! < start + lookbackBars) past++;
    const shared = past - first;
    if (lambda === null || start === 0) {
      for (let d = first; d < past; d++)
        visit(d, wholeWindow(returns, assets, lookbackBars, estimator, decisionBars[d]!));
      first = past;
      continue;
    }
    while (kept.length < shared) kept.push({ mean: new Float64Array(assets), products: new Float64Array(triangle) });
    const served = keepTails(
      returns,
      assets,
      lookbackBars,
      decisionBars,
      first,
      past,
      start,
      lambda,
      weights,
      row,
      kept,
    );
    head.mean.fill(0);
    head.products.fill(0);
    let t = start;
    let gap = false;
    for (let d = first; d < past; d++) {
      for (; t <= decisionBars[d]! && !gap; t++) {
        const before = weights[t - start]! * lambda;
        gap = !addRow(returns, t * assets, row, head, lambda, before, 1);
      }
      if (gap || d < served) {
        visit(d, wholeWindow(returns, assets, lookbackBars, estimator, decisionBars[d]!));
        continue;
      }
      const headRows = decisionBars[d]! - start + 1;
      joinMoments(head, kept[d - first]!, weights, headRows, lambda, row, matrix);
      visit(d, { matrix, used: estimator.kind, rows: lookbackBars, warning: null });
    }
    first = past;
  }
}

/** 1 for a sample covariance, lambda for pandas' weighting, null for what has no shared path. */
function sharedLambda(estimator: CovarianceEstimator): number | null {
  if (estimator.kind === "sample") return 1;
  return estimator.kind === "ewma" && estimator.form === "pandas" ? lambdaOf(estimator.decay) : null;
}

/** [lookback + 1] sums of the first k weights 1, lambda, lambda^2, ... */
function cumulativeWeights(lambda: number, lookback: number): Float64Array {
  const sums = new Float64Array(lookback + 1);
  for (let k = 0; k < lookback; k++) sums[k + 1] = sums[k]! + lambda ** k;
  return sums;
}

/** Moments of rows [decision - lookback + 1, start) for every decision of the block, added backwards from the block's
 *  end; returns the first decision whose tail holds no gap. */
function keepTails(
  returns: Floats,
  assets: number,
  lookback: number,
  decisionBars: Int32Array,
  first: number,
  past: number,
  start: number,
  lambda: number,
  weights: Float64Array,
  row: Float64Array,
  kept: readonly Moments[],
): number {
  let t = start - 1;
  for (let d = past - 1; d >= first; d--) {
    const tail = kept[d - first]!;
    const later = kept[d - first + 1];
    if (d === past - 1) {
      tail.mean.fill(0);
      tail.products.fill(0);
    } else {
      tail.mean.set(later!.mean);
      tail.products.set(later!.products);
    }
    for (const from = decisionBars[d]! - lookback + 1; t >= from; t--) {
      const age = start - 1 - t;
      if (!addRow(returns, t * assets, row, tail, 1, weights[age]!, lambda ** age)) return d + 1;
    }
  }
  return first;
}

/**
 * Adds one row of weight `weight` to moments whose weights are multiplied by `decay` first and then sum to `before`
 * (West 1979); false, and nothing done, when a return is missing.
 */
function addRow(
  returns: Floats,
  from: number,
  step: Float64Array,
  { mean, products }: Moments,
  decay: number,
  before: number,
  weight: number,
): boolean {
  let sum = 0;
  for (let n = 0; n < step.length; n++) {
    step[n] = returns[from + n]! - mean[n]!;
    sum += step[n]!;
  }
  if (sum !== sum) return false;
  const share = weight / (before + weight);
  const scale = before * share;
  let cell = 0;
  for (let a = 0; a < step.length; a++) {
    const scaled = scale * step[a]!;
    for (let b = 0; b <= a; b++, cell++) products[cell] = products[cell]! * decay + scaled * step[b]!;
  }
  for (let n = 0; n < step.length; n++) mean[n]! += share * step[n]!;
  return true;
}

/** Covariance of head and tail together, unbiased: weights W, squared weights W2, divisor (W^2 - W2) / W. */
function joinMoments(
  head: Moments,
  tail: Moments,
  weights: Float64Array,
  headRows: number,
  lambda: number,
  apart: Float64Array,
  out: Float64Array,
): void {
  const assets = apart.length;
  const lookback = weights.length - 1;
  const total = weights[lookback]!;
  const fade = lambda ** headRows;
  const tailWeight = weights[lookback - headRows]! * fade;
  const joint = (weights[headRows]! * tailWeight) / total;
  // For a geometric series (W^2 - W2) / W is 2 lambda W' / (1 + lambda), W' one weight short: L - 1 for equal weights.
  const scale = (1 + lambda) / (2 * lambda * weights[lookback - 1]!);
  const share = tailWeight / total;
  for (let n = 0; n < assets; n++) apart[n] = tail.mean[n]! - head.mean[n]!;
  let cell = 0;
  for (let a = 0; a < assets; a++) {
    const scaled = joint * apart[a]!;
    for (let b = 0; b <= a; b++, cell++) {
      const value = scale * (head.products[cell]! + fade * tail.products[cell]! + scaled * apart[b]!);
      out[a * assets + b] = value;
      out[b * assets + a] = value;
    }
  }
  for (let n = 0; n < assets; n++) {
    const mean = head.mean[n]! + share * apart[n]!;
    if (!isRoundingNoise(Math.sqrt(out[n * assets + n]!), Math.abs(mean))) continue;
    for (let b = 0; b < assets; b++) {
      out[n * assets + b] = 0;
      out[b * assets + n] = 0;
    }
  }
}

function wholeWindow(
  returns: Floats,
  assets: number,
  lookback: number,
  estimator: CovarianceEstimator,
  bar: number,
): CovarianceEstimate {
  const from = Math.max(0, bar - lookback + 1);
  const window = returns.subarray(from * assets, (bar + 1) * assets);
  return estimateCovariance({ returns: window, bars: bar + 1 - from, count: assets }, estimator);
}

function checkBars(bars: number, lookback: number, spacing: number, decisionBars: Int32Array): void {
  for (const [name, value] of [
    ["lookbackBars", lookback],
    ["spacingBars", spacing],
  ] as const)
    if (!(Number.isInteger(value) && value >= 1))
      throw new RangeError(`rollingCovariance: ${name} must be a whole number >= 1, got ${value}`);
  let before = -1;
  for (const bar of decisionBars) {
    if (bar <= before || bar >= bars)
      throw new RangeError(`rollingCovariance: decision bar ${bar} follows ${before} and must be below ${bars}`);
    before = bar;
  }
}
