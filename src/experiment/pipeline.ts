/** One experiment from prices to a run record: load, decide, execute, measure. Pure of output files. */
import { join } from "node:path";
import { stringify } from "yaml";
import type { Account, RunRecord, Trade } from "../core/contracts.ts";
import { hashValue } from "../core/hash.ts";
import type { TrainingNotes } from "../core/model-record.ts";
import type { Floats } from "../core/panel.ts";
import { createRng } from "../core/rng.ts";
import type { Market } from "../data/market.ts";
import { simulate } from "../execution/reference.ts";
import { headlineIntervals } from "../metrics/intervals.ts";
import type { Matching } from "../metrics/match-trades.ts";
import { metricInfos } from "../metrics/metric-extension.ts";
import { equityReturns } from "../metrics/returns.ts";
import { accountMetrics } from "../metrics/summary.ts";
import { trades } from "../metrics/trades.ts";
import type { RebalancingPlan } from "../rebalancing/schedule.ts";
import { decideBenchmark } from "./benchmark-decisions.ts";
import { findCandidates } from "./candidates.ts";
import { codeVersion } from "./code-version.ts";
import { compareMethods } from "./compare-methods.ts";
import { type Decisions, decide, tradedTargets } from "./decide.ts";
import { loadDecisionInputs } from "./decision-inputs.ts";
import { benchmarkPolicy, checkPanels, executionPolicy } from "./execution-policy.ts";
import { groundHash } from "./extensions.ts";
import { forgivingCache } from "./forgiving-cache.ts";
import { noteHoldoutLook } from "./holdout-looks.ts";
import { modelRecord, trainingNotes } from "./model-record.ts";
import { modelWarnings } from "./model-warnings.ts";
import { openMarket } from "./open-market.ts";
import { ownMetrics } from "./own-metrics.ts";
import { configHash, resolvedConfig } from "./resolved-config.ts";
import type { ExperimentConfig } from "./schema.ts";
import type { ModelScores } from "./scores.ts";
import { openStageCache, type StageCache } from "./stage-cache.ts";
import { runWarnings } from "./warnings.ts";

/** Told when a stage begins; how the command line shows progress. */
export type StageListener = (stage: string) => void;

export interface ExperimentRun {
  readonly record: RunRecord;
  readonly market: Market;
  /** The trades of the record's account matched first in, first out. */
  readonly fifoTrades: readonly Trade[];
  /** What was traded when; null where every decision was at once. */
  readonly schedule: RebalancingPlan | null;
  /** [T*N] what the experiment's own ranking or models say of each asset; null without either. */
  readonly scores: Floats | null;
  /** Fitted models and all scores; null without an `l5` block. */
  readonly models: ModelScores | null;
  /** null without an `l5` block. Differs between reruns, as timings do. */
  readonly trainingNotes: TrainingNotes | null;
  /** What went wrong with the cache or the count of looks: nothing that the results depend on. */
  readonly stateWarnings: readonly string[];
  /** Wall time per stage, milliseconds. */
  readonly timings: readonly { readonly stage: string; readonly ms: number }[];
}

export interface RunOptions {
  /** Where fitted folds and looks at the holdout are kept; `.ballast` in the working directory without it. */
  readonly stateFolder?: string | undefined;
  /** Where fitted folds are kept instead. One that cannot be read or written is a warning. */
  readonly cache?: StageCache | undefined;
  /** Threads that train models; one a core without it. Results are the same bytes whatever it is. */
  readonly workers?: number | undefined;
  /** Ends the training of models. */
  readonly signal?: AbortSignal | undefined;
  /** Told of every fold of the models that is done. */
  readonly onFold?: ((done: number, of: number) => void) | undefined;
}

