/** From prices to one score per asset and bar, higher = better: features, then what is made of them. */
import type { Floats } from "../core/panel.ts";
import { computeFeatures } from "../data/features/compute-features.ts";
import { type RankingScores, rankingScores } from "../ranking/composite-score.ts";
import type { DecisionInputs } from "./decision-inputs.ts";
import { featureSpecs } from "./feature-schema.ts";
import type { StagePlane } from "./look-ahead.ts";
import { rankingPolicy } from "./ranking-policy.ts";
import type { ExperimentConfig } from "./schema.ts";

export interface Scores {
  /** Column name -> [T*N]; empty without a `features` block. */
  readonly features: ReadonlyMap<string, Floats>;
  readonly ranking: RankingScores | null;
  /** [T*N] what the `scores` signal trades: of a file or of the experiment's own stages; null without either. */
  readonly score: Floats | null;
}

/** @throws InputError for a feature of a column that the data lack */
export async function scoreAssets(config: ExperimentConfig, inputs: DecisionInputs): Promise<Scores> {
  const { market, fundingRate, fromFile } = inputs;
  const features =
    config.features === undefined
      ? new Map<string, Floats>()
      : computeFeatures(market, featureSpecs(config.features), { fundingRate });
  const ranking =
    config.ranking === undefined
      ? null
      : rankingScores(features, market.axes, market.close, rankingPolicy(config.ranking));
  const given = config.signal.kind === "scores" ? fromFile : null;
  return { features, ranking, score: given ?? ranking?.score ?? null };
}

/** For the look-ahead proof. */
export function scorePlanes({ features, ranking, score }: Scores): StagePlane[] {
  const named = (stage: string, planes: Iterable<readonly [string, Floats | null]>) =>
    [...planes].flatMap(([column, values]) => (values === null ? [] : [{ stage, column, values }]));
  const ranked =
    ranking === null ? [] : Object.entries({ short: ranking.short, long: ranking.long, rank_total: ranking.rank });
  return [...named("features", features), ...named("ranking", ranked), ...named("scores", [["score", score]])];
}
