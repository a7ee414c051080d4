/** From prices to one score per asset and bar, higher = better: features, then what is made of them. */
import type { Floats } from "../core/panel.ts";
import { computeFeatures } from "../data/features/compute-features.ts";
import { sharedPlane } from "../models/training-pool.ts";
import { type RankingScores, rankingScores } from "../ranking/composite-score.ts";
import { type CombinedScores, combineModels, scorerPlanes } from "./combine-models.ts";
import type { DecisionInputs } from "./decision-inputs.ts";
import { featureSpecs } from "./feature-schema.ts";
import type { StagePlane } from "./look-ahead.ts";
import { rankingPolicy } from "./ranking-policy.ts";
import type { ExperimentConfig } from "./schema.ts";
import { SCORES_ONLY, type TrainedModels, type TrainingOptions, trainModels } from "./train-models.ts";

/** What the models of the experiment said, and what became of it. */
export interface ModelScores {
  readonly trained: TrainedModels;
  readonly combined: CombinedScores;
}

export interface Scores {
  /** Column name -> [T*N]; empty without a `features` block. */
  readonly features: ReadonlyMap<string, Floats>;
  readonly ranking: RankingScores | null;
  /** null without an `l5` block. */
  readonly models: ModelScores | null;
  /** [T*N] what the `scores` signal trades: of a file or of the experiment's own stages; null without either. */
  readonly score: Floats | null;
}

/** @throws InputError for a feature of a column that the data lack, or rows that a model cannot learn from */
export async function scoreAssets(
  config: ExperimentConfig,
  inputs: DecisionInputs,
  training: TrainingOptions = SCORES_ONLY,
): Promise<Scores> {
  const { market, fundingRate, fromFile, extensions } = inputs;
  const features =
    config.features === undefined
      ? new Map<string, Floats>()
      : new Map<string, Floats>(
          computeFeatures(market, featureSpecs(config.features, extensions.features), { fundingRate }),
        );
  const ranking =
    config.ranking === undefined
      ? null
      : rankingScores(features, market.axes, market.close, rankingPolicy(config.ranking));
  const models = await modelScores(config, inputs, features, ranking, training);
  const given = config.signal.kind === "scores" ? fromFile : null;
  return { features, ranking, models, score: given ?? models?.combined.traded.mix ?? ranking?.score ?? null };
}

async function modelScores(
  config: ExperimentConfig,
  { market, extensions }: DecisionInputs,
  features: Map<string, Floats>,
  ranking: RankingScores | null,
  training: TrainingOptions,
): Promise<ModelScores | null> {
  const { l5 } = config;
  if (l5 === undefined) return null;
  // One by one, so that no more than one plane is in memory twice.
  for (const [name, plane] of features) features.set(name, sharedPlane(plane));
  const trained = await trainModels({ ...config, l5 }, market, features, training, extensions);
  return { trained, combined: combineModels(config, market.axes.assets.length, ranking, trained) };
}

/** For the look-ahead proof. */
export function scorePlanes({ features, ranking, models, score }: Scores): StagePlane[] {
  const named = (stage: string, planes: Iterable<readonly [string, Floats | null]>) =>
    [...planes].flatMap(([column, values]) => (values === null ? [] : [{ stage, column, values }]));
  const ranked =
    ranking === null ? [] : Object.entries({ short: ranking.short, long: ranking.long, rank_total: ranking.rank });
  return [
    ...named("features", features),
    ...named("ranking", ranked),
    ...(models === null ? [] : scorerPlanes(models.combined)),
    ...named("scores", [["score", score]]),
  ];
}
