import { describe, expect, test } from "vitest";
import type { Floats } from "../../src/core/panel.ts";
import { forwardReturn, LABEL_LAGS, labelEndBar } from "../../src/models/forward-return.ts";

const none = Number.NaN;
const run = (prices: Floats, assets: number, horizon: number, lag: number): number[] => {
  const out = new Float64Array(prices.length).fill(-9);
  forwardReturn(prices, assets, horizon, lag, out);
  return [...out];
};

describe("forwardReturn", () => {
  test("of an open label starts at the next open: 20/10 - 1, then 30/20 - 1, and the last h + 1 rows have none", () => {
    expect(run(Float64Array.of(8, 10, 20, 30), 1, 1, LABEL_LAGS.open)).toEqual([1, 0.5, none, none]);
  });

  test("of a close label starts at the close itself: 10/8 - 1, 20/10 - 1, 30/20 - 1, and the last h rows have none", () => {
    expect(run(Float64Array.of(8, 10, 20, 30), 1, 1, LABEL_LAGS.close)).toEqual([0.25, 1, 0.5, none]);
  });

  test("is missing where its first or its last price is, and not where one between them is", () => {
    // h = 2 from the close: row 0 needs bars 0 and 2, row 1 bars 1 and 3, row 2 bars 2 and 4
    expect(run(Float64Array.of(1, none, 2, 4, 8), 1, 2, 0)).toEqual([1, none, 3, none, none]);
  });

  test("keeps columns apart", () => {
    expect(run(Float64Array.of(1, 10, 2, 30, 4, 30), 2, 1, 0)).toEqual([1, 2, 1, 0, none, none]);
  });

  test("is missing everywhere when the horizon is longer than the plane, and accepts an empty plane", () => {
    expect(run(Float64Array.of(1, 2, 3), 1, 3, 0)).toEqual([none, none, none]);
    expect(run(Float64Array.of(1, 2, 3), 1, 1e9, 1)).toEqual([none, none, none]);
    expect(run(new Float64Array(), 2, 1, 1)).toEqual([]);
  });

  test("refuses shapes and horizons that make no sense", () => {
    const three = Float64Array.of(1, 2, 3);
    expect(() => run(three, 2, 1, 0)).toThrow("prices has 3 cells, not a multiple of 2 assets");
    expect(() => run(three, 1, 0, 0)).toThrow("horizonBars must be a whole number >= 1, got 0");
    expect(() => run(three, 1, 1, -1)).toThrow("lagBars must be a whole number >= 0, got -1");
    expect(() => forwardReturn(three, 1, 1, 0, new Float64Array(2))).toThrow("out has 2 cells, prices has 3");
  });
});

test.each([
  ["open", LABEL_LAGS.open],
  ["close", LABEL_LAGS.close],
])("the end bar of an %s label is the last bar whose price moves it, and no other after it does", (_, lag) => {
  const [T, h] = [12, 3];
  const prices = Float64Array.from({ length: T }, (_, t) => 10 + t * t);
  const before = run(prices, 1, h, lag);
  for (let t = 0; t < T; t++) {
    const moved = before
      .map((_, k) => k)
      .filter((k) => {
        const after = run(prices.with(t, 1), 1, h, lag);
        return !Object.is(after[k], before[k]);
      });
    const ending = before.map((_, k) => k).filter((k) => labelEndBar(k, h, lag) === t);
    for (const k of ending) expect(moved).toContain(k);
    expect(moved.filter((k) => labelEndBar(k, h, lag) < t)).toEqual([]);
  }
});
