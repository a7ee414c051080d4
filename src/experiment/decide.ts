/** From prices to target weights: the strategy's, and those of what it is measured against. */
import type { WeightingMethodName } from "../allocation/methods/catalogue.ts";
import { type AllocationPlan, planAllocation } from "../allocation/plan.ts";
import type { AllocationInputs, AllocationPolicy } from "../allocation/plan-step.ts";
import type { AllocationRecord, TargetWeights } from "../core/contracts.ts";
import { InputError, nearestName } from "../core/errors.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import { alignTargets } from "../data/align.ts";
import { formatBarTime } from "../data/calendar.ts";
import { loadWide } from "../data/wide-csv.ts";
import { loadLinearProgram } from "../math/linear-program.ts";
import { simpleReturns } from "../math/returns.ts";
import { longOnly } from "../signal/long-only.ts";
import { allocationPolicy } from "./allocation-policy.ts";
import { allocationWarnings } from "./allocation-warnings.ts";
import { loadPosterior } from "./regime-posterior.ts";
import { findFile } from "./resolve.ts";
import { defaultAllocation, type ExperimentConfig } from "./schema.ts";

export interface Decisions {
  readonly targets: TargetWeights;
  /** null when no method was asked. */
  readonly allocation: AllocationRecord | null;
  readonly label: string;
  readonly firstBar: number;
  readonly warnings: readonly string[];
}

/**
 * @param firstBar no decision before this bar; without it the first at which the method sees a whole lookback
 * @throws InputError for a weights or posterior file that does not fit the market
 */
export async function decide(
  config: ExperimentConfig,
  market: Ohlcv,
  periodsPerYear: number,
  file: string,
  firstBar?: number,
): Promise<Decisions> {
  if (config.signal.kind === "weights") {
    const path = findFile(config.signal.path!, file, "signal.path");
    const values = alignTargets(await loadWide(path), market.axes, path);
    const decided = Math.floor(values.findIndex((x) => !Number.isNaN(x)) / market.axes.assets.length);
    return {
      targets: { axes: market.axes, values },
      allocation: null,
      label: "weights file",
      firstBar: Math.max(0, decided),
      warnings: [],
    };
  }
  const block = config.allocation ?? defaultAllocation();
  const policy = allocationPolicy(block, config, market.axes.assets, periodsPerYear);
  const posterior =
    block.moe.posterior === undefined
      ? null
      : await loadPosterior(
          findFile(block.moe.posterior, file, "allocation.moe.posterior"),
          market.axes.time,
          (ms) => ms,
        );
  const plan = planAllocation({ ...(await inputsOf(market, policy)), posterior }, policy, firstBar);
  const timeOf = formatBarTime(market.axes.time);
  const first = firstDecision(plan);
  const warnings: string[] = [];
  if (first === undefined) {
    const tooLong = policy.lookbackBars >= market.axes.time.length;
    const why = tooLong ? `, as the lookback of ${policy.lookbackBars} bars leaves none of the data's` : "";
    warnings.push(`no bar had a decision: the book stayed in cash throughout${why}`);
  }
  if (first !== undefined && first > 0)
    warnings.push(
      `first decision at ${timeOf(market.axes.time[first]!)} (bar ${first}): the book is in cash until then`,
    );
  warnings.push(...allocationWarnings(plan.record, policy, (bar) => timeOf(market.axes.time[bar]!)));
  return { targets: plan.targets, allocation: plan.record, label: policy.method, firstBar: first ?? 0, warnings };
}

async function inputsOf(market: Ohlcv, policy: AllocationPolicy): Promise<AllocationInputs> {
  const { axes, close } = market;
  const returns = new Float64Array(close.length);
  simpleReturns(close, axes.assets.length, returns);
  const linearProgram = policy.method === "cdar_min" ? await loadLinearProgram() : null;
  return { axes, listed: close, returns, strength: longOnly(market), linearProgram };
}

function firstDecision({ record }: AllocationPlan): number | undefined {
  return record.bars[record.decided.indexOf(1)];
}

/**
 * The benchmark's decisions, none before the strategy's first; null without a benchmark. A method that needs more
 * history than the strategy starts later, and a warning says so.
 */
export async function decideBenchmark(
  config: ExperimentConfig,
  market: Ohlcv,
  periodsPerYear: number,
  firstBar: number,
): Promise<Decisions | null> {
  const { benchmark } = config;
  if (benchmark === undefined) return null;
  const decided =
    benchmark.symbol !== undefined
      ? holdOne(market, benchmark.symbol, firstBar)
      : await weighBenchmark(config, benchmark.method!, market, periodsPerYear, firstBar);
  const timeOf = formatBarTime(market.axes.time);
  const warnings = [...decided.warnings];
  if (decided.firstBar > firstBar)
    warnings.push(
      `the benchmark's first decision is at ${timeOf(market.axes.time[decided.firstBar]!)} (bar ${decided.firstBar}), after the strategy's: it is in cash until then`,
    );
  return { ...decided, warnings };
}

async function weighBenchmark(
  config: ExperimentConfig,
  method: WeightingMethodName,
  market: Ohlcv,
  periodsPerYear: number,
  firstBar: number,
): Promise<Decisions> {
  const base = config.allocation ?? defaultAllocation();
  const block = {
    ...defaultAllocation(),
    method,
    lookback_bars: config.benchmark?.lookback_bars ?? base.lookback_bars,
    rebalance_bars: config.benchmark?.rebalance_bars ?? base.rebalance_bars,
  };
  const policy = allocationPolicy(block, config, market.axes.assets, periodsPerYear);
  const plan = planAllocation(await inputsOf(market, policy), policy, firstBar);
  const first = firstDecision(plan);
  const warnings = first === undefined ? ["no bar had a decision for the benchmark: it stayed in cash throughout"] : [];
  return { targets: plan.targets, allocation: plan.record, label: method, firstBar: first ?? firstBar, warnings };
}

function holdOne(market: Ohlcv, symbol: string, firstBar: number): Decisions {
  const { axes, close } = market;
  const n = axes.assets.indexOf(symbol);
  if (n < 0)
    throw InputError.of({
      where: "benchmark.symbol",
      rule: "is not in the data",
      got: symbol,
      suggestion: nearestName(symbol, axes.assets),
    });
  const assets = axes.assets.length;
  const values = new Float64Array(close.length).fill(Number.NaN);
  let t = firstBar;
  while (t < axes.time.length && close[t * assets + n] !== close[t * assets + n]) t++;
  const listed = t < axes.time.length;
  if (listed) values[t * assets + n] = 1;
  const warnings = listed
    ? []
    : [`${symbol} has no price after the strategy's first decision: the benchmark stayed in cash throughout`];
  return {
    targets: { axes, values },
    allocation: null,
    label: `${symbol} held`,
    firstBar: listed ? t : firstBar,
    warnings,
  };
}
