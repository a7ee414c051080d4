/** Measured out-of-sample ICs against what is known: a feature of stated power, and none at all. */
import { describe, expect, test } from "vitest";
import type { ScorerEvaluation } from "../../src/core/model-record.ts";
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import { computeFeatures } from "../../src/data/features/compute-features.ts";
import { SAMPLE_TRUTH, sampleMarket } from "../../src/data/sample.ts";
import { combineModels } from "../../src/experiment/combine-models.ts";
import { featureSpecs } from "../../src/experiment/feature-schema.ts";
import { modelRecord } from "../../src/experiment/model-record.ts";
import { rankingPolicy } from "../../src/experiment/ranking-policy.ts";
import { SCORES_ONLY, trainModels } from "../../src/experiment/train-models.ts";
import { evaluateScores } from "../../src/models/evaluate-scores.ts";
import { xgboostObstacle } from "../../src/models/xgboost-library.ts";
import { rankingScores } from "../../src/ranking/composite-score.ts";
import { noiseMarket, type TrainingConfig, trainingConfig } from "../support/training.ts";

const obstacle = xgboostObstacle();
const trees = obstacle === null ? ", random_forest, xgboost" : "";
const title = obstacle === null ? "" : ` (trees left out: ${obstacle})`;

async function evaluated(config: TrainingConfig, market: Ohlcv): Promise<readonly ScorerEvaluation[]> {
  const features = computeFeatures(market, featureSpecs(config.features!));
  const ranking =
    config.ranking === undefined
      ? null
      : rankingScores(features, market.axes, market.close, rankingPolicy(config.ranking));
  const trained = await trainModels(config, market, features, SCORES_ONLY);
  const combined = combineModels(config, market.axes.assets.length, ranking, trained);
  return modelRecord(config, market, trained, combined).evaluations;
}

const MODELS = `model_type: [ridge, ols, theil_sen${trees}], rf_n_estimators: 40, xgb_n_estimators: 30, params: {theil_sen: {max_rows: 1500}, random_forest: {max_depth: 3}, xgboost: {max_depth: 2, learning_rate: 0.1, min_child_weight: 50}}`;
const COMBINERS = "ensemble: {kind: [weighted, stacking, conditional]}";

describe(`on the sample market${title}`, () => {
  const [quality] = SAMPLE_TRUTH.signals;
  const config = trainingConfig(
    `label: demeaned, ${MODELS}, walk_forward: {train_bars: 500, test_bars: 250}, horizons: {short: 5, long: 20}`,
    `
features: [{name: column, column: quality_signal}, {name: column, column: news_sentiment}]
ranking: {short: {feature_weights: {quality_signal: 1}}, long: {feature_weights: {quality_signal: 1}}}
${COMBINERS}`,
  );

  test("every model and combiner finds the stated IC, within three errors of its mean over two markets", async () => {
    const bySeed = await Promise.all(
      [1, 2].map((seed) => evaluated(config, sampleMarket({ seed, assets: 40, bars: 1500 }))),
    );
    const scorers = bySeed[0]!.flatMap(({ name, score }, i) => (score === "short" ? [{ name, i }] : []));
    expect(scorers.length).toBe(obstacle === null ? 9 : 7);
    for (const { name, i } of scorers) {
      const means = bySeed.map((evaluations) => evaluations[i]!.development.ic);
      const mean = means.reduce((sum, ic) => sum + ic.mean, 0) / means.length;
      const error = Math.sqrt(means.reduce((sum, ic) => sum + (ic.mean / ic.tStatNeweyWest) ** 2, 0)) / means.length;
      expect(Math.abs(mean - quality.informationCoefficient), name).toBeLessThan(3 * error);
      // and that is no statement about wide errors
      expect(mean / error, name).toBeGreaterThan(3);
    }
  });
});

describe(`on pure noise${title}`, () => {
  test("no model and no combiner is further from zero than chance takes it", async () => {
    const others = `
ranking: {short: {feature_weights: {noise_a: 1}}, long: {feature_weights: {slow: 1}}}
${COMBINERS}`;
    const evaluations = await evaluated(trainingConfig(`label: demeaned, ${MODELS}`, others), noiseMarket(11, 500, 25));
    expect(evaluations.length).toBe(4 * (obstacle === null ? 9 : 7));
    for (const { name, score, horizon, development } of evaluations) {
      expect(Math.abs(development.rankIc.tStatNeweyWest), `${name} ${score} ${horizon}`).toBeLessThan(3.5);
      expect(development.ic.dates).toBeGreaterThan(400);
    }
  });

  test("while a feature that is the label shifted one bar too far is found at once", async () => {
    // open[t+1] / open[t-1] - 1 is the label of row t - 2 for two bars: from row t - 3 on it would be known at t.
    const market = noiseMarket(12, 300, 25);
    const leaked = Float64Array.from(market.open, (_, i) => market.open[i + 25 * 3]! / market.open[i + 25]! - 1);
    const config = trainingConfig("label: demeaned", "features: [{name: column, column: leak}]");
    const [short] = await evaluated(config, { ...market, extras: new Map([["leak", leaked]]) });
    expect(short!.development.rankIc.mean).toBeGreaterThan(0.99);
    const known = Float64Array.from(market.open, (_, i) => market.open[i]! / market.open[i - 50]! - 1);
    const [honest] = await evaluated(config, { ...market, extras: new Map([["leak", known]]) });
    expect(Math.abs(honest!.development.rankIc.tStatNeweyWest)).toBeLessThan(3.5);
  });
});

test("scores that know the label have rank IC 1, turned around -1, and both quantiles say so", () => {
  const market = noiseMarket(3, 60, 10);
  const labels = Float64Array.from(market.open, (_, i) => market.open[i + 30]! / market.open[i + 10]! - 1);
  const splits = [
    { fold: 0, train: [], test: [{ from: 20, to: 60 }], purgedRows: 0, embargoedRows: 0, holdout: false },
  ];
  const of = (scores: Float64Array) =>
    evaluateScores({
      scores,
      fittedTo: labels,
      open: market.open,
      assets: 10,
      horizonBars: 2,
      splits,
      holdoutBar: null,
    });
  const right = of(labels);
  expect(right.development.rankIc.mean).toBe(1);
  // rows 20 .. 56: the label of 57 would end at bar 60
  expect(right.bars).toEqual(Array.from({ length: 37 }, (_, i) => 20 + i));
  expect(right.development.fit).toEqual({ pairs: 370, rmse: 0, signHit: 1 });
  expect(right.development.quantiles!.spread.mean).toBeGreaterThan(0);
  const wrong = of(labels.map((x) => -x));
  expect(wrong.development.rankIc.mean).toBe(-1);
  expect(wrong.development.quantiles!.spread.mean).toBeCloseTo(-right.development.quantiles!.spread.mean, 12);
  expect(wrong.development.decay.map(({ horizonBars }) => horizonBars)).toEqual([1, 2, 3, 5, 10, 20, 60]);
});
