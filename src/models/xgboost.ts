/** Gradient-boosted trees, by XGBoost's own library. Early stopping measures on the last part of the training window,
 *  purged, in double precision (the library's own evaluation prints few digits). */
import { InputError } from "../core/errors.ts";
import { createRng } from "../core/rng.ts";
import {
  FitCancelledError,
  type FitContext,
  type FittedModel,
  type ModelDefinition,
  type TrainingSet,
} from "./model.ts";
import { usableRows } from "./training-rows.ts";
import { type TreeKind, toFloat32, treeModel } from "./tree-model.ts";
import { splitForValidation } from "./validation-split.ts";
import { type BoosterTraining, trainBooster } from "./xgboost-booster.ts";
import { openXgboost, XgboostError } from "./xgboost-library.ts";
import { type BoostingParameters, XGBOOST_PARAMETERS, xgboostArguments } from "./xgboost-parameters.ts";

const SEEDS = 2 ** 31;

export interface EarlyStopping {
  /** Rounds in a row without a smaller error that end the training. */
  readonly rounds: number;
  /** Share of the window's bars to measure on, in (0, 1). */
  readonly share: number;
}

export interface XgboostParameters {
  /** Rounds, at most. */
  readonly rounds: number;
  readonly library: BoostingParameters;
  readonly earlyStopping: EarlyStopping | null;
}

export const xgboost: ModelDefinition<XgboostParameters> = {
  kind: "xgboost",
  fit: (training, { rounds, library, earlyStopping }, context) => {
    const libraryArguments = xgboostArguments(library, XGBOOST_PARAMETERS, training.features);
    const usable = usableRows(training, "impute");
    if (earlyStopping === null)
      return fitTrees("xgboost", training, { fit: usable, rounds, libraryArguments, stopping: null }, context);
    if (library.booster === "dart")
      throw InputError.of({
        where: "early_stopping",
        rule: "cannot go with booster dart, whose later rounds change the weights of earlier trees",
      });
    const { fit, validation } = splitForValidation(usable, training.bar, training.labelEnd, earlyStopping.share);
    const absolute = library.objective === "reg:absoluteerror";
    const stopping = { validation, patience: earlyStopping.rounds, error: errorOn(training, validation, absolute) };
    return fitTrees("xgboost", training, { fit, rounds, libraryArguments, stopping }, context);
  },
};

/** Predictions for the validation rows -> their weighted mean squared or absolute error. */
type ErrorOf = (predictions: Float32Array) => number;

function errorOn({ y, weight }: TrainingSet, rows: Int32Array, absolute: boolean): ErrorOf {
  return (predictions) => {
    let sum = 0;
    let total = 0;
    for (let i = 0; i < rows.length; i++) {
      const heft = weight === null ? 1 : weight[rows[i]!]!;
      const distance = Math.abs(predictions[i]! - y[rows[i]!]!);
      sum += heft * (absolute ? distance : distance * distance);
      total += heft;
    }
    return sum / total;
  };
}

export interface TreeTraining {
  /** Rows to learn from. */
  readonly fit: Int32Array;
  readonly rounds: number;
  readonly libraryArguments: readonly (readonly [name: string, value: string])[];
  readonly stopping: { readonly validation: Int32Array; readonly patience: number; readonly error: ErrorOf } | null;
}

/**
 * Trains on the given rows. Unless a base score is among the arguments it is the weighted mean label of these rows:
 * XGBoost's own, 0.5, is far from any return.
 *
 * @throws InputError when the library is not available or refuses the parameters, or a feature does not fit into 32 bits
 */
export function fitTrees(
  kind: TreeKind,
  training: TrainingSet,
  { fit, rounds, libraryArguments, stopping }: TreeTraining,
  { seed, threads, cancelled }: FitContext,
): FittedModel {
  if (!(Number.isInteger(threads) && threads >= 1))
    throw new RangeError(`${kind}: threads must be a whole number >= 1, got ${threads}`);
  const { features, y, weight } = training;
  const library = openXgboost();
  const watch = stopping === null ? null : watchError(stopping.error, stopping.patience);
  const booster = trainedOn(
    kind,
    library,
    {
      ...toFloat32(training.x, features, fit),
      y: Float32Array.from(fit, (r) => y[r]!),
      weight: weight === null ? null : Float32Array.from(fit, (r) => weight[r]!),
    },
    {
      parameters: [
        ["base_score", `${meanLabel(training, fit)}`],
        ["seed", `${librarySeed(seed)}`],
        ["verbosity", "0"],
        ...libraryArguments,
      ],
      rounds,
      threads,
      cancelled,
      validation:
        stopping === null || watch === null
          ? null
          : { rows: toFloat32(training.x, features, stopping.validation), goOn: watch.goOn },
      keptRounds: (trained) => watch?.bestRounds() ?? trained,
    },
  );
  if (booster === null) throw new FitCancelledError(kind);
  const { model, gain, trainedRounds, keptRounds } = booster;
  return treeModel(
    {
      kind,
      features,
      trainingRows: fit.length,
      model,
      gain,
      rounds: keptRounds,
      trainedRounds,
      version: library.version,
    },
    threads,
  );
}

/** Arrays have been checked, so that what XGBoost refuses is a combination of parameters. */
function trainedOn(kind: TreeKind, ...call: Parameters<typeof trainBooster>): ReturnType<typeof trainBooster> {
  try {
    return trainBooster(...call);
  } catch (error) {
    if (error instanceof XgboostError)
      throw InputError.of({ where: `params of ${kind}`, rule: `XGBoost refuses them: ${error.message}` });
    throw error;
  }
}

/** XGBoost's seed has 31 bits; a seed that has more is drawn from. */
function librarySeed(seed: number): number {
  return Number.isInteger(seed) && seed >= 0 && seed < SEEDS ? seed : createRng(seed).fork("xgboost").integer(SEEDS);
}

function meanLabel({ y, weight }: TrainingSet, rows: Int32Array): number {
  let sum = 0;
  let total = 0;
  for (const r of rows) {
    const heft = weight === null ? 1 : weight[r]!;
    sum += heft * y[r]!;
    total += heft;
  }
  return sum / total;
}

/** Follows the error from round to round: the first round with the least one is the best. */
function watchError(
  error: ErrorOf,
  patience: number,
): { readonly goOn: NonNullable<BoosterTraining["validation"]>["goOn"]; readonly bestRounds: () => number } {
  let rounds = 0;
  let best = 0;
  let least = Infinity;
  return {
    goOn: (predictions) => {
      rounds++;
      const current = error(predictions);
      if (current < least) {
        least = current;
        best = rounds;
      }
      return rounds - best < patience;
    },
    bestRounds: () => Math.max(1, best),
  };
}
