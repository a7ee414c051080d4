import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groupByDate, sumRankIc } from "../../src/models/date-groups.ts";
import type { TrainingSet } from "../../src/models/model.ts";
import { rowsWithin } from "../../src/models/training-subset.ts";

describe("groupByDate", () => {
  test("names where each date begins, and the end", () => {
    expect(groupByDate([4, 4, 7, 9, 9, 9])).toEqual({
      starts: Int32Array.of(0, 2, 3, 6),
      bars: Int32Array.of(4, 7, 9),
    });
    expect(groupByDate([])).toEqual({ starts: Int32Array.of(0), bars: Int32Array.of() });
  });
});

describe("sumRankIc", () => {
  test("adds up the dates that have one", () => {
    // Date 1 in order: 1. Date 2 turned around: -1. Date 3: ranks 1 2 3 against 2 1 3, 1 - 6 * 2 / (3 * 8) = 1/2. Date 4
    // has two pairs only, date 5 one score throughout.
    const bar = [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5];
    const scores = Float64Array.of(1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 6, 6, 6);
    const labels = Float64Array.of(4, 5, 6, 6, 5, 4, 5, 4, 6, 1, 2, Number.NaN, 1, 2, 3);
    const { sum, dates } = sumRankIc(groupByDate(bar), scores, labels);
    expect(dates).toBe(3);
    expect(sum).toBeCloseTo(0.5, 12);
  });
});

describe("rowsWithin", () => {
  test("is the rows whose bars lie in the ranges, as by looking at each", () => {
    const rows = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 40 });
    const cut = fc.tuple(fc.nat(10), fc.nat(10), fc.nat(10), fc.nat(10));
    fc.assert(
      fc.property(rows, cut, fc.boolean(), (bars, [a, b, c, d], weighted) => {
        const bar = Int32Array.from(bars).sort();
        const count = bar.length;
        const set: TrainingSet = {
          features: ["p", "q"],
          x: Float64Array.from({ length: 2 * count }, (_, i) => i),
          y: Float64Array.from({ length: count }, (_, i) => -i),
          weight: weighted ? Float64Array.from({ length: count }, (_, i) => i + 1) : null,
          bar,
          labelEnd: bar.map((t) => t + 3),
        };
        const ranges = [
          { from: a, to: a + b },
          { from: a + b + c, to: a + b + c + d },
        ];
        const part = rowsWithin(set, ranges);
        const kept = [...bar.keys()].filter((r) => ranges.some(({ from, to }) => bar[r]! >= from && bar[r]! < to));
        expect([...part.y]).toEqual(kept.map((r) => -r));
        expect([...part.x]).toEqual(kept.flatMap((r) => [2 * r, 2 * r + 1]));
        expect(part.weight === null ? null : [...part.weight]).toEqual(weighted ? kept.map((r) => r + 1) : null);
        expect([...part.bar]).toEqual(kept.map((r) => bar[r]));
        expect([...part.labelEnd]).toEqual(kept.map((r) => bar[r]! + 3));
      }),
    );
  });
});
