import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { modelFromJson } from "../../src/models/catalogue.ts";
import { ols } from "../../src/models/linear-baselines.ts";
import type { FittedModel, TrainingSet } from "../../src/models/model.ts";
import { ridge, ridgePath } from "../../src/models/ridge.ts";
import { describeWith, readOracle } from "../support/oracle.ts";
import { CONTEXT, FEATURES, formulaTraining } from "./formula-rows.ts";

const scores = (model: FittedModel, x: Float64Array): Float64Array => {
  const out = new Float64Array(x.length / model.features.length);
  model.score(x, out.length, out);
  return out;
};

/** Rows of one column each, without weights; bars count up. */
const training = (
  features: readonly string[],
  rows: readonly (readonly number[])[],
  y: readonly number[],
): TrainingSet => ({
  features,
  x: Float64Array.from(rows.flat()),
  y: Float64Array.from(y),
  weight: null,
  bar: Int32Array.from(y.keys()),
  labelEnd: Int32Array.from(y.keys(), (t) => t + 1),
});

interface OracleFit {
  readonly coef_standardised: readonly number[];
  readonly intercept: number;
  readonly coef_raw_units: readonly number[];
  readonly intercept_raw_units: number;
  readonly predictions_test: readonly number[];
  readonly weighted_on_same_Z: { readonly coef: readonly number[]; readonly intercept: number };
}

interface OracleCase {
  readonly name: string;
  readonly input: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly [date: string, symbol: string])[];
    readonly values: readonly (readonly (number | null)[])[];
    readonly train_dates: readonly string[];
    readonly test_dates: readonly string[];
  };
  readonly expected: {
    readonly n_train_clean: number;
    readonly n_test_clean: number;
    readonly test_rows: readonly (readonly [string, string])[];
    readonly scaler_mean: readonly number[];
    readonly scaler_scale_ddof0: readonly number[];
    readonly ridge: Readonly<Record<string, OracleFit>>;
  };
}

const within = (found: Iterable<number>, expected: readonly number[]): void => {
  const list = [...found];
  expect(list.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs(list[i]! - value)).toBeLessThanOrEqual(1e-9);
};

describeWith("oracles/ridge.json", "against scikit-learn's ridge", () => {
  const cases: readonly OracleCase[] = readOracle("ridge").cases;
  describe.each(cases)("$name", ({ input, expected }) => {
    const features = input.columns.slice(0, -1);
    const rowsOf = (dates: readonly string[]) => {
      const wanted = new Set(dates);
      return input.values.flatMap((cells, r) =>
        wanted.has(input.rows[r]![0]) ? [{ key: input.rows[r]!, cells: cells.map((cell) => cell ?? Number.NaN) }] : [],
      );
    };
    const train = rowsOf(input.train_dates);
    const set = training(
      features,
      train.map(({ cells }) => cells.slice(0, -1)),
      train.map(({ cells }) => cells.at(-1)!),
    );
    const held = rowsOf(input.test_dates);
    const testX = Float64Array.from(held.flatMap(({ cells }) => cells.slice(0, -1)));

    /** linspace(0.2, 1, n) rounded to 6 places, over the rows without a gap; the others keep a weight they never use. */
    const weights = Float64Array.from(train, () => 1);
    let clean = 0;
    for (const [r, { cells }] of train.entries())
      if (!cells.some(Number.isNaN))
        weights[r] = Math.round((0.2 + (0.8 * clean++) / (expected.n_train_clean - 1)) * 1e6) / 1e6;

    test.each(Object.keys(expected.ridge))("%s", (name) => {
      const alpha = Number(name.slice("alpha".length));
      const wanted = expected.ridge[name]!;
      const model = ridge.fit(set, { alpha, missing: "drop" }, CONTEXT);
      expect(model.trainingRows).toBe(expected.n_train_clean);
      const coefficients = model.coefficients!();
      expect(coefficients.map(({ feature }) => feature)).toEqual(features);
      within(
        coefficients.map(({ value }) => value),
        wanted.coef_standardised,
      );
      within(
        coefficients.map(({ rawValue }) => rawValue),
        wanted.coef_raw_units,
      );
      const { intercept, centre, scale } = model.toJSON() as unknown as Record<"centre" | "scale", number[]> & {
        intercept: number;
      };
      within([intercept], [wanted.intercept]);
      within(centre, expected.scaler_mean);
      within(scale, expected.scaler_scale_ddof0);
      const raw = coefficients.reduce((sum, { rawValue }, f) => sum - rawValue * centre[f]!, intercept);
      within([raw], [wanted.intercept_raw_units]);

      const predicted = scores(model, testX);
      const kept = [...predicted.keys()].filter((r) => !Number.isNaN(predicted[r]!));
      within(
        kept.map((r) => predicted[r]!),
        wanted.predictions_test,
      );

      const weighted = ridge.fit({ ...set, weight: weights }, { alpha, missing: "drop" }, CONTEXT);
      within(
        weighted.coefficients!().map(({ value }) => value),
        wanted.weighted_on_same_Z.coef,
      );
      within(
        [(weighted.toJSON() as unknown as { intercept: number }).intercept],
        [wanted.weighted_on_same_Z.intercept],
      );
    });

    test("scores the rows without a gap, and no others", () => {
      const predicted = scores(ridge.fit(set, { alpha: 1, missing: "drop" }, CONTEXT), testX);
      const keys = held.flatMap(({ key, cells }) => (cells.slice(0, -1).some(Number.isNaN) ? [] : [key]));
      expect([...predicted].filter((score) => !Number.isNaN(score)).length).toBe(expected.n_test_clean);
      expect(keys).toEqual(expected.test_rows);
    });

    test("ols is ridge without a penalty", () => {
      const model = ols.fit(set, { missing: "drop" }, CONTEXT);
      within(
        model.coefficients!().map(({ value }) => value),
        expected.ridge["alpha0.0"]!.coef_standardised,
      );
      const weighted = ols.fit({ ...set, weight: weights }, { missing: "drop" }, CONTEXT);
      within(
        weighted.coefficients!().map(({ value }) => value),
        expected.ridge["alpha0.0"]!.weighted_on_same_Z.coef,
      );
    });
  });
});

