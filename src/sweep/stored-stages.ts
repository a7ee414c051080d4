/** Which of the stages that trials share an earlier run left in the cache: strengths of signals, steps of the selector, and
 *  the decisions that both lead to. */
import type { StageCache } from "../experiment/stage-cache.ts";
import type { PlannedTrial } from "./plan-sweep.ts";
import { decisionsKey, type StageKeys } from "./stage-keys.ts";

/** Keys of what is there; panels of all of them at once may be more than memory holds. */
export interface StoredStages {
  readonly signals: ReadonlySet<string>;
  readonly selections: ReadonlySet<string>;
  /** By decisionsKey. */
  readonly decisions: ReadonlySet<string>;
}

/** @param trials that will run */
export function storedStages(trials: readonly PlannedTrial[], cache: StageCache): StoredStages {
  const stored = (some: readonly PlannedTrial[], keyOf: (keys: StageKeys) => string) => {
    const wanted = new Set(some.flatMap(({ keys }) => (keys === null ? [] : [keyOf(keys)])));
    wanted.delete("");
    return new Set([...wanted].filter((key) => cache.read(key) !== undefined));
  };
  const decisions = stored(trials, decisionsKey);
  const undecided = trials.filter(({ keys }) => keys !== null && !decisions.has(decisionsKey(keys)));
  return {
    decisions,
    signals: stored(undecided, ({ signal }) => signal),
    selections: stored(undecided, ({ selection }) => selection),
  };
}

/** Whether a trial that runs needs this stage computed: neither it nor what it leads to is stored. */
export function isToCompute(
  stage: keyof StageKeys,
  keys: StageKeys,
  { signals, selections, decisions }: StoredStages,
): boolean {
  if (stage === "trial") return true;
  if (decisions.has(decisionsKey(keys))) return false;
  if (stage === "scores" || stage === "signal") return !signals.has(keys.signal);
  if (stage === "score_panels" || stage === "selection") return !selections.has(keys.selection);
  return true;
}
