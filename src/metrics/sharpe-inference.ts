/** How much of a Sharpe ratio is luck: probabilistic and deflated Sharpe, expected best of many trials, minimum
 *  track record. Bailey & Lopez de Prado, "The Sharpe Ratio Efficient Frontier" (2012) and "The Deflated Sharpe
 *  Ratio" (2014). Every Sharpe ratio in this file is per period, not annualised. quantstats' PSR subtracts 3 from an
 *  already excess kurtosis and so differs from the paper and from this. */
import type { Floats } from "../core/panel.ts";
import { normalCdf, normalQuantile } from "../math/normal.ts";
import { type Moments, moments, standardDeviation } from "./moments.ts";
import { quotient } from "./ratios.ts";

const EULER_MASCHERONI = 0.5772156649015329;

/** What the inference needs to know of one return series. */
export interface SharpeSample {
  /** Mean / standard deviation (ddof 1) per period. */
  readonly sharpe: number;
  readonly periods: number;
  /** Biased skewness. */
  readonly skewness: number;
  /** Biased excess kurtosis, 0 for a normal sample. */
  readonly excessKurtosis: number;
}

/** The sample behind one series of present excess returns; members are NaN where the series leaves them undefined. */
export function sharpeSample(excess: Floats): SharpeSample {
  return sampleFromMoments(moments(excess), 0);
}

/** As sharpeSample, from the moments of the returns before `ratePerPeriod` is taken off: it shifts the mean alone. */
export function sampleFromMoments(shape: Moments, ratePerPeriod: number): SharpeSample {
  return {
    sharpe: quotient(shape.mean - ratePerPeriod, shape.deviation),
    periods: shape.count,
    skewness: shape.skewness,
    excessKurtosis: shape.excessKurtosis,
  };
}

/**
 * P(true Sharpe > threshold): PHI((SR - SR*) sqrt(n - 1) / sqrt(1 - g3 SR + (g4 - 1)/4 SR^2)), g4 not excess.
 *
 * @param threshold SR* per period
 * @returns in [0, 1]; NaN when the Sharpe is undefined or the variance of its estimator is not positive
 */
export function probabilisticSharpe(sample: SharpeSample, threshold = 0): number {
  const variance = estimatorVariance(sample);
  if (!(variance > 0)) return Number.NaN;
  return normalCdf(((sample.sharpe - threshold) * Math.sqrt(sample.periods - 1)) / Math.sqrt(variance));
}

/**
 * Expected maximum of the Sharpe ratios of `trials` independent strategies without skill:
 * sqrt(V) ((1 - gamma) PHI^-1(1 - 1/N) + gamma PHI^-1(1 - 1/(N e))).
 *
 * @param trialVariance V, variance of the Sharpe ratios per period across the trials
 * @param trials        N >= 1, may be fractional (an effective number); with a single trial nothing was selected and the
 *                      answer is 0, as it is just above 1, where the approximation would go below it
 * @returns per period; NaN when trials < 1 or the variance is negative
 */
export function expectedMaxSharpe(trialVariance: number, trials: number): number {
  if (!(trials >= 1 && trialVariance >= 0)) return Number.NaN;
  if (trials === 1) return 0;
  const median = (1 - EULER_MASCHERONI) * normalQuantile(1 - 1 / trials);
  const tail = EULER_MASCHERONI * normalQuantile(1 - 1 / (trials * Math.E));
  return Math.sqrt(trialVariance) * Math.max(0, median + tail);
}

/**
 * Deflated Sharpe ratio: the probability that the true Sharpe exceeds what the best of `trials` skill-less
 * strategies would have shown.
 *
 * @param trialVariance as expectedMaxSharpe
 * @param trials        as expectedMaxSharpe
 * @returns in [0, 1]; NaN where probabilisticSharpe or expectedMaxSharpe is
 */
export function deflatedSharpe(sample: SharpeSample, trialVariance: number, trials: number): number {
  return probabilisticSharpe(sample, expectedMaxSharpe(trialVariance, trials));
}

/** The best of many trials, and what is left of it once the search is allowed for. */
export interface DeflatedBest {
  /** Trials with a Sharpe ratio: those that could have been chosen. */
  readonly trials: number;
  /** N that the Sharpe ratio was deflated with: the same, or the effective number. */
  readonly effectiveTrials: number;
  /** V: variance (ddof 1) of the Sharpe ratios per period across the trials; 0 for a single one. */
  readonly trialVariance: number;
  /** Sharpe ratio per period that the best of N trials without skill is expected to show. */
  readonly expectedMaxSharpe: number;
  /** P(true Sharpe > 0), as if there had been no other trial. */
  readonly probabilisticSharpe: number;
  /** P(true Sharpe > expectedMaxSharpe). */
  readonly deflatedSharpe: number;
  /** Periods before P(true Sharpe > expectedMaxSharpe) reaches 95%; NaN when the Sharpe ratio is not above it, and none will do. */
  readonly minimumTrackRecord: number;
}

/**
 * The chosen trial against all trials ever run on the same data.
 *
 * @param best            sample of the trial that was chosen
 * @param sharpes         [P] Sharpe ratio per period, not annualised, of every trial, the chosen one and those of earlier
 *                        searches included; NaN = undefined, such a trial could not be chosen and is not counted
 * @param effectiveTrials how many independent trials they amount to, as effectiveTrials finds; at least 1, without it
 *                        each counts as one
 * @returns NaN members where they are undefined, all but the counts when no trial has a Sharpe ratio
 */
export function deflateBest(best: SharpeSample, sharpes: Floats, effectiveTrials?: number): DeflatedBest {
  const defined = Float64Array.from(sharpes as unknown as ArrayLike<number>).filter((sharpe) => sharpe === sharpe);
  const trials = defined.length;
  const trialVariance = trials === 1 ? 0 : standardDeviation(defined) ** 2;
  const counted = effectiveTrials ?? trials;
  const threshold = expectedMaxSharpe(trialVariance, counted);
  return {
    trials,
    effectiveTrials: counted,
    trialVariance,
    expectedMaxSharpe: threshold,
    probabilisticSharpe: probabilisticSharpe(best),
    deflatedSharpe: probabilisticSharpe(best, threshold),
    minimumTrackRecord: best.sharpe > threshold ? minimumTrackRecord(best, threshold) : Number.NaN,
  };
}

/**
 * Periods needed before P(true Sharpe > threshold) reaches `confidence`, the shape of the sample kept:
 * 1 + (1 - g3 SR + (g4 - 1)/4 SR^2) (PHI^-1(confidence) / (SR - SR*))^2. For a Sharpe below the threshold the same
 * number is what P(true Sharpe < threshold) needs, so look at the sign of the difference first.
 *
 * @returns periods, not rounded; NaN when the Sharpe equals the threshold or is undefined
 */
export function minimumTrackRecord(sample: SharpeSample, threshold = 0, confidence = 0.95): number {
  const variance = estimatorVariance(sample);
  if (!(variance > 0)) return Number.NaN;
  return 1 + variance * quotient(normalQuantile(confidence), sample.sharpe - threshold) ** 2;
}

/** Variance of the Sharpe estimator times n - 1. */
function estimatorVariance(sample: SharpeSample): number {
  const { sharpe, skewness, excessKurtosis } = sample;
  return 1 - skewness * sharpe + ((excessKurtosis + 2) / 4) * sharpe * sharpe;
}
