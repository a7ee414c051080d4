/** Rules between the blocks that train and combine models, found before any data is read. */
import { InputError } from "../core/errors.ts";
import { featureName } from "../data/features/feature-name.ts";
import { TREE_PARAMETERS, XGBOOST_PARAMETERS, xgboostArguments } from "../models/xgboost-parameters.ts";
import type { Path, PathFault } from "./config-faults.ts";
import { ensembleFaults } from "./ensemble-schema.ts";
import { type FeatureExtensions, featureSpecs } from "./feature-schema.ts";
import { modelKindsOf, modelParametersOf } from "./l5-models.ts";
import type { L5Config } from "./l5-schema.ts";
import { tuningFaults } from "./l5-tuning.ts";
import type { ExperimentConfig } from "./schema.ts";

export function trainingFaults(
  { features, ranking, l5, ensemble, validation, sweep }: ExperimentConfig,
  extensions: FeatureExtensions,
): PathFault[] {
  const faults: PathFault[] = [];
  if (l5 !== undefined && features === undefined)
    faults.push({ path: ["l5"], rule: "needs a `features` block: models learn from its columns" });
  if (l5 !== undefined && features !== undefined)
    faults.push(...libraryFaults(l5, featureSpecs(features, extensions).map(featureName)));
  if (l5?.tune !== undefined) faults.push(...at(["l5", "tune"], tuningFaults(l5.tune, modelKindsOf(l5))));
  if (validation !== undefined && l5 === undefined && sweep === undefined)
    faults.push({
      path: ["validation"],
      rule: "has nothing to guard: there is neither an `l5` block that learns nor a `sweep` that chooses",
    });
  if (ensemble === undefined) return faults;
  for (const [block, given] of Object.entries({ ranking, l5 }))
    if (given === undefined)
      faults.push({
        path: ["ensemble"],
        rule: `combines scores of a ranking and of models, and there is no \`${block}\` block`,
      });
  faults.push(...at(["ensemble"], ensembleFaults(ensemble)));
  return faults;
}

/** Parameters of trees that name features. */
function libraryFaults(l5: L5Config, columns: readonly string[]): PathFault[] {
  const parameters = modelParametersOf(l5);
  const faults: PathFault[] = [];
  for (const kind of modelKindsOf(l5)) {
    if (kind !== "xgboost" && kind !== "random_forest") continue;
    const catalogue = kind === "xgboost" ? XGBOOST_PARAMETERS : TREE_PARAMETERS;
    try {
      xgboostArguments(parameters[kind].library, catalogue, columns);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      for (const { where, rule, got, suggestion } of error.faults)
        faults.push({ path: ["l5", "params", kind, where.replace(/^params\./, "")], rule, got, suggestion });
    }
  }
  return faults;
}

function at(
  block: Path,
  found: readonly (readonly [path: readonly string[], rule: string, got?: string | number])[],
): PathFault[] {
  return found.map(([path, rule, got]) => ({
    path: [...block, ...path],
    rule,
    ...(got === undefined ? {} : { got }),
  }));
}
