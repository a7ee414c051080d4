/** XGBoost's training parameters that a config may set: names, types and ranges. The library itself lets a misspelt
 *  name or a value out of range pass, so that whatever is not here is refused. */
import { type Fault, InputError, nearestName } from "../core/errors.ts";

/** What a value may be. `columns` are written with feature names and turned into positions. */
export type ParameterRule =
  | { readonly type: "number"; readonly min: number; readonly max: number; readonly aboveMin?: true }
  | { readonly type: "whole"; readonly min: number; readonly max: number }
  | { readonly type: "choice"; readonly values: readonly string[] }
  | { readonly type: "directions" }
  | { readonly type: "groups" };

export interface ParameterEntry {
  readonly rule: ParameterRule;
  readonly about: string;
  /** XGBoost's other name for it. */
  readonly alias?: string;
  /** Without that value of another parameter XGBoost would read over this one. */
  readonly needs?: { readonly name: string; readonly value: string };
}

const atLeast0 = { type: "number", min: 0, max: 1e9 } as const;
const share = { type: "number", min: 0, max: 1, aboveMin: true } as const;
const probability = { type: "number", min: 0, max: 1 } as const;

/** How a tree is grown; the same for boosting and for a forest. */
export const TREE_PARAMETERS = {
  max_depth: { rule: { type: "whole", min: 0, max: 64 }, about: "Depth of a tree; 0 = no limit." },
  min_child_weight: { rule: atLeast0, about: "Least sum of row weights in a leaf." },
  gamma: { rule: atLeast0, about: "Least gain of a split.", alias: "min_split_loss" },
  reg_lambda: { rule: atLeast0, about: "L2 penalty of leaf values.", alias: "lambda" },
  reg_alpha: { rule: atLeast0, about: "L1 penalty of leaf values.", alias: "alpha" },
  max_delta_step: { rule: atLeast0, about: "Largest leaf value; 0 = no limit." },
  subsample: { rule: share, about: "Share of the rows each tree sees, drawn without replacement." },
  colsample_bytree: { rule: share, about: "Share of the features each tree sees." },
  colsample_bylevel: { rule: share, about: "Share of those that each level sees." },
  colsample_bynode: { rule: share, about: "Share of those that each split sees." },
  tree_method: { rule: { type: "choice", values: ["hist", "approx", "exact"] }, about: "How splits are found." },
  grow_policy: {
    rule: { type: "choice", values: ["depthwise", "lossguide"] },
    about: "Level by level, or the best split first.",
  },
  max_leaves: { rule: { type: "whole", min: 0, max: 1_000_000 }, about: "Leaves of a tree; 0 = no limit." },
  max_bin: { rule: { type: "whole", min: 2, max: 65_536 }, about: "Bins of a feature for hist and approx." },
  objective: {
    rule: { type: "choice", values: ["reg:squarederror", "reg:pseudohubererror", "reg:absoluteerror"] },
    about: "Loss that is minimised.",
  },
  huber_slope: {
    rule: { ...atLeast0, aboveMin: true },
    about: "Where reg:pseudohubererror turns linear.",
    needs: { name: "objective", value: "reg:pseudohubererror" },
  },
  base_score: {
    rule: { type: "number", min: -1e9, max: 1e9 },
    about: "Score before the first tree; without it the weighted mean label of the training rows.",
  },
  monotone_constraints: { rule: { type: "directions" }, about: "Per feature name: 1 rising, -1 falling, 0 either." },
  interaction_constraints: {
    rule: { type: "groups" },
    about: "Lists of feature names; a branch keeps to one list.",
  },
} as const satisfies Readonly<Record<string, ParameterEntry>>;

const dart = { name: "booster", value: "dart" } as const;

/** How trees are added to one another. */
export const BOOSTING_PARAMETERS = {
  learning_rate: { rule: share, about: "Part of each tree's answer that is added.", alias: "eta" },
  num_parallel_tree: { rule: { type: "whole", min: 1, max: 100_000 }, about: "Trees grown in each round." },
  booster: { rule: { type: "choice", values: ["gbtree", "dart"] }, about: "dart drops trees while it learns." },
  sample_type: {
    rule: { type: "choice", values: ["uniform", "weighted"] },
    about: "How dart picks the trees it drops.",
    needs: dart,
  },
  normalize_type: {
    rule: { type: "choice", values: ["tree", "forest"] },
    about: "How dart weighs new trees.",
    needs: dart,
  },
  rate_drop: { rule: probability, about: "Share of the trees that dart drops.", needs: dart },
  one_drop: { rule: { type: "whole", min: 0, max: 1 }, about: "1 = dart drops at least one tree.", needs: dart },
  skip_drop: { rule: probability, about: "Probability of a round in which dart drops none.", needs: dart },
} as const satisfies Readonly<Record<string, ParameterEntry>>;

