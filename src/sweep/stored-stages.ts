/** Which of the stages that trials share an earlier run left in the cache: strengths of signals, steps of the selector. */
import type { StageCache } from "../experiment/stage-cache.ts";
import type { PlannedTrial } from "./plan-sweep.ts";
import type { StageKeys } from "./stage-keys.ts";

/** Keys of what is there; panels of all of them at once may be more than memory holds. */
export interface StoredStages {
  readonly signals: ReadonlySet<string>;
  readonly selections: ReadonlySet<string>;
}

/** @param trials that will run */
export function storedStages(trials: readonly PlannedTrial[], cache: StageCache): StoredStages {
  const stored = (stage: "signal" | "selection") => {
    const wanted = new Set(trials.flatMap(({ keys }) => (keys === null || keys[stage] === "" ? [] : [keys[stage]])));
    return new Set([...wanted].filter((key) => cache.read(key) !== undefined));
  };
  return { signals: stored("signal"), selections: stored("selection") };
}

/** Whether a trial that runs needs this stage computed: neither it nor what it leads to is stored. */
export function isToCompute(stage: keyof StageKeys, keys: StageKeys, { signals, selections }: StoredStages): boolean {
  if (stage === "scores" || stage === "signal") return !signals.has(keys.signal);
  if (stage === "score_panels" || stage === "selection") return !selections.has(keys.selection);
  return true;
}
