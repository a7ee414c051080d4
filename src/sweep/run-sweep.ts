/** A sweep from prices to its record: plan, shared stages, trials over threads, ranking, and how much of the best is luck.
 *  Every finished trial is in the cache at once, so that a run that was stopped goes on from there. */
import { availableParallelism } from "node:os";
import { stringify } from "yaml";
import { hashValue } from "../core/hash.ts";
import { createRng } from "../core/rng.ts";
import type { StageCount, SweepRecord, Trial } from "../core/sweep-record.ts";
import { codeVersion } from "../experiment/code-version.ts";
import { inputsHead, loadDecisionInputs } from "../experiment/decision-inputs.ts";
import { holdoutBar } from "../experiment/holdout.ts";
import { openMarket } from "../experiment/open-market.ts";
import type { ExperimentConfig } from "../experiment/schema.ts";
import { forgivingCache, type StageCache } from "../experiment/stage-cache.ts";
import { METRICS } from "../metrics/catalogue.ts";
import { equityReturns } from "../metrics/returns.ts";
import { type EarlierTrial, overfitting } from "./overfitting.ts";
import { type PlannedTrial, planSweep, type SweepPlan } from "./plan-sweep.ts";
import type { TrialOutcome } from "./run-trials.ts";
import { sharedInputs } from "./shared-panels.ts";
import { shareStages } from "./shared-stages.ts";
import { STAGES } from "./stage-keys.ts";
import { isToCompute, type StoredStages, storedStages } from "./stored-stages.ts";
import { runPool } from "./trial-pool.ts";
import type { TrialGroup } from "./trial-worker.ts";

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
  /** Told the plan before anything runs; false ends it there. */
  readonly onPlan?: (plan: SweepPlan, stages: readonly StageCount[]) => boolean;
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
  const warnings: string[] = [];
  const cache = forgivingCache(options.cache, ({ message }) => warnings.push(`the cache cannot be used: ${message}`));
  const market = await openMarket(config, file);
  const loaded = await loadDecisionInputs(config, market, file);
  const holdout = holdoutBar(config, market.ohlcv.axes) ?? options.bars ?? null;
  const inputs = holdout === null ? loaded : inputsHead(loaded, holdout);
  const plan = planSweep(raw, config, market.dataHash, inputs);
  const outcomes = new Map<number, TrialOutcome>();
  const failures = new Map<number, string>();
  for (const { index, keys } of plan.trials) {
    const known = keys === null ? undefined : cache.read(keys.trial);
    if (known !== undefined) outcomes.set(index, known as TrialOutcome);
  }
  const open = plan.trials.filter(({ index, config: own }) => own !== null && !outcomes.has(index));
  const stages = stageCounts(plan.trials, open, storedStages(open, cache));
  if (options.onPlan?.(plan, stages) === false) return null;

  const stop = options.stop ?? new AbortController().signal;
  const runnable = outcomes.size + open.length;
  options.onProgress?.(outcomes.size, runnable);
  const training = {
    cache,
    dataHash: hashValue([market.dataHash, inputs.market.axes.time.length]),
    workers: options.workers,
    explain: false,
    signal: options.stop,
  };
  const { strengths, multipliers } = await shareStages(open, inputs, training, cache);
  const alike = Map.groupBy(open, ({ keys }) => keys!.trial);
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
    options.workers ?? availableParallelism(),
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
  const done = plan.trials.filter(
    ({ index, config: own }) => own === null || outcomes.has(index) || failures.has(index),
  );
  const trials = done.map((planned) => trialOf(planned, outcomes.get(planned.index), failures.get(planned.index)));
  const block = config.sweep!;
  const rankAscending = METRICS.find(({ key }) => key === block.rank_by)?.better === "lower";
  const ranking = rankTrials(trials, block.rank_by, rankAscending);
  const { version, codeHash } = codeVersion();
  const returns = ranking.map((index) => equityReturns(outcomes.get(index)!.equity));
  const record: SweepRecord = {
    name: config.name,
    description: config.description ?? "",
    id: `${config.name}-${hashValue([market.dataHash, plan.trials.map(({ keys, values }) => [keys?.trial ?? null, values.map((value) => value ?? null)])]).slice(0, 8)}`,
    synthetic: market.synthetic,
    periodsPerYear: market.periodsPerYear,
    bars: inputs.market.axes,
    axes: plan.axes,
    trials,
    rankBy: block.rank_by,
    rankAscending,
    ranking,
    best: ranking.slice(0, block.top_k).map((trial) => ({ trial, equity: outcomes.get(trial)!.equity })),
    overfitting: overfitting(returns, {
      cache,
      keys: ranking.map((index) => plan.trials[index]!.keys!.trial),
      rng: createRng(config.seed).fork("overfitting"),
      earlier: options.earlierTrials?.(market.dataHash) ?? [],
      riskFreePerBar: (1 + config.metrics.risk_free) ** (1 / market.periodsPerYear) - 1,
    }),
    stages,
    holdoutStart: config.validation?.holdout_start ?? null,
    provenance: { dataHash: market.dataHash, codeVersion: version, codeHash, seed: config.seed },
    warnings,
    config: stringify(raw, { lineWidth: 0 }),
  };
  const finished = [...outcomes].map(
    ([index, { equity }]) => [index, { config: plan.trials[index]!.config!, equity }] as const,
  );
  const configHash = hashValue(
    plan.trials.map(({ keys, values }) => [trialId(keys), values.map((value) => value ?? null)]),
  );
  return { record, done: new Map(finished), configHash, left: plan.trials.length - done.length };
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

/** Distinct results every stage has among all trials, and those that neither the cache has nor a later stage makes needless. */
function stageCounts(
  trials: readonly PlannedTrial[],
  open: readonly PlannedTrial[],
  stored: StoredStages,
): StageCount[] {
  const distinct = (some: readonly PlannedTrial[], stage: (typeof STAGES)[number]) =>
    new Set(some.flatMap(({ keys }) => (keys === null || keys[stage] === "" ? [] : [keys[stage]]))).size;
  return STAGES.map((stage) => {
    const missing = open.filter(({ keys }) => keys !== null && isToCompute(stage, keys, stored));
    return { stage, distinct: distinct(trials, stage), computed: distinct(missing, stage) };
  });
}

function usesLinearProgram({ allocation, benchmark }: ExperimentConfig): boolean {
  return allocation?.method === "cdar_min" || benchmark?.method === "cdar_min";
}

function trialId(keys: PlannedTrial["keys"]): string {
  return keys?.trial.slice(0, 8) ?? "";
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
