/** Euclidean projection of raw weights onto their constraints: sum w = B and lower <= w <= upper exactly, by the
 *  breakpoints of its dual (Held, Wolfe & Crowder 1974); group limits on top by a quadratic program; a minimum weight
 *  ("0 or at least min") by dropping the smallest holdings one at a time, a heuristic as that set is not convex. */
import { fail, ok, type Result } from "../core/result.ts";
import { solveGroupedQuadraticProgram } from "../math/grouped-quadratic-program.ts";
import { budgetFault } from "../math/quadratic-program.ts";
import type { WeightBounds } from "./weight-bounds.ts";

/** Limits on the sum of the weights of some assets. */
export interface GroupLimit {
  readonly name: string;
  /** Positions. */
  readonly assets: readonly number[];
  /** -Infinity = none */
  readonly min: number;
  /** Infinity = none */
  readonly max: number;
}

export interface ProjectionRules {
  /** 0 = none. A weight is 0 or at least this; needs lower bounds >= 0. */
  readonly minWeight: number;
  readonly groups: readonly GroupLimit[];
}

export interface ProjectionReport {
  /** The rules the output does not satisfy, with why; empty when it satisfies all. */
  readonly unmet: readonly string[];
}

/** What n assets of at most maxWeight can hold: B = min(1, n * maxWeight), and a warning when that is less than 1. */
export function attainableBudget(n: number, maxWeight: number): { readonly budget: number; readonly warning?: string } {
  const most = n * maxWeight;
  // 10 * 0.1 and 3 * (1 / 3) are a whole budget, whatever they round to.
  if (most >= 1 - 1e-12) return { budget: 1 };
  const held = `max_weight ${maxWeight} on ${n} ${n === 1 ? "asset" : "assets"}`;
  return { budget: most, warning: `${held} holds at most ${most} of the capital; the rest stays in cash` };
}

/**
 * Nearest weights with sum w = budget and lower <= w <= upper.
 *
 * @param raw [N] finite, any sum
 * @param out [N] written in full when ok, else untouched; may alias raw
 * @returns a reason naming the bounds when they cannot hold the budget
 */
export function projectToBudget(raw: Float64Array, bounds: WeightBounds, out: Float64Array): Result<void> {
  const fault = budgetFault(bounds) ?? rawFault(raw);
  if (fault !== undefined) return fail(fault);
  const { lower, upper, budget } = bounds;
  const n = raw.length;
  // Total weight at shift s, sum of clip(raw - s), falls from sum upper to sum lower between these corners.
  const corners = new Float64Array(2 * n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (upper[i] !== Number.POSITIVE_INFINITY) corners[count++] = raw[i]! - upper[i]!;
    if (lower[i] !== Number.NEGATIVE_INFINITY) corners[count++] = raw[i]! - lower[i]!;
  }
  const sorted = corners.subarray(0, count).sort();
  let low = -1;
  let high = count;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (totalAt(sorted[middle]!, raw, lower, upper) >= budget) low = middle;
    else high = middle;
  }
  const from = low < 0 ? Number.NEGATIVE_INFINITY : sorted[low]!;
  const to = high === count ? Number.POSITIVE_INFINITY : sorted[high]!;
  let free = 0;
  let rest = -budget;
  for (let i = 0; i < n; i++) {
    if (raw[i]! - upper[i]! >= to) rest += upper[i]!;
    else if (raw[i]! - lower[i]! <= from) rest += lower[i]!;
    else {
      rest += raw[i]!;
      free++;
    }
  }
  const shift = free > 0 ? rest / free : low < 0 ? to : from;
  for (let i = 0; i < n; i++) out[i] = Math.min(Math.max(raw[i]! - shift, lower[i]!), upper[i]!);
  return ok(undefined);
}

/**
 * The projection with a minimum weight and group limits.
 *
 * Minimum weight: while a weight lies strictly between 0 and minWeight the smallest one (the later of equals) is set to
 * 0 and the rest projected anew; where the others cannot hold the budget without it, it is held at minWeight or more
 * instead. When that is impossible too, the output is the projection without a minimum weight and `unmet` says so.
 * With one maximum for all assets and no groups this finds weights whenever any exist.
 *
 * @param raw [N] finite
 * @param out [N] written in full when ok, else untouched; may alias raw
 * @returns a reason when budget, bounds and groups cannot be met together, naming the limit when one alone cannot
 */
