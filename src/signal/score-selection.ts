/** The scores of one date turned into strengths: who is held, which way, and how much against the others. Scores are
 *  compared within the date only, and nothing depends on the order of the assets. */
import { averageRanks, type RankSpace } from "../math/rank.ts";
import type { Side } from "./side.ts";

export const PROPORTIONS = ["centred", "raw"] as const;

/**
 * `top_k` and `quantile` hold the best so many, or so large a share, of the scored assets, and short the worst ones;
 * `proportional` holds all in proportion to their score, or to its distance from the mean of the date.
 */
export type ScoreSelection =
  | { readonly kind: "top_k"; readonly count: number }
  | { readonly kind: "quantile"; readonly fraction: number }
  | { readonly kind: "proportional"; readonly of: (typeof PROPORTIONS)[number] };

/** Strengths below this share of the largest score are rounding and count as 0. */
const DUST = 1e-12;

/**
 * Strengths of one date, scaled so that the mean |strength| of those that are not 0 is 1: multiplied by equal weights
 * that sum to 1 they have a gross exposure of 1, long and short alike.
 *
 * Equal scores at the edge of a selection share the places that are left: of 3, 2, 2 and 1 the best two are the first
 * and half each of the others. Long and short legs have as many places each, n/2 at most, so an asset that would be
 * in both, or a tie of all, is out. `quantile` has round(fraction * n) places, at least one. Long-only `proportional`
 * leaves out what is below zero, or below the mean.
 *
 * @param scores [N] finite, higher = better; NaN = no score
 * @param space  of N
 * @param out    [N] signed, 0 = scored but out, NaN = no score; written in full; must not alias `scores`
 * @returns how many assets are scored
 */
export function selectByScore(
  scores: Float64Array,
  selection: ScoreSelection,
  side: Side,
  space: RankSpace,
  out: Float64Array,
): number {
  const present = averageRanks(scores, 0, scores.length, space, out);
  if (selection.kind === "proportional") writeProportions(scores, selection.of, side, space, present, out);
  else writePlaces(scores, places(selection, present), side, space, present, out);
  scaleToUnitMean(space, present, out);
  return present;
}

function places(selection: Exclude<ScoreSelection, { kind: "proportional" }>, present: number): number {
  return selection.kind === "top_k" ? selection.count : Math.max(1, Math.round(selection.fraction * present));
}

function writePlaces(
  scores: Float64Array,
  wanted: number,
  side: Side,
  { order }: RankSpace,
  present: number,
  out: Float64Array,
): void {
  const best = Math.min(wanted, side === "long_short" ? present / 2 : present);
  const worst = side === "long_short" ? best : 0;
  for (let first = 0; first < present; ) {
    const score = scores[order[first]!]!;
    let past = first + 1;
    while (past < present && scores[order[past]!] === score) past++;
    const long = Math.max(0, past - Math.max(first, present - best));
    const short = Math.max(0, Math.min(past, worst) - first);
    for (let i = first; i < past; i++) out[order[i]!] = (long - short) / (past - first);
    first = past;
  }
}

function writeProportions(
  scores: Float64Array,
  of: (typeof PROPORTIONS)[number],
  side: Side,
  { order }: RankSpace,
  present: number,
  out: Float64Array,
): void {
  if (present === 0) return;
  const least = scores[order[0]!]!;
  const most = scores[order[present - 1]!]!;
  // The mean above the least, summed in order of score: 0 where all agree, whatever the order of the assets.
  let above = 0;
  for (let i = 0; i < present; i++) above += scores[order[i]!]! - least;
  above /= present;
  const dust = DUST * Math.max(Math.abs(least), Math.abs(most));
  for (let i = 0; i < present; i++) {
    const score = scores[order[i]!]!;
    const size = of === "raw" ? score : score - least - above;
    const held = Math.abs(size) > dust && (size > 0 || side === "long_short");
    out[order[i]!] = held ? size : 0;
  }
}

/** Measured against the largest, so that equal strengths become exactly 1; summed in order of score, as above. */
function scaleToUnitMean({ order }: RankSpace, present: number, out: Float64Array): void {
  let largest = 0;
  for (let i = 0; i < present; i++) largest = Math.max(largest, Math.abs(out[order[i]!]!));
  if (largest === 0) return;
  let sum = 0;
  let held = 0;
  for (let i = 0; i < present; i++) {
    const size = Math.abs(out[order[i]!]!) / largest;
    if (size === 0) continue;
    sum += size;
    held++;
  }
  for (let i = 0; i < present; i++) out[order[i]!] = (out[order[i]!]! / largest) * (held / sum);
}
