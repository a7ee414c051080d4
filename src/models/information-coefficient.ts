/** Information coefficients: per date, how scores and the returns that followed agree across assets. A pair counts
 *  where both are present. Average ranks for ties, as scipy's spearmanr. */
import type { Floats } from "../core/panel.ts";
import { averageRanks, type RankSpace, rankSpace } from "../math/rank.ts";
import { correlation, isConstant, LEAST_PAIRS } from "./ic-correlation.ts";

/** Why a date has no IC; `IcSeries.dropped` stores the index, 0 = it has one. */
export const IC_DROPS = [
  "counted",
  "no_scores",
  "no_labels",
  "too_few_pairs",
  "constant_scores",
  "constant_labels",
] as const;
export type IcDrop = (typeof IC_DROPS)[number];

/** One value a date, [T] each; NaN where the date has fewer than 3 pairs, ICs also where either side is constant. */
export interface IcSeries {
  /** Pearson's correlation of scores and labels. */
  readonly pearson: Float64Array;
  /** Spearman's: Pearson's of their average ranks. */
  readonly spearman: Float64Array;
  /** Root of the mean of (score - label)^2; means something for scores that are predictions. */
  readonly rmse: Float64Array;
  /** Share of pairs with sign(score) = sign(label); two zeros agree. */
  readonly signHit: Float64Array;
  /** Pairs of a date, however few. */
  readonly pairs: Int32Array;
  /** Index into IC_DROPS. */
  readonly dropped: Uint8Array;
}

/** @param bars T */
export function createIcSeries(bars: number): IcSeries {
  return {
    pearson: new Float64Array(bars),
    spearman: new Float64Array(bars),
    rmse: new Float64Array(bars),
    signHit: new Float64Array(bars),
    pairs: new Int32Array(bars),
    dropped: new Uint8Array(bars),
  };
}

/** Memory for one row, so that a loop over bars allocates nothing. */
export interface IcSpace {
  readonly ranks: RankSpace;
  /** [N] each: the row's pairs side by side, and their ranks. */
  readonly score: Float64Array;
  readonly label: Float64Array;
  readonly scoreRank: Float64Array;
  readonly labelRank: Float64Array;
}

/** @param assets N */
export function icSpace(assets: number): IcSpace {
  const row = () => new Float64Array(assets);
  return { ranks: rankSpace(assets), score: row(), label: row(), scoreRank: row(), labelRank: row() };
}

/**
 * ICs of every date.
 *
 * @param scores [T*N] any unit, finite or NaN = no score
 * @param labels [T*N] returns that followed, fraction; NaN = not known
 * @param assets N
 * @param out    written in full
 * @throws RangeError when shapes differ
 */
export function informationCoefficients(scores: Floats, labels: Floats, assets: number, out: IcSeries): void {
  const bars = out.pearson.length;
  if (scores.length !== bars * assets || labels.length !== scores.length)
    throw new RangeError(
      `informationCoefficients: scores have ${scores.length} cells, labels ${labels.length}, out is for ${bars} x ${assets}`,
    );
  const space = icSpace(assets);
  for (let t = 0; t < bars; t++) {
    const row = t * assets;
    const pairs = gatherPairs(scores, labels, row, assets, space);
    const drop = pairs < LEAST_PAIRS ? shortage(scores, labels, row, assets) : constantSide(space, pairs);
    const counted = pairs >= LEAST_PAIRS;
    out.pairs[t] = pairs;
    out.dropped[t] = IC_DROPS.indexOf(drop);
    out.pearson[t] = correlation(space.score, space.label, pairs);
    out.spearman[t] = rankCorrelation(space, pairs);
    out.rmse[t] = counted ? Math.sqrt(meanSquare(space, pairs)) : Number.NaN;
    out.signHit[t] = counted ? agreeing(space, pairs) / pairs : Number.NaN;
  }
}

/**
 * Spearman's or Pearson's IC of one date.
 *
 * @param row cell at which the date begins
 * @returns NaN for fewer than 3 pairs or a constant side
 */
export function rowIc(
  scores: Floats,
  labels: Floats,
  row: number,
  assets: number,
  measure: "ic" | "rank_ic",
  space: IcSpace,
): number {
  const pairs = gatherPairs(scores, labels, row, assets, space);
  return measure === "ic" ? correlation(space.score, space.label, pairs) : rankCorrelation(space, pairs);
}

function gatherPairs(scores: Floats, labels: Floats, row: number, assets: number, space: IcSpace): number {
  let pairs = 0;
  for (let n = 0; n < assets; n++) {
    const score = scores[row + n]!;
    const label = labels[row + n]!;
    if (score !== score || label !== label) continue;
    space.score[pairs] = score;
    space.label[pairs] = label;
    pairs++;
  }
  return pairs;
}

function rankCorrelation({ ranks, score, label, scoreRank, labelRank }: IcSpace, pairs: number): number {
  averageRanks(score, 0, pairs, ranks, scoreRank);
  averageRanks(label, 0, pairs, ranks, labelRank);
  return correlation(scoreRank, labelRank, pairs);
}

function shortage(scores: Floats, labels: Floats, row: number, assets: number): IcDrop {
  let scored = 0;
  let labelled = 0;
  for (let n = 0; n < assets; n++) {
    if (scores[row + n] === scores[row + n]) scored++;
    if (labels[row + n] === labels[row + n]) labelled++;
  }
  return scored === 0 ? "no_scores" : labelled === 0 ? "no_labels" : "too_few_pairs";
}

function constantSide({ score, label }: IcSpace, pairs: number): IcDrop {
  if (isConstant(score, pairs)) return "constant_scores";
  return isConstant(label, pairs) ? "constant_labels" : "counted";
}

function meanSquare({ score, label }: IcSpace, pairs: number): number {
  let squares = 0;
  for (let i = 0; i < pairs; i++) squares += (score[i]! - label[i]!) * (score[i]! - label[i]!);
  return squares / pairs;
}

function agreeing({ score, label }: IcSpace, pairs: number): number {
  let hits = 0;
  for (let i = 0; i < pairs; i++) if (Math.sign(score[i]!) === Math.sign(label[i]!)) hits++;
  return hits;
}
