import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeRows, pick, pickAmounts, sampleEvenly, sampleSeries } from "../../src/report/sampling.ts";

const gappy = fc.array(
  fc.oneof({ weight: 9, arbitrary: fc.double({ min: -5, max: 5, noNaN: true }) }, fc.constant(Number.NaN)),
  {
    minLength: 1,
    maxLength: 300,
  },
);

describe("sampleSeries", () => {
  it("keeps every bar of a series that is short enough", () => {
    const values = Float64Array.of(3, Number.NaN, 1);
    expect(sampleSeries(Float64Array.of(0, 1, 2), values, 3)).toEqual([0, 1, 2]);
  });

  it("keeps the smallest and the largest value, and a missing bar of each gap", () => {
    fc.assert(
      fc.property(gappy, fc.integer({ min: 2, max: 40 }), (cells, keep) => {
        const values = Float64Array.from(cells);
        const rows = sampleSeries(
          values.map((_, t) => t),
          values,
          keep,
        );
        const finite = cells.filter(Number.isFinite);
        const kept = rows.map((t) => cells[t]!);
        if (finite.length > 0) {
          expect(kept).toContain(Math.min(...finite));
          expect(kept).toContain(Math.max(...finite));
        }
        // Between two kept neighbours the series has a gap iff the sample shows one there.
        for (let i = 1; i < rows.length; i++) {
          const between = cells.slice(rows[i - 1]! + 1, rows[i]!);
          if (Number.isFinite(kept[i]!) && Number.isFinite(kept[i - 1]!))
            expect(between.every(Number.isFinite)).toBe(true);
        }
      }),
    );
  });

  it("stays near the number of points aimed at when there are no gaps", () => {
    const values = Float64Array.from({ length: 5000 }, (_, t) => Math.sin(t / 50) + t / 1000);
    const rows = sampleSeries(
      values.map((_, t) => t),
      values,
      200,
    );
    expect(rows.length).toBeGreaterThanOrEqual(200);
    expect(rows.length).toBeLessThanOrEqual(202);
  });
});

describe("sampleEvenly", () => {
  it("takes every stride-th bar and the last", () => {
    expect(sampleEvenly(10, 4)).toEqual({ rows: [0, 3, 6, 9], stride: 3 });
    expect(sampleEvenly(11, 4)).toEqual({ rows: [0, 3, 6, 9, 10], stride: 3 });
    expect(sampleEvenly(1, 4)).toEqual({ rows: [0], stride: 1 });
    expect(sampleEvenly(0, 4)).toEqual({ rows: [], stride: 1 });
  });
});

describe("pick and mergeRows", () => {
  it("round to significant digits and write null for what is not finite", () => {
    expect(pick(Float64Array.of(1234.5678, Number.NaN, Infinity, 0.00012345), [0, 1, 2, 3], 4)).toEqual([
      1235,
      null,
      null,
      0.0001234,
    ]);
  });

  it("keep the cents of large amounts", () => {
    expect(pickAmounts(Float64Array.of(33601725.4567, 99969.551234, Number.NaN), [0, 1, 2])).toEqual([
      33601725.46,
      99969.551,
      null,
    ]);
  });

  it("join ascending without repeats", () => {
    expect(mergeRows([5, 1], [1, 3], [])).toEqual([1, 3, 5]);
  });
});
