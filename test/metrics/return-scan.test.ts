import fc from "fast-check";
import { expect, test } from "vitest";
import { drawdownSeries } from "../../src/metrics/drawdown.ts";
import { scanReturns } from "../../src/metrics/return-scan.ts";
import { presentReturns, wealth } from "../../src/metrics/returns.ts";

const scan = (returns: Float64Array, rate = 0) => {
  const present = new Float64Array(returns.length + 1).fill(7);
  const drawdowns = new Float64Array(returns.length + 1).fill(7);
  return { ...scanReturns(returns, rate, present, drawdowns), present, drawdowns };
};

test("25%, -50%, a gap, 60% and 100% by hand", () => {
  // Wealth 1.25, 0.625, 1, 2: drawdowns 0, -0.5, -0.2, 0. Over a rate of 50%: -0.25, -1, 0.1, 0.5.
  const got = scan(Float64Array.of(0.25, -0.5, Number.NaN, 0.6, 1), 0.5);
  expect(got).toMatchObject({ periods: 4, gains: 1.85, losses: 0.5, hits: 3, finalWealth: 2 });
  expect(got).toMatchObject({ deepestDrawdown: -0.5, longestDrawdown: 2 });
  expect(got.sum).toBeCloseTo(1.35, 15);
  expect(got.excessSum).toBeCloseTo(-0.65, 15);
  expect(got.downsideSquares).toBeCloseTo(1.0625, 15);
  expect(got.drawdownSquares).toBeCloseTo(0.29, 15);
  expect([...got.present]).toEqual([0.25, -0.5, 0.6, 1, 7, 7]);
  expect([...got.drawdowns.subarray(2)]).toEqual([expect.closeTo(-0.2, 15), 0, 7, 7]);
});

test("equals what walks for one figure each give, to the bit", () => {
  const value = fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: -200_000, max: 200_000 }).map((k) => k / 1e6) },
    { weight: 3, arbitrary: fc.constantFrom(0, -0, -1, -1.5, Number.NaN, Number.POSITIVE_INFINITY) },
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), fc.constantFrom(0, 0.001, -0.02), (values, rate) => {
      const returns = Float64Array.from(values);
      const present = presentReturns(returns);
      const drawdowns = drawdownSeries(present);
      const got = scan(returns, rate);
      const sum = (pick: (r: number) => number): number => present.reduce((total, r) => total + pick(r), 0);
      let stay = 0;
      const stays = Array.from(drawdowns, (depth) => (stay = depth < 0 ? stay + 1 : 0));
      expect(got.present.subarray(0, present.length)).toEqual(present);
      expect(got.drawdowns.subarray(0, present.length)).toEqual(drawdowns);
      expect({ ...got, present: null, drawdowns: null }).toEqual({
        periods: present.length,
        sum: sum((r) => r),
        excessSum: sum((r) => r - rate),
        downsideSquares: sum((r) => Math.min(r - rate, 0) ** 2),
        gains: sum((r) => Math.max(r, 0)),
        losses: sum((r) => Math.max(-r, 0)),
        hits: present.filter((r) => r > 0).length,
        finalWealth: wealth(present).at(-1),
        deepestDrawdown: Math.min(0, ...drawdowns),
        longestDrawdown: Math.max(0, ...stays),
        drawdownSquares: drawdowns.reduce((total, depth) => total + depth * depth, 0),
        present: null,
        drawdowns: null,
      });
    }),
    { seed: 7, numRuns: 500 },
  );
});
