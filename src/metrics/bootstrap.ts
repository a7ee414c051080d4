/** How far figures of a return series could have come out otherwise: percentile intervals by the stationary
 *  bootstrap of Politis & Romano (1994), which draws blocks of geometric length and so keeps short-run dependence.
 *  Every figure is taken on the same resamples. */
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
  /** Resamples on which the figure was undefined; they are left out. */
  readonly undefinedResamples: number;
}

/**
 * Percentile intervals of several figures of one series.
 *
 * @param returns [T] present returns, in order
 * @param keys    names of the figures, in the order in which `measure` writes them
 * @param measure writes the figures of a resampled series [T] to `out`, NaN = undefined; the series is overwritten
 *                afterwards and must not be kept
 * @returns NaN bounds when there is no return or the figure is undefined on every resample
 * @throws RangeError when an option is out of range
 */
export function bootstrapIntervals<Key extends string>(
  returns: Floats,
  keys: readonly Key[],
  measure: (resample: Floats, out: Float64Array) => void,
  options: BootstrapOptions,
): Readonly<Record<Key, BootstrapInterval>> {
  const { rng, resamples, meanBlockBars, confidence } = options;
  if (!(Number.isInteger(resamples) && resamples >= 1))
    throw new RangeError(`bootstrapIntervals: resamples must be a whole number >= 1, got ${resamples}`);
  if (!(meanBlockBars >= 1))
    throw new RangeError(`bootstrapIntervals: meanBlockBars must be >= 1, got ${meanBlockBars}`);
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`bootstrapIntervals: confidence must be in (0, 1), got ${confidence}`);
  const outcomes = keys.map(() => new Float64Array(resamples).fill(Number.NaN));
  const resample = new Float64Array(returns.length);
  const figures = new Float64Array(keys.length);
  for (let i = 0; i < resamples && returns.length > 0; i++) {
    drawResample(returns, meanBlockBars, rng, resample);
    measure(resample, figures);
    for (let k = 0; k < figures.length; k++) outcomes[k]![i] = figures[k]!;
  }
  const intervals = keys.map((key, k) => [key, percentileInterval(outcomes[k]!, confidence)] as const);
  return Object.fromEntries(intervals) as Record<Key, BootstrapInterval>;
}

/**
 * One stationary-bootstrap resample: blocks begin anywhere with equal chance, have geometric lengths of mean
 * `meanBlockBars`, and go on past the end from the start.
 *
 * @param returns [T] T >= 1
 * @param out     [T] fully written; must not alias `returns`
 */
export function drawResample(returns: Floats, meanBlockBars: number, rng: Rng, out: Float64Array): void {
  const T = returns.length;
  const logContinue = Math.log1p(-1 / meanBlockBars);
  for (let t = 0; t < T; ) {
    let place = rng.integer(T);
    // Inverse of the geometric distribution; 1 - uniform is in (0, 1], and a mean of 1 divides by -Infinity.
    const length = 1 + Math.floor(Math.log(1 - rng.uniform()) / logContinue);
    const end = Math.min(T, t + length);
    // An element at a time: blocks are a few dozen bars long, and set(subarray) would allocate a view for each.
    while (t < end) {
      const run = Math.min(end, t + T - place);
      while (t < run) out[t++] = returns[place++]!;
      place = 0;
    }
  }
}

/**
 * Variance of the mean over stationary-bootstrap resamples, without drawing one: (g0 + 2 sum_j (1 - j/T) (1 - 1/m)^j gj)
 * / T, gj the circular autocovariance at lag j (Politis & Romano 1994, lemma 1), in O(T).
 *
 * @param centred       [T] present values less their mean
 * @param meanBlockBars m >= 1, as drawResample takes it
 * @returns NaN when T = 0; as good as 0 when rounding makes it negative
 */
export function resampledMeanVariance(centred: Floats, meanBlockBars: number): number {
  const T = centred.length;
  const carry = 1 - 1 / meanBlockBars;
  const wholeTurn = carry ** T;
  // Sums of the T - 1 values before bar t, going round, with weights carry^j and j carry^j.
  let near = 0;
  let slope = 0;
  for (let j = 1, weight = carry; j < T; j++, weight *= carry) {
    near += weight * centred[T - j]!;
    slope += j * weight * centred[T - j]!;
  }
  let total = 0;
  for (let t = 0; t < T; t++) {
    const value = centred[t]!;
    total += value * (value + 2 * (near - slope / T));
    const next = t + 1 < T ? centred[t + 1]! : 0;
    slope = carry * (value + near + slope) - T * wholeTurn * next;
    near = carry * (value + near) - wholeTurn * next;
  }
  return Math.max(0, total / T) / T;
}

/** Sorts `outcomes`, NaN last. */
function percentileInterval(outcomes: Float64Array, confidence: number): BootstrapInterval {
  outcomes.sort();
  let defined = outcomes.length;
  while (defined > 0 && Number.isNaN(outcomes[defined - 1]!)) defined--;
  const sorted = outcomes.subarray(0, defined);
  return {
    low: quantileSorted(sorted, (1 - confidence) / 2),
    high: quantileSorted(sorted, (1 + confidence) / 2),
    undefinedResamples: outcomes.length - defined,
  };
}
