/** Models of extensions: what a module defines, and the same as a model like the built-in ones. It learns from copies;
 *  what it scores and saves is checked where a fold is trained (prove-model.ts). */
import type { z } from "zod";
import { InputError } from "../core/errors.ts";
import { calledExtension, type ExtensionOrigin, extensionLabel } from "../core/extension-origin.ts";
import {
  type Coefficient,
  checkScoreShapes,
  type FeatureNumber,
  FitCancelledError,
  type FitContext,
  type FittedModel,
  type FittedModelData,
  type ModelDefinition,
  type TrainingSet,
} from "./model.ts";

/** What a model of an extension has learnt. */
export interface ExtensionModel<Data = unknown> {
  /**
   * The score of a row depends on that row alone, never on the others it comes with.
   *
   * @param x   [rows*F] row-major; NaN = missing, but a row has at least one feature
   * @param out [rows] of NaN; to be filled with finite numbers, higher = better, or left NaN where there is no score
   */
  score(x: Float64Array, rows: number, out: Float64Array): void;
  /** Plain data, good for JSON, that `restore` turns into a model with the same scores to the bit. */
  toJSON(): Data;
  /** As a FittedModel's. */
  coefficients?(): readonly Coefficient[];
  /** As a FittedModel's. */
  gainImportance?(): readonly FeatureNumber[];
}

export interface ModelExtension<Schema extends z.ZodType = z.ZodType, Data = unknown> {
  readonly extends: "model";
  /** snake_case: the name in `l5.model_type`, and of its block in `l5.params`. */
  readonly name: string;
  /** A sentence. */
  readonly describe: string;
  /** A strict object of zod's. */
  readonly parameters: Schema;
  /**
   * The same rows, parameters and seed must come to the same model, on whatever thread.
   *
   * @param training rows that have a label and at least one feature
   */
  fit(training: TrainingSet, parameters: z.output<Schema>, context: FitContext): ExtensionModel<Data>;
  /**
   * @param data     as `toJSON` gave it, after JSON text
   * @param features [F] names and order of the columns it takes
   */
  restore(data: Data, features: readonly string[]): ExtensionModel<Data>;
}

/** A model for `l5.model_type`, by the name it has in the experiment. */
export function defineModel<Schema extends z.ZodType, Data>(
  definition: Omit<ModelExtension<Schema, Data>, "extends">,
): ModelExtension<Schema, Data> {
  return Object.freeze({ ...definition, extends: "model" });
}

/** Parameters of an extension's model: plain data. */
export type ExtensionParameters = Readonly<Record<string, unknown>>;

/** A model of an extension as one of the catalogue. */
export interface BoundModel extends ModelDefinition<ExtensionParameters> {
  readonly origin: ExtensionOrigin;
  /** @throws InputError when the data is not that of this model */
  restore(data: FittedModelData): FittedModel;
}

/** By name. */
export type BoundModels = ReadonlyMap<string, BoundModel>;

/** @throws InputError (of `fit`, `restore` and the models) naming file and definition when a function of it throws */
export function boundModel(extension: ModelExtension, origin: ExtensionOrigin): BoundModel {
  const { name } = extension;
  const label = extensionLabel(origin, "model", name);
  const fitted = (made: unknown, features: readonly string[], trainingRows: number, by: string) =>
    fittedModel(checkedModel(made, `${label}: ${by}`), { kind: name, features, trainingRows, label });
  return {
    kind: name,
    origin,
    fit: (training, parameters, context) => {
      const { features, y } = training;
      const made = calledExtension(`${label}: fit`, () => {
        try {
          return extension.fit(structuredClone(training), structuredClone(parameters), context);
        } catch (error) {
          if (context.cancelled()) return new FitCancelledError(name);
          throw error;
        }
      });
      if (made instanceof FitCancelledError) throw made;
      return fitted(made, [...features], y.length, "fit");
    },
    restore: ({ features, trainingRows, data }) => {
      const made = calledExtension(`${label}: restore`, () => extension.restore(structuredClone(data), [...features]));
      return fitted(made, features, trainingRows, "restore");
    },
  };
}

function checkedModel(made: unknown, label: string): ExtensionModel {
  const model = (made ?? {}) as Partial<ExtensionModel>;
  if (typeof model.score === "function" && typeof model.toJSON === "function") return made as ExtensionModel;
  throw InputError.of({ where: label, rule: "must return a model: an object with the functions score and toJSON" });
}

interface Facts extends Pick<FittedModel, "kind" | "features" | "trainingRows"> {
  readonly label: string;
}

function fittedModel(model: ExtensionModel, { kind, features, trainingRows, label }: Facts): FittedModel {
  const { coefficients, gainImportance } = model;
  const listed = <Entry extends FeatureNumber>(by: string, list: () => readonly Entry[]) => {
    const entries = calledExtension(`${label}: ${by}`, list);
    if (Array.isArray(entries) && features.every((feature, f) => entries[f]?.feature === feature)) return entries;
    throw InputError.of({ where: `${label}: ${by}`, rule: `must list ${features.join(", ")}, in this order` });
  };
  return {
    kind,
    features,
    trainingRows,
    score: (x, rows, out) => {
      checkScoreShapes(features, x, rows, out, 1);
      scorePresent(model, x, rows, features.length, out, `${label}: score`);
    },
    ...(coefficients && { coefficients: () => listed("coefficients", () => coefficients.call(model)) }),
    ...(gainImportance && { gainImportance: () => listed("gainImportance", () => gainImportance.call(model)) }),
    toJSON: () => {
      const data = calledExtension(`${label}: toJSON`, () => JSON.stringify(model.toJSON()));
      if (data === undefined) throw InputError.of({ where: `${label}: toJSON`, rule: "must return plain data" });
      return { kind, features: [...features], trainingRows, data: JSON.parse(data) as unknown };
    },
  };
}

/** Rows without any feature are not shown to the model: their score is NaN. */
function scorePresent(
  model: ExtensionModel,
  x: Float64Array,
  rows: number,
  columns: number,
  out: Float64Array,
  label: string,
): void {
  const shown = new Int32Array(rows);
  let count = 0;
  for (let r = 0; r < rows; r++) {
    let present = false;
    for (let f = 0; f < columns && !present; f++) present = x[r * columns + f] === x[r * columns + f];
    if (present) shown[count++] = r;
  }
  const given = new Float64Array(count * columns);
  for (let i = 0; i < count; i++)
    for (let f = 0; f < columns; f++) given[i * columns + f] = x[shown[i]! * columns + f]!;
  const scores = new Float64Array(count).fill(Number.NaN);
  calledExtension(label, () => model.score(given, count, scores));
  out.fill(Number.NaN);
  for (let i = 0; i < count; i++) {
    const score = scores[i]!;
    if (score === Infinity || score === -Infinity)
      throw InputError.of({
        where: label,
        rule: `must write finite scores, or NaN where there is none`,
        got: `${score}`,
      });
    out[shown[i]!] = score;
  }
}
