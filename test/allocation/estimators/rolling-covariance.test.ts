import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CovarianceEstimate,
  type CovarianceEstimator,
  estimateCovariance,
} from "../../../src/allocation/estimators/covariance.ts";
import { rollingCovariance } from "../../../src/allocation/estimators/rolling-covariance.ts";

const ESTIMATORS: readonly CovarianceEstimator[] = [
  { kind: "sample" },
  { kind: "ewma", decay: { halfLifeBars: 4 }, form: "pandas" },
  { kind: "ewma", decay: { lambda: 0.2 }, form: "pandas" },
  { kind: "ewma", decay: { lambda: 0.9 }, form: "riskmetrics" },
  { kind: "shrinkage", intensity: "oas" },
  { kind: "diagonal" },
];

function rolling(
  returns: Float64Array,
  assets: number,
  lookback: number,
  estimator: CovarianceEstimator,
  decisions: readonly number[],
  spacing = 1,
): CovarianceEstimate[] {
  const found: CovarianceEstimate[] = [];
  rollingCovariance(returns, assets, lookback, estimator, spacing, Int32Array.from(decisions), (decision, estimate) => {
    expect(decision).toBe(found.length);
    found.push({ ...estimate, matrix: estimate.matrix.slice() });
  });
  return found;
}

function expectNaive(
  returns: Float64Array,
  N: number,
  lookback: number,
  estimator: CovarianceEstimator,
  decisions: readonly number[],
  spacing = 1,
): void {
  for (const [d, got] of rolling(returns, N, lookback, estimator, decisions, spacing).entries()) {
    const bar = decisions[d]!;
    const from = Math.max(0, bar - lookback + 1);
    const window = { returns: returns.slice(from * N, (bar + 1) * N), bars: bar + 1 - from, count: N };
    const want = estimateCovariance(window, estimator);
    expect({ ...got, matrix: 0 }).toEqual({ ...want, matrix: 0 });
    for (let i = 0; i < N; i++)
      for (let j = 0; j < N; j++) {
        const size = Math.sqrt(want.matrix[i * N + i]! * want.matrix[j * N + j]!);
        if (size !== size) expect(got.matrix[i * N + j]).toEqual(want.matrix[i * N + j]);
        else expect(Math.abs(got.matrix[i * N + j]! - want.matrix[i * N + j]!)).toBeLessThanOrEqual(1e-10 * size);
      }
  }
}

describe("rollingCovariance", () => {
  const runs = fc.record({
    N: fc.integer({ min: 1, max: 4 }),
    T: fc.integer({ min: 1, max: 60 }),
    lookback: fc.integer({ min: 1, max: 15 }),
    estimator: fc.constantFrom(...ESTIMATORS),
    every: fc.integer({ min: 1, max: 6 }),
    gaps: fc.array(fc.nat(), { maxLength: 3 }),
    stream: fc.infiniteStream(fc.integer({ min: -1000, max: 1000 })),
  });

  test("equals estimating every window by itself, gaps and short windows included", () => {
    fc.assert(
      fc.property(runs, ({ N, T, lookback, estimator, every, gaps, stream }) => {
        const returns = Float64Array.from([...stream.take(T * N)], (x) => x / 1e4);
        for (const gap of gaps) returns[gap % returns.length] = Number.NaN;
        const decisions = Array.from({ length: Math.ceil(T / every) }, (_, d) => d * every);
        expectNaive(returns, N, lookback, estimator, decisions, every);
      }),
      { numRuns: 300 },
    );
  });

  test("a decision has the same bits alone, among others, and whatever comes after it", () => {
    fc.assert(
      fc.property(runs, fc.nat(), ({ N, T, lookback, estimator, every, gaps, stream }, pick) => {
        const returns = Float64Array.from([...stream.take(T * N)], (x) => x / 1e4);
        for (const gap of gaps) returns[gap % returns.length] = Number.NaN;
        const decisions = Array.from({ length: Math.ceil(T / every) }, (_, d) => d * every);
        const d = pick % decisions.length;
        const known = returns.slice(0, (decisions[d]! + 1) * N);
        const [alone] = rolling(known, N, lookback, estimator, [decisions[d]!], every);
        expect(alone).toEqual(rolling(returns, N, lookback, estimator, decisions, every)[d]);
      }),
      { numRuns: 500 },
    );
  });

  test("has drifted nowhere after a stretch ten thousand times as large", () => {
    const T = 400;
    const returns = Float64Array.from({ length: 2 * T }, (_, i) => Math.sin(i * i) * (i < T ? 100 : 0.01));
    const decisions = Array.from({ length: T - 20 }, (_, d) => d + 20);
    for (const estimator of ESTIMATORS) expectNaive(returns, 2, 20, estimator, decisions);
  });

  test("gives a constant column exactly no variance, rounding aside", () => {
    const T = 60;
    const returns = Float64Array.from({ length: 3 * T }, (_, i) => {
      const t = Math.floor(i / 3);
      return i % 3 === 0 ? Math.sin(t) : i % 3 === 1 ? 0.1 : 1e-3 * (1 + (t % 2) * 2e-16);
    });
    for (const estimator of ESTIMATORS.slice(0, 3))
      for (const { matrix } of rolling(returns, 3, 12, estimator, [20, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35]))
        expect([...matrix.subarray(1)].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test("visits nothing without decisions and refuses bars out of order or range", () => {
    const returns = new Float64Array(10);
    expect(rolling(returns, 2, 3, { kind: "sample" }, [])).toEqual([]);
    for (const decisions of [[3, 2], [2, 2], [5], [-1]])
      expect(() => rolling(returns, 2, 3, { kind: "sample" }, decisions)).toThrow(RangeError);
    expect(() => rolling(returns, 2, 0, { kind: "sample" }, [1])).toThrow(RangeError);
    expect(() => rolling(returns, 2, 3, { kind: "sample" }, [1], 0)).toThrow(RangeError);
  });
});
