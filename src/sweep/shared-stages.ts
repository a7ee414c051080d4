/** The stages that many trials share, each distinct one computed once: strengths by signal, multipliers by selector. */
import { InputError } from "../core/errors.ts";
import type { Floats } from "../core/panel.ts";
import { signalFacts } from "../experiment/candidates.ts";
import type { DecisionInputs } from "../experiment/decision-inputs.ts";
import type { ExperimentConfig } from "../experiment/schema.ts";
import { type Scores, scoreAssets } from "../experiment/scores.ts";
import { selectorPolicy } from "../experiment/selector-policy.ts";
import { signalStrength } from "../experiment/signal-policy.ts";
import { NO_CACHE, type StageCache } from "../experiment/stage-cache.ts";
import type { TrainingOptions } from "../experiment/train-models.ts";
import { rampPositions } from "../selection/run-selector.ts";
import { type ScorePanels, scorePanels } from "../selection/score.ts";
import type { PlannedTrial } from "./plan-sweep.ts";
import { type SharedRamps, sharedFloats, sharedRamps } from "./shared-panels.ts";
import type { StageKeys } from "./stage-keys.ts";

export interface SharedStages {
  /** By StageKeys.signal, [T*N]; no entry where a file brings the weights. */
  readonly strengths: ReadonlyMap<string, Floats>;
  /** By StageKeys.selection. */
  readonly multipliers: ReadonlyMap<string, SharedRamps>;
  /** PlannedTrial.index -> what is wrong with its scores or its signal: a column the data lack, an extension that throws. */
  readonly faults: ReadonlyMap<number, InputError>;
}

/**
 * @param trials   that will run, each with its config
 * @param training how models are trained, where there are any
 * @param kept     where strengths and multipliers are read from and written to under the trials' keys; only for the very
 *                 bars that those keys are of
 */
export async function shareStages(
  trials: readonly PlannedTrial[],
  inputs: DecisionInputs,
  training: TrainingOptions,
  kept: StageCache = NO_CACHE,
): Promise<SharedStages> {
  const scores = new Map<string, Scores>();
  const strengths = new Map<string, Floats>();
  const panels = new Map<string, ScorePanels>();
  const multipliers = new Map<string, SharedRamps>();
  const faults = new Map<number, InputError>();
  const faulty = new Map<string, InputError>();
  const { market, periodsPerYear } = inputs;
  const makeStrength = async (config: ExperimentConfig, keys: StageKeys) => {
    const { signal } = config;
    if (signal.kind === "weights" || strengths.has(keys.signal)) return;
    let strength = kept.read(keys.signal) as Floats | undefined;
    if (strength === undefined) {
      if (!scores.has(keys.scores)) scores.set(keys.scores, await scoreAssets(config, inputs, training));
      strength = signalStrength(signal, market, signalFacts(inputs, scores.get(keys.scores)!));
      kept.write(keys.signal, strength);
    }
    strengths.set(keys.signal, sharedFloats(strength));
  };
  for (const { index, config, keys } of trials) {
    if (config === null || keys === null) continue;
    const fault = faulty.get(keys.signal) ?? (await faultOf(makeStrength(config, keys)));
    if (fault !== null) {
      faulty.set(keys.signal, fault);
      faults.set(index, fault);
      continue;
    }
    const policy = selectorPolicy(config.asset_selector, periodsPerYear);
    if (policy === null || multipliers.has(keys.selection)) continue;
    let k = kept.read(keys.selection) as Uint8Array | undefined;
    if (k === undefined) {
      if (!panels.has(keys.score_panels)) panels.set(keys.score_panels, scorePanels(market, policy.scoring));
      k = new Uint8Array(market.close.length);
      rampPositions(panels.get(keys.score_panels)!, policy, k);
      kept.write(keys.selection, k);
    }
    multipliers.set(keys.selection, sharedRamps(k, policy.rampSteps));
  }
  return { strengths, multipliers, faults };
}

/** What was wrong with what the work was given; a defect is thrown on. */
async function faultOf(work: Promise<void>): Promise<InputError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}
