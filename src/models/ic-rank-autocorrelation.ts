/** How much of its order a ranking keeps from one row to a later one. */
import type { Floats } from "../core/panel.ts";
import { averageRanks, rankSpace } from "../math/rank.ts";
import { correlation } from "./ic-correlation.ts";

/**
 * Pearson's correlation of the ranks of a row with those of the row `lag` before it, over assets that have both; ranks
 * are those among all scores of their own row, as in alphalens.
 *
 * @param scores [T*N] any unit; NaN = no score
 * @param assets N
 * @param lag    rows back, whole, >= 1
 * @param out    [T] written in full; NaN in the first `lag` rows, for fewer than 3 assets, or where either ranking is
 *               flat
 */
export function rankAutocorrelation(scores: Floats, assets: number, lag: number, out: Float64Array): void {
  const space = rankSpace(assets);
  const ranks = new Float64Array(scores.length);
  const row = new Float64Array(assets);
  const now = new Float64Array(assets);
  const then = new Float64Array(assets);
  for (let t = 0; t < out.length; t++) {
    averageRanks(scores, t * assets, assets, space, row);
    ranks.set(row, t * assets);
    let pairs = 0;
    if (t >= lag)
      for (let n = 0; n < assets; n++) {
        const earlier = ranks[(t - lag) * assets + n]!;
        if (row[n] !== row[n] || earlier !== earlier) continue;
        now[pairs] = row[n]!;
        then[pairs] = earlier;
        pairs++;
      }
    out[t] = correlation(now, then, pairs);
  }
}
