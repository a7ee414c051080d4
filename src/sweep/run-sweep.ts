/** A sweep from prices to its record: plan, shared stages, trials over threads, ranking, and how much of the best is luck.
 *  Every finished trial is in the cache at once, so that a run that was stopped goes on from there. */
import { availableParallelism } from "node:os";
import { stringify } from "yaml";
import { hashValue } from "../core/hash.ts";
import { createRng } from "../core/rng.ts";
import type { SweepRecord, Trial } from "../core/sweep-record.ts";
import { codeVersion } from "../experiment/code-version.ts";
import { inputsHead, loadDecisionInputs } from "../experiment/decision-inputs.ts";
import { groundHash } from "../experiment/extensions.ts";
import { forgivingCache } from "../experiment/forgiving-cache.ts";
import { holdoutBar } from "../experiment/holdout.ts";
import { openMarket } from "../experiment/open-market.ts";
import type { ExperimentConfig } from "../experiment/schema.ts";
import type { StageCache } from "../experiment/stage-cache.ts";
import { METRICS } from "../metrics/catalogue.ts";
import { headlineIntervals } from "../metrics/intervals.ts";
import { metricInfos } from "../metrics/metric-extension.ts";
import { equityReturns } from "../metrics/returns.ts";
import { FitCancelledError } from "../models/model.ts";
import { checkHoldoutAsked } from "./holdout-look.ts";
import { type EarlierTrial, overfitting } from "./overfitting.ts";
import { type PlannedTrial, planSweep, type SweepPlan } from "./plan-sweep.ts";
import type { TrialOutcome } from "./run-trials.ts";
import { sharedInputs } from "./shared-panels.ts";
import { shareStages } from "./shared-stages.ts";
import { trialId } from "./stage-keys.ts";
import { storedStages } from "./stored-stages.ts";
import { createStopwatch, type StageWork, type SweepNotes, stageWork } from "./sweep-notes.ts";
import { checkRequests, forwardOf, type HoldoutRequest, lookOf, skipped } from "./sweep-requests.ts";
import { runPool } from "./trial-pool.ts";
import type { TrialGroup } from "./trial-worker.ts";

/** Different trials up to which their clusters are looked for: every pair is a correlation, some seconds and 400 MB here. */
const MOST_CLUSTERED = 4000;

export interface SweepOptions {
  /** One that cannot be read or written is a warning. */
  readonly cache: StageCache;
  /** Threads; as many as the machine has without it. Results do not depend on it. */
  readonly workers?: number | undefined;
  /** Aborted: trials in flight are finished and no more begun. */
  readonly stop?: AbortSignal | undefined;
  /** Trials ever run on these data, which the best of this sweep is one of; none without it. */
  readonly earlierTrials?: (dataHash: string) => readonly EarlierTrial[];
  /** Rows of the data that trials see, where the config names no holdout; all without it. */
  readonly bars?: number | undefined;
  /** Look at the holdout with the best trial once all are done, or with another; without it nobody looks. */
  readonly holdout?: HoldoutRequest | undefined;
  /** Told the plan before anything runs; false ends it there. */
  readonly onPlan?: (plan: SweepPlan, work: readonly StageWork[]) => boolean;
  /** Told how many of how many trials are done. */
  readonly onProgress?: (done: number, of: number) => void;
}

export interface DoneTrial {
  readonly config: ExperimentConfig;
  /** [T] */
  readonly equity: Float64Array;
}

export interface SweepRun {
  readonly record: SweepRecord;
  /** Configs and equity of the trials that are done, by Trial.index. */
  readonly done: ReadonlyMap<number, DoneTrial>;
  /** Of all configs of the plan, those that were not reached too. */
  readonly configHash: string;
  /** Trials that were to run and did not, as it was stopped. */
  readonly left: number;
  /** What differs between reruns. */
  readonly notes: SweepNotes;
}

/**
 * @param raw    the experiment as written, overrides applied
 * @param config the same, validated, with a sweep block
 * @param file   the experiment file: paths in the config are looked for beside it
 * @returns null where `onPlan` ended it
 * @throws InputError for anything wrong with the data, the files or the sweep block
 */
