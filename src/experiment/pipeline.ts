/** One experiment from prices to a run record: load, decide, execute, measure. Pure of output files. */
import { planAllocation } from "../allocation/plan.ts";
import type { Account, RunRecord, TargetWeights } from "../core/contracts.ts";
import { InputError, nearestName } from "../core/errors.ts";
import { hashValue } from "../core/hash.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import { createRng } from "../core/rng.ts";
import { alignTargets } from "../data/align.ts";
import { formatBarTime } from "../data/calendar.ts";
import { describeMarket, loadMarket, type Market } from "../data/market.ts";
import { sampleMarket } from "../data/sample.ts";
import { selectMarket } from "../data/select.ts";
import { loadWide } from "../data/wide-csv.ts";
import { simulate } from "../execution/reference.ts";
import { headlineIntervals } from "../metrics/intervals.ts";
import { equityReturns } from "../metrics/returns.ts";
import { accountMetrics } from "../metrics/summary.ts";
import { longOnly } from "../signal/long-only.ts";
import { codeVersion } from "./code-version.ts";
import { allocationPolicy, executionPolicy, findFile, sourceOf } from "./resolve.ts";
import { resolvedYaml } from "./resolved-yaml.ts";
import { defaultAllocation, type ExperimentConfig } from "./schema.ts";
import { runWarnings } from "./warnings.ts";

/** Told when a stage begins; how the command line shows progress. */
export type StageListener = (stage: string) => void;

export interface ExperimentRun {
  readonly record: RunRecord;
  readonly market: Market;
  /** Wall time per stage, milliseconds; the one thing of a run that differs between reruns. */
  readonly timings: readonly { readonly stage: string; readonly ms: number }[];
}

interface Decisions {
  readonly targets: TargetWeights;
  readonly label: string;
  readonly firstBar: number;
  readonly warnings: readonly string[];
}

/**
 * Runs a validated experiment.
 *
 * @param config as loadConfig gives it
 * @param file   the experiment file: paths in the config are looked for beside it
 * @throws InputError for anything wrong with the data or files the config names
 */
export async function runExperiment(
  config: ExperimentConfig,
  file: string,
  onStage: StageListener = () => {},
): Promise<ExperimentRun> {
  const timings: { stage: string; ms: number }[] = [];
  const timed = async <T>(stage: string, work: () => T | Promise<T>): Promise<T> => {
    onStage(stage);
    const started = performance.now();
    const result = await work();
    timings.push({ stage, ms: performance.now() - started });
    return result;
  };

  const market = await timed("load prices", () => openMarket(config, file));
  const decisions = await timed("decide weights", () => decide(config, market.ohlcv, file));
  const policy = executionPolicy(config.portfolio);
  const account = await timed("execute", () => simulate(market.ohlcv, decisions.targets, policy));
  const benchmark = await timed("benchmark", () => runBenchmark(config, market.ohlcv, decisions.firstBar));

  const record = await timed("measure", (): RunRecord => {
    const options = { periodsPerYear: market.periodsPerYear, riskFreeAnnual: config.metrics.risk_free };
    const benchmarkReturns = benchmark === null ? undefined : equityReturns(benchmark.account.equity);
    const { version, codeHash, libraries } = codeVersion();
    const configHash = hashValue(config);
    return {
      name: config.name,
      description: config.description ?? "",
      id: `${config.name}-${hashValue([configHash, market.dataHash]).slice(0, 8)}`,
      synthetic: market.synthetic,
      periodsPerYear: market.periodsPerYear,
      riskFreeAnnual: config.metrics.risk_free,
      account,
      targets: decisions.targets,
      label: decisions.label,
      benchmark,
      metrics: accountMetrics(account, { ...options, benchmark: benchmarkReturns }),
      intervals: headlineIntervals(equityReturns(account.equity), options, createRng(config.seed).fork("intervals")),
      benchmarkMetrics: benchmark === null ? null : accountMetrics(benchmark.account, options),
      quality: market.quality,
      provenance: {
        configHash,
        dataHash: market.dataHash,
        codeVersion: version,
        codeHash,
        seed: config.seed,
        libraries,
      },
      warnings: [...decisions.warnings, ...runWarnings(account, market.quality)],
      config: resolvedYaml(config, market.periodsPerYear),
    };
  });
  return { record, market, timings };
}

async function openMarket(config: ExperimentConfig, file: string): Promise<Market> {
  const { data, portfolio } = config;
  const delistAfterBars = portfolio.delist_after_bars;
  if (sourceOf(data) === "sample") {
    const ohlcv = sampleMarket({ seed: config.seed, assets: data.sample_assets, bars: data.sample_bars });
    const selected = selectMarket(ohlcv, data);
    return describeMarket(selected, {
      source: `synthetic market, seed ${config.seed}`,
      rows: selected.close.reduce((rows, close) => rows + (close === close ? 1 : 0), 0),
      synthetic: true,
      delistAfterBars,
      periodsPerYear: data.periods_per_year,
    });
  }
  return loadMarket({
    path: findFile(data.path!, file, "data.path"),
    symbols: data.symbols,
    start: data.start,
    end: data.end,
    repair: data.repair,
    periodsPerYear: data.periods_per_year,
    delistAfterBars,
  });
}

async function decide(config: ExperimentConfig, market: Ohlcv, file: string): Promise<Decisions> {
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

/** The benchmark trades with the strategy's own costs and starts with its first decision, so that neither has a head start. */
function runBenchmark(
  config: ExperimentConfig,
  market: Ohlcv,
  firstBar: number,
): { label: string; account: Account } | null {
  const { benchmark } = config;
  if (benchmark === undefined) return null;
  const policy = executionPolicy(config.portfolio);
  if (benchmark.symbol !== undefined)
    return {
      label: `${benchmark.symbol} held`,
      account: simulate(market, holdOne(market, benchmark.symbol, firstBar), policy),
    };
  const base = config.allocation ?? defaultAllocation();
  const weighting = allocationPolicy({
    method: benchmark.method!,
    lookback_bars: benchmark.lookback_bars ?? base.lookback_bars,
    rebalance_bars: benchmark.rebalance_bars ?? base.rebalance_bars,
  });
  const plan = planAllocation(market, longOnly(market), weighting, firstBar);
  return { label: weighting.method, account: simulate(market, plan.targets, policy) };
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
