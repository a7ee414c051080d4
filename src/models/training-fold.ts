/** One model, one horizon, one fold: rows, tuning, fit, out-of-sample scores, explanation. A pure function of plain data
 *  and planes, so that it can run on any thread. */
import type { FoldFit, TuningTrial } from "../core/model-record.ts";
import type { Floats } from "../core/panel.ts";
import { type ModelExtensions, modelNamed, NO_MODEL_EXTENSIONS } from "./catalogue.ts";
import { type FeaturePlanes, rowsToScore, trainingSetOf } from "./design-matrix.ts";
import { type Explanation, explainModel } from "./explain.ts";
import { LABEL_LAGS, labelEndBar } from "./forward-return.ts";
import type { FitContext, FittedModel, FittedModelData } from "./model.ts";
import { proveModel } from "./prove-model.ts";
import type { BarRange } from "./split.ts";
import { type AnyParameters, type Candidate, fitModel, type TuningPolicy, tune } from "./tuning.ts";

export interface FoldTask {
  /** Name in the catalogue, or of an extension. */
  readonly model: string;
  /** Used where nothing is tuned. */
  readonly parameters: AnyParameters;
  readonly tuning: { readonly policy: TuningPolicy; readonly candidates: readonly Candidate[] } | null;
  readonly horizonBars: number;
  readonly train: BarRange;
  readonly test: BarRange;
  /** Of the weights by recency; null = all rows alike. */
  readonly halfLifeBars: number | null;
  readonly seed: number;
  /** Explained by labels that end before this bar; null = not explained. */
  readonly explainBefore: number | null;
}

export interface FoldResult {
  /** [rows] t*N + n of the test rows, ascending. */
  readonly cells: Int32Array;
  /** [rows] NaN = no score. */
  readonly scores: Float64Array;
  readonly model: FittedModelData;
  readonly trials: readonly TuningTrial[];
  /** -1 without tuning. */
  readonly chosenTrial: number;
  readonly rounds: FoldFit["rounds"];
  readonly explanation: Explanation | null;
}

/**
 * @param labels [T*N] forward returns of the task's horizon, from the next open; NaN = none
 * @throws InputError when no row is left to learn from, parameters do not fit them, or the model of an extension is none
 * @throws FitCancelledError when `context.cancelled` said so
 */
export function trainFold(
  task: FoldTask,
  features: FeaturePlanes,
  labels: Floats,
  { threads, cancelled }: Pick<FitContext, "threads" | "cancelled">,
  extensions: ModelExtensions = NO_MODEL_EXTENSIONS,
): FoldResult {
  const { train, test, horizonBars } = task;
  const context = { seed: task.seed, threads, cancelled };
  const endBar = (bar: number) => labelEndBar(bar, horizonBars, LABEL_LAGS.open);
  const window = { from: train.from, to: train.to, knownBefore: test.from };
  const { set, purged } = trainingSetOf(features, { values: labels, endBar }, window, task.halfLifeBars);
  if (purged > 0) throw new Error(`trainFold: ${purged} training rows have labels that end in the test`);
  const kind = modelNamed(task.model, extensions);
  const tuned =
    task.tuning === null
      ? { trials: [], chosen: -1 }
      : tune(kind, task.tuning.candidates, task.tuning.policy, { set, window: train, horizonBars }, context);
  const parameters = task.tuning?.candidates[tuned.chosen]?.parameters ?? task.parameters;
  const model = fitModel(kind, set, parameters, context);
  const { x, cells } = rowsToScore(features, test.from, test.to);
  const scores = new Float64Array(cells.length);
  model.score(x, cells.length, scores);
  const bar = cells.map((cell) => Math.floor(cell / features.assets));
  const label = (cell: number, r: number) => (endBar(bar[r]!) < task.explainBefore! ? labels[cell]! : Number.NaN);
  const saved = model.toJSON();
  if (typeof kind !== "string") proveModel(kind, model, saved, x, scores);
  return {
    cells,
    scores,
    model: saved,
    trials: tuned.trials,
    chosenTrial: tuned.chosen,
    rounds: roundsOf(model, saved),
    explanation:
      task.explainBefore === null
        ? null
        : explainModel(model, { x, bar, label: Float64Array.from(cells, label) }, task.seed),
  };
}

function roundsOf({ kind }: FittedModel, saved: FittedModelData): FoldFit["rounds"] {
  return kind === "xgboost" ? { kept: saved.rounds as number, trained: saved.trainedRounds as number } : null;
}
