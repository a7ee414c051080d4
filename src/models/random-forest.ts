/** A random forest, grown by XGBoost: one round of many trees, each on its own rows and features, and their mean.
 *  Rows are drawn without replacement, where a classical forest draws a bootstrap sample. */
import type { ModelDefinition } from "./model.ts";
import { usableRows } from "./training-rows.ts";
import { fitTrees } from "./xgboost.ts";
import { TREE_PARAMETERS, type TreeParameters, xgboostArguments } from "./xgboost-parameters.ts";

export interface RandomForestParameters {
  readonly trees: number;
  readonly library: TreeParameters;
}

export const randomForest: ModelDefinition<RandomForestParameters> = {
  kind: "random_forest",
  fit: (training, { trees, library }, context) => {
    const libraryArguments: [string, string][] = [
      ...xgboostArguments(library, TREE_PARAMETERS, training.features),
      ["booster", "gbtree"],
      ["learning_rate", "1"],
      ["num_parallel_tree", `${trees}`],
    ];
    const fit = usableRows(training, "impute");
    return fitTrees("random_forest", training, { fit, rounds: 1, libraryArguments, stopping: null }, context);
  },
};
