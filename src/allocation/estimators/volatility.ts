/** Volatility of each participant over the returns it has, per bar, not annualised. A spread that is only rounding
 *  around a constant is exactly 0. */
import type { SleeveWindow } from "../weighting.ts";
import { type Decay, isRoundingNoise, lambdaOf } from "./decay.ts";

export type VolatilityEstimator =
  /** Standard deviation, ddof 1. */
  | { readonly kind: "sample" }
  /** Root of pandas' `ewm(adjust=True).var(bias=False)`, the returns present taken as consecutive. */
  | { readonly kind: "ewma"; readonly decay: Decay }
  /** sqrt(mean of min(r - target, 0)^2) over all returns present, those above the target counting as 0 (Sortino). */
  | { readonly kind: "downside"; readonly targetReturn: number };

/**
 * @param window NaN returns are left out, column by column
 * @param columns participants, as positions in the window; all of it without them
 * @param out    [count] per bar, fraction; NaN for fewer than two returns (downside: for none)
 * @throws RangeError for a decay outside (0, 1)
 */
export function estimateVolatilities(
  window: SleeveWindow,
  estimator: VolatilityEstimator,
  out: Float64Array,
  columns?: readonly number[],
): void {
  if (estimator.kind === "downside") downsideDeviations(window, estimator.targetReturn, out, columns);
  else weightedVolatilities(window, estimator.kind === "ewma" ? lambdaOf(estimator.decay) : 1, out, columns);
}

/** Standard deviation of each column, ddof 1; NaN for fewer than two returns. */
export function sampleVolatilities(window: SleeveWindow, out: Float64Array, columns?: readonly number[]): void {
  weightedVolatilities(window, 1, out, columns);
}

/** Weight lambda^k for the k-th return counted back; lambda = 1 is the sample standard deviation. */
function weightedVolatilities(
  { returns, bars, count }: SleeveWindow,
  lambda: number,
  out: Float64Array,
  columns?: readonly number[],
): void {
  const taken = columns?.length ?? count;
  for (let k = 0; k < taken; k++) {
    const n = columns === undefined ? k : columns[k]!;
    let weight = 1;
    let total = 0;
    let squaredWeights = 0;
    let mean = 0;
    let moment = 0;
    let present = 0;
    let largest = 0;
    // Newest first; the weighted form of Welford's update (West 1979).
    for (let i = (bars - 1) * count + n; i >= 0; i -= count) {
      const r = returns[i]!;
      if (r !== r) continue;
      present++;
      total += weight;
      squaredWeights += weight * weight;
      const step = r - mean;
      mean += (step * weight) / total;
      moment += weight * step * (r - mean);
      weight *= lambda;
      largest = Math.max(largest, Math.abs(r));
    }
    const deviation = Math.sqrt((moment * total) / (total * total - squaredWeights));
    out[k] = present < 2 ? Number.NaN : isRoundingNoise(deviation, largest) ? 0 : deviation;
  }
}

function downsideDeviations(
  { returns, bars, count }: SleeveWindow,
  target: number,
  out: Float64Array,
  columns?: readonly number[],
): void {
  const taken = columns?.length ?? count;
  for (let k = 0; k < taken; k++) {
    const n = columns === undefined ? k : columns[k]!;
    let squares = 0;
    let present = 0;
    for (let i = n; i < bars * count; i += count) {
      const r = returns[i]!;
      if (r !== r) continue;
      present++;
      if (r < target) squares += (r - target) * (r - target);
    }
    out[k] = present > 0 ? Math.sqrt(squares / present) : Number.NaN;
  }
}
