import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { netSleeves } from "../../src/rebalancing/netting.ts";
import { decisionsAt } from "../support/market.ts";
import { daily } from "./policies.ts";

const NONE = null;

describe("netting", () => {
  const axes = daily(4, 2);
  const trend = decisionsAt(axes, { 0: [1, 0], 2: [0, 1] });
  const reversal = decisionsAt(axes, { 0: [0, 1], 2: [1, NONE], 3: [NONE, 0.5] });

  test("trades what sleeves buy and sell of each other within the house", () => {
    const book = netSleeves(axes, [
      { targets: trend, capital: 0.6 },
      { targets: reversal, capital: 0.4 },
    ]);
    // bar 0: 0.6 and 0.4. bar 2: trend 0.6 -> 0 and 0 -> 0.6, reversal 0 -> 0.4 and stays at 0.4: 0.4 and 1.0
    // bar 3: the second falls by 0.4 * 0.5
    expect([...book.targets.values].map((w) => Number(w.toFixed(12)))).toEqual([
      0.6,
      0.4,
      Number.NaN,
      Number.NaN,
      0.4,
      1,
      Number.NaN,
      0.8,
    ]);
    // apart, bar 2: 0.6 + 0.6 + 0.4 = 1.6. net: 0.2 + 0.6 = 0.8
    expect([...book.grossTurnover].map((x) => Number(x.toFixed(12)))).toEqual([1, 0, 1.6, 0.2]);
    expect([...book.netTurnover].map((x) => Number(x.toFixed(12)))).toEqual([1, 0, 0.8, 0.2]);
    expect(book.saved).toBeCloseTo(0.8, 12);
  });

  test("two sleeves that change places trade nothing", () => {
    const other = decisionsAt(axes, { 0: [0, 1], 2: [1, 0] });
    const book = netSleeves(axes, [
      { targets: trend, capital: 0.5 },
      { targets: other, capital: 0.5 },
    ]);
    expect([...book.netTurnover]).toEqual([1, 0, 0, 0]);
    expect(book.grossTurnover[2]).toBe(2);
  });

  test("capital that moves from one sleeve to the other trades what they do not share", () => {
    const half = Float64Array.of(0.5, Number.NaN, 0.7, Number.NaN);
    const rest = Float64Array.of(0.5, Number.NaN, 0.3, Number.NaN);
    const first = decisionsAt(axes, { 0: [0.5, 0.5] });
    const second = decisionsAt(axes, { 0: [0.5, NONE] });
    const book = netSleeves(axes, [
      { targets: first, capital: half },
      { targets: second, capital: rest },
    ]);
    // the first asset: 0.5 * 0.5 twice, then 0.35 + 0.15: as before. the second: 0.25, then 0.35
    expect([...book.targets.values.subarray(4, 6)].map((w) => Number(w.toFixed(12)))).toEqual([0.5, 0.35]);
    expect(book.netTurnover[2]).toBeCloseTo(0.1, 12);
    expect(book.grossTurnover[2]).toBeCloseTo(0.3, 12);
  });

  test("no sleeves and no bars give an empty book", () => {
    expect(netSleeves(axes, []).targets.values.every((w) => w !== w)).toBe(true);
    expect(netSleeves(daily(0, 1), []).saved).toBe(0);
  });

  test("refuses sleeves on other axes and capital of another length", () => {
    const strange = decisionsAt(daily(4, 2), {});
    expect(() => netSleeves(axes, [{ targets: strange, capital: 1 }])).toThrow("sleeve 1: sleeves must share one Axes");
    expect(() => netSleeves(axes, [{ targets: trend, capital: Float64Array.of(1) }])).toThrow(
      "sleeve 1: capital must have 4 bars, got 1",
    );
    expect(() => netSleeves(axes, [{ targets: trend, capital: Number.NaN }])).toThrow("must be finite");
  });
});

test("net is never above gross, one sleeve saves nothing, the past ignores the future, and the book is the sum", () => {
  const cell = fc.oneof(
    { weight: 2, arbitrary: fc.constant(Number.NaN) },
    { weight: 1, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) },
  );
  const cases = fc
    .record({ T: fc.integer({ min: 1, max: 8 }), N: fc.integer({ min: 1, max: 3 }), P: fc.integer({ min: 1, max: 4 }) })
    .chain(({ T, N, P }) =>
      fc.record({
        T: fc.constant(T),
        N: fc.constant(N),
        planes: fc.array(fc.array(cell, { minLength: T * N, maxLength: T * N }), { minLength: P, maxLength: P }),
        shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: P, maxLength: P }),
        cut: fc.nat(T - 1),
      }),
    );
  fc.assert(
    fc.property(cases, ({ T, N, planes, shares, cut }) => {
      const axes = daily(T, N);
      const sleeves = planes.map((values, p) => ({
        targets: { axes, values: Float64Array.from(values) },
        capital: shares[p]!,
      }));
      const book = netSleeves(axes, sleeves);
      for (let t = 0; t < T; t++) expect(book.netTurnover[t]).toBeLessThanOrEqual(book.grossTurnover[t]! + 1e-12);
      const single = netSleeves(axes, sleeves.slice(0, 1));
      expect(single.saved).toBe(0);
      for (let n = 0; n < N; n++) {
        let last = 0;
        const standing = planes.map(() => 0);
        for (let t = 0; t < T; t++) {
          for (const [p, plane] of planes.entries())
            if (!Number.isNaN(plane[t * N + n]!)) standing[p] = plane[t * N + n]!;
          const value = book.targets.values[t * N + n]!;
          if (!Number.isNaN(value)) last = value;
          const sum = standing.reduce((total, x, p) => total + x * shares[p]!, 0);
          expect(Math.abs(last - sum)).toBeLessThan(1e-12);
        }
      }
      const short = daily(cut, N);
      const past = netSleeves(
        short,
        planes.map((values, p) => ({
          targets: { axes: short, values: Float64Array.from(values.slice(0, cut * N)) },
          capital: shares[p]!,
        })),
      );
      expect(past.targets.values).toEqual(book.targets.values.subarray(0, cut * N));
      expect(past.netTurnover).toEqual(book.netTurnover.subarray(0, cut));
    }),
    { seed: 13, numRuns: 1000 },
  );
});
