/** Models and combiners side by side on the same folds: the shape that files and reports of a comparison read. Plain
 *  data; the development period and the holdout never mix. */
import type { Provenance } from "./contracts.ts";
import type { HorizonName, ModelRecord, ScorerKind } from "./model-record.ts";

/** One origin of scores. */
export interface ComparedScorer {
  readonly kind: ScorerKind;
  /** "ranking", "ridge", "stacking"; distinct within a comparison. */
  readonly name: string;
  /** For legends. */
  readonly label: string;
}

/** Rank ICs of a scorer less those of the one it is held against, date by date; see models/ic-difference. */
export interface DifferenceStatistics {
  /** On which both have one. */
  readonly dates: number;
  readonly mean: number;
  /** Lag horizon - 1. */
  readonly tStatNeweyWest: number;
  /** Two-sided. */
  readonly pValue: number;
  /** Share of dates on which the scorer is above the other. */
  readonly ahead: number;
}

export interface ScorerDifference extends ComparedScorer {
  readonly score: HorizonName | "mix";
  readonly horizon: HorizonName;
  readonly horizonBars: number;
  readonly development: DifferenceStatistics;
  /** null without a holdout. */
  readonly holdout: DifferenceStatistics | null;
}

/** What trading a score came to over one period; fractions, annual where a rate. */
export interface PeriodPerformance {
  /** Bars with a return. */
  readonly bars: number;
  readonly totalReturn: number;
  readonly cagr: number;
  readonly volatility: number;
  readonly sharpe: number;
  readonly maxDrawdown: number;
  /** Traded notional a year over equity. */
  readonly turnover: number;
  /** Costs a year over mean equity. */
  readonly costDrag: number;
}

/** A scorer's mix traded through the experiment's own signal, selection, allocation and portfolio. */
export interface ScoreBacktest extends ComparedScorer {
  /** [T] as in Account. */
  readonly equity: Float64Array;
  /** From the first decision, which is the same bar for all, to the holdout or the end. */
  readonly development: PeriodPerformance;
  /** null without a holdout. */
  readonly holdout: PeriodPerformance | null;
}

export interface ModelComparison {
  readonly name: string;
  /** The experiment's own sentence about itself; "" without one. */
  readonly description: string;
  readonly id: string;
  /** True when the prices are generated. */
  readonly synthetic: boolean;
  readonly periodsPerYear: number;
  /** Annual rate, fraction, that the Sharpe ratios are measured over. */
  readonly riskFreeAnnual: number;
  readonly models: ModelRecord;
  /** In the order of the record. */
  readonly scorers: readonly ComparedScorer[];
  /** The one that differences are taken from. */
  readonly against: ComparedScorer;
  /** Of every other scorer, by horizon: its own score, then its mix. */
  readonly differences: readonly ScorerDifference[];
  /** No score is traded before the decision at this bar. */
  readonly firstBar: number;
  readonly backtests: readonly ScoreBacktest[];
  readonly provenance: Provenance;
  readonly warnings: readonly string[];
  /** The resolved config as YAML text. */
  readonly config: string;
}
