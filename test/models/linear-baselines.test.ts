import MultivariateLinearRegression from "ml-regression-multivariate-linear";
import { describe, expect, test } from "vitest";
import { modelFromJson } from "../../src/models/catalogue.ts";
import { ols, theilSen } from "../../src/models/linear-baselines.ts";
import type { FittedModel, TrainingSet } from "../../src/models/model.ts";
import { CONTEXT, formulaTraining } from "./formula-rows.ts";

const setOf = (
  features: readonly string[],
  rows: readonly (readonly number[])[],
  y: readonly number[],
  weight: readonly number[] | null = null,
): TrainingSet => ({
  features,
  x: Float64Array.from(rows.flat()),
  y: Float64Array.from(y),
  weight: weight === null ? null : Float64Array.from(weight),
  bar: Int32Array.from(y.keys()),
  labelEnd: Int32Array.from(y.keys(), (t) => t + 1),
});
const scores = (model: FittedModel, ...x: number[]): number[] => {
  const out = new Float64Array(x.length / model.features.length);
  model.score(Float64Array.from(x), out.length, out);
  return [...out];
};
const near = (found: readonly number[], expected: readonly number[]): void => {
  expect(found.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs(found[i]! - value)).toBeLessThan(1e-12);
};
const column = (values: readonly number[]) => values.map((value) => [value]);
const gap = Number.NaN;

describe("ols", () => {
  test("fits the line of least squares", () => {
    // x = 0, 1, 2; y = 1, 2, 6: slope = (-1 * 1 + 1 * 6) / 2 = 2.5, through (1, 3)
    const model = ols.fit(setOf(["x"], column([0, 1, 2]), [1, 2, 6]), { missing: "impute" }, CONTEXT);
    near(scores(model, 0, 1, 4), [0.5, 3, 10.5]);
    near(
      model.coefficients!().map(({ rawValue }) => rawValue),
      [2.5],
    );
  });

  test("weighs rows: twice the weight is the row twice", () => {
    const once = ols.fit(setOf(["x"], column([0, 1, 2]), [1, 2, 6], [1, 1, 2]), { missing: "impute" }, CONTEXT);
    const twice = ols.fit(setOf(["x"], column([0, 1, 2, 2]), [1, 2, 6, 6]), { missing: "impute" }, CONTEXT);
    near(scores(once, 0, 1, 5), scores(twice, 0, 1, 5));
  });

  test("shares a slope between features that say the same, and leaves a constant out", () => {
    const rows = [0, 1, 2].map((x) => [x, 10 * x, 4]);
    const model = ols.fit(setOf(["a", "b", "flat"], rows, [1, 2, 6]), { missing: "impute" }, CONTEXT);
    const [a, b, flat] = model.coefficients!().map(({ value }) => value);
    near([a! - b!, flat!], [0, 0]);
    near(scores(model, 4, 40, 99), [10.5]);
  });
});

describe("ols beside ml-regression on all rows", () => {
  /** Standardised by hand (ddof 0, unweighted), gaps at 0, each row and label times the root of its weight. */
  function onAllRows({ x, y, weight, features }: TrainingSet): { slopes: number[]; intercept: number } {
    const width = features.length;
    const rows = [...y.keys()].filter((r) => y[r] === y[r]);
    const z = features.map((_, f) => {
      const values = rows.map((r) => x[r * width + f]!);
      const present = values.filter((value) => value === value);
      const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
      const scale = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / present.length);
      return values.map((value) => (value === value ? (value - mean) / scale : 0));
    });
    const root = rows.map((r) => Math.sqrt(weight === null ? 1 : weight[r]!));
    const library = new MultivariateLinearRegression(
      rows.map((_, i) => [...z.map((column) => column[i]! * root[i]!), root[i]!]),
      rows.map((r, i) => [y[r]! * root[i]!]),
      { intercept: false, statistics: false },
    );
    const answer = library.weights.map(([value]) => value!);
    return { slopes: answer.slice(0, width), intercept: answer[width]! };
  }
  const beside = (set: TrainingSet): void => {
    const model = ols.fit(set, { missing: "impute" }, CONTEXT);
    const { slopes, intercept } = onAllRows(set);
    near(
      model.coefficients!().map(({ value }) => value),
      slopes,
    );
    near([model.toJSON().intercept as number], [intercept]);
  };

  test("has its coefficients, with gaps and without", () => beside(formulaTraining(0, 900)));

  test("has its coefficients under weights", () => {
    const set = formulaTraining(0, 900);
    beside({ ...set, weight: set.y.map((_, r) => 1 + (r % 7)) });
  });

  test("has its solution of least norm where features are sums and opposites of others", () => {
    const { x, features, ...rest } = formulaTraining(0, 900);
    const width = features.length;
    const full = Float64Array.from(x, (value) => (value === value ? value : 0.25));
    const wider = [...rest.y.keys()].flatMap((r) => {
      const row = [...full.subarray(r * width, (r + 1) * width)];
      return [...row, -row[0]!, row[0]! + row[1]!];
    });
    beside({ ...rest, features: [...features, "opposite", "sum"], x: Float64Array.from(wider) });
  });
});

