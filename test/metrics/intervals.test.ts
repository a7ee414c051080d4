import { expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { headlineIntervals } from "../../src/metrics/intervals.ts";

const options = { periodsPerYear: 252, riskFreeAnnual: 0 };

test("the interval of a Sharpe ratio has about the width that its standard error says", () => {
  const rng = createRng(5);
  const returns = Float64Array.from({ length: 2520 }, () => 0.0005 + 0.01 * rng.normal());
  const { sharpe } = headlineIntervals(returns, options, createRng(1));
  // independent returns: standard error about sqrt(1 / years) = 0.316, so 95% spans about 2 * 1.96 * 0.316 = 1.24
  expect(sharpe.high - sharpe.low).toBeGreaterThan(0.95);
  expect(sharpe.high - sharpe.low).toBeLessThan(1.55);
});

test("equal streams give equal intervals, and bounds are ordered", () => {
  const returns = Float64Array.from({ length: 60 }, (_, t) => Math.sin(t) / 50);
  const a = headlineIntervals(returns, options, createRng(1));
  expect(headlineIntervals(returns, options, createRng(1))).toEqual(a);
  for (const { low, high } of Object.values(a)) expect(low).toBeLessThanOrEqual(high);
});

test("a series without returns has undefined intervals", () => {
  const { cagr } = headlineIntervals(new Float64Array(0), options, createRng(1));
  expect([cagr.low, cagr.high]).toEqual([Number.NaN, Number.NaN]);
});
