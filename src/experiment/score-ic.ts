/** What lies behind `ballast ic`: scores and prices from files, every IC number of them in one object. */
import { InputError } from "../core/errors.ts";
import type { Axes, Floats } from "../core/panel.ts";
import { alignTargets } from "../data/align.ts";
import { formatBarTime } from "../data/calendar.ts";
import { loadMarket } from "../data/market.ts";
import { loadWide } from "../data/wide-csv.ts";
import { forwardReturn, LABEL_LAGS, type LabelPrice } from "../models/forward-return.ts";
import { icDecay } from "../models/ic-decay.ts";
import { quantileReturns, quantileTurnover, scoreQuantiles } from "../models/ic-quantiles.ts";
import { rankAutocorrelation } from "../models/ic-rank-autocorrelation.ts";
import { poolPairs, summariseIc } from "../models/ic-summary.ts";
import { createIcSeries, IC_DROPS, type IcDrop, informationCoefficients } from "../models/information-coefficient.ts";
import { defaultPortfolio } from "./schema.ts";

/** Horizons of the decay table, beside the one asked for. */
const DECAY_HORIZONS = [1, 2, 3, 5, 10, 20, 60];

export interface ScoreIcRequest {
  /** Wide file date,<symbol>...; NaN = no score. */
  readonly scores: string;
  /** Long file of OHLCV. */
  readonly prices: string;
  readonly horizon: number;
  readonly label: LabelPrice;
  readonly quantiles: number;
  readonly repair?: "drop" | "clip" | undefined;
}

/** Lists run over the dates that have any score; NaN where a date has no such number. */
export interface ScoreIc {
  readonly label: LabelPrice;
  readonly horizon: number;
  readonly assets: number;
  readonly dates: readonly string[];
  readonly pairs: readonly number[];
  readonly ic: readonly number[];
  readonly rankIc: readonly number[];
  readonly rmseByDate: readonly number[];
  readonly signHitByDate: readonly number[];
  /** Dates with a Pearson IC; those with a rank IC are the same. */
  readonly datesCounted: number;
  readonly neweyWestLag: number;
  readonly meanIc: number;
  readonly stdIc: number;
  readonly icir: number;
  readonly tStat: number;
  readonly tStatNeweyWest: number;
  readonly hitRatio: number;
  readonly meanRankIc: number;
  readonly stdRankIc: number;
  readonly rankIcir: number;
  readonly rankTStat: number;
  readonly rankTStatNeweyWest: number;
  readonly rankHitRatio: number;
  readonly pairsCounted: number;
  readonly signHit: number;
  readonly rmse: number;
  /** Lists over quantiles, lowest scores first. */
  readonly quantiles: number;
  readonly quantileMeanReturns: readonly number[];
  readonly quantileMeanReturnsDemeaned: readonly number[];
  readonly quantileDates: readonly number[];
  readonly quantileTurnover: readonly number[];
  /** Highest less lowest quantile. */
  readonly quantileSpread: number;
  readonly quantileSpreadTStatNeweyWest: number;
  /** Means; lags count scored dates. */
  readonly rankAutocorrelation: number;
  readonly rankAutocorrelationByDate: readonly number[];
  readonly rankAutocorrelationAtHorizon: number;
  readonly decay: readonly {
    readonly horizon: number;
    readonly dates: number;
    readonly meanIc: number;
    readonly tStatNeweyWest: number;
    readonly meanRankIc: number;
    readonly rankTStatNeweyWest: number;
  }[];
  readonly dropped: readonly { readonly date: string; readonly reason: IcDrop }[];
}

/** @throws InputError for a broken file, scores at dates or symbols without prices, or a horizon that leaves no label */
export async function scoreIc(request: ScoreIcRequest): Promise<ScoreIc> {
  const { ohlcv } = await loadMarket({
    path: request.prices,
    repair: request.repair,
    delistAfterBars: defaultPortfolio().delist_after_bars,
  });
  const { axes } = ohlcv;
  const scores = alignTargets(await loadWide(request.scores), axes, request.scores);
  if (scores.every((x) => x !== x)) throw InputError.of({ where: request.scores, rule: "has no score in any cell" });
  const longest = axes.time.length - 1 - LABEL_LAGS[request.label];
  if (request.horizon > longest)
    throw InputError.of({
      where: "--horizon",
      rule: `no label ends within the ${axes.time.length} bars of ${request.prices}; at most ${Math.max(0, longest)}`,
      got: request.horizon,
    });
  const prices = request.label === "open" ? ohlcv.open : ohlcv.close;
  if (!hasValue(prices))
    throw InputError.of({ where: request.prices, rule: `has no ${request.label} price, which the labels need` });
  return describeIc(axes, scores, prices, request);
}

