/** The selector over a whole run: with everything a report shows, or with the ramp alone for sweeps over thresholds,
 *  which share one set of score panels. Both loop over the same step. */
import type { SelectionEvent, SelectionRecord } from "../core/selection-record.ts";
import { stepSelector } from "./asset-selector.ts";
import type { ScorePanels } from "./score.ts";
import type { TransitionPolicy } from "./selector-policy.ts";
import { initSelector } from "./selector-state.ts";

/** @throws RangeError for a policy that breaks its rules */
export function runSelector(panels: ScorePanels, policy: TransitionPolicy): SelectionRecord {
  const { axes, score, sharpe, drawdown } = panels;
  const state = new Uint8Array(score.length);
  const k = new Uint8Array(score.length);
  const events: SelectionEvent[] = [];
  const memory = initSelector(policy, axes.assets.length);
  const planes = { k, state };
  for (let t = 0; t < axes.time.length; t++) stepSelector(memory, t, panels, policy, planes, events);
  const { rampSteps } = policy;
  const multiplier = new Float64Array(k.length);
  for (let i = 0; i < k.length; i++) multiplier[i] = k[i]! / rampSteps;
  return { axes, state, k, rampSteps, multiplier, score, sharpe, drawdown, events };
}

/**
 * The ramp alone: `k` as in the record, without states, events or their reasons.
 *
 * @param k [T*N] written in full; the multiplier is k / policy.rampSteps
 * @throws RangeError as runSelector
 */
export function rampPositions(panels: ScorePanels, policy: TransitionPolicy, k: Uint8Array): void {
  const memory = initSelector(policy, panels.axes.assets.length);
  const planes = { k, state: null };
  for (let t = 0; t < panels.axes.time.length; t++) stepSelector(memory, t, panels, policy, planes, null);
}
