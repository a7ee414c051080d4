/** A split of bars into rows to learn from and rows to predict, and the purging that keeps one from the other.
 *  A row is a bar. The decision at the close of t has a label from open[t+1] to open[t+1+h]; whoever predicts at the
 *  close of s could know it from t+1+h = s on, and still it is not used: its end must lie before s. */
import type { SplitLine } from "../core/model-record.ts";
import { LABEL_LAGS, labelEndBar } from "./forward-return.ts";

/** Bars from .. to - 1. */
export interface BarRange {
  readonly from: number;
  readonly to: number;
}

export interface Split {
  /** Position in the list, from 0. */
  readonly fold: number;
  /** Ascending, apart, none empty. */
  readonly train: readonly BarRange[];
  readonly test: readonly BarRange[];
  /** Rows that would be in the training set, were it not for their or the test's labels. */
  readonly purgedRows: number;
  /** Further ones that the embargo takes. */
  readonly embargoedRows: number;
  /** The test lies in the holdout: to be looked at, not to choose by. */
  readonly holdout: boolean;
}

/** What there is to split. */
export interface SplitInputs {
  /** T. */
  readonly bars: number;
  /** h of the label, open[t+1+h] / open[t+1] - 1. */
  readonly horizonBars: number;
  /** First bar of the holdout, 0..T; null = none. Nothing is learnt from a label that ends there or later. */
  readonly holdoutBar: number | null;
}

/** The splits as the table that goes into a result. */
export function splitTable(splits: readonly Split[]): SplitLine[] {
  return splits.map(({ fold, train, test, purgedRows, embargoedRows, holdout }) => ({
    fold,
    trainStart: train[0]?.from ?? -1,
    trainEnd: (train.at(-1)?.to ?? 0) - 1,
    trainRows: rowCount(train),
    purgedRows,
    embargoedRows,
    testStart: test[0]?.from ?? -1,
    testEnd: (test.at(-1)?.to ?? 0) - 1,
    testRows: rowCount(test),
    holdout,
  }));
}

export function rowCount(ranges: readonly BarRange[]): number {
  return ranges.reduce((rows, { from, to }) => rows + to - from, 0);
}

/**
 * Bar after the last one from which a label ends, embargo included, before `start`: t + 1 + h + embargo < start.
 * May be negative.
 */
export function trainEndBefore(start: number, horizonBars: number, embargoBars: number): number {
  return start - embargoBars - labelEndBar(0, horizonBars, LABEL_LAGS.open);
}

/**
 * First bar after the last label of a test that ends before bar `end`, embargo included: the last test row, end - 1,
 * has its label until end + h.
 */
export function trainStartAfter(end: number, horizonBars: number, embargoBars: number): number {
  return labelEndBar(end - 1, horizonBars, LABEL_LAGS.open) + embargoBars + 1;
}

/**
 * The split with `test` taken out of rows 0 .. rows - 1 and all around it purged.
 *
 * @param test ascending, apart, within the rows
 */
export function purgedSplit(
  fold: number,
  rows: number,
  test: readonly BarRange[],
  horizonBars: number,
  embargoBars: number,
): Split {
  const train = trainAround(rows, test, horizonBars, embargoBars);
  const withoutEmbargo = rowCount(trainAround(rows, test, horizonBars, 0));
  return {
    fold,
    train,
    test,
    purgedRows: rows - rowCount(test) - withoutEmbargo,
    embargoedRows: withoutEmbargo - rowCount(train),
    holdout: false,
  };
}

function trainAround(
  rows: number,
  test: readonly BarRange[],
  horizonBars: number,
  embargoBars: number,
): readonly BarRange[] {
  const train: BarRange[] = [];
  let from = 0;
  for (const range of test) {
    const to = trainEndBefore(range.from, horizonBars, embargoBars);
    if (to > from) train.push({ from, to });
    from = trainStartAfter(range.to, horizonBars, embargoBars);
  }
  if (rows > from) train.push({ from, to: rows });
  return train;
}

/** Rows before the holdout whose labels are known and end before it. */
export function developmentRows({ bars, horizonBars, holdoutBar }: SplitInputs): number {
  return Math.max(0, trainEndBefore(holdoutBar ?? bars, horizonBars, 0));
}

/** @throws RangeError naming the first number that is not whole or too small */
export function checkSplitNumbers(
  name: string,
  { bars, horizonBars, holdoutBar }: SplitInputs,
  numbers: readonly (readonly [name: string, value: number, least: number])[],
): void {
  for (const [what, value, least] of [["bars", bars, 0], ["horizonBars", horizonBars, 1], ...numbers] as const)
    if (!(Number.isInteger(value) && value >= least))
      throw new RangeError(`${name}: ${what} must be a whole number >= ${least}, got ${value}`);
  if (holdoutBar !== null && !(Number.isInteger(holdoutBar) && holdoutBar >= 0 && holdoutBar <= bars))
    throw new RangeError(`${name}: holdoutBar must be a bar of 0..${bars}, got ${holdoutBar}`);
}
