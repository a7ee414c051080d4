/** Trials that decide alike, executed one by one: their decisions once, then an account and its metrics for each. */
import { createPlanMemo, type PlanMemo } from "../allocation/plan-memo.ts";
import type { MovePlan } from "../core/contracts.ts";
import { canonicalJson } from "../core/hash.ts";
import type { Floats } from "../core/panel.ts";
import { allocateWeights } from "../execution/batch-weights.ts";
import type { ExecutionPolicy } from "../execution/policy.ts";
import { runBatch } from "../execution/run-batch.ts";
import { marketReturns } from "../experiment/allocation-inputs.ts";
import { decideBenchmark } from "../experiment/benchmark-decisions.ts";
import { decideAmong, tradedTargets } from "../experiment/decide.ts";
import type { DecisionInputs } from "../experiment/decision-inputs.ts";
import { benchmarkPolicy, checkPanels, executionPolicy } from "../experiment/execution-policy.ts";
import { ownMetrics } from "../experiment/own-metrics.ts";
import type { ExperimentConfig } from "../experiment/schema.ts";
import { equityReturns } from "../metrics/returns.ts";
import { summarise, tradingMetrics } from "../metrics/summary.ts";
import type { TradedDecisions } from "./stored-decisions.ts";

/** What came of one trial. */
export interface TrialOutcome {
  readonly metrics: Readonly<Record<string, number>>;
  /** [T] on memory of its own, which may be handed over to another thread. */
  readonly equity: Float64Array;
}

/** What trials are run on; made once a thread. */
export interface TrialGround {
  readonly inputs: DecisionInputs;
  /** [T*N] in the kernel's memory. */
  readonly weights: Float64Array;
  /** Equity of each benchmark needed so far. */
  readonly benchmarks: Map<string, Float64Array>;
  readonly memo: PlanMemo;
}

const PLANES = ["equity", "turnover", "fees", "slippage", "grossExposure", "funding", "borrow"] as const;

export function trialGround(inputs: DecisionInputs): TrialGround {
  const memo = createPlanMemo(marketReturns(inputs.market));
  return { inputs, weights: allocateWeights(inputs.market, 1), benchmarks: new Map(), memo };
}

/**
 * @param strength   [T*N] null = the weights are of a file
 * @param multiplier [T*N] the selector's; null without one
 */
export function decideTrial(
  config: ExperimentConfig,
  strength: Floats | null,
  multiplier: Floats | null,
  { inputs, memo }: TrialGround,
): TradedDecisions {
  const decisions = decideAmong(config, inputs, { strength, multiplier, records: "nothing", memo });
  const { schedule, firstBar } = decisions;
  return { targets: tradedTargets(decisions).values, moves: schedule?.moves ?? null, firstBar };
}

/**
 * @param configs   the same but for what comes after the decisions
 * @param onOutcome told of each trial as it is done, or why it failed
 */
export async function runTrials(
  configs: readonly ExperimentConfig[],
  { targets, moves, firstBar }: TradedDecisions,
  ground: TrialGround,
  onOutcome: (position: number, outcome: TrialOutcome | Error) => void,
): Promise<void> {
  const { inputs } = ground;
  for (const [position, config] of configs.entries()) {
    try {
      const policy = policyOf(config, inputs);
      checkPanels(config.portfolio, inputs.market);
      const account = await execute(targets, policy, ground, moves);
      const { periodsPerYear } = inputs;
      const benchmark = await benchmarkEquity(config, firstBar, policy, ground);
      const benchmarkReturns = benchmark === null ? null : equityReturns(benchmark);
      const metrics = {
        ...summarise(equityReturns(account.equity), {
          periodsPerYear,
          riskFreeAnnual: config.metrics.risk_free,
          benchmark: benchmarkReturns ?? undefined,
        }),
        ...tradingMetrics(account, periodsPerYear),
        ...ownMetrics(config, inputs.extensions.metrics, account, periodsPerYear, benchmarkReturns),
      };
      onOutcome(position, { metrics, equity: account.equity });
    } catch (error) {
      onOutcome(position, asError(error));
    }
  }
}

function policyOf(config: ExperimentConfig, { market, periodsPerYear }: DecisionInputs): ExecutionPolicy {
  return executionPolicy(config.portfolio, { assets: market.axes.assets, periodsPerYear });
}

/** One config at a time, so that its last bits do not hang on who its neighbours are. */
async function execute(
  targets: Floats,
  policy: ExecutionPolicy,
  { inputs, weights }: TrialGround,
  moves: MovePlan | null,
) {
  weights.set(targets as Float64Array);
  const { market, fundingRate } = inputs;
  const options = { panels: { fundingRate, moves: moves ?? undefined }, planes: PLANES, threads: 1 };
  const result = await runBatch(market, weights, policy, options);
  return Object.fromEntries(PLANES.map((plane) => [plane, result[plane].slice()])) as Record<
    (typeof PLANES)[number],
    Float64Array
  >;
}

async function benchmarkEquity(
  config: ExperimentConfig,
  firstBar: number,
  policy: ExecutionPolicy,
  ground: TrialGround,
): Promise<Float64Array | null> {
  if (config.benchmark === undefined) return null;
  const { benchmark, allocation, portfolio, metrics } = config;
  const key = canonicalJson(JSON.parse(JSON.stringify({ benchmark, allocation, portfolio, metrics, firstBar })));
  const known = ground.benchmarks.get(key);
  if (known !== undefined) return known;
  const decided = decideBenchmark(config, ground.inputs, firstBar)!;
  const { equity } = await execute(decided.targets.values, benchmarkPolicy(policy), ground, null);
  ground.benchmarks.set(key, equity);
  return equity;
}

/** What was thrown, as an error. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
