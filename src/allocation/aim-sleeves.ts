/** Where a plan goes before it looks at the last one: cuts, the method with its fallbacks, projection onto the
 *  constraints. Whatever did not go as asked is an event. */
import type { Floats } from "../core/panel.ts";
import type { LinearProgramSolver } from "../math/linear-program.ts";
import { covarianceAmongAll, groupsAmong, valuesAt } from "./active-sleeves.ts";
import { riskCuts } from "./cuts.ts";
import type { CovarianceEstimate } from "./estimators/covariance.ts";
import { type AllocationEvent, runMethods } from "./fallback.ts";
import { weightingMethod } from "./methods/catalogue.ts";
import type { WeightingPolicy } from "./policy.ts";
import { attainableBudget, type ProjectionRules, projectToBudget, projectWeights } from "./projection.ts";
import { verifyWeights, type WeightViolation } from "./verify-weights.ts";
import { uniformBounds, type WeightBounds } from "./weight-bounds.ts";
import type { RegimePosterior } from "./weighting.ts";
import type { WindowEstimates } from "./window-estimates.ts";

/** What an aim is made of. */
export interface AimProblem {
  readonly estimates: WindowEstimates;
  /** [count] conviction, >= 0; asked for by a method that looks at it */
  strength(): Floats;
  readonly posterior: RegimePosterior | null;
  /** [count] trades of each sleeve so far; null = not known, so that min_trades cuts nothing */
  readonly trades: ArrayLike<number> | null;
  /** Of the same policy by number of sleeves, filled as they are made; without it they are made for this aim alone. */
  readonly bounds?: Map<number, WeightBounds> | undefined;
  /** For the method cdar_min. */
  readonly linearProgram: LinearProgramSolver | null;
  /** Of a sleeve, for events. */
  nameOf(sleeve: number): string;
}

/** Where a plan wants to go, whatever the last one was. */
export interface SleeveAim {
  /** [count] 0 where a sleeve was cut; null when nobody had an answer. Not to be written to. */
  readonly weights: Float64Array | null;
  /** What the weights leave unmet of bounds and rules. */
  readonly violations: readonly WeightViolation[];
  /** Name of the method the weights are by. */
  readonly method: string;
  /** Whether a method looked at the strengths, so that the aim is of this signal alone. */
  readonly followsStrength: boolean;
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
  const { estimates } = problem;
  const { constraints, parameters } = policy;
  const { count } = estimates;
  const events: AllocationEvent[] = [];

  const cuts = new Uint8Array(count);
  const asked = weightingMethod(policy.method);
  const minHistoryBars = asked.usesHistory ? constraints.minHistoryBars : 0;
  for (const { sleeve, rule, value, limit } of riskCuts(
    estimates,
    { ...constraints, minHistoryBars },
    problem.trades,
  )) {
    cuts[sleeve] = 1;
    events.push({
      kind: "cut",
      detail: `${problem.nameOf(sleeve)}: ${rule} is ${shown(value)}, limit ${shown(limit)}`,
    });
  }
  const active: number[] = [];
  for (let k = 0; k < count; k++) if (cuts[k] === 0) active.push(k);
  const inner = estimates.among(active);
  const covariance = lazy(() => covarianceAmongAll(inner.covariance(), active, count));
  const { budget, warning } = attainableBudget(active.length, constraints.maxWeight);
  const floor = constraints.allowShort ? -constraints.maxWeight : 0;
  const bounds =
    problem.bounds?.get(active.length) ?? uniformBounds(active.length, floor, constraints.maxWeight, budget);
  problem.bounds?.set(active.length, bounds);
  const rules = { minWeight: constraints.minWeight, groups: groupsAmong(constraints.groups, active) };
  const common = { cuts, active, bounds, rules, events, covariance };
  const none = {
    ...common,
    weights: null,
    violations: [],
    followsStrength: false,
    method: asked.name,
    leverage: 1,
  };
  const least = Math.max(1, constraints.minActive);
  if (active.length < least) {
    events.push({ kind: "too_few_active", detail: `${active.length} left, at least ${least} wanted` });
    return none;
  }
  if (warning !== undefined) events.push({ kind: "budget_reduced", detail: warning });
  const raw = new Float64Array(active.length);
  let isCovarianceUsed = false as boolean;
  let followsStrength = false;
  const answer = runMethods(
    policy.method,
    policy.tier,
    {
      get window() {
        return inner.window();
      },
      statistics: inner.statistics,
      covariance: () => {
        isCovarianceUsed = true;
        return inner.covariance();
      },
      volatilities: inner.volatilities,
      parameters,
      get strength() {
        followsStrength = true;
        return valuesAt(problem.strength(), active);
      },
      posterior: problem.posterior,
      bounds,
      linearProgram: problem.linearProgram,
    },
    raw,
    events,
  );
  if (answer === null) return { ...none, followsStrength };
  for (const warned of answer.warnings) events.push({ kind: "method_warning", detail: warned });
  const replaced = isCovarianceUsed ? inner.covariance().warning : null;
  if (replaced !== null) events.push({ kind: "covariance_replaced", detail: replaced });

  const limits = { ...bounds, ...rules };
  const within = isWithin(raw, bounds) && verifyWeights(raw, limits).length === 0;
  const goal = within ? raw : projectAsFarAsPossible(raw, bounds, rules, events);
  const violations = within ? [] : verifyWeights(goal, limits);
  const { method, leverage } = answer;
  return { ...common, weights: amongAll(goal, active, count), violations, followsStrength, method, leverage };
}

/** The weights of the active sleeves among all, 0 where one was cut. */
function amongAll(goal: Float64Array, active: readonly number[], count: number): Float64Array {
  if (active.length === count) return goal;
  const weights = new Float64Array(count);
  for (let i = 0; i < active.length; i++) weights[active[i]!] = goal[i]!;
  return weights;
}

/** Group limits are given up where the bounds leave no room for them. */
function projectAsFarAsPossible(
  raw: Float64Array,
  bounds: WeightBounds,
  rules: ProjectionRules,
  events: AllocationEvent[],
): Float64Array {
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

function lazy<T>(compute: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => {
    kept ??= { value: compute() };
    return kept.value;
  };
}
