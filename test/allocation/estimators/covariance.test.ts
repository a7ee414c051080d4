import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crossProducts } from "../../../src/allocation/estimators/complete-columns.ts";
import {
  type CovarianceEstimate,
  type CovarianceEstimator,
  estimateCovariance,
} from "../../../src/allocation/estimators/covariance.ts";
import { pairwiseCovariance } from "../../../src/allocation/estimators/pairwise-covariance.ts";
import { estimateVolatilities } from "../../../src/allocation/estimators/volatility.ts";
import type { SleeveWindow } from "../../../src/allocation/weighting.ts";
import { describeWith, readOracle } from "../../support/oracle.ts";

const SAMPLE: CovarianceEstimator = { kind: "sample" };
const ESTIMATORS: readonly CovarianceEstimator[] = [
  SAMPLE,
  { kind: "ewma", decay: { halfLifeBars: 5 }, form: "pandas" },
  { kind: "ewma", decay: { lambda: 0.9 }, form: "riskmetrics" },
  { kind: "shrinkage", intensity: "ledoit_wolf" },
  { kind: "shrinkage", intensity: "oas" },
  { kind: "diagonal" },
];
const estimators = fc.constantFrom(...ESTIMATORS);
const windowOf = (rows: readonly (readonly (number | null)[])[]): SleeveWindow => ({
  returns: Float64Array.from(rows.flat().map((r) => r ?? Number.NaN)),
  bars: rows.length,
  count: rows[0]?.length ?? 0,
});
const windows = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 8, max: 20 })).chain(([count, bars]) =>
  fc
    .array(
      fc.integer({ min: -1000, max: 1000 }).map((x) => x / 1e4),
      { minLength: count * bars, maxLength: count * bars },
    )
    .map((returns): SleeveWindow => ({ returns: Float64Array.from(returns), bars, count })),
);
const near = (got: ArrayLike<number>, want: ArrayLike<number>, relative: number): void => {
  expect(got.length).toBe(want.length);
  for (let i = 0; i < got.length; i++)
    expect(Math.abs(got[i]! - want[i]!)).toBeLessThanOrEqual(relative * Math.abs(want[i]!) + 1e-18);
};

