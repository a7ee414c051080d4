/** From a method to one that has an answer. What failed, why, and what was used instead is said, never swallowed. */
import { WEIGHTING_METHODS, type WeightingMethodName } from "./methods/catalogue.ts";
import type { MethodAnswer, Weighing } from "./weighting.ts";

/** What a plan did beside what it was asked. */
export interface AllocationEvent {
  readonly kind:
    | "cut"
    | "too_few_active"
    | "method_failed"
    | "kept_previous"
    | "no_plan"
    | "budget_reduced"
    | "constraint_unmet"
    | "covariance_replaced"
    | "method_warning";
  readonly detail: string;
}

export interface ChainAnswer extends MethodAnswer {
  readonly method: WeightingMethodName;
}

/**
 * Asks the method, then sharpe_proportional, then equal_weight; a critical tier asks the method alone.
 *
 * @param out    [count] weights of the one that answered
 * @param events told of every failure
 * @returns null when none had an answer
 */
export function runMethods(
  method: WeightingMethodName,
  tier: "standard" | "critical",
  problem: Weighing,
  out: Float64Array,
  events: AllocationEvent[],
): ChainAnswer | null {
  const simpler: readonly WeightingMethodName[] = tier === "critical" ? [] : ["sharpe_proportional", "equal_weight"];
  for (const name of [method, ...simpler.filter((other) => other !== method)]) {
    const answer = WEIGHTING_METHODS[name].weigh(problem, out);
    if (answer.ok) return { ...answer.value, method: name };
    events.push({ kind: "method_failed", detail: `${name}: ${answer.reason}` });
  }
  return null;
}
