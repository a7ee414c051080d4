/** Walk-forward optimisation: a config chosen on each training window and run on the bars after it, the whole as one account
 *  out of sample. The trials have run already; only those that were chosen decide once more. */
import { hashFloats, hashValue } from "../core/hash.ts";
import type { Floats } from "../core/panel.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { createRng } from "../core/rng.ts";
import type { AxisValue } from "../core/sweep-record.ts";
import type {
  AxisSteadiness,
  ForwardAccount,
  OptimisedWindow,
  WalkForwardRecord,
} from "../core/walk-forward-record.ts";
import { codeVersion } from "../experiment/code-version.ts";
import type { DecisionInputs } from "../experiment/decision-inputs.ts";
import type { ExperimentConfig } from "../experiment/schema.ts";
import type { StageCache } from "../experiment/stage-cache.ts";
import { type WalkForwardBlock, windowMetric } from "../experiment/sweep-schema.ts";
import type { TrainingOptions } from "../experiment/train-models.ts";
import { METRICS } from "../metrics/catalogue.ts";
import { headlineIntervals } from "../metrics/intervals.ts";
import { equityReturns } from "../metrics/returns.ts";
import { type SummaryOptions, summarise, tradingMetrics } from "../metrics/summary.ts";
import type { PlannedTrial } from "./plan-sweep.ts";
import { decideTrials, type TrialDecisions } from "./trial-decisions.ts";
import { type Leg, runLegs } from "./walk-forward-account.ts";
import {
  chooseOnWindows,
  firstTradedBar,
  measuredOn,
  type WindowPolicy,
  type WindowTrial,
  walkForwardWindows,
  windowMeasure,
} from "./walk-forward-windows.ts";

/** A trial that is done. */
export interface ForwardTrial {
  readonly planned: PlannedTrial;
  /** [T] */
  readonly equity: Float64Array;
}

export interface ForwardContext {
  /** With a `walk_forward` block in its sweep. */
  readonly config: ExperimentConfig;
  readonly inputs: DecisionInputs;
  readonly training: TrainingOptions;
  readonly cache: StageCache;
}

/**
 * @param trials in order of index
 * @returns why there is none: the trials leave fewer bars than one window, or none of them ever has the metric
 */
export async function walkForwardOptimisation(
  trials: readonly ForwardTrial[],
  { config, inputs, training, cache }: ForwardContext,
): Promise<Result<WalkForwardRecord>> {
  const block = config.sweep!;
  const { market, periodsPerYear } = inputs;
  const bars = market.axes.time.length;
  const policy = windowPolicy(block.walk_forward!);
  const key = hashValue([
    "walk_forward",
    codeVersion().codeHash,
    trials.map(({ planned: { index, keys, values } }) => [index, keys!.trial, values.map((value) => value ?? null)]),
    [policy, windowMetric(block), config.seed, config.metrics.risk_free],
  ]);
  const known = cache.read(key);
  if (known !== undefined) return ok(known as WalkForwardRecord);

  const different = differentTrials(trials);
  const start = firstTradedBar(different, policy.trainBars);
  if (start === null) return fail("no trial ever traded");
  if (bars - start < policy.trainBars + policy.testBars)
    return fail(
      `a window takes ${policy.trainBars} training and ${policy.testBars} test bars; the trials trade from bar ${start} on, which leaves ${bars - start}`,
    );
  const options = { periodsPerYear, riskFreeAnnual: config.metrics.risk_free };
  const rankBy = windowMetric(block);
  const rankAscending = METRICS.find((metric) => metric.key === rankBy)?.better === "lower";
  const measure = windowMeasure(rankBy, options);
  const windows = chooseOnWindows(walkForwardWindows(start, bars, policy), different, measure, rankAscending);
  const first = windows.find(({ trial }) => trial >= 0);
  if (first === undefined) return fail(`no trial has the metric ${rankBy} on any training window`);

  const chosen = trials.filter(({ planned }) => windows.some(({ trial }) => trial === planned.index));
  const decided = await decideTrials(
    chosen.map(({ planned }) => planned),
    inputs,
    training,
  );
  const legs = legsOf(windows, decided, bars);
  const ledger = runLegs(market, inputs.fundingRate, legs);
  const from = windows[0]!.test.from;
  const equity = ledger.equity.slice(from - 1);
  const planes = [
    "turnover",
    "fees",
    "slippage",
    "impact",
    "funding",
    "borrow",
    "liquidationLoss",
    "grossExposure",
  ] as const;
  const traded = Object.fromEntries(planes.map((plane) => [plane, ledger[plane].subarray(from - 1)]));
  const returns = equityReturns(equity);
  const outOfSample = { from, to: bars };
  const ordered = byMetric(different, (trial) => measuredOn(trial.returns, outOfSample, measure), rankAscending);
  const initial = legs[0]!.decisions.policy.initialCash;
  const accountOf = ({ trial, returns: own }: WindowTrial) =>
    forwardAccount(trial, grown(initial, own.subarray(from - 1)), options);
  const compared = windows.filter(({ trainMetric, testMetric }) => !Number.isNaN(trainMetric + testMetric));
  const trainMean = meanOverTests(compared, ({ trainMetric }) => trainMetric);
  const testMean = meanOverTests(compared, ({ testMetric }) => testMetric);
  const valuesOf = new Map(trials.map(({ planned }) => [planned.index, planned.values]));
  const record: WalkForwardRecord = {
    ...policy,
    rankBy,
    rankAscending,
    windows,
    firstBar: from,
    switches: windows.filter(({ trial }, k) => k > 0 && trial !== windows[k - 1]!.trial).length,
    steadiness: steadiness(windows.flatMap(({ trial }) => (trial < 0 ? [] : [valuesOf.get(trial)!]))),
    testMean,
    trainMean,
    efficiency: trainMean > 0 ? testMean / trainMean : Number.NaN,
    meanPlace: meanOverTests(
      windows.filter(({ testRank }) => testRank === testRank),
      place,
    ),
    stitched: {
      trial: -1,
      equity,
      metrics: {
        ...summarise(returns, options),
        ...tradingMetrics({ equity, ...traded } as Parameters<typeof tradingMetrics>[0], periodsPerYear),
      },
    },
    intervals: headlineIntervals(returns, options, createRng(config.seed).fork("walk_forward")),
    spliced: forwardAccount(-1, splice(windows, different, initial, bars), options),
    hindsight: accountOf(ordered[0]!),
    median: accountOf(ordered[Math.floor((ordered.length - 1) / 2)]!),
  };
  cache.write(key, record);
  return ok(record);
}

