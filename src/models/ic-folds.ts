/** ICs fold by fold, and of the development period and the holdout apart. */
import type { Floats } from "../core/panel.ts";
import { labelEndBar } from "./forward-return.ts";
import { type IcSummary, summariseIc } from "./ic-summary.ts";
import type { IcSeries } from "./information-coefficient.ts";
import type { BarRange, Split } from "./split.ts";

export interface IcPair {
  readonly pearson: IcSummary;
  readonly spearman: IcSummary;
}

export interface FoldIc extends IcPair {
  readonly fold: number;
  readonly holdout: boolean;
}

export interface IcByFold {
  readonly folds: readonly FoldIc[];
  /** All test rows of the folds before the holdout, each once. */
  readonly development: IcPair;
  /** null when no fold lies in the holdout. */
  readonly holdout: IcPair | null;
}

/** The labels behind the ICs, and where the holdout begins. */
export interface FoldLabels {
  readonly horizonBars: number;
  readonly lagBars: number;
  readonly holdoutBar: number | null;
}

/**
 * Each fold's ICs are those of its test rows. One before the holdout whose label ends in it counts for nobody.
 *
 * @param series [T] each
 */
export function icByFold(series: IcSeries, splits: readonly Split[], labels: FoldLabels): IcByFold {
  const summarise = (tests: readonly BarRange[], limit: number): IcPair => {
    const { horizonBars, lagBars } = labels;
    const labelBars = labelEndBar(0, horizonBars, lagBars);
    return {
      pearson: summariseIc(within(series.pearson, tests, limit - labelBars), horizonBars - 1),
      spearman: summariseIc(within(series.spearman, tests, limit - labelBars), horizonBars - 1),
    };
  };
  const limitOf = (holdout: boolean) => (holdout ? null : labels.holdoutBar) ?? Number.POSITIVE_INFINITY;
  const testsOf = (holdout: boolean) => splits.filter((split) => split.holdout === holdout).flatMap(({ test }) => test);
  const held = testsOf(true);
  return {
    folds: splits.map(({ fold, holdout, test }) => ({ fold, holdout, ...summarise(test, limitOf(holdout)) })),
    development: summarise(testsOf(false), limitOf(false)),
    holdout: held.length === 0 ? null : summarise(held, limitOf(true)),
  };
}

/** The series at rows of the ranges that lie before `limit`, NaN elsewhere. @returns [T] newly allocated */
function within(ic: Floats, ranges: readonly BarRange[], limit: number): Float64Array {
  const chosen = new Float64Array(ic.length).fill(Number.NaN);
  for (const { from, to } of ranges) for (let t = from; t < Math.min(to, limit); t++) chosen[t] = ic[t]!;
  return chosen;
}
