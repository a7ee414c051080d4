/** From a method to one that has an answer. What failed, why, and what was used instead is said, never swallowed. */
import { type AnyWeighting, weightingMethod } from "./methods/catalogue.ts";
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
  /** Name of the one that answered. */
  readonly method: string;
}

/**
 * Asks the method, then sharpe_proportional, then equal_weight; a critical tier asks the method alone.
 *
 * @param out    [count] weights of the one that answered
 * @param events told of every failure
 * @returns null when none had an answer
 */
export function runMethods(
  method: AnyWeighting,
  tier: "standard" | "critical",
  problem: Weighing,
  out: Float64Array,
  events: AllocationEvent[],
): ChainAnswer | null {
  const simpler: readonly AnyWeighting[] = tier === "critical" ? [] : ["sharpe_proportional", "equal_weight"];
  for (const each of [method, ...simpler.filter((other) => other !== method)]) {
    const { name } = weightingMethod(each);
    const answer = weightingMethod(each).weigh(problem, out);
    if (answer.ok) return { ...answer.value, method: name };
    events.push({ kind: "method_failed", detail: `${name}: ${answer.reason}` });
  }
  return null;
}
