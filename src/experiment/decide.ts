/** From prices to target weights: the strategy's, and those of what it is measured against. */
import type { WeightingMethodName } from "../allocation/methods/catalogue.ts";
import { planAllocation } from "../allocation/plan.ts";
import type { TargetWeights } from "../core/contracts.ts";
import { InputError, nearestName } from "../core/errors.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import { alignTargets } from "../data/align.ts";
import { formatBarTime } from "../data/calendar.ts";
import { loadWide } from "../data/wide-csv.ts";
import { longOnly } from "../signal/long-only.ts";
import { allocationPolicy, findFile } from "./resolve.ts";
import { defaultAllocation, type ExperimentConfig } from "./schema.ts";

export interface Decisions {
  readonly targets: TargetWeights;
  readonly label: string;
  readonly firstBar: number;
  readonly warnings: readonly string[];
}

/** @throws InputError for a weights file that does not fit the market */
export async function decide(config: ExperimentConfig, market: Ohlcv, file: string): Promise<Decisions> {
  if (config.signal.kind === "weights") {
    const path = findFile(config.signal.path!, file, "signal.path");
    const values = alignTargets(await loadWide(path), market.axes, path);
    const firstBar = Math.floor(values.findIndex((x) => !Number.isNaN(x)) / market.axes.assets.length);
    return {
      targets: { axes: market.axes, values },
      label: "weights file",
      firstBar: Math.max(0, firstBar),
      warnings: [],
    };
  }
  const policy = allocationPolicy(config.allocation ?? defaultAllocation());
  const plan = planAllocation(market, longOnly(market), policy);
  const timeOf = formatBarTime(market.axes.time);
  const first = plan.decisionBars[0];
  const warnings: string[] = [];
  if (first === undefined) warnings.push("no bar had a decision: the book stayed in cash throughout");
  else if (first > 0)
    warnings.push(
      `first decision at ${timeOf(market.axes.time[first]!)} (bar ${first}): the book is in cash until then`,
    );
  if (plan.events.length > 0) {
    const { bar, reason } = plan.events[0]!;
    warnings.push(
      `${plan.events.length} decisions had no answer and were held over, first at ${timeOf(market.axes.time[bar]!)}: ${reason}`,
    );
  }
  return { targets: plan.targets, label: policy.method, firstBar: first ?? 0, warnings };
}

/**
 * The benchmark's decisions, none before the strategy's first; null without a benchmark. A method that needs more
 * history than the strategy starts later, and a warning says so.
 */
export function decideBenchmark(config: ExperimentConfig, market: Ohlcv, firstBar: number): Decisions | null {
  const { benchmark } = config;
  if (benchmark === undefined) return null;
  const decided =
    benchmark.symbol !== undefined
      ? holdOne(market, benchmark.symbol, firstBar)
      : weighBenchmark(config, benchmark.method!, market, firstBar);
  const timeOf = formatBarTime(market.axes.time);
  const warnings = [...decided.warnings];
  if (decided.firstBar > firstBar)
    warnings.push(
      `the benchmark's first decision is at ${timeOf(market.axes.time[decided.firstBar]!)} (bar ${decided.firstBar}), after the strategy's: it is in cash until then`,
    );
  return { ...decided, warnings };
}

function weighBenchmark(
  config: ExperimentConfig,
  method: WeightingMethodName,
  market: Ohlcv,
  firstBar: number,
): Decisions {
  const base = config.allocation ?? defaultAllocation();
  const policy = allocationPolicy({
    method,
    lookback_bars: config.benchmark?.lookback_bars ?? base.lookback_bars,
    rebalance_bars: config.benchmark?.rebalance_bars ?? base.rebalance_bars,
  });
  const plan = planAllocation(market, longOnly(market), policy, firstBar);
  const first = plan.decisionBars[0];
  const warnings = first === undefined ? ["no bar had a decision for the benchmark: it stayed in cash throughout"] : [];
  return { targets: plan.targets, label: method, firstBar: first ?? firstBar, warnings };
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
  return { targets: { axes, values }, label: `${symbol} held`, firstBar: listed ? t : firstBar, warnings };
}
