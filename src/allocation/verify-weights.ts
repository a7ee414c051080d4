/** Says which of its constraints a weighting does not satisfy. It judges and never repairs. */
import type { GroupLimit } from "./projection.ts";

/** Room for rounding in every comparison, absolute, in fractions of capital. */
export const WEIGHT_TOLERANCE = 1e-9;

/** What to hold the weights to; whatever is left out is not checked. */
export interface WeightConstraints {
  /** sum w */
  readonly budget?: number;
  /** [N] */
  readonly lower?: Float64Array;
  /** [N] */
  readonly upper?: Float64Array;
  /** Every weight is 0 or at least this. */
  readonly minWeight?: number;
  readonly groups?: readonly GroupLimit[];
  /** sum |w| */
  readonly maxGross?: number;
  /** sum |w - previous| <= maxTurnover, over the assets not marked in `cuts` */
  readonly turnover?: { readonly previous: Float64Array; readonly max: number; readonly cuts?: Uint8Array };
}

export interface WeightViolation {
  readonly constraint: "number" | "budget" | "lower" | "upper" | "min_weight" | "group" | "gross" | "turnover";
  /** Position of the asset, where the constraint is on one. */
  readonly asset?: number;
  readonly got: number;
  readonly limit: number;
  /** "upper: asset 3 has 0.41, limit 0.4" */
  readonly text: string;
}

/**
 * @param weights [N]
 * @returns the violations in the order of the fields above, empty when there is none; a weight that is not a number is
 *          one of its own and leaves sums unchecked
 */
export function verifyWeights(weights: Float64Array, constraints: WeightConstraints): WeightViolation[] {
  const found: WeightViolation[] = [];
  const each = (constraint: WeightViolation["constraint"], asset: number, got: number, limit: number): void => {
    const text = `${constraint}: asset ${asset} has ${shown(got)}, limit ${shown(limit)}`;
    found.push({ constraint, asset, got, limit, text });
  };
  const total = (constraint: WeightViolation["constraint"], what: string, got: number, limit: number): void => {
    found.push({ constraint, got, limit, text: `${constraint}: ${what} is ${shown(got)}, limit ${shown(limit)}` });
  };
  for (let i = 0; i < weights.length; i++)
    if (!Number.isFinite(weights[i]!)) each("number", i, weights[i]!, Number.NaN);
  if (found.length > 0) return found;

  const { budget, lower, upper, minWeight, groups, maxGross, turnover } = constraints;
  let sum = 0;
  let gross = 0;
  for (const w of weights) {
    sum += w;
    gross += Math.abs(w);
  }
  if (budget !== undefined && !(Math.abs(sum - budget) <= WEIGHT_TOLERANCE)) total("budget", "sum", sum, budget);
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i]!;
    if (lower !== undefined && !(w >= lower[i]! - WEIGHT_TOLERANCE)) each("lower", i, w, lower[i]!);
    if (upper !== undefined && !(w <= upper[i]! + WEIGHT_TOLERANCE)) each("upper", i, w, upper[i]!);
    if (minWeight !== undefined && Math.abs(w) > WEIGHT_TOLERANCE && !(w >= minWeight - WEIGHT_TOLERANCE))
      each("min_weight", i, w, minWeight);
  }
  for (const { name, assets, min, max } of groups ?? []) {
    let held = 0;
    for (const i of assets) held += weights[i]!;
    if (!(held >= min - WEIGHT_TOLERANCE)) total("group", `${name} minimum`, held, min);
    if (!(held <= max + WEIGHT_TOLERANCE)) total("group", `${name} maximum`, held, max);
  }
  if (maxGross !== undefined && !(gross <= maxGross + WEIGHT_TOLERANCE)) total("gross", "sum |w|", gross, maxGross);
  if (turnover !== undefined) {
    let moved = 0;
    for (let i = 0; i < weights.length; i++)
      if (turnover.cuts?.[i] !== 1) moved += Math.abs(weights[i]! - turnover.previous[i]!);
    if (!(moved <= turnover.max + WEIGHT_TOLERANCE)) total("turnover", "sum |w - previous|", moved, turnover.max);
  }
  return found;
}

function shown(value: number): string {
  return `${Number(value.toPrecision(4))}`;
}
