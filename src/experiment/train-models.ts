/** The training stage: every model of the `l5` block, per horizon and fold of the walk-forward splits, over worker
 *  threads. Only out-of-sample scores leave it. A fold that was fitted before comes from the cache. */
import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { InputError } from "../core/errors.ts";
import { hashValue } from "../core/hash.ts";
import { HORIZON_NAMES, type HorizonName } from "../core/model-record.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import { createRng } from "../core/rng.ts";
import { forwardReturns } from "../models/labels.ts";
import type { Split } from "../models/split.ts";
import type { FoldResult } from "../models/training-fold.ts";
import { type ModelLoader, type PooledTask, poolSize, sharedPlane, trainFolds } from "../models/training-pool.ts";
import { TREE_KINDS } from "../models/tree-model.ts";
import { walkForwardSplits } from "../models/walk-forward.ts";
import { xgboostDigest } from "../models/xgboost-library.ts";
import { codeVersion } from "./code-version.ts";
import { type ExtensionFiles, type Extensions, NO_EXTENSIONS } from "./extensions.ts";
import { holdoutBar } from "./holdout.ts";
import { modelKindsOf, parametersOf, walkForwardPolicy } from "./l5-models.ts";
import type { L5Config } from "./l5-schema.ts";
import { tuningCandidates, tuningPolicy } from "./l5-tuning.ts";
import type { ExperimentConfig } from "./schema.ts";
import { NO_CACHE, type StageCache } from "./stage-cache.ts";

/** Raised when the same inputs come to another result. */
const STAGE_VERSION = 1;

/** Cells of features whose fit by ridge takes about as long as a worker does to start. */
const WORTH_A_WORKER = 1e7;

/** Roughly, for want of a better guess. */
const SLOWER_THAN_RIDGE = 10;

/** A bar after every other. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** Seeds a fold can have. */
const SEEDS = 2 ** 31;

export interface TrainingOptions {
  readonly cache: StageCache;
  /** Of the market, so that the cache knows it; not read with NO_CACHE. */
  readonly dataHash: string;
  /** Threads that fit; without it one a core. Results are the same bytes whatever it is. */
  readonly workers?: number | undefined;
  /** Importances take time of their own. */
  readonly explain: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Told how many folds are done: first of those in the cache, then as each ends. */
  readonly onFold?: ((done: number, of: number) => void) | undefined;
}

/** Nothing kept, nothing explained: what the look-ahead proof wants. */
export const SCORES_ONLY: TrainingOptions = { cache: NO_CACHE, dataHash: "", explain: false };

export interface TrainedHorizon {
  readonly name: HorizonName;
  readonly horizonBars: number;
  readonly splits: readonly Split[];
  /** [T*N] what the models were fitted to. */
  readonly labels: Floats;
  /** By kind: [T*N] out-of-sample predictions, NaN = none. */
  readonly scores: ReadonlyMap<string, Float64Array>;
}

export interface TrainedFold {
  readonly model: string;
  readonly horizon: HorizonName;
  readonly split: Split;
  readonly result: FoldResult;
  readonly ms: number;
  readonly fromCache: boolean;
}

export interface TrainedModels {
  /** Kinds, in the order of the config. */
  readonly models: readonly string[];
  readonly features: readonly string[];
  readonly holdoutBar: number | null;
  /** short, long. */
  readonly horizons: readonly TrainedHorizon[];
  /** By model, horizon and fold. */
  readonly folds: readonly TrainedFold[];
  readonly workers: number;
  readonly threadsPerWorker: number;
}

/** A fold to train, and all that goes into it. */
interface PlannedFold extends Pick<TrainedFold, "model" | "horizon" | "split"> {
  readonly pooled: PooledTask;
  readonly key: string;
}

/**
 * @param features   name -> [T*N]; those in shared memory are not copied
 * @param extensions whose models can be named as well
 * @throws InputError where no fold has rows to learn from, or a model refuses its rows
 */
export async function trainModels(
  config: ExperimentConfig & { readonly l5: L5Config },
  market: Pick<Ohlcv, "axes" | "open">,
  features: ReadonlyMap<string, Floats>,
  options: TrainingOptions,
  extensions: Extensions = NO_EXTENSIONS,
): Promise<TrainedModels> {
  const { l5 } = config;
  const models = modelKindsOf(l5);
  const holdout = holdoutBar(config, market.axes);
  const horizons = HORIZON_NAMES.map((name) => plannedHorizon(l5, market, name, holdout, models));
  const plan = planFolds(config, horizons, holdout, options, extensions);
  const results = plan.map(({ key }) => options.cache.read(key) as FoldResult | undefined);
  const times = plan.map(() => 0);
  const cached = results.map((result) => result !== undefined);
  const missing = plan.flatMap((_, i) => (cached[i] ? [] : [i]));
  const cells = market.open.length * features.size;
  const size = poolSize(
    missing.length,
    options.workers ??
      coresFor(
        missing.map((i) => plan[i]!.pooled),
        cells,
      ),
  );
  const planes = [...features.values()].map((plane) => sharedOnce(plane));
  options.onFold?.(plan.length - missing.length, plan.length);
  await trainFolds(
    missing.map((i) => plan[i]!.pooled),
    {
      features: { names: [...features.keys()], values: planes, assets: market.axes.assets.length },
      labels: horizons.map(({ labels }) => labels),
    },
    {
      ...size,
      extensions: models.some((model) => extensions.models.has(model))
        ? { models: extensions.models, loader: loaderOf(extensions) }
        : null,
      signal: options.signal,
      onResult: (task, result, ms) => {
        const i = missing[task]!;
        results[i] = result;
        times[i] = ms;
        options.cache.write(plan[i]!.key, result);
        options.onFold?.(results.filter((each) => each !== undefined).length, plan.length);
      },
    },
  );
  const folds = plan.map(({ model, horizon, split }, i) => ({
    model,
    horizon,
    split,
    result: results[i]!,
    ms: times[i]!,
    fromCache: cached[i]!,
  }));
  for (const { model, horizon, result } of folds) {
    const plane = horizons.find(({ name }) => name === horizon)!.scores.get(model)!;
    for (const [r, cell] of result.cells.entries()) plane[cell] = result.scores[r]!;
  }
  return {
    models,
    features: [...features.keys()],
    holdoutBar: holdout,
    horizons,
    folds,
    workers: size.workers,
    threadsPerWorker: size.threads,
  };
}

