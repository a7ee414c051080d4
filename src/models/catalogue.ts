/** Every model by name. A new one is a file beside this one and a line here. */
import { InputError, nearestName } from "../core/errors.ts";
import { ols, theilSen } from "./linear-baselines.ts";
import { LINEAR_KINDS, linearModelFromData } from "./linear-model.ts";
import type { FittedModel, FittedModelData } from "./model.ts";
import { randomForest } from "./random-forest.ts";
import { ridge } from "./ridge.ts";
import { TREE_KINDS, treeModelFromData } from "./tree-model.ts";
import { xgboost } from "./xgboost.ts";

export const MODELS = { ridge, ols, theil_sen: theilSen, random_forest: randomForest, xgboost } as const;

export type ModelKind = keyof typeof MODELS;

export const MODEL_KINDS = Object.keys(MODELS) as readonly ModelKind[] as [ModelKind, ...ModelKind[]];

/** The parameters of each model, by name. */
export type ModelParameters = { readonly [Kind in ModelKind]: Parameters<(typeof MODELS)[Kind]["fit"]>[1] };

/**
 * The model that `toJSON` saved, also after JSON text.
 *
 * @param threads threads of one call of score, where the model can use them
 * @throws InputError when the data is not that of a model
 */
export function modelFromJson(data: FittedModelData, threads = 1): FittedModel {
  const { kind, features, trainingRows } = data;
  if (!Array.isArray(features) || features.length === 0 || !features.every((name) => typeof name === "string"))
    throw InputError.of({ where: "saved model: features", rule: "must be a list of names" });
  if (typeof trainingRows !== "number")
    throw InputError.of({ where: "saved model: trainingRows", rule: "must be a number" });
  const linear = LINEAR_KINDS.find((known) => known === kind);
  if (linear !== undefined) return linearModelFromData(linear, data);
  const tree = TREE_KINDS.find((known) => known === kind);
  if (tree !== undefined) return treeModelFromData(tree, data, threads);
  throw InputError.of({
    where: "saved model: kind",
    rule: "is no known model",
    got: `${kind}`,
    suggestion: nearestName(`${kind}`, MODEL_KINDS),
  });
}
