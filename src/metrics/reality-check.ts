/** Does the best of many trials beat its benchmark by more than the search explains? White's reality check
 *  (Econometrica 68, 2000, 1097-1126) and Hansen's test for superior predictive ability (SPA; Journal of Business &
 *  Economic Statistics 23, 2005, 365-380), both on the stationary bootstrap of Politis & Romano (1994).
 *  Null hypothesis: no trial has a mean return above the benchmark's. Nothing here is annualised. */
import type { Floats } from "../core/panel.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { Rng } from "../core/rng.ts";
import { drawResample, resampledMeanVariance } from "./bootstrap.ts";
import { ROUNDING_SPREAD } from "./moments.ts";

/** Trials resampled at a time: their sums stay in the processor's cache, and memory does not grow with the trials. */
const LANES = 8;

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
  const bars = checkedBars(trials, benchmark);
  const scaled = new Float64Array(bars);
  const contestants = trials
    .map((trial, place) => ({ place, ...distances(trial, benchmark, meanBlockBars, scaled) }))
    .filter(({ deviation }) => deviation > ROUNDING_SPREAD);
  const P = contestants.length;
  if (P === 0) return fail(`none of ${trials.length} trials has returns that vary against the benchmark`);

  const strongest = contestants.reduce((most, { excess }) => Math.max(most, excess), Number.NEGATIVE_INFINITY);
  const studentised = contestants.reduce((most, { excess, deviation }) => Math.max(most, excess / deviation), 0);
  const poor = -Math.sqrt(2 * Math.log(Math.log(Math.max(bars, Math.E))));
  const stretches = drawStretches(bars, resamples, meanBlockBars, rng);
  const most = {
    white: new Float64Array(resamples).fill(Number.NEGATIVE_INFINITY),
    lower: new Float64Array(resamples),
    consistent: new Float64Array(resamples),
    upper: new Float64Array(resamples),
  };
  const sums = new Float64Array((bars + 1) * LANES);
  const drift = new Float64Array(LANES);
  for (let from = 0; from < P; from += LANES) {
    const group = contestants.slice(from, from + LANES);
    sums.fill(0);
    for (const [lane, { place }] of group.entries()) {
      distances(trials[place]!, benchmark, meanBlockBars, scaled);
      for (let t = 0; t < bars; t++) sums[(t + 1) * LANES + lane] = sums[t * LANES + lane]! + scaled[t]!;
    }
    for (let i = 0; i < resamples; i++) {
      resampledDrift(stretches, i, sums, drift);
      for (let lane = 0; lane < group.length; lane++) {
        const { excess, deviation } = group[lane]!;
        const own = excess / deviation;
        const shift = drift[lane]! / deviation;
        const sunk = shift + own;
        const consistent = own >= poor ? shift : sunk;
        const lower = own >= 0 ? shift : sunk;
        if (drift[lane]! > most.white[i]!) most.white[i] = drift[lane]!;
        if (shift > most.upper[i]!) most.upper[i] = shift;
        if (consistent > most.consistent[i]!) most.consistent[i] = consistent;
        if (lower > most.lower[i]!) most.lower[i] = lower;
      }
    }
  }
  const shareAtLeast = (values: Float64Array, limit: number) =>
    values.reduce((count, value) => count + (value >= limit ? 1 : 0), 0) / resamples;
  return ok({
    trials: P,
    excludedTrials: trials.length - P,
    best: contestants.find(({ excess }) => excess === strongest)!.place,
    realityCheck: shareAtLeast(most.white, strongest),
    spa: {
      lower: shareAtLeast(most.lower, studentised),
      consistent: shareAtLeast(most.consistent, studentised),
      upper: shareAtLeast(most.upper, studentised),
    },
  });
}

