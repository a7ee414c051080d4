import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { correlation } from "../../src/models/ic-correlation.ts";
import {
  createIcSeries,
  IC_DROPS,
  type IcSeries,
  icSpace,
  informationCoefficients,
  rowIc,
} from "../../src/models/information-coefficient.ts";

const none = Number.NaN;

function ics(scores: readonly number[], labels: readonly number[], assets: number): IcSeries {
  const out = createIcSeries(scores.length / assets);
  for (const list of [out.pearson, out.spearman, out.rmse, out.signHit]) list.fill(-9);
  informationCoefficients(Float64Array.from(scores), Float64Array.from(labels), assets, out);
  return out;
}
const dropOf = (series: IcSeries, t: number) => IC_DROPS[series.dropped[t]!];

describe("informationCoefficients", () => {
  test("by hand: scores 1 2 3 against labels 1 3 2 give 1/2 for both, and a root of mean squares of sqrt(2/3)", () => {
    // offsets -1 0 1 and -1 1 0: products 1, squares 2 and 2; errors 0 -1 1
    const out = ics([1, 2, 3], [1, 3, 2], 3);
    expect(out.pearson[0]).toBeCloseTo(0.5, 15);
    expect(out.spearman[0]).toBeCloseTo(0.5, 15);
    expect(out.rmse[0]).toBeCloseTo(Math.sqrt(2 / 3), 15);
    expect([out.signHit[0], out.pairs[0], dropOf(out, 0)]).toEqual([1, 3, "counted"]);
  });

  test("ties take average ranks: 1 1 2 against 1 2 3 is (1.5 1.5 3) against (1 2 3), sqrt(3)/2", () => {
    // offsets -.5 -.5 1 and -1 0 1: products 1.5, squares 1.5 and 2
    expect(ics([1, 1, 2], [1, 2, 3], 3).spearman[0]).toBeCloseTo(Math.sqrt(3) / 2, 15);
  });

  test("signs agree where both are above, below or at 0", () => {
    expect(ics([1, -1, 0, 2], [0.1, 0.1, -0, -0.1], 4).signHit[0]).toBe(2 / 4);
  });

  test("a pair with either side missing counts for nothing", () => {
    const out = ics([1, 2, 3, none, 9], [1, 3, 2, 7, none], 5);
    expect(out.pearson[0]).toBeCloseTo(0.5, 15);
    expect(out.pairs[0]).toBe(3);
  });

  test.each([
    ["no_scores", [none, none, none], [1, 2, 3], 0],
    ["no_labels", [1, 2, 3], [none, none, none], 0],
    ["too_few_pairs", [1, 2, none], [3, 2, 1], 2],
    ["too_few_pairs", [1, none, none], [none, 2, 1], 0],
    ["constant_scores", [0.1, 0.1, 0.1], [3, 2, 1], 3],
    ["constant_labels", [1, 2, 3], [0.1, 0.1, 0.1], 3],
  ] as const)("says %s", (drop, scores, labels, pairs) => {
    const out = ics(scores, labels, 3);
    expect([dropOf(out, 0), out.pairs[0], out.pearson[0], out.spearman[0]]).toEqual([drop, pairs, none, none]);
    expect(Number.isNaN(out.rmse[0]!)).toBe(pairs < 3);
  });

  test("accepts a plane without bars, and one asset, of which nothing can be said", () => {
    expect(ics([], [], 4).pearson).toHaveLength(0);
    expect(dropOf(ics([1, 2], [1, 2], 1), 1)).toBe("too_few_pairs");
  });

  test("refuses planes of different shapes", () => {
    expect(() => ics([1, 2, 3], [1, 2], 3)).toThrow("scores have 3 cells, labels 2, out is for 1 x 3");
  });
});

const cell = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -5, max: 5 }) },
  { weight: 3, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) },
  { weight: 2, arbitrary: fc.constant(none) },
);
const planes = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 6 })).chain(([N, T]) => {
  const plane = fc.array(cell, { minLength: N * T, maxLength: N * T });
  return fc.tuple(fc.constant(N), fc.constant(T), plane, plane);
});

