import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lttb } from "../../src/report/lttb.ts";

/** The definition of section 4.2, with the buckets as lists of points and every triangle's area by the shoelace rule. */
function naive(x: number[], y: number[], keep: number): number[] {
  const n = x.length;
  if (n <= keep) return x.map((_, i) => i);
  const width = (n - 2) / (keep - 2);
  const buckets = Array.from({ length: keep - 2 }, (_, k) => {
    const start = 1 + Math.floor(k * width);
    const end = 1 + Math.floor((k + 1) * width);
    return Array.from({ length: end - start }, (_, i) => start + i);
  });
  buckets.push([n - 1]);
  const rows = [0];
  for (let k = 0; k < keep - 2; k++) {
    const a = rows[rows.length - 1]!;
    const next = buckets[k + 1]!;
    const cx = next.reduce((sum, i) => sum + x[i]!, 0) / next.length;
    const cy = next.reduce((sum, i) => sum + y[i]!, 0) / next.length;
    const area = (b: number): number =>
      Math.abs(x[a]! * (y[b]! - cy) + x[b]! * (cy - y[a]!) + cx * (y[a]! - y[b]!)) / 2;
    rows.push(buckets[k]!.reduce((best, b) => (area(b) > area(best) ? b : best)));
  }
  return [...rows, n - 1];
}

/** Doubles with many digits: two triangles of one bucket tie, and could round apart, only by a miracle. */
const series = fc
  .array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 3, maxLength: 200 })
  .map((y) => ({ x: y.map((_, i) => i), y: y.map((value, i) => Math.sin(1e4 * value + i)) }));

describe("lttb", () => {
  it("spans the largest triangle in each bucket, as the definition says", () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 3, max: 50 }), ({ x, y }, keep) => {
        expect([...lttb(Float64Array.from(x), Float64Array.from(y), keep)]).toEqual(naive(x, y, keep));
      }),
    );
  });

  it("keeps first and last and only ascending rows of the series", () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 2, max: 50 }), ({ x, y }, keep) => {
        const rows = [...lttb(Float64Array.from(x), Float64Array.from(y), keep)];
        expect(rows.length).toBe(Math.min(keep, x.length));
        expect(rows[0]).toBe(0);
        expect(rows[rows.length - 1]).toBe(x.length - 1);
        for (let i = 1; i < rows.length; i++) expect(rows[i]!).toBeGreaterThan(rows[i - 1]!);
      }),
    );
  });

  it("picks the spike of a flat line", () => {
    const y = new Float64Array(100);
    y[37] = 5;
    expect([
      ...lttb(
        Float64Array.from(y, (_, i) => i),
        y,
        10,
      ),
    ]).toContain(37);
  });

  it("looks at nothing outside [from, to)", () => {
    const x = Float64Array.from({ length: 40 }, (_, i) => i);
    const y = x.map((i) => (i < 10 || i >= 30 ? Number.NaN : Math.sin(i)));
    const rows = [...lttb(x, y, 6, 10, 30)];
    expect(rows[0]).toBe(10);
    expect(rows[5]).toBe(29);
    expect(rows.every((row) => Number.isFinite(y[row]!))).toBe(true);
  });

  it("gives nothing for an empty range", () => {
    expect(lttb(new Float64Array(0), new Float64Array(0), 5).length).toBe(0);
  });
});