export function projectWeights(
  raw: Float64Array,
  bounds: WeightBounds,
  rules: ProjectionRules,
  out: Float64Array,
): Result<ProjectionReport> {
  const { minWeight, groups } = rules;
  const n = raw.length;
  const plain = new Float64Array(n);
  const answer = project(raw, bounds, groups, plain);
  if (!answer.ok) return answer;
  if (!(minWeight > 0)) {
    out.set(plain);
    return ok({ unmet: [] });
  }
  for (let i = 0; i < n; i++)
    if (bounds.lower[i]! < 0) return fail(`min_weight ${minWeight} needs lower bounds >= 0, asset ${i} may be short`);
  const lower = bounds.lower.slice();
  const upper = bounds.upper.slice();
  const trial: WeightBounds = { lower, upper, budget: bounds.budget };
  const weights = plain.slice();
  const next = new Float64Array(n);
  for (let round = 0; round <= 2 * n; round++) {
    const smallest = smallestBetween(weights, minWeight);
    if (smallest < 0) {
      out.set(weights);
      return ok({ unmet: [] });
    }
    const floor = lower[smallest]!;
    const cap = upper[smallest]!;
    if (floor === 0) upper[smallest] = 0;
    if (floor !== 0 || !project(raw, trial, groups, next).ok) {
      upper[smallest] = cap;
      lower[smallest] = minWeight;
      if (!project(raw, trial, groups, next).ok) break;
    }
    weights.set(next);
  }
  out.set(plain);
  return ok({ unmet: [`min_weight ${minWeight}: no holdings of that size found that meet budget, bounds and groups`] });
}

function project(
  raw: Float64Array,
  bounds: WeightBounds,
  groups: readonly GroupLimit[],
  out: Float64Array,
): Result<void> {
  const within = projectToBudget(raw, bounds, out);
  if (!within.ok || groups.every((group) => groupHolds(group, out))) return within;
  const n = raw.length;
  for (const group of groups) {
    const fault = groupFault(group, bounds);
    if (fault !== undefined) return fail(fault);
  }
  const quadratic = new Float64Array(n * n);
  const coefficients = new Float64Array(groups.length * n);
  for (let i = 0; i < n; i++) quadratic[i * n + i] = 1;
  for (const [m, group] of groups.entries()) for (const i of group.assets) coefficients[m * n + i] = 1;
  const answer = solveGroupedQuadraticProgram(
    { quadratic, linear: raw, ...bounds },
    {
      coefficients,
      lower: Float64Array.from(groups, (group) => group.min),
      upper: Float64Array.from(groups, (group) => group.max),
    },
  );
  if (!answer.ok) return answer;
  out.set(answer.value.x);
  return ok(undefined);
}

function groupHolds({ assets, min, max }: GroupLimit, weights: Float64Array): boolean {
  let sum = 0;
  for (const i of assets) sum += weights[i]!;
  return sum >= min && sum <= max;
}

/** Why this group alone cannot be met. */
function groupFault({ name, assets, min, max }: GroupLimit, { lower, upper }: WeightBounds): string | undefined {
  let least = 0;
  let most = 0;
  for (const i of assets) {
    least += lower[i]!;
    most += upper[i]!;
  }
  if (!(min <= max)) return `group ${name}: min ${min} is above max ${max}`;
  if (least > max + 1e-12) return `infeasible: group ${name} may hold at most ${max}, its lower bounds sum to ${least}`;
  if (most < min - 1e-12) return `infeasible: group ${name} must hold at least ${min}, its upper bounds sum to ${most}`;
  return undefined;
}

function totalAt(shift: number, raw: Float64Array, lower: Float64Array, upper: Float64Array): number {
  let total = 0;
  for (let i = 0; i < raw.length; i++) total += Math.min(Math.max(raw[i]! - shift, lower[i]!), upper[i]!);
  return total;
}

function smallestBetween(weights: Float64Array, minWeight: number): number {
  let chosen = -1;
  let smallest = minWeight - 1e-12;
  for (let i = 0; i < weights.length; i++)
    if (weights[i]! > 0 && weights[i]! <= smallest && weights[i]! < minWeight - 1e-12) {
      smallest = weights[i]!;
      chosen = i;
    }
  return chosen;
}

function rawFault(raw: Float64Array): string | undefined {
  for (let i = 0; i < raw.length; i++) if (!Number.isFinite(raw[i]!)) return `raw weight of asset ${i} is ${raw[i]}`;
  return undefined;
}