describe("estimateCovariance", () => {
  test("is the sample covariance by hand", () => {
    // Columns 1, 2, 3 and 1, 1, 4, means 2 and 2: sums of squares 2 and 6, of products 1 + 0 + 2 = 3; over 2.
    const { matrix, used, rows, warning } = estimateCovariance(
      windowOf([
        [1, 1],
        [2, 1],
        [3, 4],
      ]),
      SAMPLE,
    );
    expect([...matrix]).toEqual([1, 1.5, 1.5, 3]);
    expect({ used, rows, warning }).toEqual({ used: "sample", rows: 3, warning: null });
  });

  test("weights the newest return most", () => {
    // riskmetrics, lambda 0.5, one asset, returns 4, 2, 0: 16, then 8 + 2 = 10, then 5.
    const given = windowOf([[4], [2], [0]]);
    const found = estimateCovariance(given, { kind: "ewma", decay: { lambda: 0.5 }, form: "riskmetrics" });
    expect(found.matrix[0]).toBeCloseTo(5, 14);
  });

  test("is diagonal with a warning when there are fewer complete rows than assets and one", () => {
    const given = windowOf([
      [0.1, 0.2, null],
      [0.2, 0.1, 0.1],
      [0.3, 0.3, 0.3],
    ]);
    // Variances over each asset's own returns: 0.01, 0.01, and 0.02 from 0.1 and 0.3.
    for (const kind of ["sample", "ewma"] as const) {
      const estimator: CovarianceEstimator =
        kind === "sample" ? SAMPLE : { kind, decay: { lambda: 0.9 }, form: "pandas" };
      const { matrix, used, rows, warning } = estimateCovariance(given, estimator);
      near(matrix, [0.01, 0, 0, 0, 0.01, 0, 0, 0, 0.02], 1e-12);
      expect({ used, rows }).toEqual({ used: "diagonal", rows: 2 });
      expect(warning).toBe(`covariance: 2 complete rows for 3 assets, ${kind} needs 4; diagonal used`);
    }
    const shrunk = estimateCovariance(given, { kind: "shrinkage", intensity: "ledoit_wolf" });
    expect(shrunk).toMatchObject({ used: "shrinkage", rows: 2, warning: null });
  });

  test("knows no variance of an asset with a single return", () => {
    const { matrix, used } = estimateCovariance(
      windowOf([
        [0.1, null],
        [0.3, 0.1],
      ]),
      SAMPLE,
    );
    expect(used).toBe("diagonal");
    near(matrix.subarray(0, 3), [0.02, 0, 0], 1e-12);
    expect(matrix[3]).toBeNaN();
  });

  test("says so of a window without rows, and gives nothing for nobody", () => {
    expect(estimateCovariance({ returns: new Float64Array(0), bars: 0, count: 2 }, SAMPLE).used).toBe("diagonal");
    expect(estimateCovariance({ returns: new Float64Array(0), bars: 5, count: 0 }, SAMPLE).matrix.length).toBe(0);
  });

  test("leaves out the rows in which a return is missing", () => {
    fc.assert(
      fc.property(windows, estimators, fc.nat(), fc.nat(), (window, estimator, row, column) => {
        fc.pre(estimator.kind !== "diagonal");
        const at = row % (window.bars + 1);
        const gap = new Float64Array(window.count);
        gap[column % window.count] = Number.NaN;
        const returns = Float64Array.from([
          ...window.returns.slice(0, at * window.count),
          ...gap,
          ...window.returns.slice(at * window.count),
        ]);
        const holed = { returns, bars: window.bars + 1, count: window.count };
        expect(estimateCovariance(holed, estimator)).toEqual(estimateCovariance(window, estimator));
      }),
    );
  });

  test("gives a constant column exactly no variance, even where the mean rounds", () => {
    const rows = Array.from({ length: 50 }, (_, t) => [Math.sin(t), 0.1, 1e-3 * (1 + (t % 2) * 2e-16)]);
    for (const estimator of ESTIMATORS) {
      if (estimator.kind === "shrinkage" || (estimator.kind === "ewma" && estimator.form === "riskmetrics")) continue;
      const { matrix } = estimateCovariance(windowOf(rows), estimator);
      expect([...matrix.subarray(1)].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    }
  });

  test("gives a duplicate its original's variance as covariance, to the bit", () => {
    const rows = Array.from({ length: 31 }, (_, t) => [Math.sin(t * t), Math.cos(3 * t * t), Math.sin(t * t)]);
    for (const estimator of ESTIMATORS) {
      if (estimator.kind === "shrinkage" || estimator.kind === "diagonal") continue;
      const { matrix } = estimateCovariance(windowOf(rows), estimator);
      expect([matrix[2], matrix[8]]).toEqual([matrix[0], matrix[0]]);
      expect(matrix[1]).toBe(matrix[7]);
    }
  });

  test("shrinks all-constant columns to zeros", () => {
    const flat = windowOf(Array.from({ length: 5 }, () => [0.01, 0.02]));
    for (const intensity of ["ledoit_wolf", "oas"] as const)
      expect([...estimateCovariance(flat, { kind: "shrinkage", intensity }).matrix]).toEqual([0, 0, 0, 0]);
  });

  test("permutes with the assets", () => {
    fc.assert(
      fc.property(windows, estimators, fc.nat(), ({ returns, bars, count }, estimator, turn) => {
        const from = (n: number) => (n + turn) % count;
        const turned = returns.map((_, i) => returns[Math.floor(i / count) * count + from(i % count)]!);
        const plain = estimateCovariance({ returns, bars, count }, estimator).matrix;
        const got = estimateCovariance({ returns: turned, bars, count }, estimator).matrix;
        for (let i = 0; i < count; i++)
          for (let j = 0; j < count; j++) {
            const size = Math.sqrt(plain[from(i) * count + from(i)]! * plain[from(j) * count + from(j)]!);
            expect(Math.abs(got[i * count + j]! - plain[from(i) * count + from(j)]!)).toBeLessThanOrEqual(
              1e-12 * size + 1e-18,
            );
          }
      }),
    );
  });

  test("grows with the square of the returns", () => {
    fc.assert(
      fc.property(windows, estimators, fc.integer({ min: -20, max: 20 }), (window, estimator, power) => {
        const scaled = { ...window, returns: window.returns.map((r) => r * 2 ** power) };
        const want = estimateCovariance(window, estimator).matrix.map((c) => c * 4 ** power);
        expect(estimateCovariance(scaled, estimator).matrix).toEqual(want);
      }),
    );
  });

  test("is symmetric to the bit and has no negative variance in any direction", () => {
    fc.assert(
      fc.property(
        windows,
        estimators,
        fc.infiniteStream(fc.integer({ min: -9, max: 9 })),
        (window, estimator, stream) => {
          const { count } = window;
          const { matrix }: CovarianceEstimate = estimateCovariance(window, estimator);
          const x = [...stream.take(count)];
          let variance = 0;
          let size = 0;
          for (let i = 0; i < count; i++)
            for (let j = 0; j < count; j++) {
              expect(matrix[i * count + j]).toBe(matrix[j * count + i]);
              variance += x[i]! * x[j]! * matrix[i * count + j]!;
              size += Math.abs(x[i]! * x[j]! * matrix[i * count + j]!);
            }
          expect(variance).toBeGreaterThanOrEqual(-1e-13 * size);
        },
      ),
    );
  });

  test("refuses a decay outside (0, 1)", () => {
    const given = windowOf([[0.1], [0.2], [0.3]]);
    for (const decay of [{ lambda: 1 }, { lambda: 0 }, { halfLifeBars: 0 }, { halfLifeBars: -3 }])
      expect(() => estimateCovariance(given, { kind: "ewma", decay, form: "pandas" })).toThrow(RangeError);
  });
});

describeWith("oracles/covariance.json", "covariance against pandas and scikit-learn", () => {
  for (const { name, input, expected } of readOracle("covariance").cases) {
    const window = windowOf(input.returns);
    const same = (estimator: CovarianceEstimator, want: number[][]) =>
      near(estimateCovariance(window, estimator).matrix, want.flat(), 1e-10);
    if (expected.cov_pairwise_ddof1) {
      test(`${name}: complete rows`, () => {
        expect(estimateCovariance(window, SAMPLE).rows).toBe(expected.rows_complete);
        same(SAMPLE, expected.cov_complete_rows_ddof1);
      });
      test(`${name}: pairwise`, () => near(pairwiseCovariance(window), expected.cov_pairwise_ddof1.flat(), 1e-10));
      continue;
    }
    test(`${name}: sample`, () => {
      same(SAMPLE, expected.sample_cov_ddof1);
      near(pairwiseCovariance(window), expected.sample_cov_ddof1.flat(), 1e-10);
    });
    test(`${name}: exponentially weighted`, () => {
      const { halflife30_adjust_unbiased, span60_adjust_unbiased } = expected.ewma_pandas_last;
      same({ kind: "ewma", decay: { halfLifeBars: 30 }, form: "pandas" }, halflife30_adjust_unbiased);
      same({ kind: "ewma", decay: { lambda: 1 - 2 / 61 }, form: "pandas" }, span60_adjust_unbiased);
      same({ kind: "ewma", decay: { lambda: 0.94 }, form: "riskmetrics" }, expected.ewma_riskmetrics_lambda094.cov);
    });
    test.each(["ledoit_wolf", "oas"] as const)(`${name}: %s`, (intensity) => {
      const found = estimateCovariance(window, { kind: "shrinkage", intensity });
      near([found.shrinkage!], [expected[intensity].shrinkage], 1e-10);
      near(found.matrix, expected[intensity].cov.flat(), 1e-10);
    });
  }
});

describe("some columns of a window", () => {
  test("are estimated as the window of these columns alone, to the bit", () => {
    fc.assert(
      fc.property(
        windows,
        estimators,
        fc.array(fc.nat()),
        fc.array(fc.nat(), { maxLength: 3 }),
        (window, estimator, kept, gaps) => {
          const returns = window.returns.slice() as Float64Array;
          for (const gap of gaps) returns[gap % returns.length] = Number.NaN;
          const { bars, count } = window;
          const columns = [...new Set(kept.map((k) => k % count))].sort((a, b) => a - b);
          const rows = Array.from({ length: bars }, (_, t) => columns.map((n) => returns[t * count + n]!));
          const alone = { returns: Float64Array.from(rows.flat()), bars, count: columns.length };
          expect(estimateCovariance({ returns, bars, count }, estimator, columns)).toEqual(
            estimateCovariance(alone, estimator),
          );
          const [among, byItself] = [new Float64Array(columns.length), new Float64Array(columns.length)];
          for (const kind of [{ kind: "sample" }, { kind: "downside", targetReturn: 0.001 }] as const) {
            estimateVolatilities({ returns, bars, count }, kind, among, columns);
            estimateVolatilities(alone, kind, byItself);
            expect(among).toEqual(byItself);
          }
        },
      ),
    );
  });

  test("have the products that a loop over pairs has", () => {
    // Odd and even numbers of columns and rows: 1, 2, 3; 4, 5, 6; 7, 8, 10 and the first one, two or three of them.
    const values = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 10);
    const products = (rows: number, count: number, cells: readonly number[]) => {
      const out = new Float64Array(count * count);
      crossProducts({ values: Float64Array.from(cells), rows, count }, 0.5, out);
      return [...out];
    };
    // 1 + 4 + 9 = 14, 4 + 10 + 18 = 32, 7 + 16 + 30 = 53, 16 + 25 + 36 = 77, 28 + 40 + 60 = 128, 49 + 64 + 100 = 213
    expect(products(3, 3, [...values])).toEqual([7, 16, 26.5, 16, 38.5, 64, 26.5, 64, 106.5]);
    expect(products(3, 2, [...values])).toEqual([7, 16, 16, 38.5]);
    // Of two rows 1, 2; 4, 5; 7, 8: 5, 14, 23, 41, 68, 113
    expect(products(2, 3, [1, 2, 4, 5, 7, 8])).toEqual([2.5, 7, 11.5, 7, 20.5, 34, 11.5, 34, 56.5]);
    expect(products(1, 1, [3])).toEqual([4.5]);
    expect(products(0, 2, [])).toEqual([0, 0, 0, 0]);
  });
});
