/** Rows of a table grouped by their date, and how well scores order the labels within the dates. */
import type { Floats } from "../core/panel.ts";
import { icSpace, rowIc } from "./information-coefficient.ts";

/** Group g holds rows starts[g] .. starts[g + 1] - 1. */
export interface DateGroups {
  /** [G + 1] ascending from 0 to the number of rows. */
  readonly starts: Int32Array;
  /** [G] bar of each group, ascending. */
  readonly bars: Int32Array;
}

/** @param bar [rows] ascending */
export function groupByDate(bar: ArrayLike<number>): DateGroups {
  const starts: number[] = [];
  const bars: number[] = [];
  for (let r = 0; r < bar.length; r++) {
    if (bars.at(-1) === bar[r]!) continue;
    starts.push(r);
    bars.push(bar[r]!);
  }
  return { starts: Int32Array.from([...starts, bar.length]), bars: Int32Array.from(bars) };
}

/** Rank ICs of the dates that have one, added up. */
export interface RankIcSum {
  readonly sum: number;
  readonly dates: number;
}

/**
 * @param scores [rows] NaN = no score
 * @param labels [rows] NaN = no label
 */
export function sumRankIc({ starts }: DateGroups, scores: Floats, labels: Floats): RankIcSum {
  let widest = 0;
  for (let g = 0; g + 1 < starts.length; g++) widest = Math.max(widest, starts[g + 1]! - starts[g]!);
  const space = icSpace(widest);
  let sum = 0;
  let dates = 0;
  for (let g = 0; g + 1 < starts.length; g++) {
    const ic = rowIc(scores, labels, starts[g]!, starts[g + 1]! - starts[g]!, "rank_ic", space);
    if (ic !== ic) continue;
    sum += ic;
    dates++;
  }
  return { sum, dates };
}
