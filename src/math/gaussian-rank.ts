/** Ranks of one row as normal quantiles, z = PHI^-1((rank - 1/2) / n): the scale on which scores of different make are
 *  compared and mixed per date. Keeps the order alone; a far outlier weighs no more than its place. */
import type { Floats } from "../core/panel.ts";
import { normalQuantile } from "./normal.ts";
import { averageRanks, type RankSpace } from "./rank.ts";

/**
 * Gaussian ranks of `values[from .. from + count)`; ties share the quantile of their average rank, a single value gets 0.
 * Symmetric to the bit: negating the values negates the result.
 *
 * @param values any unit; NaN = missing, stays NaN and counts for nobody
 * @param space  of at least `count`
 * @param out    [count] written in full, higher = higher value; must not alias `values`
 * @returns n, how many values are present
 */
export function gaussianRanks(
  values: Floats,
  from: number,
  count: number,
  space: RankSpace,
  out: Float64Array,
): number {
  const present = averageRanks(values, from, count, space, out);
  for (let n = 0; n < count; n++) {
    const rank = out[n]!;
    if (rank !== rank) continue;
    const mirrored = present + 1 - rank;
    out[n] = rank <= mirrored ? normalQuantile((rank - 0.5) / present) : -normalQuantile((mirrored - 0.5) / present);
  }
  return present;
}
