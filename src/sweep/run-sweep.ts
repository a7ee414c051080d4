/** A sweep from prices to its record: plan, shared stages, trials over threads, ranking, and how much of the best is luck.
 *  Every finished trial is in the cache at once, so that a run that was stopped goes on from there. */
import { availableParallelism } from "node:os";
import { stringify } from "yaml";
import { hashValue } from "../core/hash.ts";
import { createRng } from "../core/rng.ts";
import type { SweepRecord } from "../core/sweep-record.ts";
import { codeVersion } from "../experiment/code-version.ts";
import { inputsHead, loadDecisionInputs } from "../experiment/decision-inputs.ts";
import { groundHash } from "../experiment/extensions.ts";
import { forgivingCache } from "../experiment/forgiving-cache.ts";
import { holdoutBar } from "../experiment/holdout.ts";
import { openMarket } from "../experiment/open-market.ts";
import type { ExperimentConfig } from "../experiment/schema.ts";
import { NO_CACHE, type StageCache } from "../experiment/stage-cache.ts";
import { METRICS } from "../metrics/catalogue.ts";
import { headlineIntervals } from "../metrics/intervals.ts";
import { metricInfos } from "../metrics/metric-extension.ts";
import { equityReturns } from "../metrics/returns.ts";
import { checkHoldoutAsked } from "./holdout-look.ts";
import { type EarlierTrial, overfitting } from "./overfitting.ts";
import { planSweep, type SweepPlan } from "./plan-sweep.ts";
import { rankTrials, settledTrials } from "./rank-trials.ts";
import { openTrials, runOpenTrials } from "./run-open-trials.ts";
import type { TrialOutcome } from "./run-trials.ts";
import { trialId } from "./stage-keys.ts";
import { storedStages } from "./stored-stages.ts";
import { createStopwatch, type StageWork, type SweepNotes, stageWork } from "./sweep-notes.ts";
import { checkRequests, forwardOf, type HoldoutRequest, lookOf, skipped } from "./sweep-requests.ts";

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
  /** Told when a stage of the work begins. */
  readonly onStage?: (stage: string) => void;
  /** Told of every fold of a model that is done, while stages are shared. */
  readonly onFold?: (done: number, of: number) => void;
  /** Told how many of how many trials are done, first when the first is begun. */
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
  /** Configs of the trials that failed, by Trial.index. */
  readonly failed: ReadonlyMap<number, ExperimentConfig>;
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
  const known = knownOutcomes(plan, cache);
  const open = openTrials(plan.trials, known);
  const stored = storedStages(open, cache);
  const work = stageWork(plan.trials, open, stored);
  lap("plan");
  if (options.onPlan?.(plan, work) === false) return null;

  const workers = options.workers ?? availableParallelism();
  const trainingOn = ({ market: { axes }, extensions }: typeof inputs) => ({
    cache,
    dataHash: groundHash(hashValue([market.dataHash, axes.time.length]), extensions),
    workers: options.workers,
    explain: false,
  });
  options.onStage?.("share stages");
  const results = await runOpenTrials(plan, known, {
    inputs,
    cache,
    keepsDecisions: options.cache !== NO_CACHE,
    stored,
    training: { ...trainingOn(inputs), signal: options.stop, onFold: options.onFold },
    workers,
    stop: options.stop ?? new AbortController().signal,
    onShared() {
      lap("shared stages");
      options.onStage?.("run trials");
    },
    onProgress: options.onProgress ?? (() => {}),
  });
  lap("trials");
  options.onStage?.("measure luck");
  const { outcomes } = results;
  const trials = settledTrials(plan.trials, results);
  const block = config.sweep!;
  const own = metricInfos(inputs.extensions.metrics);
  const rankAscending = [...METRICS, ...own].find(({ key }) => key === block.rank_by)?.better === "lower";
  const ranking = rankTrials(trials, block.rank_by, rankAscending);
  const left = plan.trials.length - trials.length;
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
  const failed = new Map([...results.failures.keys()].map((index) => [index, plan.trials[index]!.config!] as const));
  return { record, done: new Map(finished), failed, configHash, left, notes };
}

/** What earlier runs left in the cache, by Trial.index. */
function knownOutcomes({ trials }: SweepPlan, cache: StageCache): ReadonlyMap<number, TrialOutcome> {
  const known = new Map<number, TrialOutcome>();
  for (const { index, keys } of trials) {
    const outcome = keys === null ? undefined : cache.read(keys.trial);
    if (outcome !== undefined) known.set(index, outcome as TrialOutcome);
  }
  return known;
}
