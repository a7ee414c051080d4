/** Scores held against forward returns over the development period and the holdout, each by itself: the development is
 *  measured on panels that end where the holdout begins, so that nothing of it can be seen. */
import type {
  FoldIcStatistics,
  HorizonIcStatistics,
  PeriodEvaluation,
  QuantileStatistics,
  ScorerEvaluation,
} from "../core/model-record.ts";
import type { Floats } from "../core/panel.ts";
import { forwardReturn, LABEL_LAGS } from "./forward-return.ts";
import { icDecay } from "./ic-decay.ts";
import { icByFold } from "./ic-folds.ts";
import { quantileReturns, quantileTurnover, scoreQuantiles } from "./ic-quantiles.ts";
import { rankAutocorrelation } from "./ic-rank-autocorrelation.ts";
import { poolPairs, summariseIc } from "./ic-summary.ts";
import { createIcSeries, type IcSeries, informationCoefficients } from "./information-coefficient.ts";
import type { Split } from "./split.ts";

/** Horizons of the decay, beside the one that is predicted. */
export const DECAY_HORIZONS = [1, 2, 3, 5, 10, 20, 60] as const;

/** Groups by score; fewer where there are fewer than two assets for each. */
const QUANTILES = 5;

export interface EvaluationInputs {
  /** [T*N] NaN = no score. */
  readonly scores: Floats;
  /** [T*N] labels that scores predict in their own unit; null where they predict none. */
  readonly fittedTo: Floats | null;
  /** [T*N] opens. */
  readonly open: Floats;
  readonly assets: number;
  readonly horizonBars: number;
  /** Bars that are counted are those of the tests. */
  readonly splits: readonly Split[];
  readonly holdoutBar: number | null;
}

export type Evaluation = Pick<ScorerEvaluation, "bars" | "ic" | "rankIc" | "folds" | "development" | "holdout">;

export function evaluateScores(inputs: EvaluationInputs): Evaluation {
  const { open, assets, horizonBars, splits, holdoutBar } = inputs;
  const bars = open.length / assets;
  const tested = (holdout: boolean) => splits.filter((split) => split.holdout === holdout);
  const development = measure(inputs, tested(false), holdoutBar ?? bars);
  const held = tested(true);
  const holdout = held.length === 0 ? null : measure(inputs, held, bars);
  const series = [development, ...(holdout === null ? [] : [holdout])];
  const counted = series.flatMap(({ series: { spearman } }) =>
    Array.from(spearman.keys()).filter((t) => spearman[t] === spearman[t]),
  );
  const of = (pick: (series: IcSeries) => Float64Array) =>
    series.flatMap(({ series: each }) =>
      Array.from(pick(each)).filter((_, t) => each.spearman[t] === each.spearman[t]),
    );
  const foldsOf = ({ series: each }: Measured, own: readonly Split[]): FoldIcStatistics[] =>
    icByFold(each, own, { horizonBars, lagBars: LABEL_LAGS.open, holdoutBar: null }).folds.map(
      ({ fold, holdout: isHoldout, pearson, spearman }) => ({
        fold,
        holdout: isHoldout,
        ic: pearson,
        rankIc: spearman,
      }),
    );
  return {
    bars: counted,
    ic: of(({ pearson }) => pearson),
    rankIc: of(({ spearman }) => spearman),
    folds: [...foldsOf(development, tested(false)), ...(holdout === null ? [] : foldsOf(holdout, held))],
    development: development.evaluation,
    holdout: holdout?.evaluation ?? null,
  };
}

interface Measured {
  readonly series: IcSeries;
  readonly evaluation: PeriodEvaluation;
}

/** Scores of the tests on panels cut off at `end`: a label that would end there or later does not exist. */
function measure(
  { scores, fittedTo, open, assets, horizonBars }: EvaluationInputs,
  tests: readonly Split[],
  end: number,
): Measured {
  const cells = end * assets;
  const own = new Float64Array(cells).fill(Number.NaN);
  for (const { test } of tests)
    for (const { from, to } of test)
      for (let i = from * assets; i < Math.min(to * assets, cells); i++) own[i] = scores[i]!;
  const prices = open.subarray(0, cells);
  const labels = new Float64Array(cells);
  forwardReturn(prices, assets, horizonBars, LABEL_LAGS.open, labels);
  const series = createIcSeries(end);
  informationCoefficients(own, labels, assets, series);
  const lag = horizonBars - 1;
  const autocorrelation = new Float64Array(end);
  rankAutocorrelation(own, assets, 1, autocorrelation);
  return {
    series,
    evaluation: {
      ic: summariseIc(series.pearson, lag),
      rankIc: summariseIc(series.spearman, lag),
      quantiles: quantileStatistics(own, labels, assets, lag),
      rankAutocorrelation: meanPresent(autocorrelation),
      decay: decayOf(own, prices, assets, horizonBars),
      fit: fittedTo === null ? null : fitOf(own, fittedTo, labels, assets),
    },
  };
}

function quantileStatistics(
  scores: Float64Array,
  labels: Float64Array,
  assets: number,
  lag: number,
): QuantileStatistics | null {
  const quantiles = Math.min(QUANTILES, Math.floor(assets / 2));
  if (quantiles < 2) return null;
  const places = new Int32Array(scores.length);
  scoreQuantiles(scores, assets, quantiles, places);
  const { mean, demeaned, dates, spread } = quantileReturns(places, labels, assets, quantiles);
  const turnover = new Float64Array(scores.length / assets);
  return {
    meanReturns: [...mean],
    demeanedReturns: [...demeaned],
    dates: [...dates],
    turnover: Array.from({ length: quantiles }, (_, q) => {
      quantileTurnover(places, assets, q + 1, turnover);
      return meanPresent(turnover);
    }),
    spread: summariseIc(spread, lag),
  };
}

function decayOf(scores: Float64Array, open: Floats, assets: number, horizonBars: number): HorizonIcStatistics[] {
  const horizons = [...new Set([...DECAY_HORIZONS, horizonBars])].sort((a, b) => a - b);
  return icDecay(scores, open, assets, horizons, LABEL_LAGS.open).map(({ horizonBars: bars, pearson, spearman }) => ({
    horizonBars: bars,
    ic: pearson,
    rankIc: spearman,
  }));
}

/** @param known [T*N] NaN = the label ends beyond the period */
function fitOf(scores: Float64Array, fittedTo: Floats, known: Float64Array, assets: number): PeriodEvaluation["fit"] {
  const labels = Float64Array.from(known, (raw, i) => (raw === raw ? fittedTo[i]! : Number.NaN));
  const series = createIcSeries(scores.length / assets);
  informationCoefficients(scores, labels, assets, series);
  return poolPairs(series);
}

function meanPresent(values: Float64Array): number {
  const present = values.filter((x) => x === x);
  return present.reduce((sum, x) => sum + x, 0) / present.length;
}