export async function runSweep(
  raw: Readonly<Record<string, unknown>>,
  config: ExperimentConfig,
  file: string,
  options: SweepOptions,
): Promise<SweepRun | null> {
  if (options.holdout !== undefined) checkHoldoutAsked(config);
  const { timings, lap } = createStopwatch();
  const warnings: string[] = [];
  const cache = forgivingCache(options.cache);
  const market = await openMarket(config, file);
  const loaded = await loadDecisionInputs(config, market, file);
  const holdout = holdoutBar(config, market.ohlcv.axes) ?? options.bars ?? null;
  const inputs = holdout === null ? loaded : inputsHead(loaded, holdout);
  lap("load data");
  const plan = planSweep(raw, config, market.dataHash, inputs);
  checkRequests(plan, config, inputs.market.axes.time.length, options.holdout);
  const outcomes = new Map<number, TrialOutcome>();
  const failures = new Map<number, string>();
  for (const { index, keys } of plan.trials) {
    const known = keys === null ? undefined : cache.read(keys.trial);
    if (known !== undefined) outcomes.set(index, known as TrialOutcome);
  }
  const open = plan.trials.filter(({ index, config: own }) => own !== null && !outcomes.has(index));
  const work = stageWork(plan.trials, open, storedStages(open, cache));
  lap("plan");
  if (options.onPlan?.(plan, work) === false) return null;

  const stop = options.stop ?? new AbortController().signal;
  const runnable = outcomes.size + open.length;
  options.onProgress?.(outcomes.size, runnable);
  const workers = options.workers ?? availableParallelism();
  const trainingOn = ({ market: { axes }, extensions }: typeof inputs) => ({
    cache,
    dataHash: groundHash(hashValue([market.dataHash, axes.time.length]), extensions),
    workers: options.workers,
    explain: false,
  });
  const training = { ...trainingOn(inputs), signal: options.stop };
  const { strengths, multipliers, faults } = await shareStages(open, inputs, training, cache).catch(
    (error: unknown) => {
      // no trial is begun any more
      if (error instanceof FitCancelledError && stop.aborted)
        return { strengths: new Map(), multipliers: new Map(), faults: new Map<number, Error>() };
      throw error;
    },
  );
  lap("shared stages");
  // what is wrong with all of them is wrong with the experiment
  const [fault] = faults.values();
  if (fault !== undefined && faults.size === runnable) throw fault;
  for (const [index, { message }] of faults) failures.set(index, message);
  const sound = open.filter(({ index }) => !faults.has(index));
  const alike = Map.groupBy(sound, ({ keys }) => keys!.trial);
  const sameAs = (trial: number) => alike.get(plan.trials[trial]!.keys!.trial)!;
  const report = () => options.onProgress?.(outcomes.size + failures.size, runnable);
  await runPool(
    groupsOf([...alike.values()].map((members) => members[0]!)),
    {
      inputs: sharedInputs(inputs),
      needsLinearProgram: open.some(({ config: own }) => usesLinearProgram(own!)),
      strengths,
      multipliers,
    },
    workers,
    {
      onOutcome(trial, outcome) {
        cache.write(plan.trials[trial]!.keys!.trial, outcome);
        for (const { index } of sameAs(trial)) outcomes.set(index, outcome);
        report();
      },
      onFailure(trial, error) {
        for (const { index } of sameAs(trial)) failures.set(index, error);
        report();
      },
    },
    stop,
  );
  lap("trials");
  const done = plan.trials.filter(
    ({ index, config: own }) => own === null || outcomes.has(index) || failures.has(index),
  );
  const trials = done.map((planned) => trialOf(planned, outcomes.get(planned.index), failures.get(planned.index)));
  const block = config.sweep!;
  const own = metricInfos(inputs.extensions.metrics);
  const rankAscending = [...METRICS, ...own].find(({ key }) => key === block.rank_by)?.better === "lower";
  const ranking = rankTrials(trials, block.rank_by, rankAscending);
  const left = plan.trials.length - done.length;
  if (left > 0) warnings.push(`stopped: ${left} of ${plan.trials.length} trials are missing`);
  const ground = { config, inputs, training: trainingOn(inputs), cache };
  const walkForward = left > 0 ? skipped(block.walk_forward) : await forwardOf(plan, outcomes, ground);
  if (walkForward?.ok === false) warnings.push(`no walk-forward optimisation: ${walkForward.reason}`);
  const look =
    left > 0
      ? skipped(options.holdout)
      : await lookOf(plan, ranking, outcomes, options.holdout, {
          ...{ config, file, inputs: loaded, dataHash: market.dataHash },
          firstBar: holdout ?? 0,
          training: trainingOn(loaded),
        });
  if (look?.ok === false) warnings.push(`the holdout is not shown: ${look.reason}`);
  const keys = ranking.map((index) => plan.trials[index]!.keys!.trial);
  const clusters = block.effective_trials && new Set(keys).size <= MOST_CLUSTERED;
  if (block.effective_trials && !clusters)
    warnings.push(`no effective trials: more than ${MOST_CLUSTERED} different trials are too many to cluster`);
  const { version, codeHash } = codeVersion();
  const { files } = inputs.extensions;
  const equities = ranking.map((index) => outcomes.get(index)!.equity);
  const { periodsPerYear } = market;
  const riskFreeAnnual = config.metrics.risk_free;
  const extras = block.walk_forward === undefined ? [] : [block.walk_forward];
  const record: SweepRecord = {
    name: config.name,
    description: config.description ?? "",
    id: `${config.name}-${hashValue([market.dataHash, plan.trials.map(({ keys, values }) => [keys?.trial ?? null, values.map((value) => value ?? null)]), ...extras]).slice(0, 8)}`,
    synthetic: market.synthetic,
    periodsPerYear,
    bars: inputs.market.axes,
    axes: plan.axes,
    trials,
    rankBy: block.rank_by,
    rankAscending,
    ...(own.length === 0 ? {} : { ownMetrics: own }),
    ranking,
    best: [...new Set(keys)].slice(0, block.top_k).map((key) => {
      const k = keys.indexOf(key);
      return { trial: ranking[k]!, equity: equities[k]! };
    }),
    intervals:
      equities.length === 0
        ? {}
        : headlineIntervals(
            equityReturns(equities[0]!),
            { periodsPerYear, riskFreeAnnual },
            createRng(config.seed).fork("intervals"),
          ),
    overfitting: overfitting(equities, {
      cache,
      keys,
      seed: config.seed,
      clusters,
      earlier: options.earlierTrials?.(market.dataHash) ?? [],
      riskFreePerBar: (1 + riskFreeAnnual) ** (1 / periodsPerYear) - 1,
    }),
    walkForward: walkForward?.ok === true ? walkForward.value : null,
    stages: work.map(({ stage, distinct }) => ({ stage, distinct })),
    holdoutStart: config.validation?.holdout_start ?? null,
    holdout: look?.ok === true ? look.value : null,
    provenance: {
      dataHash: market.dataHash,
      codeVersion: version,
      codeHash,
      seed: config.seed,
      ...(files.length === 0 ? {} : { extensions: files }),
    },
    warnings,
    config: stringify(raw, { lineWidth: 0 }),
  };
  const finished = [...outcomes].map(
    ([index, { equity }]) => [index, { config: plan.trials[index]!.config!, equity }] as const,
  );
  const configHash = hashValue(
    plan.trials.map(({ keys, values }) => [trialId(keys), values.map((value) => value ?? null)]),
  );
  lap("rank and judge");
  const notes = { workers, timings, work, cache: cache.counts(), warnings: cache.warnings() };
  return { record, done: new Map(finished), configHash, left, notes };
}

