/** One plan: where the method wants to go, and the step there from the last plan.
 *  Whatever did not go as asked is an event; weights are never renormalised after the step. */
import type { Floats } from "../core/panel.ts";
import { valuesAt } from "./active-sleeves.ts";
import { type AimProblem, aimSleeves, type SleeveAim } from "./aim-sleeves.ts";
import type { CovarianceEstimate } from "./estimators/covariance.ts";
import type { AllocationEvent } from "./fallback.ts";
import type { WeightingPolicy } from "./policy.ts";
import { smoothingShare, smoothingStep } from "./smoothing-step.ts";
import { verifyWeights } from "./verify-weights.ts";
import { portfolioVariance } from "./weight-bounds.ts";
import type { SleeveWindow } from "./weighting.ts";
import { windowEstimates } from "./window-estimates.ts";

/** Where a plan starts from. */
export interface LastPlan {
  /** [count or more, the first of them read] the last plan, drifted by the returns since; null for a first plan, which
   *  has no step to take */
  readonly previous: Floats | null;
  readonly barsSincePrevious: number;
}

/** One plan by itself. */
export interface SleeveProblem extends Pick<AimProblem, "posterior" | "trades" | "linearProgram">, LastPlan {
  readonly window: SleeveWindow;
  /** [count] conviction, >= 0 */
  readonly strength: Floats;
  /** Of the window, where it is known already. */
  readonly covariance: CovarianceEstimate | null;
  /** Names of the sleeves, for events. */
  readonly names: readonly string[];
}

export interface SleevePlan {
  /** [count] not to be written to; null when there is neither an answer nor a last plan to keep */
  readonly weights: Float64Array | null;
  /** Who the weights are by; "previous" when the last plan was kept, "cash" when nothing was wanted. */
  readonly method: string;
  readonly events: readonly AllocationEvent[];
  /** Exposure that the volatility target asks for, capped; 1 without a target. */
  readonly scale: number;
  /** Exposure the method recommends, capped; 1 where it has no opinion. */
  readonly leverage: number;
  /** Sum |w - w_prev|, cuts included; NaN for a first plan. */
  readonly turnover: number;
  /** Of all sleeves, computed when first asked for; 0 where one was cut. */
  covariance(): CovarianceEstimate;
}

/** @returns weights that meet every constraint, or events that say which they could not */
export function weighSleeves(problem: SleeveProblem, policy: WeightingPolicy): SleevePlan {
  const { window, strength, covariance, names } = problem;
  const all = Array.from({ length: window.count }, (_, k) => k);
  const estimates = windowEstimates(() => window, all, policy, undefined, covariance);
  const aim = aimSleeves({ ...problem, estimates, strength: () => strength, nameOf: (k) => names[k]! }, policy);
  return stepTowards(aim, problem, policy);
}

/** The plan on the way from the last one to an aim. */
export function stepTowards(aim: SleeveAim, last: LastPlan, policy: WeightingPolicy): SleevePlan {
  const { active, bounds, rules, cuts, covariance } = aim;
  const { previous } = last;
  if (aim.weights === null) return keepPrevious(previous, cuts, [...aim.events], covariance);
  const { constraints } = policy;
  const { maxTurnover } = constraints;
  const share = previous === null ? 1 : smoothingShare(last.barsSincePrevious, constraints.smoothingHalfLifeBars);
  // All the way is the aim itself, which is written over itself.
  const goesAllTheWay = previous === null || (share === 1 && maxTurnover === null);
  const weights = goesAllTheWay ? aim.weights : new Float64Array(cuts.length);
  let turnover = Number.NaN;
  if (previous !== null)
    turnover = smoothingStep(previous, aim.weights, { share, maxTurnover, cuts }, weights).turnover;
  const unmet = goesAllTheWay ? aim.violations : verifyWeights(valuesAt(weights, active), { ...bounds, ...rules });
  const way = previous === null ? "" : "on the way from the last plan: ";
  const events =
    unmet.length === 0
      ? aim.events
      : [...aim.events, ...unmet.map(({ text }) => ({ kind: "constraint_unmet", detail: `${way}${text}` }) as const)];
  const scale = volatilityScale(policy, weights, covariance);
  const leverage = Math.min(aim.leverage, constraints.maxLeverage);
  return { weights, method: aim.method, events, scale, leverage, turnover, covariance };
}

/** The last plan without what was cut; no plan where there is none. */
function keepPrevious(
  previous: Floats | null,
  cuts: Uint8Array,
  events: AllocationEvent[],
  covariance: () => CovarianceEstimate,
): SleevePlan {
  const plain = { method: "previous", events, scale: 1, leverage: 1, covariance } as const;
  if (previous === null) {
    events.push({ kind: "no_plan", detail: "there is no earlier plan to keep" });
    return { ...plain, weights: null, turnover: Number.NaN };
  }
  events.push({ kind: "kept_previous", detail: "the last plan stands, without what was cut" });
  const weights = Float64Array.from(cuts, (cut, k) => (cut === 1 ? 0 : previous[k]!));
  const turnover = weights.reduce((sum, weight, k) => sum + Math.abs(weight - previous[k]!), 0);
  return { ...plain, weights, turnover };
}

/** Target volatility over that of the weights, at most maxLeverage; 1 without a target, or without risk to scale. */
function volatilityScale(
  { volatilityTarget, constraints }: WeightingPolicy,
  weights: Float64Array,
  covariance: () => CovarianceEstimate,
): number {
  if (volatilityTarget === null) return 1;
  const volatility = Math.sqrt(portfolioVariance(weights, covariance().matrix));
  return volatility > 0 ? Math.min(constraints.maxLeverage, volatilityTarget / volatility) : 1;
}
