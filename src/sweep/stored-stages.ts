/** What earlier runs left of the stages that trials share: strengths of signals, multipliers of the selector. */
import type { StageCache } from "../experiment/stage-cache.ts";
import type { PlannedTrial } from "./plan-sweep.ts";
import type { StageKeys } from "./stage-keys.ts";

export interface StoredStages {
  /** By StageKeys.signal, [T*N]. */
  readonly strengths: ReadonlyMap<string, Float64Array>;
  /** By StageKeys.selection, [T*N] steps of the ramp. */
  readonly steps: ReadonlyMap<string, Uint8Array>;
}

/** @param trials that will run */
export function storedStages(trials: readonly PlannedTrial[], cache: StageCache): StoredStages {
  const read = <X>(stage: "signal" | "selection") => {
    const wanted = new Set(trials.flatMap(({ keys }) => (keys === null || keys[stage] === "" ? [] : [keys[stage]])));
    const entries = [...wanted].map((key) => [key, cache.read(key)] as const);
    return new Map(entries.filter(([, value]) => value !== undefined) as (readonly [string, X])[]);
  };
  return { strengths: read<Float64Array>("signal"), steps: read<Uint8Array>("selection") };
}

/** Whether a trial that runs needs this stage computed: neither it nor what it leads to is stored. */
export function isToCompute(stage: keyof StageKeys, keys: StageKeys, { strengths, steps }: StoredStages): boolean {
  if (stage === "scores" || stage === "signal") return !strengths.has(keys.signal);
  if (stage === "score_panels" || stage === "selection") return !steps.has(keys.selection);
  return true;
}