function plannedHorizon(
  l5: L5Config,
  market: Pick<Ohlcv, "axes" | "open">,
  name: HorizonName,
  holdout: number | null,
  models: readonly string[],
) {
  const horizonBars = l5.horizons[name];
  const bars = market.axes.time.length;
  const policy = walkForwardPolicy(l5);
  const splits = walkForwardSplits({ bars, horizonBars, holdoutBar: holdout }, policy);
  if (splits.every((split) => split.holdout))
    throw InputError.of({
      where: "l5.walk_forward.train_bars",
      rule: `leaves no fold for the ${name} horizon of ${horizonBars} bars: there are ${holdout ?? bars} bars${holdout === null ? "" : " before the holdout"}`,
      got: policy.trainBars,
    });
  const labels = sharedPlane(forwardReturns(market, horizonBars, l5.label).values);
  const scores = new Map(models.map((model) => [model, new Float64Array(labels.length).fill(Number.NaN)] as const));
  return { name, horizonBars, splits, labels, scores };
}

function planFolds(
  { l5, seed, features: specs = [], portfolio }: ExperimentConfig & { readonly l5: L5Config },
  horizons: readonly TrainedHorizon[],
  holdout: number | null,
  { dataHash, explain, cache }: TrainingOptions,
  extensions: Extensions,
): PlannedFold[] {
  const rng = createRng(seed).fork("l5");
  const origin = cache === NO_CACHE ? null : { dataHash, code: codeVersion(), fundingColumn: portfolio.funding_column };
  return modelKindsOf(l5).flatMap((model) => {
    const library = origin !== null && TREE_KINDS.some((kind) => kind === model) ? xgboostDigest() : null;
    const parameters = parametersOf(l5, model, extensions.models);
    const extension = extensions.models.get(model);
    const candidates = tuningCandidates(l5, model, parameters, rng.fork(`${model}/tuning`), extension);
    return horizons.flatMap(({ name: horizon, horizonBars, splits }, labels) =>
      splits.map((split): PlannedFold => {
        const task = {
          model,
          parameters,
          tuning: candidates === null ? null : { policy: tuningPolicy(l5.tune!), candidates },
          horizonBars,
          train: split.train[0]!,
          test: split.test[0]!,
          halfLifeBars: l5.sample_weight_half_life_bars,
          seed: rng.fork(`${model}/${horizon}/fold-${split.fold}`).integer(SEEDS),
          explainBefore: explain ? ((split.holdout ? null : holdout) ?? NEVER) : null,
        };
        const name = `l5 ${model}, ${horizon} horizon (${horizonBars} bars), fold ${split.fold}`;
        const inputs = { stage: "train-fold", version: STAGE_VERSION, origin, library, task, specs, label: l5.label };
        const key = origin === null ? "" : hashValue(inputs);
        return { model, horizon, split, pooled: { name, task, labels }, key };
      }),
    );
  });
}

/** Threads load the models of extensions anew: functions cannot be sent. */
function loaderOf({ files, absolute, hash }: Extensions): ModelLoader {
  const data: ExtensionFiles = { files, absolute, hash };
  return { module: new URL(`./extension-models${extname(import.meta.url)}`, import.meta.url).href, data };
}

/** Cores that are worth the start of a worker for each. */
function coresFor(tasks: readonly PooledTask[], cells: number): number {
  let work = 0;
  for (const { task } of tasks) {
    const fits = 1 + (task.tuning === null ? 0 : task.tuning.candidates.length * task.tuning.policy.folds);
    work += cells * fits * (task.model === "ridge" ? 1 : SLOWER_THAN_RIDGE);
  }
  return Math.min(availableParallelism(), Math.ceil(work / WORTH_A_WORKER));
}

/** A plane that all threads see: itself where it is one already. */
function sharedOnce(plane: Floats): Float64Array {
  const own = plane as unknown as Float64Array;
  return own.buffer instanceof SharedArrayBuffer ? own : sharedPlane(own);
}
