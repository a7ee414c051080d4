/** Plain regressions to hold the other models against, solved by ml-regression: least squares without a penalty, and
 *  a robust line. Both see features standardised over the training rows. */
import MultivariateLinearRegression from "ml-regression-multivariate-linear";
import { TheilSenRegression } from "ml-regression-theil-sen";
import { createRng } from "../core/rng.ts";
import { quantile } from "../math/quantile.ts";
import { linearModel } from "./linear-model.ts";
import type { ModelDefinition, TrainingSet } from "./model.ts";
import { type NormalEquations, normalEquations } from "./normal-equations.ts";
import { type Standardisation, standardisationOf } from "./standardise.ts";
import { type MissingRule, usableRows } from "./training-rows.ts";

export interface OlsParameters {
  readonly missing: MissingRule;
}

/**
 * Ordinary (with weights: weighted) least squares. Of features that explain one another, the coefficients of least norm.
 *
 * ml-regression forms X'X from all its rows, as lists of numbers; here it gets the few rows that have the same X'X and
 * X'y.
 */
export const ols: ModelDefinition<OlsParameters> = {
  kind: "ols",
  fit: (training, { missing }) => {
    const { features } = training;
    const rows = usableRows(training, missing);
    const standardisation = standardisationOf(training.x, features.length, rows);
    const equations = normalEquations(training, rows, standardisation);
    const { design, labels } = rowsOfEquations(equations);
    const coefficients = new Float64Array(features.length);
    let intercept = equations.yMean;
    if (design.length > 0) {
      const regression = new MultivariateLinearRegression(design, labels, { intercept: false, statistics: false });
      for (const [a, f] of equations.active.entries()) {
        coefficients[f] = regression.weights[a]![0]!;
        intercept -= coefficients[f]! * equations.means[a]!;
      }
    }
    return linearModel({
      kind: "ols",
      features,
      trainingRows: rows.length,
      standardisation,
      missing,
      coefficients,
      intercept,
    });
  },
};

/** Of the variance of a feature; a rest not above this share is rounding: those before it explain the feature. */
const UNEXPLAINED = 1e-13;

/**
 * Rows D and labels d with D'D = gram and D'd = moment: Cholesky's factor of the gram, which has no row for a feature
 * that those before it explain.
 */
function rowsOfEquations({ active, gram, moment }: NormalEquations): { design: number[][]; labels: number[][] } {
  const count = active.length;
  const design: number[][] = [];
  const labels: number[][] = [];
  for (let i = 0; i < count; i++) {
    const row = new Array<number>(count).fill(0);
    for (let j = i; j < count; j++) {
      let rest = gram[i * count + j]!;
      for (const earlier of design) rest -= earlier[i]! * earlier[j]!;
      row[j] = rest;
    }
    const pivot = row[i]!;
    if (!(pivot > UNEXPLAINED * gram[i * count + i]!)) continue;
    const root = Math.sqrt(pivot);
    let label = moment[i]!;
    for (const [k, earlier] of design.entries()) label -= earlier[i]! * labels[k]![0]!;
    design.push(row.map((rest) => rest / root));
    labels.push([label / root]);
  }
  return { design, labels };
}

export interface TheilSenParameters {
  readonly missing: MissingRule;
  /** Rows of the sample that slopes are taken from, >= 2; their pairs are counted, so time grows with the square. */
  readonly maxRows: number;
}

/**
 * One Theil-Sen line for each feature, and the mean of their forecasts (the combination of Rapach, Strauss and Zhou
 * 2010), so that no outlier and no pair of like features moves it far.
 *
 * Beyond `maxRows` rows a sample is drawn without replacement, by weight (Efraimidis and Spirakis 2006); a line
 * itself knows no weights. A feature without two values in the sample counts as a flat line at the median label.
 */
export const theilSen: ModelDefinition<TheilSenParameters> = {
  kind: "theil_sen",
  fit: (training, { missing, maxRows }, { seed }) => {
    const { features, y } = training;
    const rows = usableRows(training, missing);
    const standardisation = standardisationOf(training.x, features.length, rows);
    const sample = weightedSample(rows, training.weight, maxRows, seed);
    const coefficients = new Float64Array(features.length);
    const flat = quantile(
      Float64Array.from(sample, (r) => y[r]!),
      0.5,
    );
    let intercept = 0;
    for (let f = 0; f < features.length; f++) {
      const present = sample.filter((r) => training.x[r * features.length + f] === training.x[r * features.length + f]);
      const z = present.map((r) => standardised(training, standardisation, r, f));
      if (standardisation.varies[f] === 0 || new Set(z).size < 2) {
        intercept += flat / features.length;
        continue;
      }
      const line = new TheilSenRegression(
        z,
        present.map((r) => y[r]!),
      );
      coefficients[f] = line.slope / features.length;
      intercept += line.intercept / features.length;
    }
    return linearModel({
      kind: "theil_sen",
      features,
      trainingRows: rows.length,
      standardisation,
      missing,
      coefficients,
      intercept,
    });
  },
};

/** A missing feature lies at its centre. */
function standardised({ x, features }: TrainingSet, { centre, scale }: Standardisation, r: number, f: number): number {
  const z = (x[r * features.length + f]! - centre[f]!) / scale[f]!;
  return z === z ? z : 0;
}

/** At most `size` of the rows, ascending: those with the largest log(u) / weight. */
function weightedSample(rows: Int32Array, weight: Float64Array | null, size: number, seed: number): number[] {
  if (rows.length <= size) return [...rows];
  const rng = createRng(seed).fork("theil-sen");
  const keyed = Array.from(rows, (row) => ({ row, key: Math.log(1 - rng.uniform()) / (weight?.[row] ?? 1) }));
  keyed.sort((a, b) => b.key - a.key || a.row - b.row);
  return keyed
    .slice(0, size)
    .map(({ row }) => row)
    .sort((a, b) => a - b);
}
