/** How many independent trials a search amounts to: a sweep of a thousand near-copies has tried a handful of ideas.
 *  In the spirit of the ONC algorithm of Lopez de Prado & Lewis, "Detection of False Investment Strategies Using
 *  Unsupervised Learning Methods", Quantitative Finance 19(9), 2019: cluster the correlation matrix of the trials'
 *  returns, take the number of clusters with the best silhouettes.
 *  Departs from it: average linkage instead of k-means (no random start, so no seed), the mean silhouette instead of its
 *  t-statistic, no second round within clusters, and an answer where there are no clusters. */
import type { Floats } from "../core/panel.ts";
import { linkage } from "../math/linkage.ts";
import { correlations } from "./correlations.ts";
import { standardDeviation } from "./moments.ts";
import { presentReturns } from "./returns.ts";
import { silhouetteCut } from "./silhouette-cut.ts";

export interface EffectiveTrials {
  /** Independent trials, in [1, trials], fractional when it comes of the average correlation; 0 without trials. */
  readonly effective: number;
  /** Trials whose returns vary. */
  readonly trials: number;
  /** What the number comes of. */
  readonly basis: "clusters" | "average_correlation";
  /** Over all pairs; NaN with fewer than two trials. */
  readonly averageCorrelation: number;
  /** Mean silhouette of the cut that was taken, in [-1, 1]; NaN with fewer than two trials. */
  readonly silhouette: number;
  /** [P] cluster of each trial given, numbered from 0, -1 for those that do not vary; all 0 when the number comes of
   *  the average correlation. */
  readonly labels: Int32Array;
}

/** Up to here a mean silhouette shows "no substantial structure" (Kaufman & Rousseeuw, Finding Groups in Data, 1990). */
const STRUCTURE_ABOVE = 0.25;

/**
 * The effective number of trials, for deflateBest.
 *
 * Distance sqrt((1 - correlation) / 2), average linkage, silhouetteCut. Where the best mean silhouette is no more than
 * 0.25 there are no clusters to count - all trials are alike, or none are - and the number is rho + (1 - rho) P, rho the
 * average correlation or 0 if that is negative (Bailey & Lopez de Prado, "The Deflated Sharpe Ratio", 2014, appendix).
 *
 * @param trials P series [T], simple returns over the same bars; a missing return counts as its trial's mean, which makes
 *               trials look more different than they are
 * @throws RangeError when the trials differ in length
 */
export function effectiveTrials(trials: readonly Floats[]): EffectiveTrials {
  const odd = trials.findIndex((trial) => trial.length !== trials[0]!.length);
  if (odd >= 0)
    throw new RangeError(`effectiveTrials: trial ${odd} has ${trials[odd]!.length} bars, not ${trials[0]!.length}`);
  const places = [...trials.keys()].filter((p) => standardDeviation(presentReturns(trials[p]!)) > 0);
  const labels = new Int32Array(trials.length).fill(-1);
  for (const place of places) labels[place] = 0;
  const P = places.length;
  if (P < 2) {
    const undefinedPair = { averageCorrelation: Number.NaN, silhouette: Number.NaN };
    return { effective: P, trials: P, basis: "average_correlation", ...undefinedPair, labels };
  }
  const related = correlations(places.map((place) => trials[place]!));
  const averageCorrelation = (related.reduce((sum, value) => sum + value, 0) - P) / (P * (P - 1));
  const distances = related.map((correlation) => Math.sqrt((1 - correlation) / 2));
  const merges = new Float64Array((P - 1) * 4);
  linkage(distances, P, "average", merges);
  const cut = silhouetteCut(distances, P, merges);
  const found = { trials: P, averageCorrelation, silhouette: cut.silhouette, labels };
  if (!(cut.silhouette > STRUCTURE_ABOVE)) {
    const rho = Math.max(0, averageCorrelation);
    return { ...found, effective: rho + (1 - rho) * P, basis: "average_correlation" };
  }
  for (let p = 0; p < P; p++) labels[places[p]!] = cut.labels[p]!;
  return { ...found, effective: cut.clusters, basis: "clusters" };
}