const STATE_FOLDER = ".ballast";

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
  { stateFolder = STATE_FOLDER, cache: ownCache, ...training }: RunOptions = {},
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
  checkPanels(config.portfolio, market.ohlcv);
  const policy = executionPolicy(config.portfolio, {
    assets: market.ohlcv.axes.assets,
    periodsPerYear: market.periodsPerYear,
  });
  const inputs = await timed("load inputs", () => loadDecisionInputs(config, market, file));
  const { fundingRate, extensions } = inputs;
  const execute = (decisions: Decisions) =>
    simulate(market.ohlcv, tradedTargets(decisions), policy, { fundingRate, moves: decisions.schedule?.moves });
  const cache = forgivingCache(ownCache ?? openStageCache(join(stateFolder, "cache")));
  const candidates = await timed(config.l5 === undefined ? "score assets" : "train models", () =>
    findCandidates(config, inputs, {
      ...training,
      cache,
      dataHash: groundHash(market.dataHash, extensions),
      explain: true,
    }),
  );
  const decisions = await timed("decide weights", () => decide(config, inputs, candidates));
  const account = await timed("execute", () => execute(decisions));
  const benchmark = await timed("benchmark", () => {
    const decided = decideBenchmark(config, inputs, decisions.firstBar);
    if (decided === null) return null;
    const label = decided.label === decisions.label ? `${decided.label} (benchmark)` : decided.label;
    const account = simulate(market.ohlcv, decided.targets, benchmarkPolicy(policy), { fundingRate });
    return { ...decided, label, account };
  });

  const comparison =
    config.comparison === undefined
      ? []
      : await timed("compare methods", () =>
          compareMethods(config, inputs, candidates, { decisions, account }, execute),
        );
  const matched = await timed("match trades", () => {
    const fillAt = policy.priceType === "next_close" ? "close" : "open";
    const by = (matching: Matching) => trades(account, market.ohlcv, { matching, fillAt });
    return { average: by("average"), fifo: by("fifo") };
  });
  const { models } = candidates.scores;
  const evaluated =
    models === null
      ? null
      : await timed("evaluate models", () => modelRecord(config, market.ohlcv, models.trained, models.combined));
  const record = await timed("measure", (): RunRecord => {
    const options = { periodsPerYear: market.periodsPerYear, riskFreeAnnual: config.metrics.risk_free };
    const benchmarkReturns = benchmark === null ? undefined : equityReturns(benchmark.account.equity);
    const measured = (of: Account, benchmark?: Float64Array) => ({
      ...accountMetrics(of, { ...options, benchmark }),
      ...ownMetrics(config, extensions.metrics, of, market.periodsPerYear, benchmark ?? null),
    });
    const { version, codeHash, libraries } = codeVersion();
    const resolved = resolvedConfig(config, market.periodsPerYear, file);
    const hash = configHash(resolved, extensions.files);
    return {
      name: config.name,
      description: config.description ?? "",
      id: `${config.name}-${hashValue([hash, market.dataHash]).slice(0, 8)}`,
      synthetic: market.synthetic,
      periodsPerYear: market.periodsPerYear,
      riskFreeAnnual: config.metrics.risk_free,
      account,
      trades: matched.average,
      targets: decisions.targets,
      selection: decisions.selection,
      rebalancing: decisions.schedule?.record ?? null,
      allocation: decisions.allocation,
      models: evaluated,
      comparison,
      label: decisions.label,
      benchmark: benchmark === null ? null : { label: benchmark.label, account: benchmark.account },
      metrics: measured(account, benchmarkReturns),
      ...(extensions.metrics.size === 0 ? {} : { ownMetrics: metricInfos(extensions.metrics) }),
      intervals: headlineIntervals(equityReturns(account.equity), options, createRng(config.seed).fork("intervals")),
      benchmarkMetrics: benchmark === null ? null : measured(benchmark.account),
      quality: market.quality,
      provenance: {
        configHash: hash,
        dataHash: market.dataHash,
        codeVersion: version,
        codeHash,
        seed: config.seed,
        libraries,
        ...(extensions.files.length === 0 ? {} : { extensions: extensions.files }),
      },
      warnings: [
        ...(evaluated === null ? [] : modelWarnings(evaluated)),
        ...decisions.warnings,
        ...(benchmark?.warnings ?? []),
        ...runWarnings(account, market.quality),
      ],
      config: stringify(resolved, { lineWidth: 0 }),
    };
  });
  const noted = noteHoldoutLook(join(stateFolder, "holdout.sqlite"), config, record.provenance);
  return {
    record,
    market,
    fifoTrades: matched.fifo,
    scores: models === null && candidates.scores.ranking === null ? null : candidates.scores.score,
    schedule: decisions.schedule,
    models,
    trainingNotes: models === null ? null : trainingNotes(models.trained, noted.looks),
    stateWarnings: [...cache.warnings(), ...noted.warnings],
    timings,
  };
}
