/** Stacking: ridge of labels on [score_ranking, score_model, rank_ranking, rank_model], score = z and rank = (rank -
 *  1/2) / n of the row, pooled over all rows whose labels have ended, so never on a row it predicts. Features are
 *  standardised, the intercept is left free. Predictions are put on the z scale: what they order is all that is kept,
 *  and bars before the first fit, which are weighted, stay comparable. Normal equations by Cholesky from moments that
 *  only grow, so that a fit costs nothing however long the past is. */
import { fail, ok, type Result } from "../../core/result.ts";
import { cholesky, choleskySolve } from "../../math/cholesky.ts";
import { gaussianRanks } from "../../math/gaussian-rank.ts";
import { normalCdf } from "../../math/normal.ts";
import { type Combiner, type EnsemblePanels, type EnsembleState, isMatured, noteFallback } from "./combiner.ts";
import { type RowSpace, scaleRow, writeOneSide, writeWeighted } from "./score-row.ts";

/** Features, and the label as the last variable. */
const F = 4;
const V = F + 1;

/** Predictions closer than this share of the labels' deviation, or of the row's largest, are one. */
const EQUAL_PREDICTIONS = 1e-10;

export interface StackingState extends EnsembleState {
  /** Rows with at least one cell learnt from, and cells. */
  maturedBars: number;
  samples: number;
  /** [V] means and [V*V] sums of products of offsets from them, over all samples. */
  readonly means: Float64Array;
  readonly products: Float64Array;
  /** -1 = never tried. */
  fitBar: number;
  /** null = the last fit failed, or there was none. */
  coefficients: readonly number[] | null;
}

export const stacking: Combiner<StackingState> = {
  init() {
    return {
      nextRow: 0,
      events: [],
      maturedBars: 0,
      samples: 0,
      means: new Float64Array(V),
      products: new Float64Array(V * V),
      fitBar: -1,
      coefficients: null,
    };
  },

  step(state, bar, panels, policy, space, out) {
    const row = bar * panels.assets;
    for (; isMatured(panels, state.nextRow, bar); state.nextRow++) learnRow(state, panels, space);
    const { minMaturedBars, refitBars, ridgeAlpha } = policy;
    const isDue = state.fitBar < 0 || bar - state.fitBar >= refitBars;
    const isHeldOut = panels.holdoutBar !== null && bar >= panels.holdoutBar;
    if (state.maturedBars >= minMaturedBars && isDue && !isHeldOut) refit(state, bar, ridgeAlpha);
    const missing = scaleRow(panels, bar, space);
    if (missing !== null) {
      if (missing !== "neither") noteFallback(state, "stacking", missing, bar);
      writeOneSide(missing, space, row, out);
    } else if (state.coefficients === null) {
      const reason = state.fitBar < 0 ? "no_matured_labels" : "singular";
      noteFallback(state, "stacking", reason, bar, state.maturedBars, minMaturedBars);
      writeWeighted(policy.wRanking, policy.wModel, space, row, out);
    } else writePredictions(state.coefficients, deviationOf(state, F), space, row, out);
  },
};

/** Adds the cells of state.nextRow that have both scores and a label. */
function learnRow(state: StackingState, panels: EnsemblePanels, space: RowSpace): void {
  const { assets, labels } = panels;
  if (scaleRow(panels, state.nextRow, space) !== null) return;
  const before = state.samples;
  for (let n = 0; n < assets; n++) {
    const label = labels[state.nextRow * assets + n]!;
    if (label !== label || space.ranking[n] !== space.ranking[n] || space.model[n] !== space.model[n]) continue;
    readFeatures(space, n);
    space.sample[F] = label;
    learnSample(state, space.sample);
  }
  if (state.samples > before) state.maturedBars++;
}

/** One sample into the moments: Welford's update in five variables. */
function learnSample(state: StackingState, sample: Float64Array): void {
  const { means, products } = state;
  state.samples++;
  for (let j = 0; j < V; j++) {
    const offset = sample[j]! - means[j]!;
    means[j] = means[j]! + offset / state.samples;
    // j from its old mean, the variables up to j from their new ones.
    for (let k = 0; k <= j; k++) products[j * V + k] = products[j * V + k]! + offset * (sample[k]! - means[k]!);
  }
}

/** Features of asset n of the scaled row into `sample`; NaN where a side has no score. */
function readFeatures({ ranking, model, sample }: RowSpace, n: number): void {
  sample[0] = ranking[n]!;
  sample[1] = model[n]!;
  sample[2] = normalCdf(ranking[n]!);
  sample[3] = normalCdf(model[n]!);
}

function refit(state: StackingState, bar: number, ridgeAlpha: number): void {
  state.fitBar = bar;
  const solved = solveRidge(state, ridgeAlpha);
  state.coefficients = solved.ok ? solved.value : null;
  if (solved.ok)
    state.events.push({
      kind: "ensemble_fit",
      bar,
      maturedBars: state.maturedBars,
      samples: state.samples,
      coefficients: solved.value,
    });
}

/** Coefficients per unit of each feature; a feature that never varied has 0. */
function solveRidge(state: StackingState, alpha: number): Result<readonly number[]> {
  const { samples, products } = state;
  if (samples < 2) return fail("fewer than two samples");
  const deviations = Float64Array.from({ length: F }, (_, j) => deviationOf(state, j));
  const matrix = new Float64Array(F * F);
  const b = new Float64Array(F);
  for (let j = 0; j < F; j++) {
    const scale = deviations[j]!;
    for (let k = 0; k < j; k++) {
      const both = scale * deviations[k]!;
      matrix[j * F + k] = both > 0 ? products[j * V + k]! / both : 0;
    }
    matrix[j * F + j] = (scale > 0 ? samples - 1 : 1) + alpha;
    b[j] = scale > 0 ? products[F * V + j]! / scale : 0;
  }
  const factor = cholesky(matrix, F, matrix);
  if (!factor.ok) return factor;
  choleskySolve(matrix, F, b, b);
  return ok(Array.from(b, (value, j) => (deviations[j]! > 0 ? value / deviations[j]! : 0)));
}

/** Sample deviation (ddof 1) of a variable over all that was learnt. */
function deviationOf({ samples, products }: StackingState, j: number): number {
  return Math.sqrt(products[j * V + j]! / (samples - 1));
}

function writePredictions(
  coefficients: readonly number[],
  labelDeviation: number,
  space: RowSpace,
  row: number,
  out: Float64Array,
): void {
  const { sample, prediction, z } = space;
  let largest = labelDeviation;
  for (let n = 0; n < prediction.length; n++) {
    readFeatures(space, n);
    let sum = 0;
    for (let j = 0; j < F; j++) sum += coefficients[j]! * sample[j]!;
    prediction[n] = sum;
    if (Math.abs(sum) > largest) largest = Math.abs(sum);
  }
  // Predictions that are equal but for rounding would else be ranked by the order in which cells were summed.
  const grain = largest * EQUAL_PREDICTIONS;
  if (grain > 0) for (let n = 0; n < prediction.length; n++) prediction[n] = Math.round(prediction[n]! / grain);
  gaussianRanks(prediction, 0, prediction.length, space.ranks, z);
  out.set(z, row);
}
