/** Ranking, models and combiners of one experiment side by side: trained and measured on the same folds, each score then
 *  traded through the same signal, selection, allocation and portfolio from the same bar on. */
import { join } from "node:path";
import { stringify } from "yaml";
import type { Account } from "../core/contracts.ts";
import { InputError, nearestName } from "../core/errors.ts";
import { hashValue } from "../core/hash.ts";
import type { ComparedScorer, ModelComparison, ScoreBacktest } from "../core/model-comparison.ts";
import type { ModelRecord, TrainingNotes } from "../core/model-record.ts";
import type { Floats } from "../core/panel.ts";
import { simulate } from "../execution/reference.ts";
import { type Candidates, findCandidates, signalFacts } from "./candidates.ts";
import { codeVersion } from "./code-version.ts";
import type { Scorer } from "./combine-models.ts";
import { decide, tradedTargets } from "./decide.ts";
import { type DecisionInputs, loadDecisionInputs } from "./decision-inputs.ts";
import { ensembleKinds, ensembleOf } from "./ensemble-schema.ts";
import { checkPanels, executionPolicy } from "./execution-policy.ts";
import { groundHash } from "./extensions.ts";
import { forgivingCache } from "./forgiving-cache.ts";
import { noteHoldoutLook } from "./holdout-looks.ts";
import { modelKindsOf } from "./l5-models.ts";
import { modelRecord, trainingNotes } from "./model-record.ts";
import { modelWarnings } from "./model-warnings.ts";
import { openMarket } from "./open-market.ts";
import { periodPerformance } from "./period-performance.ts";
import type { StageListener } from "./pipeline.ts";
import { configHash, resolvedConfig } from "./resolved-config.ts";
import type { ExperimentConfig } from "./schema.ts";
import { scoreDifferences } from "./score-differences.ts";
import { signalStrength } from "./signal-policy.ts";
import { openStageCache, type StageCache } from "./stage-cache.ts";

export interface ComparisonOptions {
  /** Name of the scorer that the others are held against; the first model without it. */
  readonly against?: string | undefined;
  /** Where fitted folds and looks at the holdout are kept. */
  readonly stateFolder?: string | undefined;
  /** Threads that train models; one a core without it. Results are the same bytes whatever it is. */
  readonly workers?: number | undefined;
  /** In place of the one in the state folder. */
  readonly cache?: StageCache | undefined;
  /** Told of every fold of the models that is done. */
  readonly onFold?: ((done: number, of: number) => void) | undefined;
}

export interface ComparisonRun {
  readonly comparison: ModelComparison;
  /** Differs between reruns, as times do. */
  readonly notes: TrainingNotes;
  /** What went wrong with the cache or the count of looks: nothing that the results depend on. */
  readonly stateWarnings: readonly string[];
}

const STATE_FOLDER = ".ballast";

/**
 * @param config as loadConfig gives it
 * @param file   the experiment file: paths in the config are looked for beside it
 * @throws InputError for an experiment without models or whose signal trades no scores, an unknown scorer, or anything
 *         wrong with the data or files the config names
 */
export async function compareModels(
  config: ExperimentConfig,
  file: string,
  onStage: StageListener = () => {},
  { against: chosen, stateFolder = STATE_FOLDER, cache: ownCache, ...training }: ComparisonOptions = {},
): Promise<ComparisonRun> {
  const against = comparedWith(config, file, chosen);
  onStage("load prices");
  const market = await openMarket(config, file);
  checkPanels(config.portfolio, market.ohlcv);
  const inputs = await loadDecisionInputs(config, market, file);
  onStage("train models");
  const { dataHash, periodsPerYear } = market;
  const { extensions } = inputs;
  const cache = forgivingCache(ownCache ?? openStageCache(join(stateFolder, "cache")));
  const ground = groundHash(dataHash, extensions);
  const candidates = await findCandidates(config, inputs, { ...training, cache, dataHash: ground, explain: true });
  const { trained, combined } = candidates.scores.models!;
  const scorers = combined.scorers.map(({ kind, name, label }): ComparedScorer => ({ kind, name, label }));
  const reference = scorers.find(({ name }) => name === against)!;
  onStage("evaluate models");
  const models = modelRecord(config, market.ohlcv, trained, combined);
  onStage("backtest scores");
  const traded = tradeScores(config, inputs, candidates, combined.scorers);
  const resolved = resolvedConfig(config, periodsPerYear, file);
  const hash = configHash(resolved, extensions.files);
  const { version, codeHash, libraries } = codeVersion();
  const noted = noteHoldoutLook(join(stateFolder, "holdout.sqlite"), config, { dataHash, configHash: hash });
  const comparison: ModelComparison = {
    name: config.name,
    description: config.description ?? "",
    id: `${config.name}-${hashValue([hash, dataHash]).slice(0, 8)}`,
    synthetic: market.synthetic,
    periodsPerYear,
    riskFreeAnnual: config.metrics.risk_free,
    models,
    scorers,
    against: reference,
    differences: scoreDifferences(models, reference),
    ...traded,
    warnings: [...fallbackWarnings(models, traded.firstBar), ...traded.warnings],
    provenance: {
      configHash: hash,
      dataHash,
      codeVersion: version,
      codeHash,
      seed: config.seed,
      libraries,
      ...(extensions.files.length === 0 ? {} : { extensions: extensions.files }),
    },
    config: stringify(resolved, { lineWidth: 0 }),
  };
  return {
    comparison,
    notes: trainingNotes(trained, noted.looks),
    stateWarnings: [...cache.warnings(), ...noted.warnings],
  };
}

