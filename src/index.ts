/** The public library: everything a program built on Ballast may import. */

export { z } from "zod";
export { pairwiseCovariance } from "./allocation/estimators/pairwise-covariance.ts";
export { type GivenInputs, planGivenWeights } from "./allocation/given-weights.ts";
export { kellyWeights, unconstrainedKellyWeights } from "./allocation/methods/kelly-weights.ts";
export { meanVarianceWeights } from "./allocation/methods/mean-variance-weights.ts";
export { type AllocationPlan, planAllocation } from "./allocation/plan.ts";
export type { AllocationInputs, AllocationPolicy } from "./allocation/plan-step.ts";
export type { AllocationConstraints, MethodParameters, WeightingPolicy } from "./allocation/policy.ts";
export { type SleevePlan, type SleeveProblem, weighSleeves } from "./allocation/weigh-sleeves.ts";
export {
  defineWeighting,
  type WeightingAnswer,
  type WeightingExtension,
  type WeightingProblem,
} from "./allocation/weighting-extension.ts";
export type { AllocationRecord } from "./core/allocation-record.ts";
export type {
  Account,
  AccountEvent,
  Fills,
  MovePlan,
  PlanGate,
  Provenance,
  RunRecord,
  TargetWeights,
  Trade,
} from "./core/contracts.ts";
export type { DataQuality } from "./core/data-quality.ts";
export { type Fault, InputError, renderFault } from "./core/errors.ts";
export type { HoldoutRecord } from "./core/holdout-record.ts";
export type { MetricInfo } from "./core/metric-info.ts";
export type { Ohlcv } from "./core/ohlcv.ts";
export { type Axes, createAxes, createPanel, type Floats, type Panel } from "./core/panel.ts";
export type { RebalancingEvent, RebalancingRecord } from "./core/rebalancing-record.ts";
export { createRng, type Rng } from "./core/rng.ts";
export type { SelectionEvent, SelectionRecord } from "./core/selection-record.ts";
export type {
  AxisValue,
  OverfittingRecord,
  StageCount,
  SweepAxis,
  SweepRecord,
  Trial,
  TrialEquity,
} from "./core/sweep-record.ts";
export type { WalkForwardRecord } from "./core/walk-forward-record.ts";
export { FEATURES, type FeatureSpec } from "./data/features/catalogue.ts";
export { computeFeatures } from "./data/features/compute-features.ts";
export { defineFeature, type FeatureExtension } from "./data/features/feature-extension.ts";
export type { FeatureInputs } from "./data/features/feature-inputs.ts";
export type { FeatureRequest } from "./data/features/feature-name.ts";
export { loadMarket, type Market, type MarketOptions } from "./data/market.ts";
export { marketHead } from "./data/market-head.ts";
export { writeMarket } from "./data/market-writer.ts";
export { type SampleOptions, sampleMarket } from "./data/sample.ts";
export { loadWide as loadPanel, type WidePanel } from "./data/wide-csv.ts";
export { allocateWeights, type BatchWeights, type WeightsWriter } from "./execution/batch-weights.ts";
export type { BatchPlane } from "./execution/kernel/result-planes.ts";
export type { CostModel, ExecutionPolicy, GuardRules, MarginRules, StopRules } from "./execution/policy.ts";
export { simulate } from "./execution/reference.ts";
export { BATCH_PATHS, type BatchOptions, type BatchResult, runBatch } from "./execution/run-batch.ts";
export type { ExecutionPanels } from "./execution/step-context.ts";
export { executionPolicy, type PolicyFacts } from "./experiment/execution-policy.ts";
export { type Extensions, NO_EXTENSIONS } from "./experiment/extensions.ts";
export { writeLeaderboard } from "./experiment/leaderboard-files.ts";
export { loadConfig, loadWithRaw, parseConfig } from "./experiment/load-config.ts";
export { loadExtensions } from "./experiment/load-extensions.ts";
export { type ExperimentRun, type RunOptions, runExperiment, type StageListener } from "./experiment/pipeline.ts";
export { type ExperimentConfig, experimentJsonSchema } from "./experiment/schema.ts";
export { DEFAULT_CACHE, NO_CACHE, openStageCache, type StageCache } from "./experiment/stage-cache.ts";
export {
  type BarReport,
  type DriverState,
  initDriver,
  loadDriver,
  openSteppedRun,
  type SteppedRun,
  saveDriver,
  stepDriver,
} from "./experiment/step-driver.ts";
export { runSummary, writeRun } from "./experiment/write-run.ts";
export { ema, exponentialAverage, wilderAverage } from "./math/ewm.ts";
export { averageRanks, type RankSpace, rankSpace } from "./math/rank.ts";
export { simpleReturns } from "./math/returns.ts";
export { rollingMean, rollingStandardDeviation } from "./math/rolling.ts";
export { rollingMaxDrawdown } from "./math/rolling-drawdown.ts";
export { rollingMaximum } from "./math/rolling-maximum.ts";
export { rollingPresentMean } from "./math/rolling-mean.ts";
export { rollingDeviation, rollingScore, rollingSkewness } from "./math/rolling-moments.ts";
export { rollingSlope } from "./math/rolling-slope.ts";
export type { RollingWindow } from "./math/rolling-window.ts";
export { type BacktestOverfitting, backtestOverfitting } from "./metrics/backtest-overfitting.ts";
export { METRICS } from "./metrics/catalogue.ts";
export { type EffectiveTrials, effectiveTrials } from "./metrics/effective-trials.ts";
export { defineMetric, type MetricExtension, type MetricInputs } from "./metrics/metric-extension.ts";
export { type RealityCheck, type RealityCheckOptions, realityCheck } from "./metrics/reality-check.ts";
export { equityReturns } from "./metrics/returns.ts";
export {
  type DeflatedBest,
  deflateBest,
  deflatedSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  type SharpeSample,
  sharpeSample,
} from "./metrics/sharpe-inference.ts";
export {
  type AccountMetrics,
  accountMetrics,
  type SeriesMetrics,
  type SummaryOptions,
  summarise,
} from "./metrics/summary.ts";
export { trades } from "./metrics/trades.ts";
export { MODELS, modelFromJson } from "./models/catalogue.ts";
export { informationCoefficients } from "./models/information-coefficient.ts";
export type { FitContext, FittedModel, ModelDefinition, TrainingSet } from "./models/model.ts";
export { defineModel, type ExtensionModel, type ModelExtension } from "./models/model-extension.ts";
export { walkForwardSplits } from "./models/walk-forward.ts";
export { type RankingPolicy, type RankingScores, rankingScores } from "./ranking/composite-score.ts";
export { type NettedBook, type NettedSleeve, netSleeves } from "./rebalancing/netting.ts";
export type { RebalancingPolicy } from "./rebalancing/rebalancing-policy.ts";
export { planRebalancing, type RebalancingPlan } from "./rebalancing/schedule.ts";
export { type ReportOptions, renderReport } from "./report/html.ts";
export { renderSweepReport, type SweepReportOptions } from "./report/sweep/sweep-report.ts";
export { rampPositions, runSelector } from "./selection/run-selector.ts";
export { type ScorePanels, scorePanels } from "./selection/score.ts";
export type { ScoringPolicy, SelectorPolicy, TransitionPolicy } from "./selection/selector-policy.ts";
export { longOnly } from "./signal/long-only.ts";
export { positionsFromScores, type ScorePolicy } from "./signal/score-positions.ts";
export { defineSignal, type SignalExtension, type SignalInputs } from "./signal/signal-extension.ts";
export { type TimeSeriesMomentumPolicy, timeSeriesMomentum } from "./signal/time-series-momentum.ts";
export type { EarlierTrial } from "./sweep/overfitting.ts";
export type { PlannedTrial, SweepPlan } from "./sweep/plan-sweep.ts";
export { type DoneTrial, runSweep, type SweepOptions, type SweepRun } from "./sweep/run-sweep.ts";
export { runSweepFile, type SweepFileOptions } from "./sweep/run-sweep-file.ts";
