/** How far a statistic of a return series could have come out otherwise: percentile intervals by the stationary
 *  bootstrap of Politis & Romano (1994), which draws blocks of geometric length and so keeps short-run dependence. */
import type { Floats } from "../core/panel.ts";
import type { Rng } from "../core/rng.ts";
import { quantileSorted } from "../math/quantile.ts";

export interface BootstrapOptions {
  /** Source of randomness; equal streams give equal intervals. */
  readonly rng: Rng;
  /** Resampled series, at least 100 to say anything. */
  readonly resamples: number;
  /** Mean length of a block in periods, >= 1; 1 treats the returns as independent. */
  readonly meanBlockBars: number;
  /** Share of the resamples inside the interval, in (0, 1). */
  readonly confidence: number;
}

export interface BootstrapInterval {
  readonly low: number;
  readonly high: number;
  /** Resamples on which the statistic was undefined; they are left out. */
  readonly undefinedResamples: number;
}

/**
 * Percentile interval of `statistic`.
 *
 * @param returns   [T] present returns, in order
 * @param statistic of a resampled series [T], which is overwritten afterwards and must not be kept
 * @returns NaN bounds when there is no return or the statistic is undefined on every resample
 * @throws RangeError when an option is out of range
 */
export function bootstrapInterval(
  returns: Floats,
  statistic: (resample: Floats) => number,
  options: BootstrapOptions,
): BootstrapInterval {
  const { rng, resamples, meanBlockBars, confidence } = options;
  if (!(Number.isInteger(resamples) && resamples >= 1))
    throw new RangeError(`bootstrapInterval: resamples must be a whole number >= 1, got ${resamples}`);
  if (!(meanBlockBars >= 1))
    throw new RangeError(`bootstrapInterval: meanBlockBars must be >= 1, got ${meanBlockBars}`);
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`bootstrapInterval: confidence must be in (0, 1), got ${confidence}`);
  if (returns.length === 0) return { low: Number.NaN, high: Number.NaN, undefinedResamples: resamples };
  const resample = new Float64Array(returns.length);
  const outcomes = new Float64Array(resamples);
  let defined = 0;
  for (let i = 0; i < resamples; i++) {
    drawResample(returns, meanBlockBars, rng, resample);
    const value = statistic(resample);
    if (value === value) outcomes[defined++] = value;
  }
  const sorted = outcomes.subarray(0, defined).sort();
  return {
    low: quantileSorted(sorted, (1 - confidence) / 2),
    high: quantileSorted(sorted, (1 + confidence) / 2),
    undefinedResamples: resamples - defined,
  };
}

/** Blocks begin anywhere with equal chance, go on past the end from the start, and stop with chance 1 / mean length. */
function drawResample(returns: Floats, meanBlockBars: number, rng: Rng, out: Float64Array): void {
  let place = 0;
  for (let t = 0; t < out.length; t++) {
    const fresh = t === 0 || rng.uniform() * meanBlockBars < 1;
    place = fresh ? rng.integer(returns.length) : (place + 1) % returns.length;
    out[t] = returns[place]!;
  }
}