/** @returns the name of the scorer that the others are held against; asked before anything is trained */
function comparedWith(config: ExperimentConfig, file: string, chosen: string | undefined): string {
  const { l5, ranking, signal } = config;
  if (l5 === undefined)
    throw InputError.of({ where: file, rule: "has no `l5` block, so there are no models to compare" });
  if (signal.kind !== "scores")
    throw InputError.of({
      where: "signal.kind",
      rule: "must be scores, for each score to be traded",
      got: signal.kind,
    });
  const models: readonly string[] = modelKindsOf(l5);
  const ensemble = ensembleOf(config);
  const ranked = ranking === undefined ? [] : ["ranking", ...(ensemble === undefined ? [] : ensembleKinds(ensemble))];
  const names = [...models, ...ranked];
  if (chosen === undefined || names.includes(chosen)) return chosen ?? models[0]!;
  throw InputError.of({
    where: "--against",
    rule: `must be one of ${names.join(", ")}`,
    got: chosen,
    suggestion: nearestName(chosen, names),
  });
}

/** Every scorer's mix as an account. None decides before all can: before that, results would tell who began, not who knew. */
function tradeScores(
  config: ExperimentConfig,
  inputs: DecisionInputs,
  candidates: Candidates,
  scorers: readonly Scorer[],
): Pick<ModelComparison, "firstBar" | "backtests" | "warnings"> {
  const { market, periodsPerYear, fundingRate } = inputs;
  const { axes } = market;
  const policy = executionPolicy(config.portfolio, { assets: axes.assets, periodsPerYear });
  const each = scorers.map((scorer) => {
    const trading = tradingScore(config, inputs, candidates, scorer.mix);
    return { scorer, trading, alone: decide(config, inputs, trading).firstBar };
  });
  const firstBar = Math.max(
    ...each.map(({ scorer, alone }) => Math.max(alone, firstScored(scorer.mix, axes.assets.length))),
  );
  const holdout = candidates.scores.models!.trained.holdoutBar;
  const warnings: string[] = [];
  const backtests = each.map(({ scorer: { kind, name, label }, trading }): ScoreBacktest => {
    const decisions = decide(config, inputs, trading, firstBar);
    const account = simulate(market, tradedTargets(decisions), policy, {
      fundingRate,
      moves: decisions.schedule?.moves,
    });
    warnings.push(...accountWarnings(label, account));
    const options = { periodsPerYear, riskFreeAnnual: config.metrics.risk_free };
    const T = axes.time.length;
    return {
      kind,
      name,
      label,
      equity: account.equity,
      development: periodPerformance(account, firstBar, holdout ?? T, options),
      holdout: holdout === null ? null : periodPerformance(account, Math.max(firstBar, holdout - 1), T, options),
    };
  });
  return { firstBar, backtests, warnings };
}

/** The experiment with another score to trade. */
function tradingScore(
  { signal }: ExperimentConfig,
  inputs: DecisionInputs,
  candidates: Candidates,
  score: Floats,
): Candidates {
  if (signal.kind !== "scores") throw new RangeError("tradingScore: the signal trades no scores");
  const scores = { ...candidates.scores, score };
  return { ...candidates, scores, strength: signalStrength(signal, inputs.market, signalFacts(inputs, scores)) };
}

/** First bar with a score of any asset; 0 where there is none. */
function firstScored(scores: Floats, assets: number): number {
  for (let i = 0; i < scores.length; i++) if (scores[i] === scores[i]) return Math.floor(i / assets);
  return 0;
}

/** Where a combiner's scores are not what its name says, once they are traded. */
function fallbackWarnings(models: ModelRecord, firstBar: number): string[] {
  const combinerEvents = models.combinerEvents.filter((event) => event.kind !== "fallback" || event.toBar >= firstBar);
  return models.combiners.flatMap((name) =>
    modelWarnings({ ...models, combinerEvents, traded: { kind: "ensemble", name }, holdoutBar: null }),
  );
}

function accountWarnings(label: string, { ruinBar, fills }: Account): string[] {
  if (ruinBar >= 0) return [`${label}: the account was ruined`];
  return fills.bar.length === 0 ? [`${label}: nothing was ever traded`] : [];
}
