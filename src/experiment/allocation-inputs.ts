/** What the allocation stage reads, from what an experiment has loaded. */
import type { AllocationInputs } from "../allocation/plan-step.ts";
import type { Floats } from "../core/panel.ts";
import { simpleReturns } from "../math/returns.ts";
import type { DecisionInputs } from "./decision-inputs.ts";

/**
 * @param strength   [T*N] the signal's
 * @param multiplier [T*N] the selector's; null without one
 */
export function allocationInputs(
  { market, posterior, linearProgram }: DecisionInputs,
  strength: Floats,
  multiplier: Floats | null = null,
): AllocationInputs {
  const { axes, close } = market;
  const returns = new Float64Array(close.length);
  simpleReturns(close, axes.assets.length, returns);
  return { axes, listed: close, returns, strength, multiplier, posterior, linearProgram };
}
