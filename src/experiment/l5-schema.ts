/** The `l5` block of the experiment's YAML: models fitted walk-forward to forward returns. Defaults stand here only;
 *  of XGBoost's parameters, those without one here are XGBoost's own. */
import { z } from "zod";
import { MODEL_KINDS, type ModelExtensions, NO_MODEL_EXTENSIONS } from "../models/catalogue.ts";
import { COMBINER_NAMES } from "../models/ensemble/catalogue.ts";
import { MISSING_RULES } from "../models/training-rows.ts";
import { type ParameterEntry, TREE_PARAMETERS, XGBOOST_PARAMETERS } from "../models/xgboost-parameters.ts";
import { spareExtensionBlock } from "./extension-schema.ts";
import { parameterType } from "./parameter-schema.ts";
import { wholeBars } from "./portfolio-schema.ts";
import { tuning } from "./tuning-schema.ts";
import { distinct } from "./weighting-schema.ts";

/** Slower and smaller steps than XGBoost's own: returns are mostly noise. */
const BOOSTING_DEFAULTS = { learning_rate: 0.05, max_depth: 4, tree_method: "hist" } as const;

/** As XGBoost's own forest (XGBRFRegressor) but for its depth. */
const FOREST_DEFAULTS = {
  max_depth: 8,
  subsample: 0.8,
  colsample_bynode: 0.8,
  reg_lambda: 1e-5,
  tree_method: "hist",
} as const;

const trees = z.int().min(1).max(100_000);

/** What a model of an extension cannot be called: other models, and other origins of scores. */
export const TAKEN_MODEL_NAMES: readonly string[] = [...MODEL_KINDS, ...COMBINER_NAMES, "ranking"];

/** A closed block of the catalogue's names; an alias is a key of its own. */
function parameterBlock(
  catalogue: Readonly<Record<string, ParameterEntry>>,
  defaults: Readonly<Record<string, unknown>>,
): z.ZodType<Readonly<Record<string, unknown>>> {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, { rule, about, alias }] of Object.entries(catalogue)) {
    const type = parameterType(rule);
    shape[name] = (name in defaults ? type.default(defaults[name]) : type.optional()).describe(about);
    if (alias !== undefined) shape[alias] = type.optional().describe(`Another name of ${name}, which it outranks.`);
  }
  return z.strictObject(shape);
}

const ownParams = {
  theil_sen: z
    .strictObject({
      max_rows: z
        .int()
        .min(2)
        .max(5000)
        .default(500)
        .describe("Rows drawn for the slopes; time grows with the square."),
    })
    .prefault({}),
  random_forest: parameterBlock(TREE_PARAMETERS, FOREST_DEFAULTS)
    .prefault({})
    .describe("XGBoost's parameters of the forest's trees."),
  xgboost: parameterBlock(XGBOOST_PARAMETERS, BOOSTING_DEFAULTS).prefault({}).describe("XGBoost's parameters."),
};

/** Parameters of extensions are at the name of each; read them with `extensionParameters`. */
function params(extensions: ModelExtensions) {
  const blocks = Object.fromEntries(Array.from(extensions, ([name, each]) => [name, spareExtensionBlock(each)]));
  return z.strictObject({ ...ownParams, ...(blocks as Record<never, never>) });
}

const earlyStopping = z.strictObject({
  rounds: z.int().min(1).default(20).describe("Rounds in a row without a smaller error that end the training."),
  share: z
    .number()
    .min(0.01)
    .max(0.9)
    .default(0.2)
    .describe("Last part of the training window, by bars, that the error is measured on; purged by label end."),
});

const walkForward = z.strictObject({
  kind: z
    .enum(["expanding", "rolling"])
    .default("expanding")
    .describe("Training windows that start at the first bar, or that have one length."),
  train_bars: wholeBars(10).default(500).describe("Bars of the first (rolling: of every) training window."),
  test_bars: wholeBars(1).default(60).describe("Bars each fit scores."),
  step_bars: wholeBars(1).optional().describe("Bars from one fit to the next; test_bars without it."),
  embargo_bars: wholeBars(0)
    .default(0)
    .describe("Bars before the test window whose labels must have ended, on top of purging by label end."),
  min_train_rows: z.int().min(2).default(100).describe("Folds with fewer training rows are not fitted."),
});

/** @param extensions models that may be named as well */
export function l5(extensions: ModelExtensions = NO_MODEL_EXTENSIONS) {
  const names = [...MODEL_KINDS, ...extensions.keys()];
  const name = z.enum(names) as z.ZodType<string, string>;
  return z
    .strictObject({
      model_type: z
        .union([name, z.array(name).min(1).refine(distinct, "must name each model once")], {
          error: `must be one of ${names.join(", ")}, or a list of them`,
        })
        .default("ridge")
        .describe("Models to train: one, or a list."),
      horizons: z
        .strictObject({
          short: wholeBars(1).default(5).describe("Bars of the short horizon's forward return."),
          long: wholeBars(1).default(20).describe("Bars of the long horizon's."),
        })
        .prefault({})
        .refine(({ short, long }) => short < long, "short must be below long"),
      label: z
        .enum(["raw", "demeaned", "ranked"])
        .default("raw")
        .describe("Forward returns as they are, less their mean on the date, or their rank on the date."),
      missing: z
        .enum(MISSING_RULES)
        .default("impute")
        .describe("What linear models do about missing features: their training mean, or drop the row."),
      ridge_alpha: z
        .number()
        .min(0)
        .max(1e12)
        .default(8)
        .describe("Penalty of ridge on standardised features, not multiplied by the number of rows."),
      rf_n_estimators: trees.default(200).describe("Trees of the random forest."),
      xgb_n_estimators: trees.default(200).describe("Rounds of XGBoost, at most."),
      params: params(extensions).prefault({}),
      early_stopping: earlyStopping
        .nullable()
        .default(null)
        .describe("When xgboost stops before xgb_n_estimators; null = it does not."),
      sample_weight_half_life_bars: z
        .number()
        .positive()
        .nullable()
        .default(null)
        .describe("Training rows weigh half as much for each of these bars of age; null = all alike."),
      walk_forward: walkForward.prefault({}),
      alpha: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe("score = alpha * short + (1 - alpha) * long, of models and ensembles; that of `ranking` without it."),
      tune: tuning(extensions)
        .optional()
        .describe("Parameters chosen anew inside every training window, by mean rank IC."),
    })
    .refine(({ early_stopping, params: { xgboost } }) => early_stopping === null || xgboost.booster !== "dart", {
      path: ["early_stopping"],
      message: "cannot go with booster dart, whose later rounds change the weights of earlier trees",
    });
}

/** The block with its defaults in. */
export type L5Config = z.output<ReturnType<typeof l5>>;
