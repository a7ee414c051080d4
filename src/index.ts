/** The public library: everything a program built on Ballast may import. */
export { pairwiseCovariance } from "./allocation/estimators/pairwise-covariance.ts";
export { kellyWeights, unconstrainedKellyWeights } from "./allocation/methods/kelly-weights.ts";
export { meanVarianceWeights } from "./allocation/methods/mean-variance-weights.ts";
export { type AllocationPlan, planAllocation } from "./allocation/plan.ts";
export type { AllocationInputs, AllocationPolicy } from "./allocation/plan-step.ts";
export type { AllocationConstraints, MethodParameters, WeightingPolicy } from "./allocation/policy.ts";
export { type SleevePlan, type SleeveProblem, weighSleeves } from "./allocation/weigh-sleeves.ts";
export type {
  Account,
  AccountEvent,
  AllocationRecord,
  DataQuality,
  Fills,
  MovePlan,
  PlanGate,
  Provenance,
  RunRecord,
  TargetWeights,
  Trade,
} from "./core/contracts.ts";
export { type Fault, InputError, renderFault } from "./core/errors.ts";
export type { Ohlcv } from "./core/ohlcv.ts";
export { type Axes, createAxes, createPanel, type Floats, type Panel } from "./core/panel.ts";
export { createRng, type Rng } from "./core/rng.ts";
export { loadMarket, type Market, type MarketOptions } from "./data/market.ts";
export { sampleMarket } from "./data/sample.ts";
export { loadWide, type WidePanel } from "./data/wide-csv.ts";
export { allocateWeights, type BatchWeights, type WeightsWriter } from "./execution/batch-weights.ts";
export type { BatchPlane } from "./execution/kernel/result-planes.ts";
export type { CostModel, ExecutionPolicy, GuardRules, MarginRules, StopRules } from "./execution/policy.ts";
export { simulate } from "./execution/reference.ts";
export { BATCH_PATHS, type BatchOptions, type BatchResult, runBatch } from "./execution/run-batch.ts";
export type { ExecutionPanels } from "./execution/step-context.ts";
export { loadConfig, parseConfig } from "./experiment/load-config.ts";
export { type ExperimentRun, runExperiment } from "./experiment/pipeline.ts";
export { type ExperimentConfig, experimentJsonSchema } from "./experiment/schema.ts";
export { METRICS } from "./metrics/catalogue.ts";
export { equityReturns } from "./metrics/returns.ts";
export { deflatedSharpe, minimumTrackRecord, probabilisticSharpe, sharpeSample } from "./metrics/sharpe-inference.ts";
export { accountMetrics, summarise } from "./metrics/summary.ts";
export { trades } from "./metrics/trades.ts";
export { longOnly } from "./signal/long-only.ts";
