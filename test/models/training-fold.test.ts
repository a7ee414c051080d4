import { describe, expect, test } from "vitest";
import { trainingSetOf } from "../../src/models/design-matrix.ts";
import { forwardReturns } from "../../src/models/labels.ts";
import { ridge } from "../../src/models/ridge.ts";
import { recencyWeights } from "../../src/models/sample-weights.ts";
import { type FoldTask, trainFold } from "../../src/models/training-fold.ts";
import { sharedPlane, trainFolds } from "../../src/models/training-pool.ts";
import { noiseMarket } from "../support/training.ts";

const market = noiseMarket(8, 100, 6);
const { values: labels } = forwardReturns(market, 3, "raw");
const features = { names: ["a", "b"], values: ["noise_a", "slow"].map((name) => market.extras.get(name)!), assets: 6 };
const ON_THIS_THREAD = { threads: 1, cancelled: () => false };

// h = 3: the label of row 55 ends at bar 59, before the test from 60.
const task = (changes: Partial<FoldTask> = {}): FoldTask => ({
  model: "ridge",
  parameters: { alpha: 4, missing: "impute" },
  tuning: null,
  horizonBars: 3,
  train: { from: 0, to: 56 },
  test: { from: 60, to: 70 },
  halfLifeBars: null,
  seed: 1,
  explainBefore: null,
  ...changes,
});

describe("trainFold", () => {
  test("is the model fitted to the window's rows, and its scores of the test's cells", () => {
    const { set } = trainingSetOf(
      features,
      { values: labels, endBar: (t) => t + 4 },
      { from: 0, to: 56, knownBefore: 60 },
      null,
    );
    const model = ridge.fit(set, { alpha: 4, missing: "impute" }, { seed: 1, ...ON_THIS_THREAD });
    const result = trainFold(task(), features, labels, ON_THIS_THREAD);
    expect(result.model).toEqual(model.toJSON());
    expect(result.model.trainingRows).toBe(56 * 6);
    expect([...result.cells]).toEqual(Array.from({ length: 60 }, (_, i) => 360 + i));
    const x = Float64Array.from([...result.cells].flatMap((cell) => features.values.map((plane) => plane[cell]!)));
    const scores = new Float64Array(60);
    model.score(x, 60, scores);
    expect(result.scores).toEqual(scores);
    expect(result).toMatchObject({ trials: [], chosenTrial: -1, rounds: null, explanation: null });
  });

  test("weighs rows by recency when told to", () => {
    const { set } = trainingSetOf(
      features,
      { values: labels, endBar: (t) => t + 4 },
      { from: 0, to: 56, knownBefore: 60 },
      null,
    );
    const weight = new Float64Array(set.y.length);
    recencyWeights(set.bar, 10, weight);
    const model = ridge.fit({ ...set, weight }, { alpha: 4, missing: "impute" }, { seed: 1, ...ON_THIS_THREAD });
    expect(trainFold(task({ halfLifeBars: 10 }), features, labels, ON_THIS_THREAD).model).toEqual(model.toJSON());
  });

  test("is explained by labels that end before the bar it is told, and by none without one", () => {
    const explained = (explainBefore: number) =>
      trainFold(task({ explainBefore }), features, labels, ON_THIS_THREAD).explanation!.permutation;
    // of the test's rows 60 .. 69 the first label ends at bar 64
    expect(explained(64)).toBe(null);
    expect(explained(65)).not.toBe(null);
    expect(explained(65)).not.toEqual(explained(70));
  });

  test("refuses a window whose labels end in the test: no split makes one", () => {
    // the label of row 56 ends at bar 60: six rows
    expect(() => trainFold(task({ train: { from: 0, to: 57 } }), features, labels, ON_THIS_THREAD)).toThrow(
      "trainFold: 6 training rows have labels that end in the test",
    );
  });
});

for (const workers of [1, 2])
  test(`trainFolds with ${workers}: an error that is nobody's input names its task as well`, async () => {
    const tasks = [task(), task({ train: { from: 0, to: 57 } })].map((each, i) => ({
      name: `fold ${i}`,
      task: each,
      labels: 0,
    }));
    const shared = { ...features, values: features.values.map((plane) => sharedPlane(plane)) };
    const planes = { features: shared, labels: [sharedPlane(labels)] };
    const done: number[] = [];
    const training = trainFolds(tasks, planes, { workers, threads: 1, onResult: (i) => done.push(i) });
    await expect(training).rejects.toThrow(/^fold 1: trainFold: 6 training rows have labels/);
    expect(done).not.toContain(1);
  });
