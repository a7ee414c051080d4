import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { MODELS, type ModelKind, modelFromJson } from "../../src/models/catalogue.ts";
import { FitCancelledError, type FittedModel, type TrainingSet } from "../../src/models/model.ts";
import { randomForest } from "../../src/models/random-forest.ts";
import { xgboost } from "../../src/models/xgboost.ts";
import { CONTEXT, FEATURES, formulaRow, formulaTraining, type PythonCase, pythonFixture } from "./formula-rows.ts";
import { describeWithXgboost } from "./with-xgboost.ts";

const { rows, test_rows: testRows, cases, early_stopping: stopped } = pythonFixture;
const held = formulaTraining(rows, rows + testRows);

const scores = (model: FittedModel, of: TrainingSet = held): Float64Array => {
  const out = new Float64Array(of.y.length);
  model.score(of.x, of.y.length, out);
  return out;
};
const greatestDistance = (a: Float64Array, b: readonly number[]): number =>
  Math.max(...b.map((value, i) => Math.abs(a[i]! - value)));

test("the rows of the fixture are the rows of these tests", () => {
  const { cells, label, weight } = formulaRow(0);
  expect([cells.map((cell) => (Number.isNaN(cell) ? null : cell)), label, weight]).toEqual(pythonFixture.first_row);
});

describeWithXgboost("against Python's xgboost", () => {
  describe.each<PythonCase>(cases)(
    "$name",
    ({ forest, weighted, rounds, parameters, predictions, contributions, gain }) => {
      const training = formulaTraining(0, rows, { weighted });
      let model: FittedModel;
      beforeAll(() => {
        model = forest
          ? randomForest.fit(training, { trees: rounds, library: parameters }, CONTEXT)
          : xgboost.fit(training, { rounds, library: parameters, earlyStopping: null }, CONTEXT);
      });

      test("predicts the same", () => {
        expect(greatestDistance(scores(model), predictions)).toBeLessThanOrEqual(1e-6);
      });

      test("splits each score among the features in the same way", () => {
        const out = new Float64Array(testRows * 6);
        model.contributions!(held.x, testRows, out);
        expect(greatestDistance(out, contributions.flat())).toBeLessThanOrEqual(1e-6);
      });

      test("finds the same gain of each feature", () => {
        const found = model.gainImportance!();
        expect(found.map(({ feature }) => feature)).toEqual([...FEATURES]);
        for (const [f, { value }] of found.entries()) expect(Math.abs(value / gain[f]! - 1)).toBeLessThanOrEqual(1e-6);
      });

      test("predicts the same bits with any number of threads, in any run", () => {
        const again = [1, 2, 3, 1].map((threads) => {
          const { seed, cancelled } = CONTEXT;
          return forest
            ? randomForest.fit(training, { trees: rounds, library: parameters }, { seed, cancelled, threads })
            : xgboost.fit(training, { rounds, library: parameters, earlyStopping: null }, { seed, cancelled, threads });
        });
        for (const other of again) {
          expect(other.toJSON()).toEqual(model.toJSON());
          expect(scores(other)).toEqual(scores(model));
        }
      });
    },
  );

  test("stops where Python stops, and scores with the rounds up to the best", () => {
    const training = formulaTraining(0, rows, { horizon: 5 });
    const earlyStopping = { rounds: stopped.patience, share: 80 / rows };
    const model = xgboost.fit(training, { rounds: 200, library: stopped.parameters, earlyStopping }, CONTEXT);
    const { rounds: kept, trainedRounds } = model.toJSON();
    expect([kept, trainedRounds]).toEqual([stopped.best_iteration + 1, stopped.trained_rounds]);
    expect(model.trainingRows).toBe(rows - 85);
    expect(greatestDistance(scores(model), stopped.predictions)).toBeLessThanOrEqual(1e-6);
  });
});

