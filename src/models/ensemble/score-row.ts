/** One bar's two scores on one scale, z = PHI^-1((rank - 1/2) / n), and their weighted sum. */
import { gaussianRanks } from "../../math/gaussian-rank.ts";
import type { RankSpace } from "../../math/rank.ts";
import { type IcSpace, icSpace } from "../information-coefficient.ts";
import type { EnsemblePanels, FallbackReason } from "./combiner.ts";

/** Memory for one bar, so that a loop over bars allocates nothing; holds nothing from one bar to the next. */
export interface RowSpace {
  readonly ic: IcSpace;
  readonly ranks: RankSpace;
  /** [N] each. */
  readonly ranking: Float64Array;
  readonly model: Float64Array;
  readonly prediction: Float64Array;
  readonly z: Float64Array;
  /** [5] one asset's features and label, for stacking. */
  readonly sample: Float64Array;
}

/** @param assets N */
export function rowSpace(assets: number): RowSpace {
  const ic = icSpace(assets);
  const row = () => new Float64Array(assets);
  return {
    ic,
    ranks: ic.ranks,
    ranking: row(),
    model: row(),
    prediction: row(),
    z: row(),
    sample: new Float64Array(5),
  };
}

/** Puts both scores of `bar` on one scale; says what is missing where a side has no score at all, `neither` for both. */
export function scaleRow(
  { assets, ranking, model }: EnsemblePanels,
  bar: number,
  space: RowSpace,
): Extract<FallbackReason, "no_model_scores" | "no_ranking_scores"> | "neither" | null {
  const ranked = gaussianRanks(ranking, bar * assets, assets, space.ranks, space.ranking);
  const modelled = gaussianRanks(model, bar * assets, assets, space.ranks, space.model);
  if (ranked === 0 && modelled === 0) return "neither";
  if (modelled === 0) return "no_model_scores";
  return ranked === 0 ? "no_ranking_scores" : null;
}

/** The scaled side there is, or NaN throughout for neither. */
export function writeOneSide(
  missing: NonNullable<ReturnType<typeof scaleRow>>,
  { ranking, model }: RowSpace,
  row: number,
  out: Float64Array,
): void {
  out.set(missing === "no_ranking_scores" ? model : ranking, row);
}

/** wRanking * z_ranking + wModel * z_model; a side whose weight is 0 may be missing. */
export function writeWeighted(
  wRanking: number,
  wModel: number,
  { ranking, model }: RowSpace,
  row: number,
  out: Float64Array,
): void {
  for (let n = 0; n < ranking.length; n++)
    out[row + n] = (wRanking === 0 ? 0 : wRanking * ranking[n]!) + (wModel === 0 ? 0 : wModel * model[n]!);
}
