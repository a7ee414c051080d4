/** Purged k-fold cross-validation, Lopez de Prado (2018) ch. 7, for tuning before the holdout. Training rows lie on both
 *  sides of the test: before it their labels end before it starts, after it they start after its labels have ended.
 *  Departs from the book: the embargo holds on both sides, and a test label ending on the row's own bar purges it. */
import {
  type BarRange,
  checkSplitNumbers,
  developmentRows,
  purgedSplit,
  rowCount,
  type Split,
  type SplitInputs,
} from "./split.ts";

export interface PurgedKFoldPolicy {
  /** k >= 2. */
  readonly folds: number;
  readonly embargoBars: number;
  /** Folds with fewer training bars left are not made. */
  readonly minTrainRows: number;
}

/**
 * Each row before the holdout whose label is known is tested once.
 *
 * @returns in order of time; empty where there are fewer rows than folds
 * @throws RangeError for a number that is not whole or too small
 */
export function purgedKFold(inputs: SplitInputs, policy: PurgedKFoldPolicy): readonly Split[] {
  const { folds, embargoBars, minTrainRows } = policy;
  checkSplitNumbers("purgedKFold", inputs, [
    ["folds", folds, 2],
    ["embargoBars", embargoBars, 0],
    ["minTrainRows", minTrainRows, 1],
  ]);
  const rows = developmentRows(inputs);
  const splits: Split[] = [];
  for (const test of evenBlocks(rows, folds)) {
    const split = purgedSplit(splits.length, rows, [test], inputs.horizonBars, embargoBars);
    if (rowCount(split.train) >= minTrainRows) splits.push(split);
  }
  return splits;
}

/** Rows 0 .. rows - 1 in `count` stretches whose lengths differ by at most one; none when there are too few rows. */
export function evenBlocks(rows: number, count: number): BarRange[] {
  if (rows < count) return [];
  return Array.from({ length: count }, (_, k) => ({
    from: Math.floor((k * rows) / count),
    to: Math.floor(((k + 1) * rows) / count),
  }));
}
