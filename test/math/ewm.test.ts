import fc from "fast-check";
import { expect, test } from "vitest";
import { ema, exponentialAverage, wilderAverage } from "../../src/math/ewm.ts";

const cell = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const smoothed = (x: readonly number[], assets: number, seedBars: number, weight: number): Float64Array => {
  const out = new Float64Array(x.length).fill(-1);
  exponentialAverage(Float64Array.from(x), assets, { seedBars, weight }, out);
  return out;
};

/** The seed is the plain mean of the first values; then sum w (1-w)^k x_k over the later ones, newest first. */
function naive(values: readonly number[], seedBars: number, weight: number): number {
  if (values.length < seedBars) return Number.NaN;
  const seed = values.slice(0, seedBars).reduce((sum, value) => sum + value, 0) / seedBars;
  const later = values.slice(seedBars).reverse();
  return (
    later.reduce((sum, value, k) => sum + weight * (1 - weight) ** k * value, 0) + seed * (1 - weight) ** later.length
  );
}

test("equals its weighted sum over the values present so far, and is NaN where one is missing", () => {
  fc.assert(
    fc.property(
      fc.array(cell, { maxLength: 60 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 20 }),
      (x, seedBars, twentieths) => {
        const out = smoothed(x, 1, seedBars, twentieths / 20);
        for (let t = 0; t < x.length; t++) {
          const present = x.slice(0, t + 1).filter((value) => !Number.isNaN(value));
          const want = Number.isNaN(x[t]!) ? Number.NaN : naive(present, seedBars, twentieths / 20);
          // 60 steps of at most 1e3, each rounded to 1e-13.
          const same = Number.isNaN(want) ? Number.isNaN(out[t]!) : Math.abs(want - out[t]!) < 1e-10;
          expect(same, `t=${t} want ${want} got ${out[t]}`).toBe(true);
        }
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

test("does not change by a bit when the future is cut off, and columns do not touch", () => {
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 30 }), fc.nat(), (x, at) => {
      const cut = at % x.length;
      const whole = smoothed(x, 1, 3, 0.2);
      expect(smoothed(x.slice(0, cut), 1, 3, 0.2)).toEqual(whole.slice(0, cut));
      const pair = x.flatMap((value, t) => [Math.sin(t), value]);
      expect(smoothed(pair, 2, 3, 0.2).filter((_, i) => i % 2 === 1)).toEqual(whole);
    }),
    { seed: 7 },
  );
});

test("Wilder's weight is 1/n and the EMA's 2/(n+1), both from the mean of the first n", () => {
  const x = Float64Array.of(1, 2, 6, 7);
  const out = new Float64Array(4);
  wilderAverage(x, 1, 3, out);
  // mean of 1, 2, 6 is 3; 3 + (7 - 3) / 3
  expect(Array.from(out)).toEqual([Number.NaN, Number.NaN, 3, 3 + 4 / 3]);
  ema(x, 1, 3, out);
  // 3 + (7 - 3) * 2 / 4
  expect(Array.from(out)).toEqual([Number.NaN, Number.NaN, 3, 5]);
});

test("a constant stays exactly what it is, and out may be x itself", () => {
  const x = new Float64Array(30).fill(0.1);
  wilderAverage(x, 1, 7, x);
  expect(x.slice(6)).toEqual(new Float64Array(24).fill(0.1));
});

test("refuses parameters out of range", () => {
  expect(() => smoothed([1], 1, 0, 0.5)).toThrow("seedBars must be a whole number >= 1, got 0");
  expect(() => smoothed([1], 1, 1, 0)).toThrow("weight must be above 0 and at most 1, got 0");
  expect(() => smoothed([1, 2, 3], 2, 1, 1)).toThrow("x has 3 cells and out 3, for 2 assets a row");
  expect(smoothed([], 2, 1, 1)).toEqual(new Float64Array());
});
