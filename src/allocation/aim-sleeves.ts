/** Where a plan goes before it looks at the last one: cuts, the method with its fallbacks, projection onto the
 *  constraints. Whatever did not go as asked is an event. */
import type { Floats } from "../core/panel.ts";
import type { LinearProgramSolver } from "../math/linear-program.ts";
import { covarianceAmongAll, groupsAmong, valuesAt, windowOf } from "./active-sleeves.ts";
import { riskCuts } from "./cuts.ts";
import { type CovarianceEstimate, estimateCovariance } from "./estimators/covariance.ts";
import { estimateVolatilities } from "./estimators/volatility.ts";
import { type AllocationEvent, runMethods } from "./fallback.ts";
import { weightingMethod } from "./methods/catalogue.ts";
import type { WeightingPolicy } from "./policy.ts";
import { attainableBudget, type ProjectionRules, projectToBudget, projectWeights } from "./projection.ts";
import { sleeveStatistics } from "./sleeve-statistics.ts";
import { verifyWeights } from "./verify-weights.ts";
import { uniformBounds, type WeightBounds } from "./weight-bounds.ts";
import type { RegimePosterior, SleeveWindow } from "./weighting.ts";

/** What an aim is made of. */
export interface AimProblem {
  readonly window: SleeveWindow;
  /** [count] conviction, >= 0 */
  readonly strength: Floats;
  readonly posterior: RegimePosterior | null;
  /** [count] trades of each sleeve so far; null = not known, so that min_trades cuts nothing */
  readonly trades: ArrayLike<number> | null;
  /** Of the whole window, where it is known already. */
  readonly covariance: CovarianceEstimate | null;
  /** For the method cdar_min. */
  readonly linearProgram: LinearProgramSolver | null;
  /** Names of the sleeves, for events. */
  readonly names: readonly string[];
}

/** Where a plan wants to go, whatever the last one was. */
export interface SleeveAim {
  /** [count] 0 where a sleeve was cut; null when nobody had an answer. */
  readonly weights: Float64Array | null;
  /** Name of the method the weights are by. */
  readonly method: string;
  /** Exposure the method recommends, not capped. */
  readonly leverage: number;
  /** [count] 1 = cut */
  readonly cuts: Uint8Array;
  /** Positions of the sleeves that were not cut. */
  readonly active: readonly number[];
  /** What the active sleeves' weights have to meet. */
  readonly bounds: WeightBounds;
  readonly rules: ProjectionRules;
  readonly events: readonly AllocationEvent[];
  /** Of all sleeves, computed when first asked for; 0 where one was cut. */
  covariance(): CovarianceEstimate;
}

/** @returns weights that meet every constraint but those on the step from the last plan, or events that say which not */
export function aimSleeves(problem: AimProblem, policy: WeightingPolicy): SleeveAim {
  const { window, names } = problem;
  const { constraints, parameters } = policy;
  const { count } = window;
  const events: AllocationEvent[] = [];

  const cuts = new Uint8Array(count);
  const method = weightingMethod(policy.method);
  const minHistoryBars = method.usesHistory ? constraints.minHistoryBars : 0;
  for (const { sleeve, rule, value, limit } of riskCuts(window, { ...constraints, minHistoryBars }, problem.trades)) {
    cuts[sleeve] = 1;
    events.push({ kind: "cut", detail: `${names[sleeve]}: ${rule} is ${shown(value)}, limit ${shown(limit)}` });
  }
  const active: number[] = [];
  for (let k = 0; k < count; k++) if (cuts[k] === 0) active.push(k);
  const inner = windowOf(window, active);
  const given = active.length === count ? problem.covariance : null;
  const estimate = lazy(() => given ?? estimateCovariance(inner, policy.covariance));
  const covariance = lazy(() => covarianceAmongAll(estimate.value(), active, count)).value;
  const { budget, warning } = attainableBudget(active.length, constraints.maxWeight);
  const floor = constraints.allowShort ? -constraints.maxWeight : 0;
  const bounds = uniformBounds(active.length, floor, constraints.maxWeight, budget);
  const rules = { minWeight: constraints.minWeight, groups: groupsAmong(constraints.groups, active) };
  const none = { weights: null, method: method.name, leverage: 1, cuts, active, bounds, rules, events, covariance };
  const least = Math.max(1, constraints.minActive);
  if (active.length < least) {
    events.push({ kind: "too_few_active", detail: `${active.length} left, at least ${least} wanted` });
    return none;
  }
  if (warning !== undefined) events.push({ kind: "budget_reduced", detail: warning });
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
  if (answer === null) return none;
  for (const warned of answer.warnings) events.push({ kind: "method_warning", detail: warned });
  const replaced = estimate.known() ? estimate.value().warning : null;
  if (replaced !== null) events.push({ kind: "covariance_replaced", detail: replaced });

  const goal = projectAsFarAsPossible(raw, bounds, rules, events);
  const weights = new Float64Array(count);
  for (let i = 0; i < active.length; i++) weights[active[i]!] = goal[i]!;
  return { ...none, weights, method: answer.method, leverage: answer.leverage };
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
  if (!plain.ok) throw new Error(`aimSleeves: no weights within bounds that hold their own budget: ${plain.reason}`);
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
