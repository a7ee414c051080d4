import { expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { bootstrapInterval } from "../../src/metrics/bootstrap.ts";
import { mean } from "../../src/metrics/moments.ts";

const options = { resamples: 1000, meanBlockBars: 5, confidence: 0.9 };
const source = createRng(5);
const returns = Float64Array.from({ length: 400 }, () => 0.01 * source.normal());

test("equal streams give equal intervals", () => {
  const interval = () => bootstrapInterval(returns, mean, { ...options, rng: createRng(1) });
  expect(interval()).toEqual(interval());
  expect(interval()).not.toEqual(bootstrapInterval(returns, mean, { ...options, rng: createRng(2) }));
});

test("the mean of independent returns has an interval of 1.645 standard errors either side", () => {
  const { low, high } = bootstrapInterval(returns, mean, { ...options, meanBlockBars: 1, rng: createRng(1) });
  // Standard error about 0.01 / 20; a 90% normal interval is 3.29 of them wide.
  const width = (high - low) / (3.29 * 0.0005);
  expect(width).toBeGreaterThan(0.85);
  expect(width).toBeLessThan(1.15);
  expect(low < mean(returns) && mean(returns) < high).toBe(true);
});

test("blocks widen the interval of a series that keeps its sign", () => {
  const runs = Float64Array.from({ length: 400 }, (_, t) => (Math.floor(t / 20) % 2 === 0 ? 0.01 : -0.01));
  const width = (meanBlockBars: number): number => {
    const { low, high } = bootstrapInterval(runs, mean, { ...options, meanBlockBars, rng: createRng(1) });
    return high - low;
  };
  expect(width(20)).toBeGreaterThan(1.5 * width(1));
});

test("leaves out the resamples on which the statistic is undefined", () => {
  let calls = 0;
  const half = () => (calls++ % 2 === 0 ? Number.NaN : 1);
  const got = bootstrapInterval(returns, half, { ...options, rng: createRng(1) });
  expect(got).toEqual({ low: 1, high: 1, undefinedResamples: 500 });
});

test("has no bounds without returns and refuses options out of range", () => {
  const empty = bootstrapInterval(new Float64Array(), mean, { ...options, rng: createRng(1) });
  expect(empty).toEqual({ low: Number.NaN, high: Number.NaN, undefinedResamples: 1000 });
  const rng = createRng(1);
  expect(() => bootstrapInterval(returns, mean, { ...options, rng, confidence: 1 })).toThrow("confidence");
  expect(() => bootstrapInterval(returns, mean, { ...options, rng, meanBlockBars: 0 })).toThrow("meanBlockBars");
  expect(() => bootstrapInterval(returns, mean, { ...options, rng, resamples: 0 })).toThrow("resamples");
});