export function windowPolicy({ kind, train_bars, test_bars, step_bars }: WalkForwardBlock): WindowPolicy {
  return { kind, trainBars: train_bars, testBars: test_bars, stepBars: step_bars ?? test_bars };
}

/** Trials with the same returns are one: the first by index. */
function differentTrials(trials: readonly ForwardTrial[]): WindowTrial[] {
  const different = new Map<string, WindowTrial>();
  for (const { planned, equity } of trials) {
    const returns = equityReturns(equity);
    const hash = hashFloats([["returns", returns]]);
    if (!different.has(hash)) different.set(hash, { trial: planned.index, returns });
  }
  return [...different.values()];
}

/** Windows in a row with one choice are one leg; a leg ends where the next choice begins. */
function legsOf(
  windows: readonly OptimisedWindow[],
  decided: ReadonlyMap<number, TrialDecisions>,
  bars: number,
): Leg[] {
  const begins = windows.filter(({ trial }, k) => trial >= 0 && trial !== windows[k - 1]?.trial);
  return begins.map(({ trial, test }, k) => ({
    decisions: decided.get(trial)!,
    from: test.from,
    to: begins[k + 1]?.test.from ?? bars,
  }));
}

/** [bars - firstBar + 1] worth of the chosen trials' returns put end to end; before the first choice nothing moves. */
function splice(
  windows: readonly OptimisedWindow[],
  trials: readonly WindowTrial[],
  initial: number,
  bars: number,
): Float64Array {
  const returnsOf = new Map(trials.map(({ trial, returns }) => [trial, returns]));
  const from = windows[0]!.test.from;
  const returns = new Float64Array(bars - from);
  for (const { trial, test } of windows) {
    // A later window of overlapping ones overwrites the earlier: the newest choice is the one traded.
    const own = returnsOf.get(trial)?.subarray(test.from - 1, bars - 1);
    returns.set(own ?? new Float64Array(bars - test.from), test.from - from);
  }
  return grown(initial, returns);
}

/** [T+1] equity after each return, the missing ones of a ruined account leaving it where it is. */
function grown(initial: number, returns: Floats): Float64Array {
  const equity = new Float64Array(returns.length + 1);
  equity[0] = initial;
  for (let t = 0; t < returns.length; t++)
    equity[t + 1] = equity[t]! * (1 + (returns[t] === returns[t] ? returns[t]! : 0));
  return equity;
}

function forwardAccount(trial: number, equity: Float64Array, options: SummaryOptions): ForwardAccount {
  return { trial, equity, metrics: summarise(equityReturns(equity), options) };
}

/** Best first, those without a value last, ties in order of index. */
function byMetric(
  trials: readonly WindowTrial[],
  measured: (trial: WindowTrial) => number,
  ascending: boolean,
): WindowTrial[] {
  const valued = trials.map((trial) => ({ trial, value: measured(trial) }));
  const defined = valued.filter(({ value }) => value === value);
  return (defined.length > 0 ? defined : valued)
    .sort((a, b) => (ascending ? a.value - b.value : b.value - a.value) || a.trial.trial - b.trial.trial)
    .map(({ trial }) => trial);
}

/** 0 = best of all, 1 = worst, a half with nobody to compare to. */
function place({ testRank, tested }: OptimisedWindow): number {
  return tested > 1 ? (testRank - 1) / (tested - 1) : 0.5;
}

/** @param chosen values of each window's choice, where there is one */
function steadiness(chosen: readonly (readonly (AxisValue | undefined)[])[]): AxisSteadiness[] {
  return (chosen[0] ?? []).map((_, axis) => {
    const values = chosen.map((own) => own[axis]);
    const counts = [...Map.groupBy(values, (value) => value)].map(([value, own]) => ({ value, count: own.length }));
    const most = counts.reduce((best, other) => (other.count > best.count ? other : best));
    return {
      axis,
      distinct: counts.length,
      mode: most.value,
      modeShare: most.count / values.length,
      changes: values.filter((value, k) => k > 0 && value !== values[k - 1]).length,
    };
  });
}

/** Each window by its test bars, as the last may have fewer; NaN without any. */
function meanOverTests(windows: readonly OptimisedWindow[], valueAt: (window: OptimisedWindow) => number): number {
  const bars = ({ test }: OptimisedWindow) => test.to - test.from;
  const total = windows.reduce((sum, window) => sum + bars(window) * valueAt(window), 0);
  return total / windows.reduce((sum, window) => sum + bars(window), 0);
}
