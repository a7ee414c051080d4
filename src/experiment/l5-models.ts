/** What the `l5` block means to the models: which are trained, and with which parameters. */
import type { ModelExtensions, ModelParameters } from "../models/catalogue.ts";
import type { AnyParameters } from "../models/tuning.ts";
import type { WalkForwardPolicy } from "../models/walk-forward.ts";
import {
  type BoostingParameters,
  type ParameterEntry,
  type ParameterValue,
  TREE_PARAMETERS,
  XGBOOST_PARAMETERS,
} from "../models/xgboost-parameters.ts";
import { extensionParameters } from "./extension-schema.ts";
import type { L5Config } from "./l5-schema.ts";
import type { ExperimentConfig } from "./schema.ts";

const EVEN = 0.5;

/** Models to train, in the order of the config. */
export function modelKindsOf({ model_type }: L5Config): readonly string[] {
  return typeof model_type === "string" ? [model_type] : model_type;
}

/** The parameters of every model of the catalogue, trained or not. */
export function modelParametersOf(config: L5Config): ModelParameters {
  const { missing, params, early_stopping } = config;
  return {
    ridge: { alpha: config.ridge_alpha, missing },
    ols: { missing },
    theil_sen: { missing, maxRows: params.theil_sen.max_rows },
    random_forest: {
      trees: config.rf_n_estimators,
      library: byOwnName(params.random_forest, TREE_PARAMETERS),
    },
    xgboost: {
      rounds: config.xgb_n_estimators,
      library: byOwnName(params.xgboost, XGBOOST_PARAMETERS),
      earlyStopping: early_stopping,
    },
  };
}

/** The parameters of one model, be it of an extension. */
export function parametersOf(config: L5Config, model: string, extensions: ModelExtensions): AnyParameters {
  const extension = extensions.get(model);
  if (extension === undefined) return modelParametersOf(config)[model as keyof ModelParameters];
  return extensionParameters(extension, (config.params as Readonly<Record<string, unknown>>)[model]);
}

/** Weight of the short horizon where scores of both become one. */
export function horizonAlpha({ l5, ranking }: Pick<ExperimentConfig, "l5" | "ranking">): number {
  return l5?.alpha ?? ranking?.alpha ?? EVEN;
}

export function walkForwardPolicy({ walk_forward }: L5Config): WalkForwardPolicy {
  const { kind, train_bars, test_bars, step_bars, embargo_bars, min_train_rows } = walk_forward;
  return {
    kind,
    trainBars: train_bars,
    testBars: test_bars,
    stepBars: step_bars ?? test_bars,
    embargoBars: embargo_bars,
    minTrainRows: min_train_rows,
  };
}

/** Aliases under the names that XGBoost's documentation leads with; an alias outranks what stood there. */
function byOwnName(
  given: Readonly<Record<string, unknown>>,
  catalogue: Readonly<Record<string, ParameterEntry>>,
): BoostingParameters {
  const entries = Object.entries(catalogue).map(([name, { alias }]) => {
    const value = alias === undefined ? undefined : given[alias];
    return [name, value ?? given[name]] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, ParameterValue>;
}
