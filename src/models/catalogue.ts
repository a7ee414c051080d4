/** Every model by name. A new one is a file beside this one and a line here; those of extensions are handed in. */
import { InputError, nearestName } from "../core/errors.ts";
import { ols, theilSen } from "./linear-baselines.ts";
import { LINEAR_KINDS, linearModelFromData } from "./linear-model.ts";
import type { FittedModel, FittedModelData } from "./model.ts";
import { type BoundModel, boundModel, type ModelExtension } from "./model-extension.ts";
import { randomForest } from "./random-forest.ts";
import { ridge } from "./ridge.ts";
import { TREE_KINDS, treeModelFromData } from "./tree-model.ts";
import { xgboost } from "./xgboost.ts";

export const MODELS = { ridge, ols, theil_sen: theilSen, random_forest: randomForest, xgboost } as const;

export type ModelKind = keyof typeof MODELS;

export const MODEL_KINDS = Object.keys(MODELS) as readonly ModelKind[] as [ModelKind, ...ModelKind[]];

/** The parameters of each model, by name. */
export type ModelParameters = { readonly [Kind in ModelKind]: Parameters<(typeof MODELS)[Kind]["fit"]>[1] };

/** Models of extensions by name. */
export type ModelExtensions = ReadonlyMap<string, ModelExtension>;

export const NO_MODEL_EXTENSIONS: ModelExtensions = new Map();

/** A model of the catalogue by name, or one of an extension itself. */
export type AnyModel = ModelKind | BoundModel;

/** @throws RangeError for a name that is neither in the catalogue nor among the extensions */
export function modelNamed(name: string, extensions: ModelExtensions): AnyModel {
  const kind = MODEL_KINDS.find((known) => known === name);
  if (kind !== undefined) return kind;
  const extension = extensions.get(name);
  if (extension === undefined) throw new RangeError(`modelNamed: there is no model ${name}`);
  return boundModel(extension);
}

/**
 * The model that `toJSON` saved, also after JSON text.
 *
 * @param threads    threads of one call of score, where the model can use them
 * @param extensions among which the model is, where it is none of the catalogue
 * @throws InputError when the data is not that of a model
 */
export function modelFromJson(
  data: FittedModelData,
  threads = 1,
  extensions: ModelExtensions = NO_MODEL_EXTENSIONS,
): FittedModel {
  const { kind, features, trainingRows } = data;
  if (!Array.isArray(features) || features.length === 0 || !features.every((name) => typeof name === "string"))
    throw InputError.of({ where: "saved model: features", rule: "must be a list of names" });
  if (typeof trainingRows !== "number")
    throw InputError.of({ where: "saved model: trainingRows", rule: "must be a number" });
  const linear = LINEAR_KINDS.find((known) => known === kind);
  if (linear !== undefined) return linearModelFromData(linear, data);
  const tree = TREE_KINDS.find((known) => known === kind);
  if (tree !== undefined) return treeModelFromData(tree, data, threads);
  const extension = extensions.get(kind);
  if (extension !== undefined) return boundModel(extension).restore(data);
  throw InputError.of({
    where: "saved model: kind",
    rule: "is no known model",
    got: `${kind}`,
    suggestion: nearestName(`${kind}`, [...MODEL_KINDS, ...extensions.keys()]),
  });
}
