import { expect, test } from "vitest";
import { driftedWeights } from "../../src/allocation/drifted-weights.ts";
import { effectiveNumber, riskShares } from "../../src/allocation/plan-diagnostics.ts";
import { deepestDrawdown, expectedShortfall, sleeveStatistics } from "../../src/allocation/sleeve-statistics.ts";

test("figures run over the returns that are present", () => {
  const returns = Float64Array.of(0.1, Number.NaN, 0.01, -0.1, Number.NaN, 0.01, 0.3, Number.NaN, 0.01);
  const s = sleeveStatistics({ returns, bars: 3, count: 3 }, 0);
  expect([...s.present]).toEqual([3, 0, 3]);
  // mean 0.1, deviation sqrt((0 + 0.04 + 0.04) / 2) = 0.2; downside sqrt(0.01 / 3)
  expect(s.mean[0]).toBeCloseTo(0.1, 12);
  expect(s.volatility[0]).toBeCloseTo(0.2, 12);
  expect(s.sharpe[0]).toBeCloseTo(0.5, 12);
  expect(s.sortino[0]).toBeCloseTo(0.1 / Math.sqrt(0.01 / 3), 12);
  expect(deepestDrawdown(Float64Array.of(0.1, -0.1, 0.3))).toBeCloseTo(0.1, 12);
  expect([s.mean[1], s.volatility[1]]).toEqual([Number.NaN, Number.NaN]);
  expect([s.volatility[2], s.sharpe[2], s.sortino[2]]).toEqual([0, Number.NaN, Number.NaN]);
});

test("a first loss is a drawdown, and the shortfall has at least one return in it", () => {
  expect(deepestDrawdown(Float64Array.of(-0.2, 0.5))).toBeCloseTo(0.2, 12);
  expect(expectedShortfall(Float64Array.of(0.1, -0.3, 0.2))).toBeCloseTo(0.3, 12);
  expect(expectedShortfall(new Float64Array(0))).toBeNaN();
});

test("weights drift with returns, cash does not, and a missing return is no growth", () => {
  // 0.5 grows to 0.55, 0.3 stays, 0.2 of cash: 0.55 / 1.05
  const returns = Float64Array.of(9, 9, 0.1, Number.NaN);
  const drifted = driftedWeights(Float64Array.of(0.5, 0.3), returns, 0, 1);
  expect(drifted[0]).toBeCloseTo(0.55 / 1.05, 12);
  expect(drifted[1]).toBeCloseTo(0.3 / 1.05, 12);
  expect([...driftedWeights(Float64Array.of(1, 0), Float64Array.of(0, 0, -1, 0), 0, 1)]).toEqual([0, 0]);
});

test("risk shares sum to one and the effective number counts equal weights", () => {
  const covariance = Float64Array.of(0.04, 0, 0, 0.01);
  const shares = riskShares(Float64Array.of(0.5, 0.5), covariance);
  expect([...shares].map((x) => Number(x.toFixed(12)))).toEqual([0.8, 0.2]);
  expect([...riskShares(new Float64Array(2), covariance)]).toEqual([0, 0]);
  expect(effectiveNumber(Float64Array.of(0.2, 0.2, 0.2))).toBeCloseTo(3, 12);
  expect(effectiveNumber(Float64Array.of(-0.5, 0.5))).toBeCloseTo(2, 12);
  expect(effectiveNumber(new Float64Array(2))).toBeNaN();
});