describe("ridge", () => {
  test("shrinks one feature by hand arithmetic, and not the intercept", () => {
    // x = 1, 3: mean 2, sd 1, z = -1, 1; y = 5, 9: mean 7; b = sum z (y - 7) / (2 + alpha) = 4 / (2 + 2) = 1
    const set = training(["x"], [[1], [3]], [5, 9]);
    const model = ridge.fit(set, { alpha: 2, missing: "impute" }, CONTEXT);
    expect(model.coefficients!()).toEqual([{ feature: "x", value: 1, rawValue: 1 }]);
    expect(scores(model, Float64Array.of(1, 2, 6))).toEqual(Float64Array.of(6, 7, 11));
  });

  test("counts a missing feature as its training mean, and a row without any not at all", () => {
    // a over rows 1, 2: z = -1, 1; row 3 counts as 0. b over rows 1 and 3: z = 1, -1.
    // gram: a.a = 2, b.b = 2, a.b = -1; y - 6 = -2, 1, 1 -> moments a: 2 + 1 = 3, b: -2 - 1 = -3
    // (2 + 1) a - b = 3, -a + (2 + 1) b = -3 -> a = 3/4, b = -3/4
    const gap = Number.NaN;
    const set = training(
      ["a", "b"],
      [
        [0, 8],
        [2, gap],
        [gap, 4],
        [gap, gap],
      ],
      [4, 7, 7, 99],
    );
    const model = ridge.fit(set, { alpha: 1, missing: "impute" }, CONTEXT);
    within(
      model.coefficients!().map(({ value }) => value),
      [0.75, -0.75],
    );
    expect(model.trainingRows).toBe(3);
    const predicted = scores(model, Float64Array.of(2, gap, gap, gap, gap, 4));
    within([predicted[0]!, predicted[2]!], [6.75, 6.75]);
    expect(predicted[1]).toBeNaN();
  });

  test("leaves a constant feature and one that is always missing out", () => {
    const set = training(
      ["flat", "x", "none"],
      [
        [0.1, 1, Number.NaN],
        [0.1, 3, Number.NaN],
      ],
      [5, 9],
    );
    const model = ridge.fit(set, { alpha: 0, missing: "impute" }, CONTEXT);
    // alpha 0: b = 4 / 2 = 2 per sd, 2 per unit
    const coefficients = model.coefficients!().map(({ value }) => value);
    expect([coefficients[0], coefficients[2]]).toEqual([0, 0]);
    within(coefficients, [0, 2, 0]);
    within(scores(model, Float64Array.of(7, 4, 5)), [11]);
  });

  test("says the mean where no feature varies", () => {
    const set = training(["flat"], [[3], [3], [3]], [1, 2, 6]);
    expect(scores(ridge.fit(set, { alpha: 0, missing: "impute" }, CONTEXT), Float64Array.of(50))).toEqual(
      Float64Array.of(3),
    );
  });

  test("asks for a penalty where features explain one another", () => {
    const set = training(
      ["a", "b"],
      [
        [1, 2],
        [2, 4],
        [4, 8],
        [5, 10],
      ],
      [1, 2, 2, 3],
    );
    expect(() => ridge.fit(set, { alpha: 0, missing: "impute" }, CONTEXT)).toThrow(
      "ridge_alpha: must be larger, or features fewer",
    );
    expect(ridge.fit(set, { alpha: 1e-6, missing: "impute" }, CONTEXT).coefficients!().length).toBe(2);
  });

  test("refuses labels and features that are infinite, and sets whose arrays do not fit", () => {
    const set = training(["a"], [[1], [2]], [1, Infinity]);
    const fitted = (of: TrainingSet) => ridge.fit(of, { alpha: 1, missing: "impute" }, CONTEXT);
    expect(() => fitted(set)).toThrow("training row 1: its label and weight must be finite");
    expect(() => fitted(training(["a"], [[1], [-Infinity]], [1, 2]))).toThrow(
      "feature a: must be finite or missing, got -Infinity",
    );
    expect(() => fitted(training(["a", "a"], [[1, 2]], [1]))).toThrow("features: must be distinct");
    expect(() => fitted({ ...set, y: Float64Array.of(1) })).toThrow(RangeError);
    expect(() => fitted({ ...set, bar: Int32Array.of(1, 0) })).toThrow("bars must ascend");
    expect(() => fitted({ ...set, y: Float64Array.of(Number.NaN, Number.NaN) })).toThrow("none has a label");
  });

  test("a path gives the models of its penalties", () => {
    const set = formulaTraining(0, 700, { weighted: true });
    const alphas = [0, 0.5, 8, 1e4];
    const path = ridgePath(set, alphas, "impute");
    for (const [i, alpha] of alphas.entries())
      expect(path[i]!.toJSON()).toEqual(ridge.fit(set, { alpha, missing: "impute" }, CONTEXT).toJSON());
  });

  const sizes = fc.record({
    seedRow: fc.nat(5000),
    rows: fc.integer({ min: 2, max: 600 }),
    alpha: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    weighted: fc.boolean(),
    missing: fc.constantFrom("impute" as const, "drop" as const),
  });

  test("its residuals answer the first-order conditions of the definition", () => {
    fc.assert(
      fc.property(sizes, ({ seedRow, rows, alpha, weighted, missing }) => {
        const set = formulaTraining(seedRow, seedRow + rows, { weighted });
        const whole = (r: number) => set.x.subarray(r * 5, r * 5 + 5).every((cell) => !Number.isNaN(cell));
        if (missing === "drop") fc.pre([...set.y.keys()].filter(whole).length > 1);
        const model = ridge.fit(set, { alpha, missing }, CONTEXT);
        const { centre, scale } = model.toJSON() as unknown as Record<"centre" | "scale", number[]>;
        const residuals = scores(model, set.x).map((score, r) => set.y[r]! - score);
        let total = 0;
        const moments = [0, 0, 0, 0, 0];
        for (const [r, residual] of residuals.entries()) {
          if (Number.isNaN(residual)) continue;
          const heft = set.weight?.[r] ?? 1;
          total += heft * residual;
          for (let f = 0; f < 5; f++) {
            const z = (set.x[r * 5 + f]! - centre[f]!) / scale[f]!;
            moments[f]! += Number.isNaN(z) ? 0 : heft * residual * z;
          }
        }
        // d/dc: sum w e = 0; d/db: sum w e z = alpha b
        expect(Math.abs(total)).toBeLessThan(1e-10 * rows);
        for (const [f, { value }] of model.coefficients!().entries())
          expect(Math.abs(moments[f]! - alpha * value)).toBeLessThan(1e-10 * rows);
      }),
      { numRuns: 60 },
    );
  });

  test("scores the same bits after a save to JSON text and a load", () => {
    fc.assert(
      fc.property(sizes, ({ seedRow, rows, alpha, weighted, missing }) => {
        fc.pre(missing === "impute");
        const set = formulaTraining(seedRow, seedRow + rows, { weighted });
        const model = ridge.fit(set, { alpha, missing }, CONTEXT);
        const loaded = modelFromJson(JSON.parse(JSON.stringify(model)));
        expect(scores(loaded, set.x)).toEqual(scores(model, set.x));
        expect(loaded.toJSON()).toEqual(model.toJSON());
      }),
      { numRuns: 20 },
    );
  });

  test("does not care in which order the features come, nor about their units", () => {
    const set = formulaTraining(0, 500, { weighted: true });
    const order = [3, 0, 4, 1, 2];
    const moved: TrainingSet = {
      ...set,
      features: order.map((f) => FEATURES[f]!),
      x: set.x.map((_, i) => 1000 * set.x[i - (i % 5) + order[i % 5]!]! + 7),
    };
    const model = ridge.fit(set, { alpha: 3, missing: "impute" }, CONTEXT);
    const other = ridge.fit(moved, { alpha: 3, missing: "impute" }, CONTEXT);
    within(
      order.map((f) => model.coefficients!()[f]!.value),
      other.coefficients!().map(({ value }) => value),
    );
    within(scores(other, moved.x), [...scores(model, set.x)]);
  });
});
