import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Floats } from "../../src/core/panel.ts";
import { rollingMean } from "../../src/math/rolling.ts";
import { rollingMaxDrawdown } from "../../src/math/rolling-drawdown.ts";
import { rollingMaximum } from "../../src/math/rolling-maximum.ts";
import { rollingPresentMean } from "../../src/math/rolling-mean.ts";
import { rollingDeviation, rollingScore, rollingSkewness } from "../../src/math/rolling-moments.ts";
import { rollingSlope } from "../../src/math/rolling-slope.ts";
import type { RollingWindow } from "../../src/math/rolling-window.ts";

type Kernel = (x: Floats, assets: number, window: RollingWindow, out: Float64Array) => void;
interface Rolling {
  readonly name: string;
  readonly kernel: Kernel;
  /** Of the present values of the window that ends at t, and their bars; for the slope, of the pairs. */
  naive(values: readonly number[], bars: readonly number[], t: number): number;
  /** Fewest values the statistic itself needs. */
  readonly needs: number;
  /** Cells are k / 10 with k in 1..200, so a spread is never below 0.1 beside a mean of at most 20: sums of 12 products
   *  lose at most 12 * 2e-16 * (20 / 0.1)^3 = 2e-8 of the cubes and 1e-10 of the squares in the very worst case. */
  readonly tolerance: number;
}

const sum = (x: readonly number[]): number => x.reduce((total, value) => total + value, 0);
const average = (x: readonly number[]): number => sum(x) / x.length;
const central = (x: readonly number[], power: number): number => sum(x.map((value) => (value - average(x)) ** power));
/** A common series for the slope: uneven, missing at every ninth bar. */
const common = (t: number): number => (t % 9 === 8 ? Number.NaN : ((t * 7) % 13) / 10);
const commonOf = (rows: number): Float64Array => Float64Array.from({ length: rows }, (_, t) => common(t));

const kernels: readonly Rolling[] = [
  { name: "rollingPresentMean", kernel: rollingPresentMean, naive: average, needs: 1, tolerance: 1e-12 },
  { name: "rollingMaximum", kernel: rollingMaximum, naive: (x) => Math.max(...x), needs: 1, tolerance: 0 },
  {
    name: "rollingMaxDrawdown",
    kernel: rollingMaxDrawdown,
    naive: (x) => Math.min(...x.flatMap((peak, i) => x.slice(i).map((value) => value / peak))) - 1,
    needs: 1,
    tolerance: 0,
  },
  {
    name: "rollingDeviation",
    kernel: rollingDeviation,
    naive: (x) => Math.sqrt(central(x, 2) / (x.length - 1)),
    needs: 2,
    tolerance: 1e-10,
  },
  {
    name: "rollingScore",
    kernel: rollingScore,
    naive: (x, bars, t) => {
      if (bars.at(-1) !== t) return Number.NaN;
      return new Set(x).size === 1 ? 0 : (x.at(-1)! - average(x)) / Math.sqrt(central(x, 2) / x.length);
    },
    needs: 1,
    tolerance: 1e-10,
  },
  {
    name: "rollingSkewness",
    kernel: (x, assets, window, out) => rollingSkewness(x, assets, window, 1e-9, out),
    naive: (x) => {
      const n = x.length;
      const variance = central(x, 2) / n;
      const skew = central(x, 3) / n / variance ** 1.5;
      return Math.sqrt(variance) < 1e-9 ? Number.NaN : (skew * Math.sqrt(n * (n - 1))) / (n - 2);
    },
    needs: 3,
    tolerance: 1e-8,
  },
  {
    name: "rollingSlope",
    kernel: (y, assets, window, out) => rollingSlope(y, commonOf(y.length / assets), assets, window, 1e-9, out),
    naive: (y, bars) => {
      const x = bars.map(common);
      const squares = central(x, 2);
      const products = sum(x.map((value, i) => (value - average(x)) * (y[i]! - average(y))));
      return squares < 1e-12 ? Number.NaN : products / squares;
    },
    needs: 2,
    tolerance: 1e-10,
  },
];

