/** Does the best of many trials beat its benchmark by more than the search explains? White's reality check
 *  (Econometrica 68, 2000, 1097-1126) and Hansen's test for superior predictive ability (SPA; Journal of Business &
 *  Economic Statistics 23, 2005, 365-380), both on the stationary bootstrap of Politis & Romano (1994).
 *  Null hypothesis: no trial has a mean return above the benchmark's. Nothing here is annualised. */
import type { Floats } from "../core/panel.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { Rng } from "../core/rng.ts";
import { drawResample, resampledMeanVariance } from "./bootstrap.ts";
import { ROUNDING_SPREAD } from "./moments.ts";

export interface RealityCheckOptions {
  /** Source of randomness; equal streams give equal p-values. */
  readonly rng: Rng;
  /** Resamples, at least 100 to say anything; a p-value is a multiple of 1 / resamples. */
  readonly resamples: number;
  /** Mean length of a block in bars, >= 1; the cube root of T is usual. */
  readonly meanBlockBars: number;
}

export interface RealityCheck {
  /** Trials that took part. */
  readonly trials: number;
  /** Trials left out: fewer than two returns, or a constant difference to the benchmark. */
  readonly excludedTrials: number;
  /** Position of the trial with the highest mean over the benchmark, the first among equals. */
  readonly best: number;
  /** White's p-value: each trial counts with its mean, so that volatile and poor trials cost power. */
  readonly realityCheck: number;
  /** Hansen's p-values, the trials studentised. */
  readonly spa: {
    /** Trials below the benchmark count with their own mean: liberal. */
    readonly lower: number;
    /** Those further below it than sqrt(2 log log T) deviations do, the others as if equal to it: the one to report. */
    readonly consistent: number;
    /** Every trial counts as if it were equal to the benchmark: conservative. */
    readonly upper: number;
  };
}

/**
 * p-values of the best of P trials against a benchmark. A resample whose statistic equals that of the data speaks for
 * the null hypothesis, so that trials all below their benchmark have p = 1.
 *
 * A missing return is missing for its own trial alone: its mean is over its own bars, and in a resample a bar that it
 * has no return at tells nothing about it (it counts with the mean).
 *
 * @param trials    P series [T], simple returns over the same bars, fraction; NaN or infinite = missing
 * @param benchmark [T] returns over the same bars, taken off each trial; null = cash, 0
 * @returns a failure when no trial is left
 * @throws RangeError when the series differ in length, or an option is out of range
 */
export function realityCheck(
  trials: readonly Floats[],
  benchmark: Floats | null,
  options: RealityCheckOptions,
): Result<RealityCheck> {
  const { rng, resamples, meanBlockBars } = options;
  if (!(Number.isInteger(resamples) && resamples >= 1))
    throw new RangeError(`realityCheck: resamples must be a whole number >= 1, got ${resamples}`);
  if (!(meanBlockBars >= 1)) throw new RangeError(`realityCheck: meanBlockBars must be >= 1, got ${meanBlockBars}`);
  const contest = enter(trials, benchmark, meanBlockBars);
  const P = contest.places.length;
  if (P === 0) return fail(`none of ${trials.length} trials has returns that vary against the benchmark`);

  const bars = trials[0]!.length;
  const own = Float64Array.from(contest.excess, (excess, p) => excess / contest.deviation[p]!);
  const strongest = contest.excess.reduce((most, excess) => Math.max(most, excess));
  const studentised = own.reduce((most, ratio) => Math.max(most, ratio), 0);
  const poor = -Math.sqrt(2 * Math.log(Math.log(Math.max(bars, Math.E))));
  const atLeast = { white: 0, lower: 0, consistent: 0, upper: 0 };
  const drift = new Float64Array(P);
  const order = Float64Array.from({ length: bars }, (_, t) => t);
  const drawn = new Float64Array(bars);
  for (let i = 0; i < resamples; i++) {
    drawResample(order, meanBlockBars, rng, drawn);
    resampledDrift(drawn, contest, drift);
    let white = Number.NEGATIVE_INFINITY;
    let lower = 0;
    let consistent = 0;
    let upper = 0;
    for (let p = 0; p < P; p++) {
      if (drift[p]! > white) white = drift[p]!;
      const shift = drift[p]! / contest.deviation[p]!;
      const sunk = shift + own[p]!;
      if (shift > upper) upper = shift;
      if ((own[p]! >= poor ? shift : sunk) > consistent) consistent = own[p]! >= poor ? shift : sunk;
      if ((own[p]! >= 0 ? shift : sunk) > lower) lower = own[p]! >= 0 ? shift : sunk;
    }
    if (white >= strongest) atLeast.white++;
    if (lower >= studentised) atLeast.lower++;
    if (consistent >= studentised) atLeast.consistent++;
    if (upper >= studentised) atLeast.upper++;
  }
  return ok({
    trials: P,
    excludedTrials: trials.length - P,
    best: contest.places[contest.excess.indexOf(strongest)]!,
    realityCheck: atLeast.white / resamples,
    spa: {
      lower: atLeast.lower / resamples,
      consistent: atLeast.consistent / resamples,
      upper: atLeast.upper / resamples,
    },
  });
}

