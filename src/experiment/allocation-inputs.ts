/** What the allocation stage reads, from what an experiment has loaded. */
import type { PlanMemo } from "../allocation/plan-memo.ts";
import type { AllocationInputs } from "../allocation/plan-step.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import { simpleReturns } from "../math/returns.ts";
import type { DecisionInputs } from "./decision-inputs.ts";

/**
 * @param strength   [T*N] the signal's
 * @param multiplier [T*N] the selector's; null without one
 * @param memo       of these decision inputs, shared with other runs on them
 */
export function allocationInputs(
  { market, posterior, linearProgram }: DecisionInputs,
  strength: Floats,
  multiplier: Floats | null = null,
  memo: PlanMemo | null = null,
): AllocationInputs {
  const { axes, close } = market;
  const returns = memo?.returns ?? marketReturns(market);
  return { axes, listed: close, returns, strength, multiplier, posterior, linearProgram, memo };
}

/** [T*N] close to close. */
export function marketReturns({ axes, close }: Ohlcv): Float64Array {
  const returns = new Float64Array(close.length);
  simpleReturns(close, axes.assets.length, returns);
  return returns;
}
