/** Who is wanted, and who may take part: scores, then the signal's strengths, then the selector's states. */
import type { Floats } from "../core/panel.ts";
import type { SelectionRecord } from "../core/selection-record.ts";
import { runSelector } from "../selection/run-selector.ts";
import { type ScorePanels, scorePanels } from "../selection/score.ts";
import type { SelectorPolicy } from "../selection/selector-policy.ts";
import type { DecisionInputs } from "./decision-inputs.ts";
import type { StagePlane } from "./look-ahead.ts";
import type { ExperimentConfig } from "./schema.ts";
import { type Scores, scoreAssets, scorePlanes } from "./scores.ts";
import { selectorPolicy } from "./selector-policy.ts";
import { type SignalFacts, signalStrength } from "./signal-policy.ts";
import type { TrainingOptions } from "./train-models.ts";

/** The selector ready to run: what its steps read, and its rules. */
export interface Selector {
  readonly panels: ScorePanels;
  readonly policy: SelectorPolicy;
}

/** What stands before any weighting; independent of the method, so that all of a comparison share it. */
export interface Candidates {
  readonly scores: Scores;
  /** [T*N] signed, 0 = out, NaN = no opinion; null where a file brings the weights themselves. */
  readonly strength: Floats | null;
  /** null = everybody takes part. */
  readonly selector: Selector | null;
}

/** @throws InputError for a feature of a column that the data lack, or rows that a model cannot learn from */
export async function findCandidates(
  config: ExperimentConfig,
  inputs: DecisionInputs,
  training?: TrainingOptions,
): Promise<Candidates> {
  const scores = await scoreAssets(config, inputs, training);
  const strength =
    config.signal.kind === "weights" ? null : signalStrength(config.signal, inputs.market, signalFacts(inputs, scores));
  const policy = selectorPolicy(config.asset_selector, inputs.periodsPerYear);
  const selector = policy === null ? null : { panels: scorePanels(inputs.market, policy.scoring), policy };
  return { scores, strength, selector };
}

/** What a signal is made of, from what was loaded and scored. */
export function signalFacts(
  { periodsPerYear, fundingRate, extensions }: DecisionInputs,
  { score, features }: Pick<Scores, "score" | "features">,
): SignalFacts {
  return { periodsPerYear, scores: score, fundingRate, features, extensions: extensions.signals };
}

export function selectAssets({ selector }: Candidates): SelectionRecord | null {
  return selector === null ? null : runSelector(selector.panels, selector.policy);
}

/** For the look-ahead proof. */
export function candidatePlanes({ scores, strength }: Candidates, selection: SelectionRecord | null): StagePlane[] {
  const planes = scorePlanes(scores);
  if (strength !== null) planes.push({ stage: "signal", column: "strength", values: strength });
  if (selection === null) return planes;
  const { score, sharpe, drawdown, state, k } = selection;
  for (const [column, values] of Object.entries({ score, sharpe, drawdown, state, k }))
    planes.push({ stage: "selection", column, values });
  return planes;
}