/** The P trials that take part, n_p returns each. */
interface Contest {
  /** [P] positions among the trials given. */
  readonly places: readonly number[];
  /** [P] sqrt(n_p) times the mean over the benchmark: what White compares. */
  readonly excess: Float64Array;
  /** [P] standard deviation of the same over resamples. */
  readonly deviation: Float64Array;
  /** [(T+1)*P] row t: sums over the bars before t of the distances from the mean, over sqrt(n_p). */
  readonly sums: Float64Array;
}

function enter(trials: readonly Floats[], benchmark: Floats | null, meanBlockBars: number): Contest {
  const bars = trials[0]?.length ?? 0;
  const odd = trials.findIndex((trial) => trial.length !== bars);
  if (odd >= 0) throw new RangeError(`realityCheck: trial ${odd} has ${trials[odd]!.length} bars, not ${bars}`);
  if (benchmark !== null && trials.length > 0 && benchmark.length !== bars)
    throw new RangeError(`realityCheck: ${bars} returns against ${benchmark.length} of the benchmark`);
  const entries = trials.map((trial, place) => ({ place, ...distances(trial, benchmark, meanBlockBars) }));
  const inside = entries.filter(({ deviation }) => deviation > ROUNDING_SPREAD);
  const P = inside.length;
  const sums = new Float64Array((bars + 1) * P);
  for (let p = 0; p < P; p++) {
    const { scaled } = inside[p]!;
    for (let t = 0; t < bars; t++) sums[(t + 1) * P + p] = sums[t * P + p]! + scaled[t]!;
  }
  return {
    places: inside.map(({ place }) => place),
    excess: Float64Array.from(inside, ({ excess }) => excess),
    deviation: Float64Array.from(inside, ({ deviation }) => deviation),
    sums,
  };
}

/** One trial's distances from its mean over sqrt(n), 0 at a missing bar, and their deviation; NaN without a return. */
function distances(
  trial: Floats,
  benchmark: Floats | null,
  meanBlockBars: number,
): { readonly scaled: Float64Array; readonly excess: number; readonly deviation: number } {
  const scaled = new Float64Array(trial.length);
  let count = 0;
  let sum = 0;
  for (let t = 0; t < trial.length; t++) {
    scaled[t] = trial[t]! - (benchmark === null ? 0 : benchmark[t]!);
    if (!Number.isFinite(scaled[t]!)) continue;
    count++;
    sum += scaled[t]!;
  }
  const mean = sum / count;
  const root = Math.sqrt(count);
  for (let t = 0; t < trial.length; t++) scaled[t] = Number.isFinite(scaled[t]!) ? (scaled[t]! - mean) / root : 0;
  // A resample has T bars whatever is missing, and its sum T times the variance of its mean.
  const deviation = trial.length * Math.sqrt(resampledMeanVariance(scaled, meanBlockBars));
  return { scaled, excess: root * mean, deviation: count === 0 ? Number.NaN : deviation };
}

/**
 * sqrt(n) times the distance of each trial's mean on a resample from its mean on the data.
 *
 * @param drawn [T] bars of the resample; a stretch of consecutive ones is the difference of two rows of sums
 */
function resampledDrift(drawn: Float64Array, { places, sums }: Contest, out: Float64Array): void {
  const P = places.length;
  out.fill(0);
  for (let t = 0; t < drawn.length; ) {
    const first = drawn[t++]!;
    let past = first + 1;
    while (t < drawn.length && drawn[t] === past) {
      t++;
      past++;
    }
    for (let p = 0; p < P; p++) out[p] = out[p]! + (sums[past * P + p]! - sums[first * P + p]!);
  }
}
