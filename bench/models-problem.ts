/** The problem of the models' benchmark: 30 features of the S&P 500 table (about 600,000 rows), five-day labels, and ten
 *  walk-forward folds over an expanding window. */
import { fileURLToPath } from "node:url";
import type { Ohlcv } from "../src/core/ohlcv.ts";
import type { FeatureSpec } from "../src/data/features/catalogue.ts";
import { computeFeatures } from "../src/data/features/compute-features.ts";
import { loadMarket } from "../src/data/market.ts";
import type { ModelKind, ModelParameters } from "../src/models/catalogue.ts";
import { type FeaturePlanes, type RowsToScore, rowsToScore, trainingSetOf } from "../src/models/design-matrix.ts";
import { forwardReturns, type Labels } from "../src/models/labels.ts";
import type { TrainingSet } from "../src/models/model.ts";
import type { Split } from "../src/models/split.ts";
import { walkForwardSplits } from "../src/models/walk-forward.ts";

export const PARQUET = fileURLToPath(new URL("../../shared/data/sp500_5yr_daily.parquet", import.meta.url));

export const SEED = 7;
const HORIZON_BARS = 5;
/** 1,259 bars: ten tests of 100 after the first 259. */
const WALK_FORWARD = {
  kind: "expanding",
  trainBars: 259,
  testBars: 100,
  stepBars: 100,
  embargoBars: 0,
  minTrainRows: 100,
} as const;

/** The forest's parameters are the defaults of an experiment; scikit-learn's names for them are in models-python. */
export const PARAMETERS: Pick<ModelParameters, "ridge" | "ols" | "xgboost" | "random_forest"> = {
  ridge: { alpha: 8, missing: "impute" },
  ols: { missing: "impute" },
  xgboost: {
    rounds: 200,
    library: { learning_rate: 0.05, max_depth: 6, tree_method: "hist" },
    earlyStopping: null,
  },
  random_forest: {
    trees: 200,
    library: { max_depth: 8, subsample: 0.8, colsample_bynode: 0.8, reg_lambda: 1e-5, tree_method: "hist" },
  },
};

export type BenchedModel = keyof typeof PARAMETERS & ModelKind;

/** `minBars`: all of the window. */
const every = null;
export const SPECS: readonly FeatureSpec[] = [
  { name: "return", lookbackBars: 1 },
  { name: "return", lookbackBars: 5 },
  { name: "momentum", lookbackBars: 60, skipBars: 0 },
  { name: "momentum", lookbackBars: 120, skipBars: 0 },
  { name: "momentum", lookbackBars: 252, skipBars: 21 },
  { name: "reversal", lookbackBars: 5 },
  { name: "volatility", lookbackBars: 20, minBars: every },
  { name: "volatility", lookbackBars: 60, minBars: every },
  { name: "volatility", lookbackBars: 252, minBars: every },
  { name: "downside_volatility", lookbackBars: 60, minBars: every },
  { name: "volatility_of_volatility", lookbackBars: 60, volatilityBars: 20, minBars: every },
  { name: "skewness", lookbackBars: 60, minBars: every },
  { name: "skewness", lookbackBars: 252, minBars: every },
  { name: "drawdown", lookbackBars: 60, minBars: every },
  { name: "drawdown", lookbackBars: 252, minBars: every },
  { name: "distance_to_high", lookbackBars: 252, minBars: every },
  { name: "moving_average_distance", lookbackBars: 50, minBars: every },
  { name: "moving_average_distance", lookbackBars: 200, minBars: every },
  { name: "bollinger_position", lookbackBars: 20, minBars: every },
  { name: "macd", fastBars: 12, slowBars: 26, signalBars: 9, output: "histogram" },
  { name: "rsi", lookbackBars: 14 },
  { name: "atr", lookbackBars: 14 },
  { name: "volume_trend", lookbackBars: 60, shortBars: 5, minBars: every },
  { name: "dollar_volume", lookbackBars: 20, volumeUnit: "units", minBars: every },
  { name: "amihud", lookbackBars: 60, volumeUnit: "units", minBars: every },
  { name: "beta", lookbackBars: 60, minBars: every },
  { name: "beta", lookbackBars: 252, minBars: every },
  { name: "residual_momentum", lookbackBars: 252, skipBars: 0, minBars: every },
  { name: "overnight_return", lookbackBars: 20, minBars: every },
  { name: "intraday_return", lookbackBars: 20, minBars: every },
];

export interface ModelsProblem {
  readonly features: FeaturePlanes;
  readonly labels: Labels;
  readonly folds: readonly Split[];
}

/** A dozen rows break the OHLC rule: clip. */
export async function loadSp500(): Promise<Ohlcv> {
  return (await loadMarket({ path: PARQUET, repair: "clip", delistAfterBars: 20 })).ohlcv;
}

export function modelsProblem(market: Ohlcv): ModelsProblem {
  const planes = computeFeatures(market, SPECS);
  const { axes } = market;
  return {
    features: { names: [...planes.keys()], values: [...planes.values()], assets: axes.assets.length },
    labels: forwardReturns(market, HORIZON_BARS, "raw"),
    folds: walkForwardSplits({ bars: axes.time.length, horizonBars: HORIZON_BARS, holdoutBar: null }, WALK_FORWARD),
  };
}

export interface FoldRows {
  readonly training: TrainingSet;
  readonly test: RowsToScore;
}

export function rowsOfFold({ features, labels }: ModelsProblem, { train, test }: Split): FoldRows {
  const { from, to } = test[0]!;
  const plane = { values: labels.values, endBar: (bar: number) => labels.endBar[bar]! };
  const window = { from: train[0]!.from, to: train[0]!.to, knownBefore: from };
  return { training: trainingSetOf(features, plane, window, null).set, test: rowsToScore(features, from, to) };
}