export const XGBOOST_PARAMETERS = { ...BOOSTING_PARAMETERS, ...TREE_PARAMETERS };

export type ParameterValue =
  | number
  | string
  | Readonly<Record<string, number>>
  | readonly (readonly string[])[]
  | undefined;

export type TreeParameters = { readonly [Name in keyof typeof TREE_PARAMETERS]?: ParameterValue };
export type BoostingParameters = { readonly [Name in keyof typeof XGBOOST_PARAMETERS]?: ParameterValue };

/** Names of a catalogue's entries and their aliases. */
export function parameterNames(catalogue: Readonly<Record<string, ParameterEntry>>): string[] {
  return Object.entries(catalogue).flatMap(([name, { alias }]) => (alias === undefined ? [name] : [name, alias]));
}

/**
 * The parameters as XGBoost reads them, feature names turned into positions, in the order of the catalogue.
 *
 * @throws InputError with every unknown name, value out of range and unknown feature
 */
export function xgboostArguments(
  parameters: BoostingParameters,
  catalogue: Readonly<Record<string, ParameterEntry>>,
  features: readonly string[],
): [name: string, value: string][] {
  const faults: Fault[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    const where = `params.${name}`;
    const entry = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
    if (entry === undefined)
      faults.push({ where, rule: "is no known parameter", suggestion: nearestName(name, Object.keys(catalogue)) });
    else if (value !== undefined)
      faults.push(...parameterFaults(where, entry.rule, value, features), ...needFaults(where, entry, parameters));
  }
  if (faults.length > 0) throw new InputError(faults);
  return Object.keys(catalogue).flatMap((name) => {
    const value = parameters[name as keyof BoostingParameters];
    return value === undefined ? [] : [[name, argument(value, features)]];
  });
}

function parameterFaults(
  where: string,
  rule: ParameterRule,
  value: NonNullable<ParameterValue>,
  features: readonly string[],
): Fault[] {
  const got = typeof value === "object" ? JSON.stringify(value) : value;
  switch (rule.type) {
    case "number":
    case "whole": {
      const inside = typeof value === "number" && value >= rule.min && value <= rule.max;
      const open = rule.type === "number" && rule.aboveMin === true;
      if (inside && !(open && value === rule.min) && (rule.type === "number" || Number.isInteger(value))) return [];
      const range = `${open ? "above" : "from"} ${rule.min}${open ? " and at most" : " to"} ${rule.max}`;
      return [{ where, rule: `must be a ${rule.type === "whole" ? "whole " : ""}number ${range}`, got }];
    }
    case "choice":
      return rule.values.some((known) => known === value)
        ? []
        : [{ where, rule: `must be one of ${rule.values.join(", ")}`, got }];
    case "directions":
      if (typeof value !== "object" || Array.isArray(value) || !Object.values(value).every(isDirection))
        return [{ where, rule: "must be feature names with -1, 0 or 1", got }];
      return unknownFeatures(where, Object.keys(value), features);
    case "groups":
      if (!Array.isArray(value) || !value.every((group) => Array.isArray(group)))
        return [{ where, rule: "must be lists of feature names", got }];
      return unknownFeatures(where, value.flat(), features);
  }
}

function needFaults(where: string, { needs }: ParameterEntry, parameters: BoostingParameters): Fault[] {
  if (needs === undefined || parameters[needs.name as keyof BoostingParameters] === needs.value) return [];
  return [{ where, rule: `has no meaning without ${needs.name}: ${needs.value}` }];
}

function isDirection(value: unknown): boolean {
  return value === -1 || value === 0 || value === 1;
}

function unknownFeatures(where: string, names: readonly string[], features: readonly string[]): Fault[] {
  return names
    .filter((name) => !features.includes(name))
    .map((got) => ({ where, rule: "is no feature of the model", got, suggestion: nearestName(got, features) }));
}

function argument(value: NonNullable<ParameterValue>, features: readonly string[]): string {
  if (typeof value !== "object") return `${value}`;
  if (isGroups(value)) return JSON.stringify(value.map((group) => group.map((name) => features.indexOf(name))));
  return `(${features.map((feature) => value[feature] ?? 0).join(",")})`;
}

function isGroups(value: object): value is readonly (readonly string[])[] {
  return Array.isArray(value);
}
