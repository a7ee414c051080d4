import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import { SAMPLE_TRUTH, sampleMarket } from "../../src/data/sample.ts";
import { forwardReturns, LABEL_KINDS } from "../../src/models/labels.ts";
import { marketOf } from "../support/market.ts";

type Rows = readonly (readonly (number | null)[])[];
const labels = (rows: Rows, horizonBars: number, kind: (typeof LABEL_KINDS)[number]) =>
  forwardReturns(marketOf(rows, rows), horizonBars, kind);
const none = Number.NaN;
/** [T*N] opens of `assets` assets, some missing. */
const opens = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 20 }))
  .chain(([assets, bars]) =>
    fc.array(
      fc.array(fc.option(fc.integer({ min: 1, max: 50 }), { freq: 5 }), { minLength: assets, maxLength: assets }),
      { minLength: bars, maxLength: bars },
    ),
  );

test("the label of t runs from the open of t + 1 to the open of t + 1 + h, which is its end", () => {
  const { values, endBar, horizonBars, kind } = labels([[10], [20], [30], [45], [90]], 2, "raw");
  expect(Array.from(values)).toEqual([45 / 20 - 1, 90 / 30 - 1, none, none, none]);
  expect(Array.from(endBar)).toEqual([3, 4, 5, 6, 7]);
  expect([horizonBars, kind]).toEqual([2, "raw"]);
});

const rows: Rows = [
  [1, 1, 1, 1, 1],
  [10, 10, 10, 10, null],
  [11, 13, 12, 11, 20],
  [12, 26, null, 11, 40],
];

test("demeaned labels are those of a date less their mean, whoever has none counting for nobody", () => {
  const { values } = labels(rows, 1, "demeaned");
  // 0.1, 0.3, 0.2, 0.1, and none for want of an open to buy at: mean 0.175.
  for (const [n, want] of [0.1 - 0.175, 0.3 - 0.175, 0.2 - 0.175, 0.1 - 0.175].entries())
    expect(values[n]).toBeCloseTo(want, 14);
  expect(values[4]).toBe(none);
  expect(Array.from(values.slice(10))).toEqual(new Array(10).fill(none));
});

test("ranked labels are (rank - 1/2) / n, ties sharing their rank", () => {
  const { values } = labels(rows, 1, "ranked");
  // The tie at 0.1 shares rank 1.5: (1.5 - 0.5) / 4, then (4 - 0.5) / 4 and (3 - 0.5) / 4.
  expect(Array.from(values.slice(0, 5))).toEqual([0.25, 0.875, 0.625, 0.25, none]);
  // Date 1: 12/11, 26/13, none, 1 and 2: ranks 2, 3.5, -, 1, 3.5 of 4.
  expect(Array.from(values.slice(5, 10))).toEqual([0.375, 0.75, none, 0.125, 0.75]);
});

test("a lone label says nothing: 0 demeaned, 1/2 ranked", () => {
  expect(labels([[1], [2], [3]], 1, "demeaned").values[0]).toBe(0);
  expect(labels([[1], [2], [3]], 1, "ranked").values[0]).toBe(0.5);
});

describe.each(LABEL_KINDS)("%s labels", (kind) => {
  test("are known at their end bar: cutting the data after it leaves them as they are, at it takes them away", () => {
    fc.assert(
      fc.property(opens, fc.integer({ min: 1, max: 5 }), fc.nat(), (panel, horizonBars, at) => {
        const whole = labels(panel, horizonBars, kind);
        const cut = 1 + (at % panel.length);
        const N = panel[0]!.length;
        const part = labels(panel.slice(0, cut), horizonBars, kind);
        for (let t = 0; t < cut; t++) {
          const [before, after] = [whole, part].map(({ values }) => values.slice(t * N, (t + 1) * N));
          expect(after).toEqual(whole.endBar[t]! < cut ? before : new Float64Array(N).fill(none));
        }
      }),
      { seed: 7 },
    );
  });

  test("average 0 or 1/2 over each date, unless they are raw, and keep the order of the raw ones", () => {
    fc.assert(
      fc.property(opens, fc.integer({ min: 1, max: 3 }), (panel, horizonBars) => {
        const raw = labels(panel, horizonBars, "raw").values;
        const { values } = labels(panel, horizonBars, kind);
        const N = panel[0]!.length;
        for (let row = 0; row < raw.length; row += N) {
          const there = [...raw.slice(row, row + N).keys()].filter((n) => !Number.isNaN(raw[row + n]!));
          expect([...values.slice(row, row + N).keys()].filter((n) => !Number.isNaN(values[row + n]!))).toEqual(there);
          for (const a of there)
            for (const b of there) expect(values[row + a]! < values[row + b]!).toBe(raw[row + a]! < raw[row + b]!);
          const mean = there.reduce((sum, n) => sum + values[row + n]!, 0) / there.length;
          if (kind !== "raw" && there.length > 0) expect(mean).toBeCloseTo(kind === "ranked" ? 0.5 : 0, 10);
        }
      }),
      { seed: 7 },
    );
  });

  test("of data without bars, or shorter than the horizon, are none", () => {
    const nothing = { axes: createAxes([], ["A"]), open: new Float64Array() };
    expect(forwardReturns(nothing, 1, kind)).toMatchObject({ values: new Float64Array(), endBar: new Int32Array() });
    expect(
      labels(
        [
          [1, 2],
          [3, 4],
        ],
        1,
        kind,
      ).values,
    ).toEqual(new Float64Array(4).fill(none));
  });
});

test("the features of the sample market foretell raw labels as it says they do", () => {
  const market = sampleMarket({ seed: 1000, assets: 60, bars: 2000 });
  for (const { column, horizonBars, informationCoefficient } of SAMPLE_TRUTH.signals) {
    const { values } = forwardReturns(market, horizonBars, "raw");
    const feature = market.extras.get(column)!;
    const correlations: number[] = [];
    for (let row = 0; row < values.length; row += 60) {
      const pairs = [...values.slice(row, row + 60).keys()]
        .map((n) => [feature[row + n]!, values[row + n]!] as const)
        .filter(([x, y]) => !Number.isNaN(x + y));
      if (pairs.length > 2) correlations.push(correlation(pairs));
    }
    const mean = correlations.reduce((sum, c) => sum + c, 0) / correlations.length;
    // A date's correlation over 60 assets has a deviation of about 0.13, and only every fifth date is news: 0.13 / 20.
    expect(correlations.length).toBe(2000 - 6);
    expect(Math.abs(mean - informationCoefficient)).toBeLessThan(3 * (0.13 / 20));
  }
});

test("a horizon that is no whole number of bars is refused", () => {
  expect(() => labels([[1]], 0, "raw")).toThrow("horizonBars must be a whole number >= 1, got 0");
  expect(() => labels([[1]], 1.5, "raw")).toThrow("got 1.5");
});

function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (i: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[i], 0) / pairs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const moment = (i: 0 | 1, j: 0 | 1) =>
    pairs.reduce((sum, pair) => sum + (pair[i] - (i ? meanY : meanX)) * (pair[j] - (j ? meanY : meanX)), 0);
  return moment(0, 1) / Math.sqrt(moment(0, 0) * moment(1, 1));
}
