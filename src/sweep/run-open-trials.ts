/** The trials of a plan that no earlier run has finished: what they share once, then each over threads. Every outcome is in
 *  the cache at once. */
import { hashValue } from "../core/hash.ts";
import type { DecisionInputs } from "../experiment/decision-inputs.ts";
import type { ExperimentConfig } from "../experiment/schema.ts";
import type { StageCache } from "../experiment/stage-cache.ts";
import type { TrainingOptions } from "../experiment/train-models.ts";
import { FitCancelledError } from "../models/model.ts";
import type { PlannedTrial, SweepPlan } from "./plan-sweep.ts";
import type { TrialOutcome } from "./run-trials.ts";
import { sharedInputs } from "./shared-panels.ts";
import { type SharedStages, shareStages } from "./shared-stages.ts";
import { runPool } from "./trial-pool.ts";
import type { TrialGroup } from "./trial-worker.ts";

/** What became of the trials, by Trial.index; those that a stop kept from running are in neither. */
export interface TrialResults {
  readonly outcomes: ReadonlyMap<number, TrialOutcome>;
  /** Why they have none. */
  readonly failures: ReadonlyMap<number, string>;
}

export interface OpenTrialsContext {
  readonly inputs: DecisionInputs;
  readonly cache: StageCache;
  readonly training: TrainingOptions;
  /** Threads that trials run on. */
  readonly workers: number;
  /** Aborted: trials in flight are finished and no more begun. */
  readonly stop: AbortSignal;
  /** Told when all that trials share is there. */
  readonly onShared: () => void;
  /** Told how many of how many trials are done, those of earlier runs included. */
  readonly onProgress: (done: number, of: number) => void;
}

/**
 * @param known outcomes of earlier runs, by Trial.index
 * @throws InputError for what is wrong with every trial that could run
 */
export async function runOpenTrials(
  { trials }: SweepPlan,
  known: ReadonlyMap<number, TrialOutcome>,
  { inputs, cache, training, workers, stop, onShared, onProgress }: OpenTrialsContext,
): Promise<TrialResults> {
  const outcomes = new Map(known);
  const failures = new Map<number, string>();
  const open = openTrials(trials, known);
  const runnable = known.size + open.length;
  onProgress(known.size, runnable);
  const { strengths, multipliers, faults } = await shareUnlessStopped(open, inputs, training, cache, stop);
  onShared();
  // what is wrong with all of them is wrong with the experiment
  const [fault] = faults.values();
  if (fault !== undefined && faults.size === runnable) throw fault;
  for (const [index, { message }] of faults) failures.set(index, message);
  const sound = open.filter(({ index }) => !faults.has(index));
  const alike = Map.groupBy(sound, ({ keys }) => keys!.trial);
  const settle = <X>(results: Map<number, X>, trial: number, result: X): void => {
    for (const { index } of alike.get(trials[trial]!.keys!.trial)!) results.set(index, result);
    onProgress(outcomes.size + failures.size, runnable);
  };
  await runPool(
    groupsOf([...alike.values()].map((members) => members[0]!)),
    {
      inputs: sharedInputs(inputs),
      needsLinearProgram: open.some(({ config }) => usesLinearProgram(config!)),
      strengths,
      multipliers,
    },
    workers,
    {
      onOutcome(trial, outcome) {
        cache.write(trials[trial]!.keys!.trial, outcome);
        settle(outcomes, trial, outcome);
      },
      onFailure: (trial, error) => settle(failures, trial, error),
    },
    stop,
  );
  return { outcomes, failures };
}

/** Valid trials without an outcome. */
export function openTrials(
  trials: readonly PlannedTrial[],
  known: ReadonlyMap<number, TrialOutcome>,
): readonly PlannedTrial[] {
  return trials.filter(({ index, config }) => config !== null && !known.has(index));
}

/** A stop ends the training of models too; no trial is begun after it. */
async function shareUnlessStopped(
  open: readonly PlannedTrial[],
  inputs: DecisionInputs,
  training: TrainingOptions,
  cache: StageCache,
  stop: AbortSignal,
): Promise<SharedStages> {
  try {
    return await shareStages(open, inputs, training, cache);
  } catch (error) {
    if (!(error instanceof FitCancelledError && stop.aborted)) throw error;
    return { strengths: new Map(), multipliers: new Map(), faults: new Map() };
  }
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
