/** The `tune` block of `l5`: which parameters of which models are tried, on which inner folds. */
import { z } from "zod";
import type { ParameterSchema } from "../core/extension.ts";
import type { ModelExtensions } from "../models/catalogue.ts";
import { type ParameterEntry, TREE_PARAMETERS, XGBOOST_PARAMETERS } from "../models/xgboost-parameters.ts";
import { parameterType } from "./parameter-schema.ts";
import { wholeBars } from "./portfolio-schema.ts";

/** More are a slip, not a plan: each is fitted on every inner fold of every fold. */
export const MOST_CANDIDATES = 1_000;

const penalty = z.number().min(0).max(1e12);
const trees = z.int().min(1).max(100_000);

/** A list of values, or a range that `method: random` draws from. */
function choices(value: z.ZodType, hasRange: boolean): z.ZodType {
  const list = z.array(value).min(1);
  if (!hasRange) return list.optional();
  const range = z.strictObject({
    low: value,
    high: value,
    log: z.boolean().default(false).describe("Drawn evenly in the logarithm."),
  });
  return z.union([list, range], { error: "must be a list of values, or {low, high} with `method: random`" }).optional();
}

function libraryChoices(catalogue: Readonly<Record<string, ParameterEntry>>): Record<string, z.ZodType> {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, { rule, about }] of Object.entries(catalogue))
    if (rule.type === "number" || rule.type === "whole" || rule.type === "choice")
      shape[name] = choices(parameterType(rule), rule.type !== "choice").describe(about);
  return shape;
}

function extensionChoices({ shape }: ParameterSchema): Record<string, z.ZodType> {
  const choosable: Record<string, z.ZodType> = {};
  for (const [name, schema] of Object.entries(shape)) {
    const value = withoutDefault(schema);
    const { type } = value._zod.def;
    if (type === "number" || type === "enum" || type === "string" || type === "literal")
      choosable[name] = choices(value, type === "number").describe(schema.description ?? `Values of ${name}.`);
  }
  return choosable;
}

/** What a parameter's values must be, where it may be left out as well. */
function withoutDefault(schema: z.ZodType): z.ZodType {
  const { type, innerType } = schema._zod.def as { readonly type: string; readonly innerType?: z.ZodType };
  const isWrapper = ["default", "prefault", "optional", "nullable", "readonly"].includes(type);
  return isWrapper && innerType !== undefined ? withoutDefault(innerType) : schema;
}

/** Whether a parameter counts something. */
export function isWholeNumber({ shape }: ParameterSchema, name: string): boolean {
  return z.toJSONSchema(withoutDefault(shape[name] as z.ZodType)).type === "integer";
}

/** @param extensions models that may be tuned as well: their parameters that are numbers or names */
export function tuning(extensions: ModelExtensions) {
  const blocks = Object.fromEntries(
    Array.from(extensions, ([name, { parameters }]) => [name, z.strictObject(extensionChoices(parameters)).optional()]),
  );
  return z.strictObject({
    method: z
      .enum(["grid", "random"])
      .default("grid")
      .describe("Every combination of the values, or `trials` random ones."),
    trials: z.int().min(1).max(MOST_CANDIDATES).default(20).describe("random: sets of parameters that are tried."),
    folds: z.int().min(2).max(50).default(5).describe("Inner folds, purged by label end."),
    test_folds: z
      .int()
      .min(1)
      .max(49)
      .default(1)
      .describe("Inner folds tested together: 1 is purged k-fold, more is combinatorial purged cross-validation."),
    embargo_bars: wholeBars(0).default(0).describe("Bars around each inner test, on top of purging."),
    min_train_rows: z.int().min(2).default(50).describe("Inner folds with fewer training bars are not made."),
    params: z
      .strictObject({
        ridge: z.strictObject({ ridge_alpha: choices(penalty, true) }).optional(),
        theil_sen: z.strictObject({ max_rows: choices(z.int().min(2).max(5000), true) }).optional(),
        random_forest: z
          .strictObject({ rf_n_estimators: choices(trees, true), ...libraryChoices(TREE_PARAMETERS) })
          .optional(),
        xgboost: z
          .strictObject({ xgb_n_estimators: choices(trees, true), ...libraryChoices(XGBOOST_PARAMETERS) })
          .optional(),
        ...(blocks as Record<never, never>),
      })
      .describe("Model -> parameter -> values; models without an entry are not tuned."),
  });
}

export type TuningBlock = z.output<ReturnType<typeof tuning>>;
