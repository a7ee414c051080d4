/** Ranks of the present values of one row, ties sharing their average rank: what Spearman's correlation, percentile
 *  scores and cross-sectional normalising stand on. */
import type { Floats } from "../core/panel.ts";
import { ascendingOrder, type OrderSpace, orderSpace } from "./ascending-order.ts";

/** Memory for `averageRanks`, so that a loop over bars allocates nothing; it leaves the order of the values in there. */
export type RankSpace = OrderSpace;

/** @param count most values a row will have */
export function rankSpace(count: number): RankSpace {
  return orderSpace(count);
}

/**
 * Average ranks of `values[from .. from + count)`, 1 = smallest.
 *
 * @param values any unit; NaN = missing, gets rank NaN and counts for nobody
 * @param out    [count] written in full; must not alias `values`
 * @returns how many values are present
 */
export function averageRanks(values: Floats, from: number, count: number, space: RankSpace, out: Float64Array): number {
  const { order } = space;
  const present = ascendingOrder(values, from, count, space);
  if (present < count) out.fill(Number.NaN, 0, count);
  for (let first = 0; first < present; ) {
    const value = values[from + order[first]!]!;
    let past = first + 1;
    while (past < present && values[from + order[past]!] === value) past++;
    const rank = (first + 1 + past) / 2;
    for (let i = first; i < past; i++) out[order[i]!] = rank;
    first = past;
  }
  return present;
}
