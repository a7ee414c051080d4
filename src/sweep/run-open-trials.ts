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
import { decisionsKey } from "./stage-keys.ts";
import type { StoredDecisions } from "./stored-decisions.ts";
import type { StoredStages } from "./stored-stages.ts";
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
  /** Whether the cache keeps anything, decisions too. */
  readonly keepsDecisions: boolean;
  /** What of the stages is in the cache. */
  readonly stored: StoredStages;
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
  context: OpenTrialsContext,
): Promise<TrialResults> {
  const { inputs, cache, keepsDecisions, workers, stop, onShared, onProgress } = context;
  const outcomes = new Map(known);
  const failures = new Map<number, string>();
  const open = openTrials(trials, known);
  const runnable = known.size + open.length;
  const alike = Map.groupBy(open, ({ keys }) => keys!.trial);
  const settle = <X>(results: Map<number, X>, trial: number, result: X): void => {
    for (const { index } of alike.get(trials[trial]!.keys!.trial)!) results.set(index, result);
    onProgress(outcomes.size + failures.size, runnable);
  };
  /** @returns trials whose decisions were in the cache and are no more */
  const run = async (some: readonly PlannedTrial[], decided: ReadonlySet<string>): Promise<PlannedTrial[]> => {
    const lost = new Set<string>();
    const undecided = some.filter(({ keys }) => !decided.has(decisionsKey(keys!)));
    const { strengths, multipliers, faults } = await shareUnlessStopped(undecided, context);
    onShared();
    onProgress(outcomes.size, runnable);
    // what is wrong with all of them is wrong with the experiment
    const [fault] = faults.values();
    if (fault !== undefined && faults.size === runnable) throw fault;
    for (const [index, { message }] of faults) failures.set(index, message);
    const sound = some.filter(({ index }) => !faults.has(index));
    const firsts = Map.groupBy(sound, ({ keys }) => keys!.trial).values();
    await runPool(
      groupsOf([...firsts].map((members) => members[0]!)),
      {
        inputs: sharedInputs(inputs),
        needsLinearProgram: some.some(({ config }) => usesLinearProgram(config!)),
        strengths,
        multipliers,
        keepsDecisions,
      },
      workers,
      {
        decided({ decisions }) {
          if (!decided.has(decisions)) return null;
          const stored = cache.read(decisions) as StoredDecisions | undefined;
          if (stored === undefined) lost.add(decisions);
          return stored;
        },
        onDecided: ({ decisions }, stored) => cache.write(decisions, stored),
        onOutcome(trial, outcome) {
          cache.write(trials[trial]!.keys!.trial, outcome);
          settle(outcomes, trial, outcome);
        },
        onFailure: (trial, error) => settle(failures, trial, error),
      },
      stop,
    );
    return sound.filter(({ keys }) => lost.has(decisionsKey(keys!)));
  };
  const lost = await run(open, context.stored.decisions);
  // a cache may be emptied at any time, by hand or by another process
  if (lost.length > 0) await run(lost, new Set());
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
  { inputs, training, cache, stop }: OpenTrialsContext,
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
  const groups = Map.groupBy(open, ({ keys }) => decisionsKey(keys!));
  return [...groups.values()].map((members) => ({
    trials: members.map(({ index }) => index),
    configs: members.map(({ config }) => config!),
    policy: hashValue([members[0]!.keys!.signal, JSON.parse(JSON.stringify(members[0]!.config!.allocation ?? null))]),
    strength: members[0]!.keys!.signal,
    multiplier: members[0]!.keys!.selection,
    decisions: decisionsKey(members[0]!.keys!),
  }));
}

function usesLinearProgram({ allocation, benchmark }: ExperimentConfig): boolean {
  return allocation?.method === "cdar_min" || benchmark?.method === "cdar_min";
}
