/** What the training stage did, and how good its scores were: the shape that files, reports and model comparisons read.
 *  Plain data. Bars are positions on the axes; NaN = not defined. The development period and the holdout never mix. */
import type { Axes } from "./panel.ts";

export const HORIZON_NAMES = ["short", "long"] as const;
export type HorizonName = (typeof HORIZON_NAMES)[number];

/** One horizon, and how its bars were split into rows to learn from and rows to predict. */
export interface HorizonRecord {
  readonly name: HorizonName;
  readonly horizonBars: number;
  /** In order of time; the holdout's fold last. */
  readonly splits: readonly SplitLine[];
}

/** One fold; first and last bars are in, -1 where there is none. Rows are bars here. */
export interface SplitLine {
  readonly fold: number;
  readonly trainStart: number;
  readonly trainEnd: number;
  readonly trainRows: number;
  /** Left out because their labels end at or after the test's start. */
  readonly purgedRows: number;
  readonly embargoedRows: number;
  readonly testStart: number;
  readonly testEnd: number;
  readonly testRows: number;
  readonly holdout: boolean;
}

export type TunedValue = number | string;

/** One set of parameters that tuning tried, inside the training rows of one fold. */
export interface TuningTrial {
  /** Parameter -> value, as the YAML names them. */
  readonly parameters: Readonly<Record<string, TunedValue>>;
  /** Mean over the inner test dates. */
  readonly meanRankIc: number;
}

/** One model fitted for one horizon and fold. Lists [F] follow `ModelRecord.features`. */
export interface FoldFit {
  /** Kind: "ridge", "xgboost". */
  readonly model: string;
  readonly horizon: HorizonName;
  readonly fold: number;
  readonly holdout: boolean;
  /** Rows (bar and asset) it learnt from. */
  readonly trainingRows: number;
  /** In the order tried; empty without tuning. */
  readonly trials: readonly TuningTrial[];
  /** Position of the trial whose parameters were used; -1 without tuning. */
  readonly chosenTrial: number;
  /** Linear models: label per standard deviation of the feature in training. */
  readonly coefficients: readonly number[] | null;
  /** The same per unit of the feature. */
  readonly rawCoefficients: readonly number[] | null;
  /** Tree models: mean gain of the splits on each feature. */
  readonly gain: readonly number[] | null;
  /** Mean rank IC of the fold's test dates less the one after the feature is shuffled within each date; > 0 = of use.
   *  null where no test date has a label. */
  readonly permutation: readonly number[] | null;
  /** Tree models: mean |SHAP| over test rows, in units of the label. */
  readonly shap: readonly number[] | null;
  /** xgboost: rounds that score, and that were trained; null for other models. */
  readonly rounds: { readonly kept: number; readonly trained: number } | null;
}

/** A series of one number a date, in a few; see models/ic-summary. */
export interface IcStatistics {
  readonly dates: number;
  readonly mean: number;
  /** ddof 1. */
  readonly deviation: number;
  /** mean / deviation. */
  readonly icir: number;
  readonly tStat: number;
  /** Newey-West, lag = horizon - 1. */
  readonly tStatNeweyWest: number;
  /** Share of dates above 0. */
  readonly hitRatio: number;
}

export interface IcPairStatistics {
  /** Pearson. */
  readonly ic: IcStatistics;
  /** Spearman. */
  readonly rankIc: IcStatistics;
}

export interface HorizonIcStatistics extends IcPairStatistics {
  readonly horizonBars: number;
}

export interface FoldIcStatistics extends IcPairStatistics {
  readonly fold: number;
  readonly holdout: boolean;
}

/** Assets of a date by score, Q groups, lowest first. */
export interface QuantileStatistics {
  /** [Q] mean forward return, fraction per horizon. */
  readonly meanReturns: readonly number[];
  /** [Q] the same less the mean of each date. */
  readonly demeanedReturns: readonly number[];
  /** [Q] dates on which the quantile has a member with a label. */
  readonly dates: readonly number[];
  /** [Q] mean share of members that were not in it one bar before. */
  readonly turnover: readonly number[];
  /** Highest less lowest, by date: mean, deviation and t of fractions per horizon. */
  readonly spread: IcStatistics;
}

