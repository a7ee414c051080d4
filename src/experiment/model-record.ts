/** The training stage of a run as the record that files and reports read: splits, fits, every scorer measured. */
import type { FoldFit, ModelRecord, ScorerEvaluation, TrainingNotes } from "../core/model-record.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import { evaluateScores } from "../models/evaluate-scores.ts";
import { splitTable } from "../models/split.ts";
import type { CombinedScores, Scorer } from "./combine-models.ts";
import { horizonAlpha } from "./l5-models.ts";
import type { ExperimentConfig } from "./schema.ts";
import type { TrainedFold, TrainedModels } from "./train-models.ts";

export function modelRecord(
  config: ExperimentConfig,
  { axes, open }: Pick<Ohlcv, "axes" | "open">,
  trained: TrainedModels,
  combined: CombinedScores,
): ModelRecord {
  const { kind, name } = combined.traded;
  return {
    axes,
    features: trained.features,
    labelKind: config.l5!.label,
    alpha: horizonAlpha(config),
    holdoutBar: trained.holdoutBar,
    horizons: trained.horizons.map(({ name: horizon, horizonBars, splits }) => ({
      name: horizon,
      horizonBars,
      splits: splitTable(splits),
    })),
    models: trained.models,
    combiners: combined.scorers.filter((scorer) => scorer.kind === "ensemble").map((scorer) => scorer.name),
    traded: { kind, name },
    fits: trained.folds.map(foldFit),
    evaluations: combined.scorers.flatMap((scorer) => evaluationsOf(scorer, { axes, open }, trained)),
    combinerEvents: combined.events,
  };
}

/** @param holdoutLooks null without a holdout, or where they cannot be counted */
export function trainingNotes(trained: TrainedModels, holdoutLooks: number | null): TrainingNotes {
  return {
    fits: trained.folds.map(({ model, horizon, split, ms, fromCache }) => ({
      model,
      horizon,
      fold: split.fold,
      ms,
      fromCache,
    })),
    workers: trained.workers,
    threadsPerWorker: trained.threadsPerWorker,
    holdoutLooks,
  };
}

function foldFit({ model, horizon, split, result }: TrainedFold): FoldFit {
  const { trials, chosenTrial, rounds, explanation } = result;
  const unexplained = { coefficients: null, rawCoefficients: null, gain: null, permutation: null, shap: null };
  return {
    model,
    horizon,
    fold: split.fold,
    holdout: split.holdout,
    trainingRows: result.model.trainingRows,
    trials,
    chosenTrial,
    ...(explanation ?? unexplained),
    rounds,
  };
}

function evaluationsOf(
  scorer: Scorer,
  { axes, open }: Pick<Ohlcv, "axes" | "open">,
  { horizons, holdoutBar }: TrainedModels,
): ScorerEvaluation[] {
  const { kind, name, label } = scorer;
  return [false, true].flatMap((isMix) =>
    horizons.map(({ name: horizon, horizonBars, splits, labels }) => {
      const score = isMix ? "mix" : horizon;
      const inputs = {
        scores: scorer[score],
        fittedTo: kind === "model" && !isMix ? labels : null,
        open,
        assets: axes.assets.length,
        horizonBars,
        splits,
        holdoutBar,
      };
      return { kind, name, label, score, horizon, horizonBars, ...evaluateScores(inputs) };
    }),
  );
}
