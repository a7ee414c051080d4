import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binOf, histogram } from "../../../src/report/sweep/histogram.ts";

describe("a histogram", () => {
  it("counts into round bins that start on a whole multiple of their width", () => {
    // 0 to 10 in about five bins: width 2; 10 opens a sixth.
    expect(histogram([0, 1.9, 2, 9, 10, Number.NaN, Infinity], 5)).toEqual({
      start: 0,
      width: 2,
      counts: [2, 1, 0, 0, 1, 1],
    });
  });

  it("has one bin for equal values and none without any", () => {
    expect(histogram([3, 3, 3], 10)!.counts).toEqual([3]);
    expect(histogram([0, 0], 10)!.counts).toEqual([2]);
    expect(histogram([Number.NaN], 10)).toBeNull();
    expect(histogram([], 10)).toBeNull();
  });

  it("holds every finite value in the bin that binOf names", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const bins = histogram(values, 20)!;
        const counts = bins.counts.map(() => 0);
        for (const value of values) counts[binOf(bins, value)]!++;
        expect(bins.counts).toEqual(counts);
        expect(counts.length).toBeLessThanOrEqual(42);
      }),
    );
  });
});
