/** Models of extensions: what a module defines, and the same as a model like the built-in ones. It learns from copies;
 *  what it scores and saves is checked where a fold is trained (prove-model.ts). */
import type { z } from "zod";
import { InputError } from "../core/errors.ts";
import {
  callExtension,
  type Extension,
  extensionPlace,
  fillByExtension,
  type ParameterSchema,
  tagged,
} from "../core/extension.ts";
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

export interface ModelExtension<Ps extends ParameterSchema = ParameterSchema, Data = unknown>
  extends Extension<"model", Ps> {
  /**
   * The same rows, parameters and seed must come to the same model, on whatever thread.
   *
   * @param training rows that have a label and at least one feature
   */
  fit(training: TrainingSet, parameters: z.output<Ps>, context: FitContext): ExtensionModel<Data>;
  /**
   * @param data     as `toJSON` gave it, after JSON text
   * @param features [F] names and order of the columns it takes
   */
  restore(data: Data, features: readonly string[]): ExtensionModel<Data>;
}

/**
 * A model for `l5: {model_type: [<name>], params: {<name>: {...}}}` of experiments that name its file under `extensions`.
 *
 * @returns the definition, frozen; export it from the file
 */
export function defineModel<const Ps extends ParameterSchema, Data>(
  definition: Omit<ModelExtension<Ps, Data>, "extends" | "file">,
): ModelExtension<Ps, Data> {
  return tagged("model", definition);
}

/** Parameters of an extension's model: plain data. */
export type ExtensionParameters = Readonly<Record<string, unknown>>;

/** A model of an extension as one of the catalogue. */
export interface BoundModel extends ModelDefinition<ExtensionParameters> {
  /** Its file and name, for faults. */
  readonly place: string;
  /** @throws InputError when the data is not that of this model */
  restore(data: FittedModelData): FittedModel;
}

/** @throws InputError (of `fit`, `restore` and the models) naming file and definition when a function of it fails */
export function boundModel(extension: ModelExtension): BoundModel {
  const { name: kind } = extension;
  return {
    kind,
    place: extensionPlace(extension),
    fit: (training, parameters, context) => {
      const made = callExtension(extension, "fit", () => {
        try {
          return extension.fit(copied(training), structuredClone(parameters), context);
        } catch (error) {
          if (context.cancelled()) return new FitCancelledError(kind);
          throw error;
        }
      });
      if (made instanceof FitCancelledError) throw made;
      const { features, y } = training;
      return fittedModel(checkedModel(made, extension, "fit"), extension, features, y.length);
    },
    restore: ({ features, trainingRows, data }) => {
      const made = callExtension(extension, "restore", () => extension.restore(structuredClone(data), [...features]));
      return fittedModel(checkedModel(made, extension, "restore"), extension, features, trainingRows);
    },
  };
}

/** Arrays of their own: a view would let it see the rows around these. */
function copied({ features, x, y, weight, bar, labelEnd }: TrainingSet): TrainingSet {
  return {
    features: [...features],
    x: x.slice(),
    y: y.slice(),
    weight: weight?.slice() ?? null,
    bar: bar.slice(),
    labelEnd: labelEnd.slice(),
  };
}

function checkedModel(made: unknown, extension: ModelExtension, by: string): ExtensionModel {
  const { score, toJSON } = (made ?? {}) as Partial<ExtensionModel>;
  if (typeof score === "function" && typeof toJSON === "function") return made as ExtensionModel;
  throw InputError.of({
    where: extensionPlace(extension),
    rule: `${by} must return a model: an object with the functions score and toJSON`,
  });
}

function fittedModel(
  model: ExtensionModel,
  extension: ModelExtension,
  features: readonly string[],
  trainingRows: number,
): FittedModel {
  const { name: kind } = extension;
  const { coefficients, gainImportance } = model;
  const listed = <Entry extends FeatureNumber>(
    by: string,
    numbers: readonly (keyof Entry)[],
    list: () => readonly Entry[],
  ): readonly Entry[] => {
    const entries = callExtension(extension, by, list);
    const isOf = (feature: string, entry: Entry | undefined) =>
      entry?.feature === feature && numbers.every((key) => Number.isFinite(entry[key]));
    if (Array.isArray(entries) && features.every((feature, f) => isOf(feature, entries[f]))) return entries;
    throw InputError.of({
      where: extensionPlace(extension),
      rule: `${by} must list ${features.join(", ")}, in this order, each with a finite ${numbers.join(" and ")}`,
    });
  };
  return {
    kind,
    features,
    trainingRows,
    score: (x, rows, out) => {
      checkScoreShapes(features, x, rows, out, 1);
      scorePresent(model, extension, x, rows, features.length, out);
    },
    ...(coefficients && {
      coefficients: () => listed("coefficients", ["value", "rawValue"], () => coefficients.call(model)),
    }),
    ...(gainImportance && {
      gainImportance: () => listed("gainImportance", ["value"], () => gainImportance.call(model)),
    }),
    toJSON: () => {
      const text = callExtension(extension, "toJSON", () => JSON.stringify(model.toJSON()) as string | undefined);
      if (text === undefined)
        throw InputError.of({ where: extensionPlace(extension), rule: "toJSON must return plain data" });
      return { kind, features: [...features], trainingRows, data: JSON.parse(text) as unknown };
    },
  };
}

/** Rows without any feature are not shown to the model: their score is NaN. */
function scorePresent(
  model: ExtensionModel,
  extension: ModelExtension,
  x: Float64Array,
  rows: number,
  columns: number,
  out: Float64Array,
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
  fillByExtension(extension, "score", scores, () => model.score(given, count, scores));
  out.fill(Number.NaN);
  for (let i = 0; i < count; i++) out[shown[i]!] = scores[i]!;
}