describeWithXgboost("xgboost and random_forest", () => {
  const sampled = { subsample: 0.6, colsample_bynode: 0.6, max_depth: 4 };
  const fitted = (
    kind: Extract<ModelKind, "xgboost" | "random_forest">,
    seed = 7,
    training = formulaTraining(0, 300),
  ) =>
    kind === "xgboost"
      ? MODELS.xgboost.fit(training, { rounds: 12, library: sampled, earlyStopping: null }, { ...CONTEXT, seed })
      : MODELS.random_forest.fit(training, { trees: 12, library: sampled }, { ...CONTEXT, seed });

  describe.each(["xgboost", "random_forest"] as const)("%s", (kind) => {
    test("hands its seed to the library", () => {
      expect(scores(fitted(kind, 8))).not.toEqual(scores(fitted(kind, 7)));
      expect(scores(fitted(kind, 7))).toEqual(scores(fitted(kind, 7)));
    });

    test("scores the same bits after a save to JSON text and a load", () => {
      const model = fitted(kind);
      const loaded = modelFromJson(JSON.parse(JSON.stringify(model)), 2);
      expect(scores(loaded)).toEqual(scores(model));
      expect(loaded.gainImportance!()).toEqual(model.gainImportance!());
      expect(loaded.toJSON()).toEqual(model.toJSON());
    });

    test("gives contributions that sum to the score", () => {
      const model = fitted(kind);
      const parts = new Float64Array(testRows * (FEATURES.length + 1));
      model.contributions!(held.x, testRows, parts);
      for (const [r, score] of scores(model).entries()) {
        const sum = parts.subarray(r * 6, r * 6 + 6).reduce((total, part) => total + part, 0);
        expect(Math.abs(sum - score)).toBeLessThan(1e-6);
      }
    });

    test("scores a row without any feature NaN, and leaves its neighbours as they are", () => {
      const model = fitted(kind);
      const x = held.x.slice();
      x.fill(Number.NaN, 5, 10);
      const out = new Float64Array(testRows);
      model.score(x, testRows, out);
      const plain = scores(model);
      expect([...out.keys()].filter((r) => Number.isNaN(out[r]!))).toEqual([1]);
      plain[1] = Number.NaN;
      expect(out).toEqual(plain);
      const parts = new Float64Array(6);
      model.contributions!(x.slice(5, 10), 1, parts);
      expect(parts).toEqual(new Float64Array(6).fill(Number.NaN));
    });

    test("scores no rows", () => {
      expect(scores(fitted(kind), formulaTraining(0, 0))).toEqual(new Float64Array(0));
    });

    test("scores each row as if it were alone, also where rows are predicted in several parts", () => {
      const model = fitted(kind);
      const many = 66_000;
      const x = new Float64Array(many * 5);
      for (let r = 0; r < many; r++) x.set(held.x.subarray((r % testRows) * 5, (r % testRows) * 5 + 5), r * 5);
      const out = new Float64Array(many);
      model.score(x, many, out);
      const once = scores(model);
      expect(out.every((score, r) => score === once[r % testRows]!)).toBe(true);
    });

    test("refuses arrays of another shape before the library sees them", () => {
      const model = fitted(kind);
      expect(() => model.score(held.x.subarray(1), testRows, new Float64Array(testRows))).toThrow(RangeError);
      expect(() => model.score(held.x, testRows, new Float64Array(testRows - 1))).toThrow(RangeError);
      const single = Float32Array.from(held.x) as unknown as Float64Array;
      expect(() => model.score(single, testRows, new Float64Array(testRows))).toThrow("Float64Array");
    });

    test("says which feature is too large for 32 bits", () => {
      const training = formulaTraining(0, 50);
      training.x[7] = 1e39;
      expect(() => fitted(kind, 7, training)).toThrow("feature f2: is too large for 32-bit floats, got 1e+39");
    });

    test("refuses a training set without a usable row", () => {
      const training = formulaTraining(0, 5);
      training.y.fill(Number.NaN);
      expect(() => fitted(kind, 7, training)).toThrow("training rows: none has a label and features, got 5");
    });

    test("starts from the mean label, so that a model that cannot split says the mean", () => {
      const training = formulaTraining(0, 64);
      const mean = training.y.reduce((sum, label) => sum + label, 0) / 64;
      const gamma = { gamma: 1e6, tree_method: "exact" };
      const model =
        kind === "xgboost"
          ? MODELS.xgboost.fit(training, { rounds: 3, library: gamma, earlyStopping: null }, CONTEXT)
          : MODELS.random_forest.fit(training, { trees: 3, library: gamma }, CONTEXT);
      for (const score of scores(model)) expect(Math.abs(score - mean)).toBeLessThan(1e-8);
      expect(model.gainImportance!().map(({ value }) => value)).toEqual([0, 0, 0, 0, 0]);
    });

    test("fits after a fit that was cancelled, and between fits of other seeds, as if it were alone", () => {
      const alone = scores(fitted(kind, 7));
      fitted(kind, 11);
      expect(() =>
        MODELS.xgboost.fit(
          formulaTraining(0, 300),
          { rounds: 5, library: {}, earlyStopping: null },
          { ...CONTEXT, cancelled: () => true },
        ),
      ).toThrow(FitCancelledError);
      expect(scores(fitted(kind, 7))).toEqual(alone);
    });
  });

  test("asks before each round whether it was cancelled", () => {
    let asked = 0;
    const cancelled = () => ++asked > 3;
    const interrupted = () =>
      xgboost.fit(formulaTraining(0, 50), { rounds: 10, library: {}, earlyStopping: null }, { ...CONTEXT, cancelled });
    expect(interrupted).toThrow("xgboost: the fit was cancelled");
    expect(asked).toBe(4);
  });

  test("a row without weight counts for nothing", () => {
    const whole = { ...formulaTraining(0, 120), weight: new Float64Array(120).fill(1, 0, 100) };
    const part = { ...formulaTraining(0, 100), weight: new Float64Array(100).fill(1) };
    expect(scores(fitted("xgboost", 7, whole))).toEqual(scores(fitted("xgboost", 7, part)));
  });

  test("a monotone feature is monotone in the scores", () => {
    const library = { monotone_constraints: { f1: -1, f2: 1 } };
    const model = xgboost.fit(formulaTraining(0, 300), { rounds: 20, library, earlyStopping: null }, CONTEXT);
    const steps = fc.tuple(
      fc.nat(testRows - 1),
      fc.double({ min: -8, max: 8, noNaN: true }),
      fc.double({ min: 0, max: 8, noNaN: true }),
    );
    fc.assert(
      fc.property(steps, ([r, at, up]) => {
        const row = (f: number, value: number) => held.x.slice(r * 5, r * 5 + 5).with(f, value);
        const out = new Float64Array(4);
        const x = [row(1, at), row(1, at + up), row(2, at), row(2, at + up)].flatMap((cells) => [...cells]);
        model.score(Float64Array.from(x), 4, out);
        expect(out[1]!).toBeLessThanOrEqual(out[0]!);
        expect(out[3]!).toBeGreaterThanOrEqual(out[2]!);
      }),
      { numRuns: 40 },
    );
  });

  test("features that may not interact add up", () => {
    const library = { interaction_constraints: FEATURES.map((name) => [name]), max_depth: 4 };
    const model = xgboost.fit(formulaTraining(0, 300), { rounds: 20, library, earlyStopping: null }, CONTEXT);
    const out = new Float64Array(4);
    const rowsOf = [
      [-3, -3],
      [4, -3],
      [-3, 4],
      [4, 4],
    ].flatMap(([a, b]) => [a!, b!, 0.5, 0.5, 0.5]);
    model.score(Float64Array.from(rowsOf), 4, out);
    expect(out[1]! - out[0]!).not.toBe(0);
    expect(Math.abs(out[3]! - out[2]! - (out[1]! - out[0]!))).toBeLessThan(1e-7);
  });

  test("early stopping cannot go with dart, nor with a window too short for it", () => {
    const stopEarly = (library: object, to: number, horizon: number) =>
      xgboost.fit(
        formulaTraining(0, to, { horizon }),
        { rounds: 5, library, earlyStopping: { rounds: 2, share: 0.5 } },
        CONTEXT,
      );
    expect(() => stopEarly({ booster: "dart" }, 50, 1)).toThrow("early_stopping: cannot go with booster dart");
    expect(() => stopEarly({}, 10, 6)).toThrow("early_stopping.share: leaves no row to learn from");
    expect(stopEarly({}, 10, 4).trainingRows).toBe(1);
  });

  test("takes any seed, and threads that are a whole number above 0", () => {
    const fitIn = (context: object) =>
      xgboost.fit(
        formulaTraining(0, 90),
        { rounds: 3, library: sampled, earlyStopping: null },
        { ...CONTEXT, ...context },
      );
    const [negative, large] = [scores(fitIn({ seed: -1 })), scores(fitIn({ seed: 2 ** 40 }))];
    expect(negative).not.toEqual(large);
    expect(scores(fitIn({ seed: -1 }))).toEqual(negative);
    expect(() => fitIn({ threads: 0 })).toThrow("threads must be a whole number >= 1");
  });

  test("passes on what XGBoost says about parameters that do not go together, without its time and line", () => {
    const library = { max_depth: 0, tree_method: "exact" };
    const refused = () => xgboost.fit(formulaTraining(0, 9), { rounds: 1, library, earlyStopping: null }, CONTEXT);
    expect(refused).toThrow(InputError);
    expect(refused).toThrow(
      "params of xgboost: XGBoost refuses them: XGBoosterUpdateOneIter: Check failed: param_.max_depth > 0 (0 vs. 0) : exact tree method doesn't support unlimited depth.",
    );
  });
});
