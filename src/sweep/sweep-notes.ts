/** What differs between reruns of one sweep: what had to be computed, how long it took, what became of the cache. */
import type { StageCount } from "../core/sweep-record.ts";
import type { CacheCounts } from "../experiment/forgiving-cache.ts";
import type { StageTiming } from "../experiment/run-entry.ts";
import type { PlannedTrial } from "./plan-sweep.ts";
import { STAGES } from "./stage-keys.ts";
import { isToCompute, type StoredStages } from "./stored-stages.ts";

export interface SweepNotes {
  /** Threads that trials ran on. */
  readonly workers: number;
  /** Wall time, in the order of work. */
  readonly timings: readonly StageTiming[];
  readonly work: readonly StageWork[];
  readonly cache: CacheCounts;
  /** What went wrong with the cache: nothing that the results depend on. */
  readonly warnings: readonly string[];
}

export interface StageWork extends StageCount {
  /** Of the distinct results, those that finished trials in the cache do not make unnecessary. */
  readonly computed: number;
}

/** Distinct results every stage has among all trials, and those that neither the cache has nor a later stage makes
 *  needless. */
export function stageWork(
  trials: readonly PlannedTrial[],
  open: readonly PlannedTrial[],
  stored: StoredStages,
): StageWork[] {
  const distinct = (some: readonly PlannedTrial[], stage: (typeof STAGES)[number]) =>
    new Set(some.flatMap(({ keys }) => (keys === null || keys[stage] === "" ? [] : [keys[stage]]))).size;
  return STAGES.map((stage) => {
    const missing = open.filter(({ keys }) => keys !== null && isToCompute(stage, keys, stored));
    return { stage, distinct: distinct(trials, stage), computed: distinct(missing, stage) };
  });
}

/** Wall times of one stage after another; `lap` ends the one that ran until now. */
export function createStopwatch(): { readonly timings: readonly StageTiming[]; lap(stage: string): void } {
  const timings: StageTiming[] = [];
  let since = performance.now();
  return {
    timings,
    lap(stage) {
      const now = performance.now();
      timings.push({ stage, ms: now - since });
      since = now;
    },
  };
}
