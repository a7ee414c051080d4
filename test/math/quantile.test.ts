import fc from "fast-check";
import { expect, test } from "vitest";
import { quantile, quantileSorted, sortedCopy } from "../../src/math/quantile.ts";

test("interpolates linearly between order statistics", () => {
  const x = Float64Array.of(40, 10, 30, 20);
  // Position 0.25 * 3 = 0.75 between 10 and 20; position 0.5 * 3 = 1.5 between 20 and 30.
  expect(quantile(x, 0.25)).toBe(17.5);
  expect(quantile(x, 0.5)).toBe(25);
  expect(quantile(x, 0)).toBe(10);
  expect(quantile(x, 1)).toBe(40);
  expect([...x]).toEqual([40, 10, 30, 20]);
});

test("is NaN for an empty sample and for one with a NaN", () => {
  expect(quantile(new Float64Array(), 0.5)).toBeNaN();
  expect(quantile(Float64Array.of(1, Number.NaN, 2), 0)).toBeNaN();
});

test("is the only value of a sample of one", () => {
  expect(quantile(Float64Array.of(7), 0.05)).toBe(7);
});

test("refuses a q outside [0, 1]", () => {
  expect(() => quantile(Float64Array.of(1), 1.01)).toThrow("q must be in [0, 1], got 1.01");
  expect(() => quantile(Float64Array.of(1), Number.NaN)).toThrow(RangeError);
});

test("never falls in q and stays within the sample", () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), share, share, (values, a, b) => {
      const sorted = sortedCopy(Float64Array.from(values));
      const low = quantileSorted(sorted, Math.min(a, b));
      const high = quantileSorted(sorted, Math.max(a, b));
      expect(low <= high && low >= sorted[0]! && high <= sorted[sorted.length - 1]!).toBe(true);
    }),
    { seed: 7, numRuns: 500 },
  );
});
