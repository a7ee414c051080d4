/** L6R: the short and the long leg mixed into one score, `alpha * short + (1 - alpha) * long`, and the ranks by it. */
import type { Axes, Floats } from "../core/panel.ts";
import { averageRanks, rankSpace } from "../math/rank.ts";
import { type RankingLeg, scoreTotals } from "./feature-weighted-rank.ts";

export interface RankingPolicy {
  /** null = the other leg alone is the score, and alpha is not looked at. */
  readonly short: RankingLeg | null;
  readonly long: RankingLeg | null;
  /** Weight of the short leg, 0..1. The legs' totals are mixed as they are, so it means what it says where the weights
   *  of both sum to the same size. */
  readonly alpha: number;
}

/** All [T*N], NaN = no score. */
export interface RankingScores {
  /** `score_total` of the leg; null = there is none. */
  readonly short: Float64Array | null;
  readonly long: Float64Array | null;
  /** Higher = better. NaN where a leg with a share in it has no score. */
  readonly score: Float64Array;
  /** `rank_total` by the score, 1 = best, ties sharing their average rank. */
  readonly rank: Float64Array;
}

/**
 * @param features name -> [T*N], finite or NaN = missing
 * @param listed   [T*N] NaN = not listed: no score, and nobody is ranked against it
 * @throws InputError for a weight on something that is not among the features
 * @throws RangeError when there is neither leg
 */
export function rankingScores(
  features: ReadonlyMap<string, Floats>,
  axes: Axes,
  listed: Floats,
  { short, long, alpha }: RankingPolicy,
): RankingScores {
  if (short === null && long === null) throw new RangeError("rankingScores: needs a short or a long leg");
  const legs = [
    { leg: short, where: "ranking.short.feature_weights" },
    { leg: long, where: "ranking.long.feature_weights" },
  ];
  const asked = legs.flatMap(({ leg, where }) => (leg === null ? [] : [{ ...leg, where }]));
  const totals = scoreTotals({ features, axes, listed }, asked);
  const shortTotal = short === null ? null : totals[0]!;
  const longTotal = long === null ? null : totals.at(-1)!;
  const score = mixedScore(shortTotal, longTotal, alpha);
  return { short: shortTotal, long: longTotal, score, rank: rankTotals(score, axes.assets.length) };
}

/** A leg of weight 0 is not looked at: where it is missing the other still counts. */
function mixedScore(short: Float64Array | null, long: Float64Array | null, alpha: number): Float64Array {
  if (short === null || (long !== null && alpha === 0)) return long!.slice();
  if (long === null || alpha === 1) return short.slice();
  const score = new Float64Array(short.length);
  for (let i = 0; i < score.length; i++) score[i] = alpha * short[i]! + (1 - alpha) * long[i]!;
  return score;
}

/**
 * Ranks within each date, 1 = highest score, ties sharing their average rank.
 *
 * @param score  [T*N] NaN = missing, gets rank NaN
 * @param assets N
 * @returns [T*N], freshly allocated
 */
export function rankTotals(score: Float64Array, assets: number): Float64Array {
  const rank = new Float64Array(score.length);
  const space = rankSpace(assets);
  const row = new Float64Array(assets);
  for (let from = 0; from < score.length; from += assets) {
    const present = averageRanks(score, from, assets, space, row);
    for (let n = 0; n < assets; n++) rank[from + n] = present + 1 - row[n]!;
  }
  return rank;
}