const run = (kernel: Kernel, x: Floats, assets: number, window: RollingWindow): Float64Array => {
  const out = new Float64Array(x.length).fill(-1);
  kernel(x, assets, window, out);
  return out;
};
const cell = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 200 }).map((k) => k / 10) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
  { weight: 1, arbitrary: fc.constant(3.3) },
);
/** [assets, window, plane]. */
const cases = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }), fc.nat(11), fc.integer({ min: 0, max: 40 }))
  .chain(([assets, bars, least, rows]) =>
    fc.tuple(
      fc.constant(assets),
      fc.constant({ bars, least: 1 + (least % bars) }),
      fc.array(cell, { minLength: rows * assets, maxLength: rows * assets }).map((values) => Float64Array.from(values)),
    ),
  );

describe.each(kernels)("$name", ({ name, kernel, naive, needs, tolerance }) => {
  test("equals its definition over the present values of every window, or is NaN with too few", () => {
    let compared = 0;
    fc.assert(
      fc.property(cases, ([assets, window, x]) => {
        const out = run(kernel, x, assets, window);
        for (let i = 0; i < x.length; i++) {
          const t = Math.floor(i / assets);
          const span = Array.from({ length: Math.min(window.bars, t + 1) }, (_, k) => t - k).reverse();
          const bars = span.filter((bar) => {
            const paired = name !== "rollingSlope" || !Number.isNaN(common(bar));
            return paired && !Number.isNaN(x[bar * assets + (i % assets)]!);
          });
          const values = bars.map((bar) => x[bar * assets + (i % assets)]!);
          const enough = values.length >= Math.max(window.least, needs);
          const want = enough ? naive(values, bars, t) : Number.NaN;
          const same = Number.isNaN(want) ? Number.isNaN(out[i]!) : Math.abs(want - out[i]!) <= tolerance;
          if (!Number.isNaN(want)) compared++;
          expect(same, `t=${t} of ${x.length / assets}, want ${want}, got ${out[i]}`).toBe(true);
        }
      }),
      { seed: 7, numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(1000);
  });

  test("does not change by a bit when the future is cut off", () => {
    fc.assert(
      fc.property(cases, fc.nat(), ([assets, window, x], at) => {
        const cut = (at % (x.length / assets + 1)) * assets;
        expect(run(kernel, x.slice(0, cut), assets, window)).toEqual(run(kernel, x, assets, window).slice(0, cut));
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test("forgets a huge value to the bit when it leaves the window", () => {
    const calm = Float64Array.from({ length: 60 }, (_, t) => 1 + (t % 7) / 10);
    const shaken = calm.slice();
    shaken[20] = 1e200;
    const window = { bars: 10, least: 4 };
    expect(run(kernel, shaken, 1, window).slice(30)).toEqual(run(kernel, calm, 1, window).slice(30));
  });

  test("permutes with its columns, a column of NaN among them staying NaN", () => {
    const x = Float64Array.from({ length: 75 }, (_, i) => (i % 3 === 2 ? Number.NaN : 2 + Math.sin(i * i)));
    const turned = x.map((_, i) => x[i - (i % 3) + ((i + 1) % 3)]!);
    const window = { bars: 6, least: 5 };
    const [a, b] = [run(kernel, x, 3, window), run(kernel, turned, 3, window)];
    expect(b).toEqual(a.map((_, i) => a[i - (i % 3) + ((i + 1) % 3)]!));
    expect(a.filter((_, i) => i % 3 === 2)).toEqual(new Float64Array(25).fill(Number.NaN));
    expect(a.filter((_, i) => i % 3 === 0 && i > 30).every((value) => !Number.isNaN(value))).toBe(true);
  });

  test("accepts an empty plane, and a window longer than the plane, which is NaN unless fewer values will do", () => {
    expect(run(kernel, new Float64Array(), 3, { bars: 5, least: 5 })).toEqual(new Float64Array());
    const three = Float64Array.of(1, 2, 4);
    expect(run(kernel, three, 1, { bars: 1e12, least: 1e12 })).toEqual(new Float64Array(3).fill(Number.NaN));
    expect(run(kernel, three, 1, { bars: 1e12, least: 3 })[2]).toBe(run(kernel, three, 1, { bars: 3, least: 3 })[2]);
  });

  test("refuses planes and windows that make no sense", () => {
    const three = Float64Array.of(1, 2, 3);
    const complete = (bars: number) => ({ bars, least: bars });
    expect(() => run(kernel, three, 2, complete(1))).toThrow("x has 3 cells, not a multiple of 2 assets");
    expect(() => run(kernel, three, 1, complete(0))).toThrow("window must be a whole number of bars >= 1, got 0");
    expect(() => run(kernel, three, 1, complete(1.5))).toThrow("got 1.5");
    expect(() => run(kernel, three, 1, { bars: 2, least: 3 })).toThrow(
      "least must be a whole number from 1 to 2, got 3",
    );
    expect(() => run(kernel, three, 1, { bars: 2, least: 0 })).toThrow("got 0");
    expect(() => kernel(three, 1, complete(2), new Float64Array(2))).toThrow("out has 2 cells, x has 3");
  });
});

test("the mean over complete windows equals rollingMean to the bit", () => {
  fc.assert(
    fc.property(cases, ([assets, { bars }, x]) => {
      const out = new Float64Array(x.length);
      rollingMean(x, assets, bars, out);
      expect(run(rollingPresentMean, x, assets, { bars, least: bars })).toEqual(out);
    }),
    { seed: 7, numRuns: 200 },
  );
});

test("neither mean nor deviation drifts over a million bars", () => {
  const T = 1_000_000;
  const x = Float64Array.from({ length: T }, (_, t) => 1e6 + Math.sin(t));
  const last = Array.from(x.subarray(T - 20));
  const window = { bars: 20, least: 20 };
  expect(Math.abs(run(rollingPresentMean, x, 1, window)[T - 1]! - average(last))).toBeLessThan(1e-9);
  const deviation = Math.sqrt(central(last, 2) / 19);
  expect(Math.abs(run(rollingDeviation, x, 1, window)[T - 1]! / deviation - 1)).toBeLessThan(1e-9);
});

test("over a constant stretch deviation and score are exactly 0 and there is no skewness", () => {
  const x = new Float64Array(50).fill(0.1);
  const window = { bars: 7, least: 7 };
  expect(run(rollingDeviation, x, 1, window).slice(6)).toEqual(new Float64Array(44));
  expect(run(rollingScore, x, 1, window).slice(6)).toEqual(new Float64Array(44));
  const skewed = new Float64Array(50);
  rollingSkewness(x, 1, window, 0, skewed);
  expect(skewed).toEqual(new Float64Array(50).fill(Number.NaN));
});

test("the skewness of 1, 2, 6 is sqrt(6) * 6 / (14/3)^1.5", () => {
  // mean 3, deviations -2, -1, 3: squares 14, cubes -8 - 1 + 27 = 18; G1 = sqrt(3 * 2) / 1 * (18/3) / (14/3)^1.5.
  const out = new Float64Array(3);
  rollingSkewness(Float64Array.of(1, 2, 6), 1, { bars: 3, least: 3 }, 0, out);
  expect(out[2]).toBeCloseTo((Math.sqrt(6) * 6) / (14 / 3) ** 1.5, 13);
});

test("the deepest fall of 10, 8, 12, 9, 11 is from 12 to 9, and of its last two bars none", () => {
  const x = Float64Array.of(10, 8, 12, 9, 11);
  expect(run(rollingMaxDrawdown, x, 1, { bars: 5, least: 1 })).toEqual(
    Float64Array.of(0, 8 / 10 - 1, 8 / 10 - 1, 9 / 12 - 1, 9 / 12 - 1),
  );
  expect(run(rollingMaxDrawdown, x, 1, { bars: 2, least: 2 })[4]).toBe(0);
});

test("a slope needs a common series of the length of the plane", () => {
  expect(() =>
    rollingSlope(Float64Array.of(1, 2), Float64Array.of(1), 1, { bars: 2, least: 2 }, 0, new Float64Array(2)),
  ).toThrow("the common series has 1 values, y has 2 rows");
});
