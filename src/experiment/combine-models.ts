/** From out-of-sample predictions to the scores that are traded: per horizon first (ranking with model, by each combiner),
 *  then both horizons in one. */
import type { CombinerEvent, HorizonName, ScorerKind } from "../core/model-record.ts";
import type { Floats } from "../core/panel.ts";
import { gaussianRanks } from "../math/gaussian-rank.ts";
import { rankSpace } from "../math/rank.ts";
import { blendHorizons } from "../models/ensemble/blend-horizons.ts";
import { combineScores } from "../models/ensemble/catalogue.ts";
import type { EnsembleEvent } from "../models/ensemble/combiner.ts";
import { LABEL_LAGS } from "../models/forward-return.ts";
import type { RankingScores } from "../ranking/composite-score.ts";
import { ensembleKinds, ensembleOf, ensemblePolicy } from "./ensemble-schema.ts";
import { horizonAlpha } from "./l5-models.ts";
import type { StagePlane } from "./look-ahead.ts";
import type { ExperimentConfig } from "./schema.ts";
import type { TrainedModels } from "./train-models.ts";

/** One origin of scores, all [T*N], higher = better, NaN = no score. */
export interface Scorer {
  readonly kind: ScorerKind;
  readonly name: string;
  readonly label: string;
  readonly short: Floats;
  readonly long: Floats;
  /** alpha * short + (1 - alpha) * long; of models after both are put on the z scale of their date, for returns over
   *  more bars are larger. */
  readonly mix: Floats;
}

export interface CombinedScores {
  /** Ranking, models, combiners. */
  readonly scorers: readonly Scorer[];
  /** Whose mix is traded: the first combiner, else the first model. */
  readonly traded: Scorer;
  readonly events: readonly CombinerEvent[];
}

/** @param ranking null = there is none, and no combiner either */
export function combineModels(
  config: ExperimentConfig,
  assets: number,
  ranking: RankingScores | null,
  trained: TrainedModels,
): CombinedScores {
  const alpha = horizonAlpha(config);
  const block = ensembleOf(config);
  const models = trained.models.map((model): Scorer => {
    const [short, long] = trained.horizons.map(({ scores }) => scores.get(model)!) as [Float64Array, Float64Array];
    const mix = blended(onOneScale(short, assets), onOneScale(long, assets), alpha);
    return { kind: "model", name: model, label: model, short, long, mix };
  });
  const ranked = ranking === null ? [] : [rankingScorer(ranking)];
  const events: CombinerEvent[] = [];
  const combined = ranked.flatMap((side) =>
    (block === undefined ? [] : ensembleKinds(block)).map((name): Scorer => {
      const policy = ensemblePolicy(block!);
      const [short, long] = trained.horizons.map(({ name: horizon, horizonBars, labels }) => {
        const panels = {
          assets,
          ranking: side[horizon],
          model: models[0]![horizon],
          labels,
          horizonBars,
          lagBars: LABEL_LAGS.open,
          holdoutBar: trained.holdoutBar,
        };
        const answer = combineScores(name, panels, policy);
        events.push(...answer.events.map((event) => recorded(event, name, horizon)));
        return answer.scores;
      }) as [Float64Array, Float64Array];
      const label = `${name} (ranking, ${models[0]!.name})`;
      return { kind: "ensemble", name, label, short, long, mix: blended(short, long, alpha) };
    }),
  );
  const scorers = [...ranked, ...models, ...combined];
  return { scorers, traded: combined[0] ?? models[0]!, events };
}

/** For the look-ahead proof. */
export function scorerPlanes({ scorers }: CombinedScores): StagePlane[] {
  return scorers.flatMap(({ kind, name, short, long, mix }) =>
    kind === "ranking"
      ? []
      : Object.entries({ short, long, mix }).map(([score, values]) => ({
          stage: kind === "model" ? "models" : "ensemble",
          column: `${name} ${score}`,
          values,
        })),
  );
}

/** A ranking of one leg has one opinion for both horizons. */
function rankingScorer({ short, long, score }: RankingScores): Scorer {
  return {
    kind: "ranking",
    name: "ranking",
    label: "ranking",
    short: short ?? long ?? score,
    long: long ?? short ?? score,
    mix: score,
  };
}

function onOneScale(scores: Float64Array, assets: number): Float64Array {
  const out = new Float64Array(scores.length);
  const space = rankSpace(assets);
  for (let row = 0; row < scores.length; row += assets)
    gaussianRanks(scores, row, assets, space, out.subarray(row, row + assets));
  return out;
}

function blended(short: Float64Array, long: Float64Array, alpha: number): Float64Array {
  const mix = new Float64Array(short.length);
  blendHorizons(short, long, alpha, mix);
  return mix;
}

function recorded(event: EnsembleEvent, combiner: string, horizon: HorizonName): CombinerEvent {
  switch (event.kind) {
    case "ensemble_fallback": {
      const { reason, fromBar, toBar, maturedBars, neededBars } = event;
      return { combiner, horizon, kind: "fallback", reason, fromBar, toBar, maturedBars, neededBars };
    }
    case "ensemble_fit": {
      const { bar, maturedBars, samples, coefficients } = event;
      return { combiner, horizon, kind: "fit", bar, maturedBars, samples, coefficients };
    }
    case "ensemble_switch": {
      const { bar, favours, trailingIc } = event;
      return { combiner, horizon, kind: "switch", bar, favours, trailingIc };
    }
  }
}
