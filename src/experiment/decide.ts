/** From prices to target weights: the strategy's, and those of what it is measured against. */
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

/** The benchmark's targets, from the strategy's first decision on, so that neither has a head start; null without one. */
export function decideBenchmark(
  config: ExperimentConfig,
  market: Ohlcv,
  firstBar: number,
): { readonly label: string; readonly targets: TargetWeights } | null {
  const { benchmark } = config;
  if (benchmark === undefined) return null;
  if (benchmark.symbol !== undefined)
    return { label: `${benchmark.symbol} held`, targets: holdOne(market, benchmark.symbol, firstBar) };
  const base = config.allocation ?? defaultAllocation();
  const weighting = allocationPolicy({
    method: benchmark.method!,
    lookback_bars: benchmark.lookback_bars ?? base.lookback_bars,
    rebalance_bars: benchmark.rebalance_bars ?? base.rebalance_bars,
  });
  return { label: weighting.method, targets: planAllocation(market, longOnly(market), weighting, firstBar).targets };
}

function holdOne(market: Ohlcv, symbol: string, firstBar: number): TargetWeights {
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
  if (t < axes.time.length) values[t * assets + n] = 1;
  return { axes, values };
}
