/** L8: per date, each feature normalised across the listed symbols, signed and weighted, summed to `score_total`. The
 *  sign of a weight says which end of the feature is good. Sees features of its own date only. */
import { InputError, nearestName } from "../core/errors.ts";
import type { Axes, Floats } from "../core/panel.ts";
import { type Normaliser, type NormaliseSpace, neutralValue, normaliseRow, normaliseSpace } from "./normalise.ts";

export interface RankingLeg {
  /** Feature name -> weight; 0 = not used. */
  readonly featureWeights: Readonly<Record<string, number>>;
  readonly normaliser: Normaliser;
  /** Share of the summed |weight| that an asset's present features need for a score, 0..1. */
  readonly minCoverage: number;
}

/** A leg together with the config path of its weights, for faults. */
export type PlacedLeg = RankingLeg & { readonly where: string };

export interface RankingInputs {
  /** Name -> [T*N], finite or NaN = missing. */
  readonly features: ReadonlyMap<string, Floats>;
  readonly axes: Axes;
  /** [T*N] NaN = not listed: neither scored nor among those that others are ranked against. */
  readonly listed: Floats;
}

/** Coverage may fall short by this share of all weights: 0.3 of 0.6 is half, whatever the rounding. */
const ROUNDING = 1e-9;

/**
 * `score_total` of each leg, higher = better.
 *
 * A missing feature counts as the mean of those present on the date (0 of a z-score; what `Fillna(0)` after a
 * cross-sectional norm does in qlib); an asset with less than `minCoverage` of the weight present has no score (NaN).
 * The order in which features are named is of no consequence to the last bit.
 *
 * @returns one [T*N] per leg, freshly allocated; NaN = no score
 * @throws InputError for a weight on something that is not among the features, with the nearest name
 */
export function scoreTotals({ features, axes, listed }: RankingInputs, legs: readonly PlacedLeg[]): Float64Array[] {
  for (const leg of legs) checkNames(leg, features);
  const assets = axes.assets.length;
  const names = [...new Set(legs.flatMap(({ featureWeights }) => Object.keys(featureWeights)))].sort();
  const terms = names.map((name) => ({
    values: features.get(name)!,
    weights: legs.map(({ featureWeights }) => (Object.hasOwn(featureWeights, name) ? featureWeights[name]! : 0)),
  }));
  const totals = legs.map(() => new Float64Array(listed.length));
  const covered = legs.map(() => new Float64Array(assets));
  const space: RowSpace = {
    ...normaliseSpace(assets),
    row: new Float64Array(assets),
    normal: new Float64Array(assets),
  };
  for (let t = 0; t < axes.time.length; t++) {
    for (const weights of covered) weights.fill(0);
    for (const { values, weights } of terms) {
      for (let n = 0; n < assets; n++) {
        const cell = t * assets + n;
        space.row[n] = listed[cell] === listed[cell] ? values[cell]! : Number.NaN;
      }
      addTerm(t, weights, legs, space, totals, covered);
    }
    for (const [l, leg] of legs.entries()) dropUncovered(t, leg, covered[l]!, listed, totals[l]!);
  }
  return totals;
}

interface RowSpace extends NormaliseSpace {
  /** [N] the feature on one date, NaN where not listed. */
  readonly row: Float64Array;
  readonly normal: Float64Array;
}

/** Adds one feature of one date to every leg that weighs it, normalised once for legs that agree how. */
function addTerm(
  t: number,
  weights: readonly number[],
  legs: readonly RankingLeg[],
  space: RowSpace,
  totals: readonly Float64Array[],
  covered: readonly Float64Array[],
): void {
  const { row, normal } = space;
  let done: Normaliser | null = null;
  let present = 0;
  for (let l = 0; l < legs.length; l++) {
    const weight = weights[l]!;
    if (weight === 0) continue;
    const { normaliser } = legs[l]!;
    if (done === null || done.kind !== normaliser.kind || done.winsorTail !== normaliser.winsorTail)
      present = normaliseRow(row, normaliser, space, normal);
    done = normaliser;
    const neutral = neutralValue(normaliser, present);
    const total = totals[l]!;
    const cover = covered[l]!;
    for (let n = 0; n < row.length; n++) {
      const value = normal[n]!;
      const missing = value !== value;
      total[t * row.length + n] = total[t * row.length + n]! + weight * (missing ? neutral : value);
      if (!missing) cover[n] = cover[n]! + Math.abs(weight);
    }
  }
}

function dropUncovered(t: number, leg: RankingLeg, covered: Float64Array, listed: Floats, total: Float64Array): void {
  let all = 0;
  for (const weight of Object.values(leg.featureWeights)) all += Math.abs(weight);
  const least = (leg.minCoverage - ROUNDING) * all;
  for (let n = 0; n < covered.length; n++) {
    const cell = t * covered.length + n;
    const scored = listed[cell] === listed[cell] && covered[n]! > 0 && covered[n]! >= least;
    if (!scored) total[cell] = Number.NaN;
  }
}

function checkNames({ featureWeights, where }: PlacedLeg, features: ReadonlyMap<string, Floats>): void {
  const faults = Object.keys(featureWeights).flatMap((name) =>
    features.has(name)
      ? []
      : [
          {
            where: `${where}.${name}`,
            rule: features.size === 0 ? "there are no features" : "is not among the features",
            suggestion: nearestName(name, features.keys()),
          },
        ],
  );
  if (faults.length > 0) throw new InputError(faults);
}
