import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { groupByDate, sumRankIc } from "../../src/models/date-groups.ts";
import { trainingSetOf } from "../../src/models/design-matrix.ts";
import { forwardReturns } from "../../src/models/labels.ts";
import type { TrainingSet } from "../../src/models/model.ts";
import { rowCount } from "../../src/models/split.ts";
import { rowsWithin } from "../../src/models/training-subset.ts";
import { type Candidate, fitModel, innerSplits, type TuningPolicy, tune } from "../../src/models/tuning.ts";
import { noiseMarket } from "../support/training.ts";
import { CONTEXT } from "./formula-rows.ts";
import { describeWithXgboost } from "./with-xgboost.ts";

const KFOLD: TuningPolicy = { folds: 4, testFolds: 1, embargoBars: 0, minTrainRows: 1 };

/** Rows of bars 0 .. bars - 1, `assets` each; x0 as given, y = slope * x0 + noise. */
function rowsOf(bars: number, assets: number, slope: number, seed = 1): TrainingSet {
  const rng = createRng(seed);
  const rows = bars * assets;
  const x = Float64Array.from({ length: rows * 2 }, () => rng.normal());
  const bar = Int32Array.from({ length: rows }, (_, r) => Math.floor(r / assets));
  return {
    features: ["a", "b"],
    x,
    y: Float64Array.from({ length: rows }, (_, r) => slope * x[2 * r]! + rng.normal()),
    weight: null,
    bar,
    labelEnd: bar.map((t) => t + 2),
  };
}

const ridges = (...alphas: number[]): Candidate[] =>
  alphas.map((alpha) => ({ tried: { ridge_alpha: alpha }, parameters: { alpha, missing: "impute" } }));

describe("innerSplits", () => {
  test("split the window's own bars, purge both sides of a test, and leave no label that ends outside", () => {
    // Window 100 .. 139, h = 3, four tests of ten bars. The test from 110 to 120: rows before it end by 109, so 100 ..
    // 105 (105 + 1 + 3 = 109); its last label, of 119, ends at 123, so rows go on at 124.
    const splits = innerSplits({ from: 100, to: 140 }, 3, KFOLD);
    expect(splits.map(({ test }) => test)).toEqual([100, 110, 120, 130].map((from) => [{ from, to: from + 10 }]));
    expect(splits[1]!.train).toEqual([
      { from: 100, to: 106 },
      { from: 124, to: 140 },
    ]);
    expect(splits.map(({ train }) => rowCount(train))).toEqual([26, 22, 22, 26]);
  });

  test("with two folds tested together are all six pairs of four", () => {
    expect(innerSplits({ from: 0, to: 40 }, 1, { ...KFOLD, testFolds: 2 })).toHaveLength(6);
  });
});

describe("tune", () => {
  const window = { from: 0, to: 80 };

  test("says each candidate's mean rank IC over all inner test dates, as by fitting it there", () => {
    const set = rowsOf(80, 6, 0.5);
    const candidates = ridges(1, 1e6);
    const tuned = tune("ridge", candidates, KFOLD, { set, window, horizonBars: 1 }, CONTEXT);
    for (const [c, { parameters }] of candidates.entries()) {
      let sum = 0;
      let dates = 0;
      for (const { train, test } of innerSplits(window, 1, KFOLD)) {
        const rows = rowsWithin(set, test);
        const out = new Float64Array(rows.y.length);
        fitModel("ridge", rowsWithin(set, train), parameters, CONTEXT).score(rows.x, out.length, out);
        const part = sumRankIc(groupByDate(rows.bar), out, rows.y);
        sum += part.sum;
        dates += part.dates;
      }
      expect(dates).toBe(80);
      expect(tuned.trials[c]!.meanRankIc).toBeCloseTo(sum / dates, 12);
    }
    expect(tuned.trials.map(({ parameters }) => parameters)).toEqual([{ ridge_alpha: 1 }, { ridge_alpha: 1e6 }]);
  });

  test("takes the best, and the first of equals", () => {
    const set = rowsOf(80, 6, 0.5);
    const { trials, chosen } = tune("ridge", ridges(1e9, 1, 1), KFOLD, { set, window, horizonBars: 1 }, CONTEXT);
    expect(trials[1]!.meanRankIc).toBe(trials[2]!.meanRankIc);
    expect(chosen).toBe(trials[0]!.meanRankIc > trials[1]!.meanRankIc ? 0 : 1);
    const most = Math.max(...trials.map(({ meanRankIc }) => meanRankIc));
    expect(trials[chosen]!.meanRankIc).toBe(most);
    const alike = tune("ridge", ridges(5, 5), KFOLD, { set, window, horizonBars: 1 }, CONTEXT);
    expect(alike.chosen).toBe(0);
  });

  test("takes the first where no date has an IC: with two assets none has", () => {
    const set = rowsOf(80, 2, 0.5);
    const { trials, chosen } = tune("ridge", ridges(1, 2), KFOLD, { set, window, horizonBars: 1 }, CONTEXT);
    expect(trials.every(({ meanRankIc }) => Number.isNaN(meanRankIc))).toBe(true);
    expect(chosen).toBe(0);
  });
});

describeWithXgboost("k-fold on labels that overlap", () => {
  // Labels over 20 bars are alike from one bar to the next, and `place` names bar and asset: trees that saw the
  // neighbours of a test row have seen most of its label. In the market nothing can be foretold.
  const market = noiseMarket(21, 260, 20);
  const { values, endBar } = forwardReturns(market, 20, "demeaned");
  const place = Float64Array.from(values, (_, i) => 1000 * (i % 20) + Math.floor(i / 20));
  const features = { names: ["place"], values: [place], assets: 20 };
  const window = { from: 0, to: 200 };
  const { set } = trainingSetOf(features, { values, endBar: (t) => endBar[t]! }, { ...window, knownBefore: 240 }, null);
  const parameters = { rounds: 60, library: { max_depth: 10, learning_rate: 0.3 }, earlyStopping: null };

  /** Mean rank IC of deep trees where each test's training rows are those given. */
  function meanRankIc(trainOf: (from: number, to: number) => { from: number; to: number }[]): number {
    let sum = 0;
    let dates = 0;
    for (let from = 0; from < 200; from += 10) {
      const rows = rowsWithin(set, [{ from, to: from + 10 }]);
      const out = new Float64Array(rows.y.length);
      const model = fitModel("xgboost", rowsWithin(set, trainOf(from, from + 10)), parameters, CONTEXT);
      model.score(rows.x, out.length, out);
      const part = sumRankIc(groupByDate(rows.bar), out, rows.y);
      sum += part.sum;
      dates += part.dates;
    }
    return sum / dates;
  }

  test("finds skill that is not there unless it is purged", () => {
    const policy = { folds: 20, testFolds: 1, embargoBars: 0, minTrainRows: 1 };
    const candidates = [{ tried: {}, parameters }];
    const { trials } = tune("xgboost", candidates, policy, { set, window, horizonBars: 20 }, CONTEXT);
    const unpurged = meanRankIc((from, to) => [
      { from: 0, to: from },
      { from: to, to: 200 },
    ]);
    expect(unpurged).toBeGreaterThan(0.4);
    // 200 dates with labels over 20 bars are 10 of their own; a rank IC of 20 assets is off by 1 / sqrt(19) = 0.23, so
    // their mean by 0.073
    expect(Math.abs(trials[0]!.meanRankIc)).toBeLessThan(3 * 0.073);
  });
});
