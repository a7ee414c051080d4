/** Returns by quantile of score, and how many names each quantile exchanges. Assets are sorted by their scores alone:
 *  a label that goes missing later moves nobody (alphalens sorts the assets that have one). Edges are those of pandas'
 *  qcut, linear and right-closed, found in ranks and so free of rounding; where ties empty a quantile the date counts
 *  for the others, while alphalens drops it whole. */
import type { Floats } from "../core/panel.ts";
import { averageRanks, rankSpace } from "../math/rank.ts";

/**
 * Quantile of each score within its date, 1 = lowest. Tied scores share the quantile of the lowest of their places.
 *
 * @param scores    [T*N] any unit; NaN = no score
 * @param assets    N
 * @param quantiles whole, >= 2
 * @param out       [T*N] written in full, 0 = no score
 */
export function scoreQuantiles(scores: Floats, assets: number, quantiles: number, out: Int32Array): void {
  const space = rankSpace(assets);
  const ranks = new Float64Array(assets);
  const ties = new Int32Array(assets + 1);
  for (let row = 0; row < scores.length; row += assets) {
    const present = averageRanks(scores, row, assets, space, ranks);
    // Average ranks of two groups of ties are at least 1 apart, so the whole part names the group.
    ties.fill(0);
    for (let n = 0; n < assets; n++) if (ranks[n] === ranks[n]) ties[Math.floor(ranks[n]!)]!++;
    for (let n = 0; n < assets; n++) {
      const rank = ranks[n]!;
      if (rank !== rank) out[row + n] = 0;
      else {
        const below = rank - (ties[Math.floor(rank)]! + 1) / 2;
        out[row + n] = present === 1 ? 1 : Math.max(1, Math.ceil((below * quantiles) / (present - 1)));
      }
    }
  }
}

/** Per quantile [Q], lowest scores first. */
export interface QuantileReturns {
  /** Mean over dates of the mean label of the quantile's members, fraction per horizon. */
  readonly mean: Float64Array;
  /** The same with each date's mean over all members taken off. */
  readonly demeaned: Float64Array;
  /** Dates on which the quantile has a member with a label. */
  readonly dates: Int32Array;
  /** [T] highest less lowest quantile; NaN where either has no member with a label. */
  readonly spread: Float64Array;
}

/**
 * @param places [T*N] from scoreQuantiles
 * @param labels [T*N] fraction; NaN = not known
 */
export function quantileReturns(
  places: Int32Array,
  labels: Floats,
  assets: number,
  quantiles: number,
): QuantileReturns {
  const bars = places.length / assets;
  const mean = new Float64Array(quantiles);
  const demeaned = new Float64Array(quantiles);
  const dates = new Int32Array(quantiles);
  const spread = new Float64Array(bars);
  const sums = new Float64Array(quantiles);
  const members = new Int32Array(quantiles);
  for (let t = 0; t < bars; t++) {
    sums.fill(0);
    members.fill(0);
    let total = 0;
    let all = 0;
    for (let i = t * assets; i < (t + 1) * assets; i++) {
      const label = labels[i]!;
      if (places[i] === 0 || label !== label) continue;
      const q = places[i]! - 1;
      sums[q] = sums[q]! + label;
      members[q]!++;
      total += label;
      all++;
    }
    for (let q = 0; q < quantiles; q++) {
      if (members[q] === 0) continue;
      const value = sums[q]! / members[q]!;
      mean[q] = mean[q]! + value;
      demeaned[q] = demeaned[q]! + (value - total / all);
      dates[q]!++;
    }
    spread[t] = sums[quantiles - 1]! / members[quantiles - 1]! - sums[0]! / members[0]!;
  }
  for (let q = 0; q < quantiles; q++) {
    mean[q] = mean[q]! / dates[q]!;
    demeaned[q] = demeaned[q]! / dates[q]!;
  }
  return { mean, demeaned, dates, spread };
}

/**
 * Share of a quantile's members that were not in it one row before.
 *
 * @param places   [T*N] from scoreQuantiles
 * @param quantile 1 = lowest
 * @param out      [T] written in full; NaN in the first row and where the quantile is empty in either row
 */
export function quantileTurnover(places: Int32Array, assets: number, quantile: number, out: Float64Array): void {
  out.fill(Number.NaN, 0, 1);
  for (let t = 1; t < out.length; t++) {
    let members = 0;
    let earlier = 0;
    let kept = 0;
    for (let n = 0; n < assets; n++) {
      const is = places[t * assets + n] === quantile;
      const was = places[(t - 1) * assets + n] === quantile;
      if (is) members++;
      if (was) earlier++;
      if (is && was) kept++;
    }
    out[t] = members > 0 && earlier > 0 ? (members - kept) / members : Number.NaN;
  }
}
