/** A fitted linear model, whatever fitted it: coefficients on standardised features, and how to standardise. */
import { InputError } from "../core/errors.ts";
import { checkScoreShapes, type FittedModel, type FittedModelData } from "./model.ts";
import type { Standardisation } from "./standardise.ts";
import { MISSING_RULES, type MissingRule } from "./training-rows.ts";

export const LINEAR_KINDS = ["ridge", "ols", "theil_sen"] as const;
export type LinearKind = (typeof LINEAR_KINDS)[number];

export interface LinearFit {
  readonly kind: LinearKind;
  readonly features: readonly string[];
  readonly trainingRows: number;
  readonly standardisation: Pick<Standardisation, "centre" | "scale">;
  readonly missing: MissingRule;
  /** [F] y per standard deviation; 0 where the feature did not vary. */
  readonly coefficients: Float64Array;
  /** Score of a row whose features all lie at their centres. */
  readonly intercept: number;
}

/** score = intercept + sum_f coefficient_f * (x_f - centre_f) / scale_f, a missing feature counting as its centre. */
export function linearModel(fit: LinearFit): FittedModel {
  const { kind, features, trainingRows, standardisation, missing, coefficients, intercept } = fit;
  const { centre, scale } = standardisation;
  return {
    kind,
    features,
    trainingRows,
    score: (x, rows, out) => {
      checkScoreShapes(features, x, rows, out, 1);
      scoreRows(fit, x, rows, out);
    },
    coefficients: () =>
      features.map((feature, f) => ({
        feature,
        value: coefficients[f]!,
        rawValue: coefficients[f]! / scale[f]!,
      })),
    toJSON: () => ({
      kind,
      features: [...features],
      trainingRows,
      missing,
      intercept,
      coefficients: [...coefficients],
      centre: [...centre],
      scale: [...scale],
    }),
  };
}

function scoreRows(
  { standardisation, missing, coefficients, intercept }: LinearFit,
  x: Float64Array,
  rows: number,
  out: Float64Array,
): void {
  const { centre, scale } = standardisation;
  const columns = coefficients.length;
  const least = missing === "drop" ? columns : 1;
  for (let r = 0; r < rows; r++) {
    let score = intercept;
    let present = 0;
    for (let f = 0; f < columns; f++) {
      const value = x[r * columns + f]!;
      if (value !== value) continue;
      present++;
      score += (coefficients[f]! * (value - centre[f]!)) / scale[f]!;
    }
    out[r] = present >= least ? score : Number.NaN;
  }
}

/** @throws InputError naming the part of the saved model that is not what `toJSON` writes */
export function linearModelFromData(kind: LinearKind, data: FittedModelData): FittedModel {
  const { features, trainingRows, missing, intercept } = data;
  const numbers = (key: "coefficients" | "centre" | "scale"): Float64Array => {
    const list = data[key];
    if (!Array.isArray(list) || list.length !== features.length || !list.every((value) => Number.isFinite(value)))
      throw InputError.of({ where: `saved ${kind} model: ${key}`, rule: `must be ${features.length} numbers` });
    return Float64Array.from(list);
  };
  const rule = MISSING_RULES.find((known) => known === missing);
  if (rule === undefined)
    throw InputError.of({ where: `saved ${kind} model: missing`, rule: `must be one of ${MISSING_RULES.join(", ")}` });
  if (typeof intercept !== "number")
    throw InputError.of({ where: `saved ${kind} model: intercept`, rule: "must be a number" });
  return linearModel({
    kind,
    features,
    trainingRows,
    standardisation: { centre: numbers("centre"), scale: numbers("scale") },
    missing: rule,
    coefficients: numbers("coefficients"),
    intercept,
  });
}
