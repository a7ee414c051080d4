/** Ranks of the present values of one row, ties sharing their average rank: what Spearman's correlation, percentile
 *  scores and cross-sectional normalising stand on. */
import type { Floats } from "../core/panel.ts";

/** Memory for `averageRanks`, so that a loop over bars allocates nothing. */
export interface RankSpace {
  /** [N] positions of the present values in ascending order of value. */
  readonly order: Int32Array;
}

/** @param count most values a row will have */
export function rankSpace(count: number): RankSpace {
  return { order: new Int32Array(count) };
}

/**
 * Average ranks of `values[from .. from + count)`, 1 = smallest.
 *
 * @param values any unit; NaN = missing, gets rank NaN and counts for nobody
 * @param out    [count] written in full; must not alias `values`
 * @returns how many values are present
 */
export function averageRanks(
  values: Floats,
  from: number,
  count: number,
  { order }: RankSpace,
  out: Float64Array,
): number {
  let present = 0;
  for (let n = 0; n < count; n++) {
    const value = values[from + n]!;
    if (value === value) order[present++] = n;
    else out[n] = Number.NaN;
  }
  sortByValue(values, from, order, present);
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

/** Below this many values insertion is quicker than merging. */
const INSERTION = 24;

function sortByValue(values: Floats, from: number, order: Int32Array, count: number): void {
  if (count > INSERTION) {
    order.subarray(0, count).sort((a, b) => values[from + a]! - values[from + b]! || a - b);
    return;
  }
  for (let i = 1; i < count; i++) {
    const position = order[i]!;
    const value = values[from + position]!;
    let j = i - 1;
    while (j >= 0 && values[from + order[j]!]! > value) {
      order[j + 1] = order[j]!;
      j--;
    }
    order[j + 1] = position;
  }
}
