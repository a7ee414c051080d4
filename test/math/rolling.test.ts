import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Floats } from "../../src/core/panel.ts";
import { rollingMean, rollingStandardDeviation } from "../../src/math/rolling.ts";

type Kernel = (x: Floats, assets: number, window: number, out: Float64Array) => void;
const run = (kernel: Kernel, x: Floats, assets: number, window: number): Float64Array => {
  const out = new Float64Array(x.length).fill(-1);
  kernel(x, assets, window, out);
  return out;
};
const naiveMean = (x: readonly number[]): number => x.reduce((sum, value) => sum + value, 0) / x.length;
const naiveDeviation = (x: readonly number[]): number => {
  const centre = naiveMean(x);
  return Math.sqrt(x.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (x.length - 1));
};
const kernels = [
  ["rollingMean", rollingMean, naiveMean],
  ["rollingStandardDeviation", rollingStandardDeviation, naiveDeviation],
] as const;
const cell = fc.oneof(
  { weight: 9, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);

describe.each(kernels)("%s", (_name, kernel, naive) => {
  test("equals the O(T * window) definition", () => {
    const whole = (min: number, max: number) => fc.integer({ min, max });
    fc.assert(
      fc.property(whole(1, 4), whole(1, 6), whole(0, 20), fc.infiniteStream(cell), (N, w, T, stream) => {
        const x = Float64Array.from([...stream.take(N * T)]);
        const out = run(kernel, x, N, w);
        for (let t = 0; t < T; t++)
          for (let n = 0; n < N; n++) {
            const window = Array.from({ length: w }, (_, k) => (t >= w - 1 ? x[(t - k) * N + n]! : Number.NaN));
            const [want, got] = [naive(window), out[t * N + n]!];
            const same = Number.isNaN(want) ? Number.isNaN(got) : Math.abs(want - got) < 1e-9;
            expect(same, `t=${t} n=${n} want ${want} got ${got}`).toBe(true);
          }
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  test("is causal: editing bar t leaves every bar before t unchanged", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(cell, { minLength: 2, maxLength: 30 }),
        fc.nat(),
        (w, xs, k) => {
          const t = k % xs.length;
          const before = run(kernel, Float64Array.from(xs), 1, w);
          const after = run(kernel, Float64Array.from(xs.with(t, 999)), 1, w);
          expect(after.subarray(0, t)).toEqual(before.subarray(0, t));
        },
      ),
      { seed: 7 },
    );
  });

  test("forgets a huge value the moment it leaves the window", () => {
    const calm = Float64Array.from({ length: 60 }, (_, t) => 1 + (t % 7) / 10);
    const shaken = calm.slice();
    shaken[20] = 1e200;
    const [a, b] = [run(kernel, calm, 1, 10), run(kernel, shaken, 1, 10)];
    expect(b.subarray(30)).toEqual(a.subarray(30));
  });

  test("permutes with its columns", () => {
    const T = 25;
    const x = Float64Array.from({ length: T * 2 }, (_, i) => Math.sin(i * i));
    const swapped = x.map((_, i) => x[i ^ 1]!);
    const [a, b] = [run(kernel, x, 2, 6), run(kernel, swapped, 2, 6)];
    expect(b).toEqual(a.map((_, i) => a[i ^ 1]!));
  });

  test("is all NaN when the window is longer than the plane, and accepts an empty plane", () => {
    expect(run(kernel, Float64Array.of(1, 2, 3), 1, 4)).toEqual(new Float64Array(3).fill(Number.NaN));
    expect(run(kernel, Float64Array.of(1, 2, 3), 1, 1e12)).toEqual(new Float64Array(3).fill(Number.NaN));
    expect(run(kernel, new Float64Array(), 3, 5)).toEqual(new Float64Array());
  });

  test("refuses planes and windows that make no sense", () => {
    const three = Float64Array.of(1, 2, 3);
    expect(() => run(kernel, three, 2, 1)).toThrow("x has 3 cells, not a multiple of 2 assets");
    expect(() => run(kernel, three, 1, 0)).toThrow("window must be a whole number of bars >= 1, got 0");
    expect(() => run(kernel, three, 1, 1.5)).toThrow("got 1.5");
    expect(() => kernel(three, 1, 2, new Float64Array(2))).toThrow("out has 2 cells, x has 3");
  });
});

test("does not drift over a million bars", () => {
  const T = 1_000_000;
  const x = Float64Array.from({ length: T }, (_, t) => 1e6 + Math.sin(t));
  const last = Array.from(x.subarray(T - 20));
  expect(Math.abs(run(rollingMean, x, 1, 20)[T - 1]! - naiveMean(last))).toBeLessThan(1e-9);
  expect(Math.abs(run(rollingStandardDeviation, x, 1, 20)[T - 1]! / naiveDeviation(last) - 1)).toBeLessThan(1e-9);
});

test("the standard deviation of a constant stretch is exactly 0, and of a window of one undefined", () => {
  const x = new Float64Array(50).fill(0.1);
  expect(run(rollingStandardDeviation, x, 1, 7).subarray(6)).toEqual(new Float64Array(44));
  expect(run(rollingStandardDeviation, x, 1, 1)).toEqual(new Float64Array(50).fill(Number.NaN));
});