/** Trials that decide alike, as one piece of work; in order of their first. */
function groupsOf(open: readonly PlannedTrial[]): TrialGroup[] {
  const groups = Map.groupBy(open, ({ keys }) => `${keys!.allocation} ${keys!.rebalancing}`);
  return [...groups.values()].map((members) => ({
    trials: members.map(({ index }) => index),
    configs: members.map(({ config }) => config!),
    policy: hashValue([members[0]!.keys!.signal, JSON.parse(JSON.stringify(members[0]!.config!.allocation ?? null))]),
    strength: members[0]!.keys!.signal,
    multiplier: members[0]!.keys!.selection,
  }));
}

function usesLinearProgram({ allocation, benchmark }: ExperimentConfig): boolean {
  return allocation?.method === "cdar_min" || benchmark?.method === "cdar_min";
}

function trialOf(
  { index, values, keys, error }: PlannedTrial,
  outcome: TrialOutcome | undefined,
  failure: string | undefined,
): Trial {
  const id = trialId(keys);
  if (outcome !== undefined) return { index, id, values, state: "done", error: null, metrics: outcome.metrics };
  const state = failure === undefined ? "invalid" : "failed";
  return { index, id, values, state, error: failure ?? error, metrics: {} };
}

/** Best first; trials without the metric last, ties in order of index. */
function rankTrials(trials: readonly Trial[], metric: string, ascending: boolean): number[] {
  const sign = ascending ? 1 : -1;
  const value = (trial: Trial) => trial.metrics[metric] ?? Number.NaN;
  return trials
    .filter(({ state }) => state === "done")
    .sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x !== x || y !== y) return Number(x !== x) - Number(y !== y) || a.index - b.index;
      return sign * (x - y) || a.index - b.index;
    })
    .map(({ index }) => index);
}
