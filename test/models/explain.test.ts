import { expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { explainModel, type RowsToExplain } from "../../src/models/explain.ts";
import type { FittedModel } from "../../src/models/model.ts";
import { xgboost } from "../../src/models/xgboost.ts";
import { CONTEXT, formulaTraining } from "./formula-rows.ts";
import { describeWithXgboost } from "./with-xgboost.ts";

/** Scores a + 0 * b, and says so. */
const first: FittedModel = {
  kind: "first",
  features: ["a", "b"],
  trainingRows: 1,
  score: (x, rows, out) => {
    for (let r = 0; r < rows; r++) out[r] = x[2 * r]!;
  },
  coefficients: () => [
    { feature: "a", value: 2, rawValue: 1 },
    { feature: "b", value: 0, rawValue: 0 },
  ],
  toJSON: () => ({ kind: "first", features: ["a", "b"], trainingRows: 1 }),
};

/** Dates of ten assets; the label is a, and a level of the date that no model knows. */
function rowsOf(dates: number): RowsToExplain {
  const rng = createRng(3);
  const rows = dates * 10;
  const x = Float64Array.from({ length: rows * 2 }, () => rng.normal());
  const bar = Int32Array.from({ length: rows }, (_, r) => Math.floor(r / 10));
  return { x, bar, label: Float64Array.from(bar, (t, r) => x[2 * r]! + 100 * t) };
}

test("permutation: what the score stands on costs its whole IC, what it does not read costs exactly nothing", () => {
  const rows = rowsOf(200);
  const before = rows.x.slice();
  const { permutation, coefficients, rawCoefficients, gain, shap } = explainModel(first, rows, 5);
  // 1 less the mean of 200 ICs of ten shuffled assets, whose error is 1 / sqrt(9 * 200) = 0.024
  expect(Math.abs(permutation![0]! - 1)).toBeLessThan(3 * 0.024);
  expect(permutation![1]).toBe(0);
  expect([coefficients, rawCoefficients]).toEqual([
    [2, 0],
    [1, 0],
  ]);
  expect([gain, shap]).toEqual([null, null]);
  expect(rows.x).toEqual(before);
  expect(explainModel(first, rows, 5).permutation).toEqual(permutation);
  expect(explainModel(first, rows, 6).permutation).not.toEqual(permutation);
});

test("permutation: is null without labels, and dates without any count for nobody", () => {
  const rows = rowsOf(20);
  const none = rows.label.map(() => Number.NaN);
  expect(explainModel(first, { ...rows, label: none }, 1).permutation).toBe(null);
  const some = rows.label.map((y, r) => (r < 100 ? y : Number.NaN));
  const head = { x: rows.x.subarray(0, 200), bar: rows.bar.subarray(0, 100), label: rows.label.subarray(0, 100) };
  expect(explainModel(first, { ...rows, label: some }, 1).permutation).toEqual(
    explainModel(first, head, 1).permutation,
  );
});

test("permutation: of no rows is null", () => {
  const empty = { x: new Float64Array(0), bar: new Int32Array(0), label: new Float64Array(0) };
  expect(explainModel(first, empty, 1).permutation).toBe(null);
});

describeWithXgboost("SHAP", () => {
  test("is the mean size of XGBoost's contributions, row by row, and null where no row has a score", () => {
    const training = formulaTraining(0, 300);
    const model = xgboost.fit(training, { rounds: 5, library: { max_depth: 3 }, earlyStopping: null }, CONTEXT);
    const rows = { x: training.x, bar: training.bar, label: training.y };
    const parts = new Float64Array(300 * 6);
    model.contributions!(training.x, 300, parts);
    const { shap } = explainModel(model, rows, 1);
    for (let f = 0; f < 5; f++) {
      let sum = 0;
      for (let r = 0; r < 300; r++) sum += Math.abs(parts[r * 6 + f]!);
      expect(shap![f]).toBeCloseTo(sum / 300, 12);
    }
    const unknown = {
      x: new Float64Array(10).fill(Number.NaN),
      bar: Int32Array.of(0, 0),
      label: Float64Array.of(1, 2),
    };
    expect(explainModel(model, unknown, 1).shap).toBe(null);
  });
});