/** Scores held against the forward returns of one period. */
export interface PeriodEvaluation extends IcPairStatistics {
  /** null where no date has a score for every quantile to have a member. */
  readonly quantiles: QuantileStatistics | null;
  /** Mean correlation of the ranks of a bar with those of the bar before. */
  readonly rankAutocorrelation: number;
  /** The same scores against shorter and longer horizons; a label that would end beyond the period counts for nobody. */
  readonly decay: readonly HorizonIcStatistics[];
  /** Models: how far predictions are from the labels they were fitted to; null for scores that predict nothing. */
  readonly fit: { readonly pairs: number; readonly rmse: number; readonly signHit: number } | null;
}

export const SCORER_KINDS = ["ranking", "model", "ensemble"] as const;
export type ScorerKind = (typeof SCORER_KINDS)[number];

/** One score of one origin held against one horizon's forward returns, on the bars that the models predict: so that all
 *  scorers of a horizon are measured on the same bars. */
export interface ScorerEvaluation {
  readonly kind: ScorerKind;
  /** "ranking", "ridge", "stacking". */
  readonly name: string;
  /** "ridge", "stacking (ridge)": for legends. */
  readonly label: string;
  /** `short` and `long` are that horizon's own score, `mix` is alpha * short + (1 - alpha) * long. */
  readonly score: HorizonName | "mix";
  /** The horizon whose returns it is held against. */
  readonly horizon: HorizonName;
  readonly horizonBars: number;
  /** [D] bars with an IC, ascending, those of the holdout last. */
  readonly bars: readonly number[];
  /** [D] Pearson and Spearman. */
  readonly ic: readonly number[];
  readonly rankIc: readonly number[];
  /** By fold of the horizon's splits. */
  readonly folds: readonly FoldIcStatistics[];
  readonly development: PeriodEvaluation;
  /** null without a holdout. */
  readonly holdout: PeriodEvaluation | null;
}

/** What a combiner said about one horizon. */
export type CombinerEvent = { readonly combiner: string; readonly horizon: HorizonName } & (
  | {
      /** It did not do what its name says on bars fromBar .. toBar. */
      readonly kind: "fallback";
      readonly reason: string;
      readonly fromBar: number;
      readonly toBar: number;
      /** Bars with matured labels at toBar, and how many are needed; 0 where labels have no part in it. */
      readonly maturedBars: number;
      readonly neededBars: number;
    }
  | {
      /** Stacking learnt these coefficients of score_ranking, score_model, rank_ranking, rank_model. */
      readonly kind: "fit";
      readonly bar: number;
      readonly maturedBars: number;
      readonly samples: number;
      readonly coefficients: readonly number[];
    }
  | {
      /** Conditional favours another side from this bar on. */
      readonly kind: "switch";
      readonly bar: number;
      readonly favours: "ranking" | "model";
      readonly trailingIc: number;
    }
);

/** The whole training stage of a run. */
export interface ModelRecord {
  readonly axes: Axes;
  /** [F] columns the models see. */
  readonly features: readonly string[];
  /** What models were fitted to: "raw", "demeaned", "ranked". ICs are against raw returns throughout. */
  readonly labelKind: string;
  /** Weight of the short horizon in every `mix`. */
  readonly alpha: number;
  /** First bar of the holdout; null = none. */
  readonly holdoutBar: number | null;
  readonly horizons: readonly HorizonRecord[];
  /** Kinds, in the order of the config. */
  readonly models: readonly string[];
  /** Kinds, in the order of the config; each combines the ranking with the first model. */
  readonly combiners: readonly string[];
  /** The scorer whose `mix` is traded, by kind and name. */
  readonly traded: { readonly kind: ScorerKind; readonly name: string };
  /** By model, horizon and fold, in the order of the config. */
  readonly fits: readonly FoldFit[];
  /** Ranking, models, combiners; of each short, long, then the mix against both. */
  readonly evaluations: readonly ScorerEvaluation[];
  readonly combinerEvents: readonly CombinerEvent[];
}

/** What differs from one run to the next, and so goes into no result. */
export interface TrainingNotes {
  /** In the order of `ModelRecord.fits`; 0 ms for one taken from the cache. */
  readonly fits: readonly {
    readonly model: string;
    readonly horizon: HorizonName;
    readonly fold: number;
    readonly ms: number;
    readonly fromCache: boolean;
  }[];
  readonly workers: number;
  readonly threadsPerWorker: number;
  /** Different experiments that have looked at this holdout on this machine, this one included; null without one, or where they
   *  cannot be counted. */
  readonly holdoutLooks: number | null;
}
