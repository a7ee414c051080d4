/** The stages that many trials share, each distinct one computed once: strengths by signal, multipliers by selector. */
import type { Floats } from "../core/panel.ts";
import type { DecisionInputs } from "../experiment/decision-inputs.ts";
import { type Scores, scoreAssets } from "../experiment/scores.ts";
import { selectorPolicy } from "../experiment/selector-policy.ts";
import { signalStrength } from "../experiment/signal-policy.ts";
import type { StageCache } from "../experiment/stage-cache.ts";
import type { TrainingOptions } from "../experiment/train-models.ts";
import { rampPositions } from "../selection/run-selector.ts";
import { type ScorePanels, scorePanels } from "../selection/score.ts";
import type { PlannedTrial } from "./plan-sweep.ts";
import { sharedFloats } from "./shared-panels.ts";
import type { StageKeys } from "./stage-keys.ts";

export interface SharedStages {
  /** By StageKeys.signal, [T*N]; no entry where a file brings the weights. */
  readonly strengths: ReadonlyMap<string, Floats>;
  /** By StageKeys.selection, [T*N]. */
  readonly multipliers: ReadonlyMap<string, Floats>;
}

/** The same from an earlier run: strengths by StageKeys.signal, multipliers by StageKeys.selection as steps of the ramp. */
export interface StoredStages {
  readonly strengths: ReadonlyMap<string, Float64Array>;
  readonly steps: ReadonlyMap<string, Uint8Array>;
}

/** What the cache has of the stages that these trials share. */
export function storedStages(trials: readonly PlannedTrial[], cache: StageCache): StoredStages {
  const read = <X>(stage: "signal" | "selection") => {
    const wanted = new Set(trials.flatMap(({ keys }) => (keys === null || keys[stage] === "" ? [] : [keys[stage]])));
    const known = [...wanted].map((key) => [key, cache.read(key)] as const);
    return new Map(known.filter(([, value]) => value !== undefined) as (readonly [string, X])[]);
  };
  return { strengths: read<Float64Array>("signal"), steps: read<Uint8Array>("selection") };
}

/** Whether a stage that a trial needs has to be computed, given what is stored of those it leads to. */
export function isToCompute(stage: keyof StageKeys, keys: StageKeys, { strengths, steps }: StoredStages): boolean {
  if (stage === "scores" || stage === "signal") return !strengths.has(keys.signal);
  if (stage === "score_panels" || stage === "selection") return !steps.has(keys.selection);
  return true;
}

/**
 * Each stage is computed where it is not stored, and kept in the cache as soon as it is.
 *
 * @param trials   that will run, each with its config
 * @param training how models are trained, where there are any, and the cache
 */
export async function shareStages(
  trials: readonly PlannedTrial[],
  inputs: DecisionInputs,
  training: TrainingOptions,
  stored: StoredStages,
): Promise<SharedStages> {
  const scores = new Map<string, Scores>();
  const strengths = new Map<string, Floats>();
  const panels = new Map<string, ScorePanels>();
  const multipliers = new Map<string, Floats>();
  const { market, periodsPerYear, fundingRate } = inputs;
  const { cache } = training;
  for (const { config, keys } of trials) {
    if (config === null || keys === null) continue;
    const { signal } = config;
    if (signal.kind !== "weights" && !strengths.has(keys.signal)) {
      let strength: Floats | undefined = stored.strengths.get(keys.signal);
      if (strength === undefined) {
        if (!scores.has(keys.scores)) scores.set(keys.scores, await scoreAssets(config, inputs, training));
        const facts = { periodsPerYear, scores: scores.get(keys.scores)!.score, fundingRate };
        strength = signalStrength(signal, market, facts);
        cache.write(keys.signal, strength);
      }
      strengths.set(keys.signal, sharedFloats(strength));
    }
    const policy = selectorPolicy(config.asset_selector, periodsPerYear);
    if (policy === null || multipliers.has(keys.selection)) continue;
    let steps = stored.steps.get(keys.selection);
    if (steps === undefined) {
      if (!panels.has(keys.score_panels)) panels.set(keys.score_panels, scorePanels(market, policy.scoring));
      steps = new Uint8Array(market.close.length);
      rampPositions(panels.get(keys.score_panels)!, policy, steps);
      cache.write(keys.selection, steps);
    }
    multipliers.set(keys.selection, sharedFloats(Float64Array.from(steps, (step) => step / policy.rampSteps)));
  }
  return { strengths, multipliers };
}