function checkedBars(trials: readonly Floats[], benchmark: Floats | null): number {
  const bars = trials[0]?.length ?? 0;
  const odd = trials.findIndex((trial) => trial.length !== bars);
  if (odd >= 0) throw new RangeError(`realityCheck: trial ${odd} has ${trials[odd]!.length} bars, not ${bars}`);
  if (benchmark !== null && trials.length > 0 && benchmark.length !== bars)
    throw new RangeError(`realityCheck: ${bars} returns against ${benchmark.length} of the benchmark`);
  return bars;
}

/** What takes part of one trial: sqrt(n) times its mean over the benchmark, which is what White compares, and the
 *  standard deviation of that over resamples. NaN without a return. */
interface Standing {
  readonly excess: number;
  readonly deviation: number;
}

/** @param out [T] written in full: the trial's distances from its mean over sqrt(n), 0 at a missing bar */
function distances(trial: Floats, benchmark: Floats | null, meanBlockBars: number, out: Float64Array): Standing {
  let count = 0;
  let sum = 0;
  for (let t = 0; t < trial.length; t++) {
    out[t] = trial[t]! - (benchmark === null ? 0 : benchmark[t]!);
    if (!Number.isFinite(out[t]!)) continue;
    count++;
    sum += out[t]!;
  }
  const mean = sum / count;
  const root = Math.sqrt(count);
  for (let t = 0; t < trial.length; t++) out[t] = Number.isFinite(out[t]!) ? (out[t]! - mean) / root : 0;
  // A resample has T bars whatever is missing, and its sum T times the variance of its mean.
  const deviation = trial.length * Math.sqrt(resampledMeanVariance(out, meanBlockBars));
  return { excess: root * mean, deviation: count === 0 ? Number.NaN : deviation };
}

/** Stretches of consecutive bars, resample after resample. */
interface Stretches {
  /** [resamples + 1] where each resample's begin. */
  readonly begin: Int32Array;
  /** First bar of each, and the bar after its last. */
  readonly first: Int32Array;
  readonly past: Int32Array;
}

function drawStretches(bars: number, resamples: number, meanBlockBars: number, rng: Rng): Stretches {
  const order = Float64Array.from({ length: bars }, (_, t) => t);
  const drawn = new Float64Array(bars);
  const begin = new Int32Array(resamples + 1);
  const first: number[] = [];
  const past: number[] = [];
  for (let i = 0; i < resamples; i++) {
    drawResample(order, meanBlockBars, rng, drawn);
    for (let t = 0; t < bars; ) {
      const from = drawn[t++]!;
      let to = from + 1;
      while (t < bars && drawn[t] === to) {
        t++;
        to++;
      }
      first.push(from);
      past.push(to);
    }
    begin[i + 1] = first.length;
  }
  return { begin, first: Int32Array.from(first), past: Int32Array.from(past) };
}

/**
 * sqrt(n) times the distance of each trial's mean on resample i from its mean on the data, for LANES trials.
 *
 * @param sums [(T+1)*LANES] row t: sums of the scaled distances over the bars before t, so that a stretch is the
 *             difference of two rows
 */
function resampledDrift({ begin, first, past }: Stretches, i: number, sums: Float64Array, out: Float64Array): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let e = 0;
  let f = 0;
  let g = 0;
  let h = 0;
  for (let k = begin[i]!; k < begin[i + 1]!; k++) {
    const to = past[k]! * LANES;
    const from = first[k]! * LANES;
    a += sums[to]! - sums[from]!;
    b += sums[to + 1]! - sums[from + 1]!;
    c += sums[to + 2]! - sums[from + 2]!;
    d += sums[to + 3]! - sums[from + 3]!;
    e += sums[to + 4]! - sums[from + 4]!;
    f += sums[to + 5]! - sums[from + 5]!;
    g += sums[to + 6]! - sums[from + 6]!;
    h += sums[to + 7]! - sums[from + 7]!;
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
  out[4] = e;
  out[5] = f;
  out[6] = g;
  out[7] = h;
}