describe("theil_sen", () => {
  const settings = { missing: "impute", maxRows: 1000 } as const;

  test("takes the median of all slopes, which one wild label does not move", () => {
    // slopes among the first four points are all 2 (6 of them), those to the last 24.75 to 93 (4): median 2;
    // y - 2x = 1, 1, 1, 1, 92: median 1
    const model = theilSen.fit(setOf(["x"], column([0, 1, 2, 3, 4]), [1, 3, 5, 7, 100]), settings, CONTEXT);
    near(scores(model, 0, 10), [1, 21]);
  });

  test("forecasts the mean of the forecasts of its lines", () => {
    // a alone: y = 1 + 2a; b alone: y = 7 - b; missing features stand at their means, a 1.5 -> 4, b 3 -> 4
    const model = theilSen.fit(
      setOf(
        ["a", "b"],
        [
          [0, 6],
          [1, 4],
          [2, 2],
          [3, 0],
        ],
        [1, 3, 5, 7],
      ),
      settings,
      CONTEXT,
    );
    near(scores(model, 5, 1, gap, 1, 5, gap), [(11 + 6) / 2, (4 + 6) / 2, (11 + 4) / 2]);
  });

  test("skips the rows that miss a feature for that line alone, and says a flat median where there is no line", () => {
    const rows = [
      [0, 5, gap],
      [1, gap, gap],
      [gap, 5, 1],
      [3, 5, gap],
    ];
    const model = theilSen.fit(setOf(["a", "flat", "single"], rows, [1, 3, 90, 7]), settings, CONTEXT);
    // a: 1 + 2a; flat and single: median of 1, 3, 7, 90 = 5
    near(scores(model, 4, 5, 1), [(9 + 5 + 5) / 3]);
  });

  test("draws the heavy rows when there are more than it looks at", () => {
    const x = Array.from({ length: 400 }, (_, i) => i);
    const heavy = x.map((i) => (i % 2 === 0 ? 1e12 : 1e-12));
    const y = x.map((i) => (i % 2 === 0 ? 3 * i : -i));
    const model = theilSen.fit(setOf(["x"], column(x), y, heavy), { ...settings, maxRows: 100 }, CONTEXT);
    near(
      model.coefficients!().map(({ rawValue }) => rawValue),
      [3],
    );
  });

  test("draws the same rows from the same seed, others from another", () => {
    const drawn = (seed: number) =>
      theilSen.fit(formulaTraining(0, 300), { ...settings, maxRows: 40 }, { ...CONTEXT, seed }).toJSON();
    expect(drawn(3)).toEqual(drawn(3));
    expect(drawn(4)).not.toEqual(drawn(3));
  });
});

test("without a feature that varies, least squares says the mean and the robust line the median", () => {
  const flat = setOf(["x"], column([3, 3, 3]), [1, 2, 6]);
  near(scores(ols.fit(flat, { missing: "impute" }, CONTEXT), 9), [3]);
  near(scores(theilSen.fit(flat, { missing: "impute", maxRows: 9 }, CONTEXT), 9), [2]);
});

test("a saved baseline keeps its name and scores the same bits", () => {
  const set = formulaTraining(0, 200);
  for (const model of [
    ols.fit(set, { missing: "drop" }, CONTEXT),
    theilSen.fit(set, { missing: "impute", maxRows: 50 }, CONTEXT),
  ]) {
    const loaded = modelFromJson(JSON.parse(JSON.stringify(model)));
    expect(loaded.kind).toBe(model.kind);
    expect(scores(loaded, ...set.x)).toEqual(scores(model, ...set.x));
  }
});
