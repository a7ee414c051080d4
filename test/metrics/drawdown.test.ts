import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conditionalDrawdown, drawdownSeries, equityDrawdowns } from "../../src/metrics/drawdown.ts";
import { drawdownEpisodes } from "../../src/metrics/drawdown-episodes.ts";
import { summarise } from "../../src/metrics/summary.ts";

test("a loss on the first day is a drawdown", () => {
  expect(drawdownSeries(Float64Array.of(-0.25, 0.2))[0]).toBe(-0.25);
});

test("a missing bar has no drawdown and leaves the peak as it is", () => {
  expect(equityDrawdowns(Float64Array.of(100, Number.NaN, 50))).toEqual(Float64Array.of(0, Number.NaN, -0.5));
});

test("lies in [-1, 0] and is 0 exactly at a new peak", () => {
  const value = fc.double({ min: 0.01, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 50 }), (equity) => {
      const drawdowns = equityDrawdowns(Float64Array.from(equity));
      equity.forEach((level, t) => {
        const peak = Math.max(...equity.slice(0, t + 1));
        expect(drawdowns[t]! >= -1 && drawdowns[t]! <= 0).toBe(true);
        expect(drawdowns[t]).toBe(level === peak ? 0 : level / peak - 1);
      });
    }),
    { seed: 7 },
  );
});

test("the longest drawdown counts the bars below a peak, an unfinished stay included", () => {
  // Below the first peak for 2 bars, back, below for 3 bars to the end.
  const returns = Float64Array.of(-0.1, 0.05, 0.2, -0.1, 0.01, 0.01);
  expect(summarise(returns, { periodsPerYear: 252, riskFreeAnnual: 0 }).max_drawdown_duration).toBe(3);
});

describe("CDaR", () => {
  // Drawdowns -1, -2 ... -T millionths, so the deepest m of T have mean -(T - (m - 1) / 2) millionths.
  const falling = (bars: number): Float64Array => Float64Array.from({ length: bars }, (_, k) => -1e-6 * (k + 1));

  test("takes ceil(5%) of the bars, 7 of 140 and 8 of 141", () => {
    expect(conditionalDrawdown(falling(140))).toBeCloseTo(-137e-6, 12);
    expect(conditionalDrawdown(falling(141))).toBeCloseTo(-137.5e-6, 12);
  });
  test("counts 7 bars where 0.07 * 100 is a rounding above 7", () => {
    expect(0.07 * 100).toBeGreaterThan(7);
    expect(conditionalDrawdown(falling(100), 0.07)).toBeCloseTo(-97e-6, 12);
  });
  test("counts another bar for a part of one, however small: 1.0001 bars are 2 and 1.00001 are 2", () => {
    expect(conditionalDrawdown(falling(10_001), 0.0001)).toBeCloseTo(-10_000.5e-6, 12);
    expect(conditionalDrawdown(falling(100_001), 0.00001)).toBeCloseTo(-100_000.5e-6, 12);
  });
  test("leaves the drawdowns in their order", () => {
    const drawdowns = Float64Array.of(0, -0.2, -0.1);
    expect(conditionalDrawdown(drawdowns)).toBe(-0.2);
    expect(drawdowns).toEqual(Float64Array.of(0, -0.2, -0.1));
  });
});

describe("episodes", () => {
  //                          0    1   2   3    4    5   6    7   8
  const equity = Float64Array.of(100, 90, 80, 100, 110, 99, 120, 60, 90);

  test("run from the last bar at the peak to the first bar back, deepest first", () => {
    expect(drawdownEpisodes(equity, 10)).toEqual([
      { peakBar: 6, troughBar: 7, recoveryBar: -1, depth: -0.5, lengthBars: 2 },
      { peakBar: 0, troughBar: 2, recoveryBar: 3, depth: 80 / 100 - 1, lengthBars: 3 },
      { peakBar: 4, troughBar: 5, recoveryBar: 6, depth: 99 / 110 - 1, lengthBars: 2 },
    ]);
  });
  test("are cut to the number asked for", () => {
    expect(drawdownEpisodes(equity, 1)).toHaveLength(1);
    expect(drawdownEpisodes(equity, 0)).toEqual([]);
  });
  test("are none while equity only rises, is flat or is not there", () => {
    for (const values of [[], [1], [1, 1, 1], [1, 2, 3], [Number.NaN, Number.NaN]])
      expect(drawdownEpisodes(Float64Array.from(values), 5)).toEqual([]);
  });
  test("pass over missing bars", () => {
    const holed = Float64Array.of(Number.NaN, 100, Number.NaN, 50, 100);
    expect(drawdownEpisodes(holed, 5)).toEqual([
      { peakBar: 1, troughBar: 3, recoveryBar: 4, depth: -0.5, lengthBars: 3 },
    ]);
  });
  test("the deepest one is the maximum drawdown", () => {
    const level = fc.double({ min: 1, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 60 }), (values) => {
        const path = Float64Array.from(values);
        const deepest = drawdownEpisodes(path, 1)[0]?.depth ?? 0;
        expect(deepest).toBe(Math.min(...equityDrawdowns(path)));
      }),
      { seed: 7 },
    );
  });
});
