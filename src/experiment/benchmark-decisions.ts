/** What a strategy is measured against: a weighting method of everything listed, or one symbol bought and held. */
import { planAllocation } from "../allocation/plan.ts";
import type { TargetWeights } from "../core/contracts.ts";
import { InputError, nearestName } from "../core/errors.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import { formatBarTime } from "../data/calendar.ts";
import { longOnly } from "../signal/long-only.ts";
import { allocationInputs } from "./allocation-inputs.ts";
import { allocationPolicy } from "./allocation-policy.ts";
import type { DecisionInputs } from "./decision-inputs.ts";
import { defaultAllocation, type ExperimentConfig } from "./schema.ts";

export interface BenchmarkDecisions {
  readonly targets: TargetWeights;
  readonly label: string;
  readonly warnings: readonly string[];
}

/**
 * The benchmark's decisions, none before the strategy's first; null without a benchmark. A method that needs more
 * history than the strategy starts later, and a warning says so.
 */
export function decideBenchmark(
  config: ExperimentConfig,
  inputs: DecisionInputs,
  firstBar: number,
): BenchmarkDecisions | null {
  const { benchmark } = config;
  if (benchmark === undefined) return null;
  const { time } = inputs.market.axes;
  const decided =
    benchmark.symbol !== undefined
      ? holdOne(inputs.market, benchmark.symbol, firstBar)
      : weighAll(config, benchmark.method!, inputs, firstBar);
  const warnings = [...decided.warnings];
  if (decided.firstBar > firstBar)
    warnings.push(
      `the benchmark's first decision is at ${formatBarTime(time)(time[decided.firstBar]!)} (bar ${decided.firstBar}), after the strategy's: it is in cash until then`,
    );
  return { targets: decided.targets, label: decided.label, warnings };
}

type Decided = BenchmarkDecisions & { readonly firstBar: number };

function weighAll(config: ExperimentConfig, method: string, inputs: DecisionInputs, firstBar: number): Decided {
  const base = config.allocation ?? defaultAllocation();
  const block = {
    ...defaultAllocation(),
    method,
    lookback_bars: config.benchmark?.lookback_bars ?? base.lookback_bars,
    rebalance_bars: config.benchmark?.rebalance_bars ?? base.rebalance_bars,
  };
  const policy = { ...allocationPolicy(block, config, inputs), records: "nothing" } as const;
  const plan = planAllocation(allocationInputs(inputs, longOnly(inputs.market)), policy, firstBar);
  const { firstBar: first } = plan;
  const warnings = first === null ? ["no bar had a decision for the benchmark: it stayed in cash throughout"] : [];
  return { targets: plan.targets, label: method, firstBar: first ?? firstBar, warnings };
}

function holdOne(market: Ohlcv, symbol: string, firstBar: number): Decided {
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
