/** What the `tune` block means: the sets of parameters each model is tried with. */
import type { TunedValue, TuningTrial } from "../core/model-record.ts";
import type { Rng } from "../core/rng.ts";
import type { ModelParameters } from "../models/catalogue.ts";
import type { ModelExtension } from "../models/model-extension.ts";
import type { AnyParameters, Candidate, TuningPolicy } from "../models/tuning.ts";
import { type ParameterRule, XGBOOST_PARAMETERS } from "../models/xgboost-parameters.ts";
import type { L5Config } from "./l5-schema.ts";
import { isWholeNumber, MOST_CANDIDATES, type TuningBlock } from "./tuning-schema.ts";

interface Range {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
}
type Choices = readonly TunedValue[] | Range;

/** Parameters that count something, beside XGBoost's own that do. */
const WHOLE = ["max_rows", "rf_n_estimators", "xgb_n_estimators"];

export function tuningPolicy({ folds, test_folds, embargo_bars, min_train_rows }: TuningBlock): TuningPolicy {
  return { folds, testFolds: test_folds, embargoBars: embargo_bars, minTrainRows: min_train_rows };
}

/**
 * The sets to try; the same for every fold and horizon.
 *
 * @param extension whose model it is; undefined = one of the catalogue
 * @param rng where `method: random` draws from
 * @returns null for a model that is not tuned
 */
export function tuningCandidates(
  { tune }: Pick<L5Config, "tune">,
  model: string,
  parameters: AnyParameters,
  rng: Rng,
  extension?: ModelExtension,
): Candidate[] | null {
  const choices = choicesOf(tune, model);
  if (tune === undefined || choices.length === 0) return null;
  const sets = tune.method === "grid" ? everySet(choices) : randomSets(choices, tune.trials, rng, extension);
  if (extension !== undefined) return sets.map((tried) => ({ tried, parameters: { ...parameters, ...tried } }));
  return sets.map((tried) => ({ tried, parameters: withTried(model, parameters, tried) }));
}

/** Settings that contradict each other: path below `tune`, rule, value. */
export function tuningFaults(
  block: TuningBlock,
  trained: readonly string[],
): readonly (readonly [path: readonly string[], rule: string, got?: string | number])[] {
  const faults: (readonly [readonly string[], string, (string | number)?])[] = [];
  const { method, folds, test_folds, params } = block;
  if (test_folds >= folds) faults.push([["test_folds"], `must be below folds ${folds}`, test_folds]);
  for (const kind of Object.keys(params)) {
    const choices = choicesOf(block, kind);
    if (!trained.includes(kind)) faults.push([["params", kind], "is not among l5.model_type", kind]);
    if (choices.length === 0) faults.push([["params", kind], "names no parameter to try"]);
    for (const [name, values] of choices) {
      if (isList(values)) continue;
      if (method === "grid") faults.push([["params", kind, name], "is a range, which needs `method: random`"]);
      if (values.low >= values.high) faults.push([["params", kind, name, "high"], "must be above low", values.high]);
      if (values.log && values.low <= 0)
        faults.push([["params", kind, name, "low"], "must be above 0 with `log`", values.low]);
    }
    const lists = choices.flatMap(([, values]) => (isList(values) ? [values.length] : []));
    const count = lists.reduce((product, length) => product * length, 1);
    if (method === "grid" && count > MOST_CANDIDATES)
      faults.push([["params", kind], `makes more than ${MOST_CANDIDATES} combinations`, count]);
  }
  return faults;
}

function choicesOf(tune: TuningBlock | undefined, model: string): [name: string, Choices][] {
  const params: Readonly<Record<string, object | undefined>> = tune?.params ?? {};
  return Object.entries(params[model] ?? {}).filter(([, values]) => values !== undefined) as [string, Choices][];
}

function isList(choices: Choices): choices is readonly TunedValue[] {
  return Array.isArray(choices);
}

/** The last parameter changes fastest. */
function everySet(choices: readonly (readonly [string, Choices])[]): TuningTrial["parameters"][] {
  let sets: TuningTrial["parameters"][] = [{}];
  for (const [name, values] of choices)
    if (isList(values)) sets = sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value })));
  return sets;
}

function randomSets(
  choices: readonly (readonly [string, Choices])[],
  trials: number,
  rng: Rng,
  extension: ModelExtension | undefined,
): TuningTrial["parameters"][] {
  return Array.from({ length: trials }, () =>
    Object.fromEntries(choices.map(([name, values]) => [name, drawn(name, values, rng, extension)])),
  );
}

function drawn(name: string, values: Choices, rng: Rng, extension: ModelExtension | undefined): TunedValue {
  if (isList(values)) return values[rng.integer(values.length)]!;
  const { low, high, log } = values;
  const u = rng.uniform();
  const value = log ? Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low))) : low + u * (high - low);
  return Math.min(high, Math.max(low, isWhole(name, extension) ? Math.round(value) : value));
}

function isWhole(name: string, extension: ModelExtension | undefined): boolean {
  if (extension !== undefined) return isWholeNumber(extension.parameters, name);
  const entry = (XGBOOST_PARAMETERS as Readonly<Record<string, { readonly rule: ParameterRule }>>)[name];
  return WHOLE.includes(name) || entry?.rule.type === "whole";
}

function withTried(kind: string, parameters: AnyParameters, tried: TuningTrial["parameters"]): AnyParameters {
  const { ridge_alpha, max_rows, rf_n_estimators, xgb_n_estimators, ...library } = tried;
  const own = Object.entries({
    alpha: ridge_alpha,
    maxRows: max_rows,
    trees: rf_n_estimators,
    rounds: xgb_n_estimators,
  });
  const given = Object.fromEntries(own.filter(([, value]) => value !== undefined));
  const merged = { ...parameters, ...given };
  if (kind !== "xgboost" && kind !== "random_forest") return merged as AnyParameters;
  return { ...merged, library: { ...(parameters as ModelParameters["xgboost"]).library, ...library } } as AnyParameters;
}
