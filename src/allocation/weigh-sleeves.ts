/** One plan: cuts, the method with its fallbacks, projection onto the constraints, the step from the last plan.
 *  Whatever did not go as asked is an event; weights are never renormalised after the step. */
import type { Floats } from "../core/panel.ts";
import type { LinearProgramSolver } from "../math/linear-program.ts";
import { covarianceAmongAll, groupsAmong, valuesAt, windowOf } from "./active-sleeves.ts";
import { riskCuts } from "./cuts.ts";
import { type CovarianceEstimate, estimateCovariance } from "./estimators/covariance.ts";
import { estimateVolatilities } from "./estimators/volatility.ts";
import { type AllocationEvent, runMethods } from "./fallback.ts";
import { WEIGHTING_METHODS, type WeightingMethodName } from "./methods/catalogue.ts";
import type { WeightingPolicy } from "./policy.ts";
import { attainableBudget, type ProjectionRules, projectToBudget, projectWeights } from "./projection.ts";
import { sleeveStatistics } from "./sleeve-statistics.ts";
import { smoothingShare, smoothingStep } from "./smoothing-step.ts";
import { verifyWeights } from "./verify-weights.ts";
import { portfolioVariance, uniformBounds, type WeightBounds } from "./weight-bounds.ts";
import type { RegimePosterior, SleeveWindow } from "./weighting.ts";

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
  /** Of the whole window, where it is known already. */
  readonly covariance: CovarianceEstimate | null;
  /** For the method cdar_min. */
  readonly linearProgram: LinearProgramSolver | null;
  /** Names of the sleeves, for events. */
  readonly names: readonly string[];
}

export interface SleevePlan {
  /** [count]; null when there is neither an answer nor a last plan to keep. */
  readonly weights: Float64Array | null;
  /** Who the weights are by; "previous" when the last plan was kept, "cash" when nothing was wanted. */
  readonly method: WeightingMethodName | "previous" | "cash";
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
  const { window, previous, names } = problem;
  const { constraints, parameters } = policy;
  const { count } = window;
  const events: AllocationEvent[] = [];

  const cutMask = new Uint8Array(count);
  const minHistoryBars = WEIGHTING_METHODS[policy.method].usesHistory ? constraints.minHistoryBars : 0;
  for (const { sleeve, rule, value, limit } of riskCuts(window, { ...constraints, minHistoryBars }, problem.trades)) {
    cutMask[sleeve] = 1;
    events.push({ kind: "cut", detail: `${names[sleeve]}: ${rule} is ${shown(value)}, limit ${shown(limit)}` });
  }
  const active: number[] = [];
  for (let k = 0; k < count; k++) if (cutMask[k] === 0) active.push(k);
  const inner = windowOf(window, active);
  const given = active.length === count ? problem.covariance : null;
  const estimate = lazy(() => given ?? estimateCovariance(inner, policy.covariance));
  const covariance = lazy(() => covarianceAmongAll(estimate.value(), active, count)).value;
  const least = Math.max(1, constraints.minActive);
  if (active.length < least) {
    events.push({ kind: "too_few_active", detail: `${active.length} left, at least ${least} wanted` });
    return keepPrevious(previous, cutMask, events, covariance);
  }

  const { budget, warning } = attainableBudget(active.length, constraints.maxWeight);
  if (warning !== undefined) events.push({ kind: "budget_reduced", detail: warning });
  const floor = constraints.allowShort ? -constraints.maxWeight : 0;
  const bounds = uniformBounds(active.length, floor, constraints.maxWeight, budget);
  const raw = new Float64Array(active.length);
  const answer = runMethods(
    policy.method,
    policy.tier,
    {
      window: inner,
      statistics: lazy(() => sleeveStatistics(inner, parameters.riskFree)).value,
      covariance: estimate.value,
      volatilities: lazy(() => {
        const out = new Float64Array(inner.count);
        estimateVolatilities(inner, parameters.volatility, out);
        return out;
      }).value,
      parameters,
      strength: valuesAt(problem.strength, active),
      posterior: problem.posterior,
      bounds,
      linearProgram: problem.linearProgram,
    },
    raw,
    events,
  );
  if (answer === null) return keepPrevious(previous, cutMask, events, covariance);
  for (const warned of answer.warnings) events.push({ kind: "method_warning", detail: warned });
  const replaced = estimate.known() ? estimate.value().warning : null;
  if (replaced !== null) events.push({ kind: "covariance_replaced", detail: replaced });

  const rules = { minWeight: constraints.minWeight, groups: groupsAmong(constraints.groups, active) };
  const goal = projectAsFarAsPossible(raw, bounds, rules, events);
  const target = new Float64Array(count);
  for (let i = 0; i < active.length; i++) target[active[i]!] = goal[i]!;
  const weights = new Float64Array(count);
  let turnover = Number.NaN;
  if (previous === null) weights.set(target);
  else {
    const share = smoothingShare(problem.barsSincePrevious, constraints.smoothingHalfLifeBars);
    const options = { share, maxTurnover: constraints.maxTurnover, cuts: cutMask };
    ({ turnover } = smoothingStep(previous.slice(), target, options, weights));
  }
  const left = valuesAt(weights, active);
  const way = previous === null ? "" : "on the way from the last plan: ";
  for (const { text } of verifyWeights(left, { ...bounds, ...rules }))
    events.push({ kind: "constraint_unmet", detail: `${way}${text}` });
  const scale = volatilityScale(policy, weights, covariance);
  const leverage = Math.min(answer.leverage, constraints.maxLeverage);
  return { weights, method: answer.method, events, scale, leverage, turnover, covariance };
}

/** What meets every rule already stays as it is, to the bit. Group limits are given up where the bounds leave no room
 *  for them. */
function projectAsFarAsPossible(
  raw: Float64Array,
  bounds: WeightBounds,
  rules: ProjectionRules,
  events: AllocationEvent[],
): Float64Array {
  if (verifyWeights(raw, { ...bounds, ...rules }).length === 0 && isWithin(raw, bounds)) return raw;
  const goal = new Float64Array(raw.length);
  const unmet = (detail: string) => events.push({ kind: "constraint_unmet", detail });
  const limited = projectWeights(raw, bounds, rules, goal);
  if (limited.ok) {
    for (const detail of limited.value.unmet) unmet(detail);
    return goal;
  }
  unmet(`group limits were given up: ${limited.reason}`);
  const plain = projectToBudget(raw, bounds, goal);
  if (!plain.ok) throw new Error(`weighSleeves: no weights within bounds that hold their own budget: ${plain.reason}`);
  return goal;
}

/** Bounds to the bit and the budget to rounding: closer than verification asks. */
function isWithin(weights: Float64Array, { lower, upper, budget }: WeightBounds): boolean {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    if (weights[k]! < lower[k]! || weights[k]! > upper[k]!) return false;
    sum += weights[k]!;
  }
  return Math.abs(sum - budget) <= 1e-13;
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

function shown(value: number): string {
  return Number.isInteger(value) ? `${value}` : value.toPrecision(3);
}

interface Lazy<T> {
  readonly value: () => T;
  readonly known: () => boolean;
}

function lazy<T>(compute: () => T): Lazy<T> {
  let kept: { readonly value: T } | undefined;
  return {
    value: () => {
      kept ??= { value: compute() };
      return kept.value;
    },
    known: () => kept !== undefined,
  };
}