test("a date's numbers hang on its own row alone, to the bit", () => {
  fc.assert(
    fc.property(planes, ([N, T, scores, labels]) => {
      const all = ics(scores, labels, N);
      for (let t = 0; t < T; t++) {
        const row = ics(scores.slice(t * N, (t + 1) * N), labels.slice(t * N, (t + 1) * N), N);
        for (const key of ["pearson", "spearman", "rmse", "signHit", "pairs", "dropped"] as const)
          expect(row[key][0]).toBe(all[key][t]);
        const space = icSpace(N);
        const [x, y] = [Float64Array.from(scores), Float64Array.from(labels)];
        expect(rowIc(x, y, t * N, N, "ic", space)).toBe(all.pearson[t]);
        expect(rowIc(x, y, t * N, N, "rank_ic", space)).toBe(all.spearman[t]);
      }
    }),
    { numRuns: 200 },
  );
});

test("the rank IC is the same to the bit after any rising transform, and turns its sign with the scores", () => {
  fc.assert(
    fc.property(planes, ([N, , values, labels]) => {
      // Whole numbers, so that neither cubing nor adding makes two scores one.
      const scores = values.map((x) => Math.round(x * 10));
      const spearmanOf = (transform: (x: number) => number) => ics(scores.map(transform), labels, N).spearman;
      const plain = spearmanOf((x) => x);
      const rising = spearmanOf((x) => x ** 3 + 7 * x);
      const turned = spearmanOf((x) => -x);
      for (let t = 0; t < plain.length; t++) {
        expect(rising[t]).toBe(plain[t]);
        if (plain[t] === plain[t]) expect(turned[t]).toBeCloseTo(-plain[t]!, 12);
      }
    }),
    { numRuns: 200 },
  );
});

test("the order of assets changes nothing beyond rounding", () => {
  fc.assert(
    fc.property(planes, ([N, T, scores, labels]) => {
      const turn = (x: readonly number[]) => x.map((_, i) => x[Math.floor(i / N) * N + (N - 1 - (i % N))]!);
      const [a, b] = [ics(scores, labels, N), ics(turn(scores), turn(labels), N)];
      for (const key of ["pearson", "spearman", "rmse", "signHit", "pairs", "dropped"] as const)
        for (let t = 0; t < T; t++)
          if (Number.isNaN(a[key][t]!)) expect(b[key][t]).toBeNaN();
          else expect(b[key][t]).toBeCloseTo(a[key][t]!, 10);
    }),
    { numRuns: 200 },
  );
});

describe("correlation", () => {
  test("of a sample with itself, doubled or turned round is 1 or -1 to the bit, and of tiny numbers no less exact", () => {
    const x = Float64Array.of(0.1, 0.7, 0.2, -0.3);
    for (const scale of [1, 2, 0.5, 1e-140]) {
      expect(
        correlation(
          x,
          x.map((v) => v * scale),
          4,
        ),
      ).toBeCloseTo(1, 14);
      expect(
        correlation(
          x.map((v) => -v * scale),
          x,
          4,
        ),
      ).toBeCloseTo(-1, 14);
    }
    expect([
      correlation(x, x, 4),
      correlation(
        x,
        x.map((v) => -2 * v),
        4,
      ),
    ]).toEqual([1, -1]);
  });

  test("reads as many pairs as it is told", () => {
    expect(correlation(Float64Array.of(1, 2, 3, 99), Float64Array.of(1, 2, 3, -99), 3)).toBe(1);
  });

  test("of numbers that are alike is undefined, though their mean is not that number", () => {
    const flat = new Float64Array(7).fill(0.1);
    expect(correlation(flat, Float64Array.of(1, 2, 3, 4, 5, 6, 7), 7)).toBeNaN();
  });
});
