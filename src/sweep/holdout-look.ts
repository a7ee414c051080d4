/** One look at the holdout of a sweep: a config chosen without it, run once over all bars. The look is counted before
 *  anything is run, so that none goes uncounted. */
import type { Account } from "../core/contracts.ts";
import { InputError } from "../core/errors.ts";
import type { HoldoutRecord } from "../core/holdout-record.ts";
import type { Floats } from "../core/panel.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { createRng } from "../core/rng.ts";
import { expectedFailure } from "../core/system-failure.ts";
import { simulate } from "../execution/reference.ts";
import { decideBenchmark } from "../experiment/benchmark-decisions.ts";
import type { DecisionInputs } from "../experiment/decision-inputs.ts";
import { benchmarkPolicy } from "../experiment/execution-policy.ts";
import { countHoldoutLook, type HoldoutLook } from "../experiment/holdout-looks.ts";
import { type OwnPlanes, ownMetrics } from "../experiment/own-metrics.ts";
import { configHash, resolvedConfig } from "../experiment/resolved-config.ts";
import type { ExperimentConfig } from "../experiment/schema.ts";
import type { TrainingOptions } from "../experiment/train-models.ts";
import { headlineIntervals } from "../metrics/intervals.ts";
import { equityReturns } from "../metrics/returns.ts";
import { type SummaryOptions, summarise, tradingMetrics } from "../metrics/summary.ts";
import type { PlannedTrial } from "./plan-sweep.ts";
import { trialId } from "./stage-keys.ts";
import { decideTrials } from "./trial-decisions.ts";

export interface HoldoutContext {
  /** The experiment, with its validation block. */
  readonly config: ExperimentConfig;
  readonly file: string;
  /** All bars. */
  readonly inputs: DecisionInputs;
  readonly firstBar: number;
  readonly dataHash: string;
  readonly training: TrainingOptions;
  /** File in which looks are counted. */
  readonly store: string;
}

/** The trial that was chosen. */
export interface ChosenTrial {
  readonly planned: PlannedTrial;
  /** Position in the ranking, from 1. */
  readonly rank: number;
  /** [T] over the development bars, as the sweep ran it. */
  readonly equity: Float64Array;
}

/** Relative difference of equity that is rounding: a sweep runs in the kernel, a look on the reference engine. */
const ROUNDING = 1e-8;

/**
 * @returns why it is not shown: it could not be counted, or with the holdout's bars at hand the config came to another
 *          account before them
 */
export async function lookAtHoldout(
  { planned, rank, equity: before }: ChosenTrial,
  { config, file, inputs, firstBar, dataHash, training, store }: HoldoutContext,
): Promise<Result<HoldoutRecord>> {
  const start = config.validation!.holdout_start;
  const { market, periodsPerYear, fundingRate } = inputs;
  const hash = configHash(resolvedConfig(planned.config!, periodsPerYear, file), inputs.extensions.files);
  const looks = counted(store, { dataHash, holdoutStart: start, configHash: hash, experiment: config.name });
  if (!looks.ok) return looks;
  const decided = (await decideTrials([planned], inputs, training)).get(planned.index)!;
  const { policy } = decided;
  const targets = { axes: market.axes, values: decided.targets };
  const account = simulate(market, targets, policy, { fundingRate, moves: decided.moves });
  const moved = before.findIndex((value, t) => !(Math.abs(account.equity[t]! - value) <= ROUNDING * Math.abs(value)));
  if (moved >= 0)
    return fail(`trial ${planned.index} comes to another account from bar ${moved} on when later bars are there`);
  const benchmark = decideBenchmark(decided.config, inputs, decided.firstBar);
  const benchmarkEquity =
    benchmark === null ? null : simulate(market, benchmark.targets, benchmarkPolicy(policy), { fundingRate }).equity;
  const options = { periodsPerYear, riskFreeAnnual: decided.config.metrics.risk_free };
  const bars = market.axes.time.length;
  const measured = (from: number, to: number) =>
    partMetrics(account, benchmarkEquity, from, to, options, (planes, returns) =>
      ownMetrics(decided.config, inputs.extensions.metrics, planes, periodsPerYear, returns),
    );
  return ok({
    trial: planned.index,
    id: trialId(planned.keys),
    rank,
    configHash: hash,
    start,
    firstBar,
    bars: bars - firstBar,
    looks: looks.value,
    time: Float64Array.from(market.axes.time),
    equity: account.equity,
    development: measured(0, firstBar),
    holdout: measured(firstBar - 1, bars),
    intervals: headlineIntervals(
      equityReturns(account.equity.subarray(firstBar - 1)),
      options,
      createRng(config.seed).fork("holdout"),
    ),
  });
}

function counted(store: string, look: HoldoutLook): Result<number> {
  try {
    return ok(countHoldoutLook(store, look));
  } catch (error) {
    const fault = expectedFailure(error);
    if (fault === undefined) throw error;
    return fail(fault);
  }
}

/** @param from bar before the first return */
function partMetrics(
  account: Account,
  benchmark: Floats | null,
  from: number,
  to: number,
  options: SummaryOptions,
  own: (planes: OwnPlanes, benchmark: Floats | null) => Readonly<Record<string, number>>,
): Record<string, number> {
  const equity = account.equity.subarray(from, to);
  const within = (plane: Float64Array) => plane.slice(from, to).fill(0, 0, 1);
  const { turnover, fees, slippage, impact, funding, borrow, liquidationLoss, grossExposure } = account;
  const planes = { turnover, fees, slippage, impact, funding, borrow, liquidationLoss, grossExposure };
  const parts = Object.fromEntries(Object.entries(planes).map(([name, plane]) => [name, within(plane)]));
  const part = { equity, ...parts } as Parameters<typeof tradingMetrics>[0];
  const returns = benchmark === null ? null : equityReturns(benchmark.subarray(from, to));
  return {
    ...summarise(equityReturns(equity), { ...options, benchmark: returns ?? undefined }),
    ...tradingMetrics(part, options.periodsPerYear),
    ...own(part, returns),
  };
}

/** @throws InputError unless the experiment keeps bars back to be looked at */
export function checkHoldoutAsked({ validation }: ExperimentConfig): void {
  if (validation === undefined)
    throw InputError.of({
      where: "--holdout",
      rule: "needs bars that the sweep did not see: add `validation: {holdout_start: <date>}` to the experiment",
    });
}
