/** What the allocation stage reads, from what an experiment has loaded. */
import type { AimMemo } from "../allocation/aim-memo.ts";
import type { AllocationInputs } from "../allocation/plan-step.ts";
import type { Floats } from "../core/panel.ts";
import { simpleReturns } from "../math/returns.ts";
import type { DecisionInputs } from "./decision-inputs.ts";

/**
 * @param strength   [T*N] the signal's
 * @param multiplier [T*N] the selector's; null without one
 * @param aims       of these decision inputs, shared with other runs on them
 */
export function allocationInputs(
  { market, posterior, linearProgram }: DecisionInputs,
  strength: Floats,
  multiplier: Floats | null = null,
  aims: AimMemo | null = null,
): AllocationInputs {
  const { axes, close } = market;
  const returns = new Float64Array(close.length);
  simpleReturns(close, axes.assets.length, returns);
  return { axes, listed: close, returns, strength, multiplier, posterior, linearProgram, aims };
}
