/** Walk-forward splits: learn from the past, predict the next stretch, go on. The training window ends where labels end
 *  before the test starts, less an embargo. A holdout is predicted once, by what was learnt before it. */
import { checkSplitNumbers, type Split, type SplitInputs, trainEndBefore } from "./split.ts";

export const WALK_FORWARD_KINDS = ["expanding", "rolling"] as const;

export interface WalkForwardPolicy {
  /** expanding learns from bar 0 on, rolling from the last `trainBars` before the test. */
  readonly kind: (typeof WALK_FORWARD_KINDS)[number];
  /** Bars before the first test, and of the rolling window; purged rows are taken out of them. */
  readonly trainBars: number;
  /** Bars of a test; the last test before the holdout or the end may be shorter. */
  readonly testBars: number;
  /** Bars from one test's start to the next. Less than `testBars` predicts bars twice: the later fold knows more. */
  readonly stepBars: number;
  /** Further bars between the last label and the test. */
  readonly embargoBars: number;
  /** Folds with fewer training bars left are not made, their bars not predicted. */
  readonly minTrainRows: number;
}

/**
 * @returns in order of time, the holdout's fold last; empty where there are not more bars than `trainBars`
 * @throws RangeError for a number that is not whole or too small
 */
export function walkForwardSplits(inputs: SplitInputs, policy: WalkForwardPolicy): readonly Split[] {
  const { trainBars, testBars, stepBars, embargoBars, minTrainRows } = policy;
  checkSplitNumbers("walkForwardSplits", inputs, [
    ["trainBars", trainBars, 1],
    ["testBars", testBars, 1],
    ["stepBars", stepBars, 1],
    ["embargoBars", embargoBars, 0],
    ["minTrainRows", minTrainRows, 1],
  ]);
  const { bars, holdoutBar } = inputs;
  const splits: Split[] = [];
  const add = (from: number, to: number, holdout: boolean): void => {
    const split = foldAt(splits.length, from, to, holdout, inputs.horizonBars, policy);
    if (split !== null) splits.push(split);
  };
  const end = holdoutBar ?? bars;
  for (let from = trainBars; from < end; from += stepBars) add(from, Math.min(from + testBars, end), false);
  if (holdoutBar !== null && holdoutBar < bars) add(holdoutBar, bars, true);
  return splits;
}

/** @returns null where too few rows are left to learn from */
function foldAt(
  fold: number,
  from: number,
  to: number,
  holdout: boolean,
  horizonBars: number,
  { kind, trainBars, embargoBars, minTrainRows }: WalkForwardPolicy,
): Split | null {
  const start = kind === "expanding" ? 0 : Math.max(0, from - trainBars);
  const labelled = Math.max(start, trainEndBefore(from, horizonBars, 0));
  const end = Math.max(start, trainEndBefore(from, horizonBars, embargoBars));
  if (end - start < minTrainRows) return null;
  return {
    fold,
    train: [{ from: start, to: end }],
    test: [{ from, to }],
    purgedRows: from - labelled,
    embargoedRows: labelled - end,
    holdout,
  };
}
