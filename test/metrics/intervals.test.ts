import fc from "fast-check";
import { expect, test } from "vitest";
import { createRng, type Rng } from "../../src/core/rng.ts";
import { headlineFigures, headlineIntervals } from "../../src/metrics/intervals.ts";
import { periodicRate } from "../../src/metrics/ratios.ts";
import { summarise } from "../../src/metrics/summary.ts";

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
  expect(headlineIntervals(returns, options, createRng(2))).not.toEqual(a);
  for (const { low, high } of Object.values(a)) expect(low).toBeLessThan(high);
});

test("missing returns change nothing, and a risk-free rate moves the Sharpe ratio alone", () => {
  const returns = Float64Array.from({ length: 60 }, (_, t) => Math.sin(t) / 50);
  const plain = headlineIntervals(returns, options, createRng(1));
  const holed = Float64Array.of(Number.NaN, ...returns, Number.NaN);
  expect(headlineIntervals(holed, options, createRng(1))).toEqual(plain);
  const charged = headlineIntervals(returns, { ...options, riskFreeAnnual: 0.05 }, createRng(1));
  expect({ ...charged, sharpe: plain.sharpe }).toEqual(plain);
  expect(charged.sharpe.low).toBeLessThan(plain.sharpe.low);
});

test.each([
  [1000, 10],
  [125, 5],
  [2, 1],
])("draws each of 500 resamples of %i returns once, in blocks of %i bars on average", (bars, meanBlockBars) => {
  const plain = createRng(1);
  let blocks = 0;
  const counting: Rng = {
    ...plain,
    integer: (below) => {
      blocks++;
      return plain.integer(below);
    },
  };
  headlineIntervals(new Float64Array(bars).map(Math.sin), options, counting);
  // The first bar begins a block, each later one with chance 1 / mean; 4 standard errors.
  const chance = 1 / meanBlockBars;
  const later = 500 * (bars - 1);
  expect(Math.abs(blocks - (500 + later * chance))).toBeLessThanOrEqual(4 * Math.sqrt(later * chance * (1 - chance)));
});

test("the figures of a resample are those of the summary", () => {
  const change = fc.integer({ min: -200_000, max: 200_000 }).map((k) => k / 1e6);
  const value = fc.oneof({ weight: 30, arbitrary: change }, fc.constantFrom(0, -1, -1.5));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), fc.constantFrom(0, 0.03), (values, riskFreeAnnual) => {
      const returns = Float64Array.from(values);
      const out = new Float64Array(3);
      headlineFigures(returns, periodicRate(riskFreeAnnual, 252), 252, out);
      const { sharpe, cagr, max_drawdown } = summarise(returns, { periodsPerYear: 252, riskFreeAnnual });
      expect(out).toEqual(Float64Array.of(sharpe, cagr, max_drawdown));
    }),
    { seed: 7, numRuns: 300 },
  );
});

test("a series without returns has undefined intervals", () => {
  const undefinedInterval = { low: Number.NaN, high: Number.NaN };
  expect(headlineIntervals(new Float64Array(0), options, createRng(1))).toEqual({
    sharpe: undefinedInterval,
    cagr: undefinedInterval,
    max_drawdown: undefinedInterval,
  });
});
