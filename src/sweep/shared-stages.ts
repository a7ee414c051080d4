/** The stages that many trials share, each distinct one computed once: strengths by signal, multipliers by selector. */
import type { Floats } from "../core/panel.ts";
import type { DecisionInputs } from "../experiment/decision-inputs.ts";
import { type Scores, scoreAssets } from "../experiment/scores.ts";
import { selectorPolicy } from "../experiment/selector-policy.ts";
import { signalStrength } from "../experiment/signal-policy.ts";
import type { TrainingOptions } from "../experiment/train-models.ts";
import { rampPositions } from "../selection/run-selector.ts";
import { type ScorePanels, scorePanels } from "../selection/score.ts";
import type { PlannedTrial } from "./plan-sweep.ts";
import { sharedFloats, sharedRoom } from "./shared-panels.ts";

export interface SharedStages {
  /** By StageKeys.signal, [T*N]; no entry where a file brings the weights. */
  readonly strengths: ReadonlyMap<string, Floats>;
  /** By StageKeys.selection, [T*N]. */
  readonly multipliers: ReadonlyMap<string, Floats>;
}

/**
 * @param trials   that will run, each with its config
 * @param training how models are trained, where there are any
 */
export async function shareStages(
  trials: readonly PlannedTrial[],
  inputs: DecisionInputs,
  training: TrainingOptions,
): Promise<SharedStages> {
  const scores = new Map<string, Scores>();
  const strengths = new Map<string, Floats>();
  const panels = new Map<string, ScorePanels>();
  const multipliers = new Map<string, Floats>();
  const { market, periodsPerYear, fundingRate } = inputs;
  for (const { config, keys } of trials) {
    if (config === null || keys === null) continue;
    const { signal } = config;
    if (signal.kind !== "weights" && !strengths.has(keys.signal)) {
      if (!scores.has(keys.scores)) scores.set(keys.scores, await scoreAssets(config, inputs, training));
      const facts = { periodsPerYear, scores: scores.get(keys.scores)!.score, fundingRate };
      strengths.set(keys.signal, sharedFloats(signalStrength(signal, market, facts)));
    }
    const policy = selectorPolicy(config.asset_selector, periodsPerYear);
    if (policy === null || multipliers.has(keys.selection)) continue;
    if (!panels.has(keys.score_panels)) panels.set(keys.score_panels, scorePanels(market, policy.scoring));
    const k = new Uint8Array(market.close.length);
    rampPositions(panels.get(keys.score_panels)!, policy, k);
    const shared = sharedRoom(k.length);
    for (let i = 0; i < k.length; i++) shared[i] = k[i]! / policy.rampSteps;
    multipliers.set(keys.selection, shared);
  }
  return { strengths, multipliers };
}
