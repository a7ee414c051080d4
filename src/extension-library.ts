/** What `import ... from "ballast"` gives a module of extensions: the part of the public library that is made of functions
 *  of their inputs. What runs, reads or reports is left out: charts load asynchronously, and a config is read in one go. */
export { z } from "zod";
export { pairwiseCovariance } from "./allocation/estimators/pairwise-covariance.ts";
export { kellyWeights, unconstrainedKellyWeights } from "./allocation/methods/kelly-weights.ts";
export { meanVarianceWeights } from "./allocation/methods/mean-variance-weights.ts";
export { defineWeighting } from "./allocation/weighting-extension.ts";
export { InputError, renderFault } from "./core/errors.ts";
export { createAxes, createPanel } from "./core/panel.ts";
export { createRng } from "./core/rng.ts";
export { FEATURES } from "./data/features/catalogue.ts";
export { computeFeatures } from "./data/features/compute-features.ts";
export { defineFeature } from "./data/features/feature-extension.ts";
export { marketHead } from "./data/market-head.ts";
export { sampleMarket } from "./data/sample.ts";
export { ema, exponentialAverage, wilderAverage } from "./math/ewm.ts";
export { averageRanks, rankSpace } from "./math/rank.ts";
export { simpleReturns } from "./math/returns.ts";
export { rollingMean, rollingStandardDeviation } from "./math/rolling.ts";
export { rollingMaxDrawdown } from "./math/rolling-drawdown.ts";
export { rollingMaximum } from "./math/rolling-maximum.ts";
export { rollingPresentMean } from "./math/rolling-mean.ts";
export { rollingDeviation, rollingScore, rollingSkewness } from "./math/rolling-moments.ts";
export { rollingSlope } from "./math/rolling-slope.ts";
export { METRICS } from "./metrics/catalogue.ts";
export { defineMetric } from "./metrics/metric-extension.ts";
export { equityReturns } from "./metrics/returns.ts";
export {
  deflatedSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeSample,
} from "./metrics/sharpe-inference.ts";
export { accountMetrics, summarise } from "./metrics/summary.ts";
export { MODELS } from "./models/catalogue.ts";
export { informationCoefficients } from "./models/information-coefficient.ts";
export { defineModel } from "./models/model-extension.ts";
export { walkForwardSplits } from "./models/walk-forward.ts";
export { rankingScores } from "./ranking/composite-score.ts";
export { longOnly } from "./signal/long-only.ts";
export { positionsFromScores } from "./signal/score-positions.ts";
export { defineSignal } from "./signal/signal-extension.ts";
export { timeSeriesMomentum } from "./signal/time-series-momentum.ts";
