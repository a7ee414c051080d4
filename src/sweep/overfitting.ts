/** How much of the best trial is the luck of many tries, from the returns of all. Kept in the cache by the trials it is
 *  about: it takes longer than the trials themselves. */
import { hashFloats, hashValue } from "../core/hash.ts";
import type { Floats } from "../core/panel.ts";
import { createRng } from "../core/rng.ts";
import type { OverfittingRecord } from "../core/sweep-record.ts";
import { codeVersion } from "../experiment/code-version.ts";
import type { StageCache } from "../experiment/stage-cache.ts";
import { backtestOverfitting } from "../metrics/backtest-overfitting.ts";
import { effectiveTrials } from "../metrics/effective-trials.ts";
import { realityCheck } from "../metrics/reality-check.ts";
import { equityReturns, presentReturns } from "../metrics/returns.ts";
import { deflateBest, sharpeSample } from "../metrics/sharpe-inference.ts";
import { halfSplits } from "../metrics/split-moments.ts";

const BLOCKS = 16;
const RESAMPLES = 1000;

export interface OverfittingContext {
  readonly cache: StageCache;
  /** Key of every trial, in the order of the equities. */
  readonly keys: readonly string[];
  /** Of the resampling. The keys need not say it: where it is an axis, each trial has its own. */
  readonly seed: number;
  readonly riskFreePerBar: number;
  /** Whether to cluster the trials for their effective number. */
  readonly clusters: boolean;
  /** Trials run on these data before, by whatever sweep or run; those with the same returns as one of these count once. */
  readonly earlier: readonly EarlierTrial[];
}

export interface EarlierTrial {
  readonly returnsHash: string | null;
  /** Per bar, not annualised; NaN = undefined. */
  readonly sharpe: number;
}

/**
 * Trials with the same returns are one: no config was tried by writing it down twice.
 *
 * @param equities P series [T] over the same bars, the chosen trial's first; trials may share one
 * @returns null with fewer than two different trials, earlier ones included; with one of its own, what asks for a choice
 *          among several is NaN
 */
export function overfitting(
  equities: readonly Floats[],
  { cache, keys, seed, riskFreePerBar, clusters, earlier }: OverfittingContext,
): OverfittingRecord | null {
  const own = new Map<string, Floats>();
  for (const equity of new Set(equities)) {
    const series = equityReturns(equity);
    const hash = hashFloats([["returns", series]]);
    if (!own.has(hash)) own.set(hash, series);
  }
  const returns = [...own.values()];
  const others = earlier
    .filter(({ returnsHash }) => returnsHash === null || !own.has(returnsHash))
    .map(({ sharpe }) => sharpe);
  if (returns.length === 0 || returns.length + others.length < 2) return null;
  const key = hashValue(["overfitting", codeVersion().codeHash, seed, keys, riskFreePerBar, clusters, others]);
  const known = cache.read(key);
  if (known !== undefined) return known as OverfittingRecord;
  const sharpes = Float64Array.from([
    ...returns.map((series) => sharpeSample(excessReturns(series, riskFreePerBar)).sharpe),
    ...others,
  ]);
  const chosen = sharpeSample(excessReturns(returns[0]!, riskFreePerBar));
  const best = deflateBest(chosen, sharpes);
  const effective = clusters ? effectiveNumber(returns, others) : Number.NaN;
  const cscv = backtestOverfitting(returns, BLOCKS);
  const meanBlockBars = Math.max(1, Math.round(Math.cbrt(returns[0]!.length)));
  const rng = createRng(seed).fork("overfitting");
  const check = realityCheck(returns, null, { rng, resamples: RESAMPLES, meanBlockBars });
  const unknown = Number.NaN;
  const record: OverfittingRecord = {
    trials: best.trials,
    effectiveTrials: effective,
    sharpeVariance: best.trialVariance,
    probabilisticSharpe: best.probabilisticSharpe,
    deflatedSharpe: best.deflatedSharpe,
    deflatedSharpeEffective: clusters ? deflateBest(chosen, sharpes, effective).deflatedSharpe : unknown,
    minimumTrackRecord: best.minimumTrackRecord,
    pbo: cscv.ok ? cscv.value.probabilityOfOverfitting : unknown,
    blocks: BLOCKS,
    splits: cscv.ok ? halfSplits(BLOCKS) : 0,
    probabilityOfLoss: cscv.ok ? cscv.value.probabilityOfLoss : unknown,
    degradationSlope: cscv.ok ? cscv.value.degradation.slope : unknown,
    degradationIntercept: cscv.ok ? cscv.value.degradation.intercept : unknown,
    logits: cscv.ok ? cscv.value.logits : new Float64Array(0),
    realityCheck: check.ok ? check.value.realityCheck : unknown,
    superiorAbility: check.ok ? check.value.spa.consistent : unknown,
  };
  cache.write(key, record);
  return record;
}

/** Clusters of the returns; earlier trials left no returns behind, and each with a Sharpe ratio counts as one. */
function effectiveNumber(returns: readonly Floats[], others: readonly number[]): number {
  const defined = others.filter((sharpe) => sharpe === sharpe).length;
  return Math.max(1, effectiveTrials(returns).effective + defined);
}

/** The present returns less what cash earned. */
function excessReturns(returns: Floats, riskFreePerBar: number): Float64Array {
  const excess = presentReturns(returns);
  for (let t = 0; t < excess.length; t++) excess[t] = excess[t]! - riskFreePerBar;
  return excess;
}