function describeIc(axes: Axes, scores: Floats, prices: Floats, request: ScoreIcRequest): ScoreIc {
  const { horizon, label, quantiles } = request;
  const assets = axes.assets.length;
  const lag = LABEL_LAGS[label];
  const labels = new Float64Array(prices.length);
  forwardReturn(prices, assets, horizon, lag, labels);
  const series = createIcSeries(axes.time.length);
  informationCoefficients(scores, labels, assets, series);
  const scored = scoredBars(scores, assets);
  const of = (x: ArrayLike<number>) => scored.map((t) => x[t]!);
  const dateOf = formatBarTime(axes.time);
  const dates = scored.map((t) => dateOf(axes.time[t]!));
  const pearson = summariseIc(series.pearson, horizon - 1);
  const spearman = summariseIc(series.spearman, horizon - 1);
  const pool = poolPairs(series);
  const autocorrelation = autocorrelationAt(scores, assets, scored, 1);
  const horizons = [...new Set([...DECAY_HORIZONS, horizon])]
    .filter((bars) => bars + lag < axes.time.length)
    .sort((a, b) => a - b);
  return {
    label,
    horizon,
    assets,
    dates,
    pairs: of(series.pairs),
    ic: of(series.pearson),
    rankIc: of(series.spearman),
    rmseByDate: of(series.rmse),
    signHitByDate: of(series.signHit),
    datesCounted: pearson.dates,
    neweyWestLag: horizon - 1,
    meanIc: pearson.mean,
    stdIc: pearson.deviation,
    icir: pearson.icir,
    tStat: pearson.tStat,
    tStatNeweyWest: pearson.tStatNeweyWest,
    hitRatio: pearson.hitRatio,
    meanRankIc: spearman.mean,
    stdRankIc: spearman.deviation,
    rankIcir: spearman.icir,
    rankTStat: spearman.tStat,
    rankTStatNeweyWest: spearman.tStatNeweyWest,
    rankHitRatio: spearman.hitRatio,
    pairsCounted: pool.pairs,
    signHit: pool.signHit,
    rmse: pool.rmse,
    ...describeQuantiles(scores, labels, assets, scored, quantiles, horizon - 1),
    rankAutocorrelation: meanPresent(autocorrelation),
    rankAutocorrelationByDate: [...autocorrelation],
    rankAutocorrelationAtHorizon: meanPresent(autocorrelationAt(scores, assets, scored, horizon)),
    decay: icDecay(scores, prices, assets, horizons, lag).map((at) => ({
      horizon: at.horizonBars,
      dates: at.pearson.dates,
      meanIc: at.pearson.mean,
      tStatNeweyWest: at.pearson.tStatNeweyWest,
      meanRankIc: at.spearman.mean,
      rankTStatNeweyWest: at.spearman.tStatNeweyWest,
    })),
    dropped: scored.flatMap((t, i) =>
      series.dropped[t] === 0 ? [] : [{ date: dates[i]!, reason: IC_DROPS[series.dropped[t]!]! }],
    ),
  };
}

function describeQuantiles(
  scores: Floats,
  labels: Floats,
  assets: number,
  scored: readonly number[],
  quantiles: number,
  lag: number,
) {
  const places = new Int32Array(scores.length);
  scoreQuantiles(scores, assets, quantiles, places);
  const returns = quantileReturns(places, labels, assets, quantiles);
  const spread = summariseIc(returns.spread, lag);
  const placesOfScored = Int32Array.from(rowsOf(places, assets, scored));
  const turnover = new Float64Array(scored.length);
  return {
    quantiles,
    quantileMeanReturns: [...returns.mean],
    quantileMeanReturnsDemeaned: [...returns.demeaned],
    quantileDates: [...returns.dates],
    quantileTurnover: Array.from({ length: quantiles }, (_, q) => {
      quantileTurnover(placesOfScored, assets, q + 1, turnover);
      return meanPresent(turnover);
    }),
    quantileSpread: spread.mean,
    quantileSpreadTStatNeweyWest: spread.tStatNeweyWest,
  };
}

function autocorrelationAt(scores: Floats, assets: number, scored: readonly number[], lag: number): Float64Array {
  const out = new Float64Array(scored.length);
  rankAutocorrelation(Float64Array.from(rowsOf(scores, assets, scored)), assets, lag, out);
  return out;
}

/** Cells of the given rows, one after the other. */
function rowsOf(plane: ArrayLike<number>, assets: number, rows: readonly number[]): number[] {
  return rows.flatMap((t) => Array.from({ length: assets }, (_, n) => plane[t * assets + n]!));
}

function scoredBars(scores: Floats, assets: number): number[] {
  const bars: number[] = [];
  for (let t = 0; t * assets < scores.length; t++)
    if (hasValue(scores.subarray(t * assets, (t + 1) * assets))) bars.push(t);
  return bars;
}

function hasValue(values: Floats): boolean {
  return values.some((x) => x === x);
}

function meanPresent(values: Float64Array): number {
  const present = values.filter((x) => x === x);
  return present.reduce((sum, x) => sum + x, 0) / present.length;
}
