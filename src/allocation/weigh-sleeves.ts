/** One plan: cuts, the method with its fallbacks, projection onto the constraints, the step from the last plan.
 *  Whatever did not go as asked is an event; weights are never renormalised after the step. */
import type { Floats } from "../core/panel.ts";
import { riskCuts } from "./cuts.ts";
import { type CovarianceEstimate, estimateCovariance } from "./estimators/covariance.ts";
import { type AllocationEvent, runMethods } from "./fallback.ts";
import type { WeightingMethodName } from "./methods/catalogue.ts";
import type { WeightConstraints, WeightingPolicy } from "./policy.ts";
import { planBudget, projectWeights } from "./projection.ts";
import { type SleeveStatistics, sleeveStatistics } from "./sleeve-statistics.ts";
import { stepTowards } from "./smoothing-step.ts";
import { unmetConstraints } from "./verify-weights.ts";
import type { RegimePosterior, SleeveWindow, Weighing } from "./weighting.ts";

export interface SleeveProblem {
  readonly window: SleeveWindow;
  /** [count] conviction, >= 0 */
  readonly strength: Floats;
  readonly posterior: RegimePosterior | null;
  /** [count] trades of each sleeve so far; null = not known, so that min_trades cuts nothing */
  readonly trades: ArrayLike<number> | null;
  /** [count] the last plan, drifted by the returns since; null for a first plan, which has no step to take */
  readonly previous: Floats | null;
  readonly barsSincePrevious: number;
  /** Of the window, where it is known already. */
  readonly covariance: CovarianceEstimate | null;
  /** Names of the sleeves, for events. */
  readonly names: readonly string[];
}

export interface SleevePlan {
  /** [count]; null when there is neither an answer nor a last plan to keep. */
  readonly weights: Float64Array | null;
  /** Who the weights are by; "previous" when the last plan was kept. */
  readonly method: WeightingMethodName | "previous";
  readonly events: readonly AllocationEvent[];
  /** Exposure that the volatility target asks for, capped; 1 without a target. */
  readonly scale: number;
  /** Exposure the method recommends, capped; 1 where it has no opinion. */
  readonly leverage: number;
  /** Sum |w - w_prev|, cuts included; NaN for a first plan. */
  readonly turnover: number;
  /** Of all sleeves, computed when first asked for. */
  covariance(): CovarianceEstimate;
}

/** @returns weights that meet every constraint, or events that say which they could not */
export function weighSleeves(problem: SleeveProblem, policy: WeightingPolicy): SleevePlan {
  const { window, previous, names } = problem;
  const { constraints, parameters } = policy;
  const { count } = window;
  const events: AllocationEvent[] = [];
  const statistics = lazy(() => sleeveStatistics(window, parameters.riskFree));
  const covariance = lazy(() => problem.covariance ?? estimateCovariance(window, policy.covariance));
  const kept = (): SleevePlan => keepPrevious(previous, cutSleeves, events, covariance);

  const cuts = riskCuts(window, statistics(), constraints, problem.trades);
  const cutSleeves = new Set(cuts.map(({ sleeve }) => sleeve));
  for (const { sleeve, rule, value, limit } of cuts)
    events.push({ kind: "cut", detail: `${names[sleeve]}: ${rule} ${shown(value)}, limit ${shown(limit)}` });
  const active = Array.from({ length: count }, (_, k) => k).filter((k) => !cutSleeves.has(k));
  if (active.length < Math.max(1, constraints.minActive)) {
    events.push({ kind: "too_few_active", detail: `${active.length} of at least ${Math.max(1, constraints.minActive)}` });
    return kept();
  }

  const inner = activeProblem(problem, policy, active, statistics, covariance, events);
  const raw = new Float64Array(active.length);
  const answer = runMethods(policy.method, policy.tier, inner, raw, events);
  if (answer === null) return kept();
  for (const warning of answer.warnings) events.push({ kind: "method_warning", detail: warning });

  const goal = new Float64Array(active.length);
  const groups = groupsAmong(constraints, active);
  const projected = projectWeights(
    raw,
    { lower: inner.lower, upper: inner.upper, budget: inner.budget, minWeight: constraints.minWeight, groups },
    goal,
  );
  for (const detail of projected.unmet) events.push({ kind: "constraint_unmet", detail });

  const weights = new Float64Array(count);
  const before = active.map((k) => previous?.[k] ?? 0);
  const stepped = new Float64Array(active.length);
  if (previous === null) stepped.set(goal);
  else stepTowards(Float64Array.from(before), goal, stepOf(constraints, problem.barsSincePrevious), stepped);
  for (const [i, k] of active.entries()) weights[k] = stepped[i]!;
  const limits = { lower: inner.lower, upper: inner.upper, budget: inner.budget, minWeight: constraints.minWeight, groups };
  for (const detail of unmetConstraints(stepped, limits))
    events.push({ kind: "constraint_unmet", detail: `after the step from the last plan: ${detail}` });

  const estimate = covariance();
  if (estimate.warning !== null) events.push({ kind: "covariance_replaced", detail: estimate.warning });
  return {
    weights,
    method: answer.method,
    events,
    scale: scaleOf(policy, weights, estimate),
    leverage: Math.min(answer.leverage, constraints.maxLeverage),
    turnover: previous === null ? Number.NaN : l1(weights, previous),
    covariance,
  };
}
