import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quantileSorted, sortedCopy } from "../../src/math/quantile.ts";
import { quantileReturns, quantileTurnover, scoreQuantiles } from "../../src/models/ic-quantiles.ts";

const none = Number.NaN;
function places(scores: readonly number[], assets: number, quantiles: number): Int32Array {
  const out = new Int32Array(scores.length).fill(-1);
  scoreQuantiles(Float64Array.from(scores), assets, quantiles, out);
  return out;
}

describe("scoreQuantiles", () => {
  test("of five scores in two halves puts the middle one low, for its edge is closed on the right", () => {
    expect([...places([50, 10, 30, 20, 40], 5, 2)]).toEqual([2, 1, 1, 1, 2]);
  });

  test("tied scores share the quantile of the lowest place: places 1 to 3 of 4 in two halves are all low", () => {
    expect([...places([0, 0, 0, 1], 4, 2)]).toEqual([1, 1, 1, 2]);
    // places 2 to 4 of 4: the lowest of them lies at 1/3, below the middle
    expect([...places([0, 1, 1, 1], 4, 2)]).toEqual([1, 1, 1, 1]);
  });

  test("a missing score has none, a lone score is in the lowest", () => {
    expect([...places([none, 7, none], 3, 5)]).toEqual([0, 1, 0]);
    expect([...places([none, none], 2, 5)]).toEqual([0, 0]);
    expect([...places([], 3, 5)]).toEqual([]);
  });

  test("equals counting the interpolated edges below each score, as pandas' qcut does", () => {
    const row = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(row, fc.integer({ min: 2, max: 10 }), (scores, quantiles) => {
        const sorted = sortedCopy(Float64Array.from(scores));
        const got = places(scores, scores.length, quantiles);
        for (const [n, score] of scores.entries()) {
          let want = 1;
          for (let k = 1; k < quantiles; k++) if (score > quantileSorted(sorted, k / quantiles) + 1e-6) want++;
          expect(got[n]).toBe(want);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("quantileReturns", () => {
  test("means of dates, not of pairs: .1 and .5 weigh alike though one date has three members", () => {
    // quantile 1: (.1) then (.5 .5 .5); quantile 2: (.3) then (.7)
    const marks = Int32Array.of(1, 2, 0, 0, 1, 1, 1, 2);
    const labels = Float64Array.of(0.1, 0.3, 9, 9, 0.5, 0.5, 0.5, 0.7);
    const { mean, demeaned, dates, spread } = quantileReturns(marks, labels, 4, 2);
    expect(mean[0]).toBeCloseTo(0.3, 15);
    expect(mean[1]).toBeCloseTo(0.5, 15);
    // dates' means are .2 and .55: low (-.1, -.05), high (.1, .15)
    expect(demeaned[0]).toBeCloseTo(-0.075, 15);
    expect(demeaned[1]).toBeCloseTo(0.125, 15);
    expect([...dates]).toEqual([2, 2]);
    expect([...spread].map((x) => Math.round(x * 1e12) / 1e12)).toEqual([0.2, 0.2]);
  });

  test("a date on which a quantile has no label counts for the others alone, and has no spread", () => {
    const { mean, dates, spread } = quantileReturns(
      Int32Array.of(1, 2, 1, 2),
      Float64Array.of(0.25, none, 0.5, 1),
      2,
      2,
    );
    expect([...mean]).toEqual([0.375, 1]);
    expect([...dates]).toEqual([2, 1]);
    expect([...spread]).toEqual([none, 0.5]);
  });

  test("a quantile that never has a member has no mean", () => {
    expect([...quantileReturns(Int32Array.of(1), Float64Array.of(0.5), 1, 2).mean]).toEqual([0.5, none]);
  });
});

test("turnover is the share of members that are new; an empty quantile has none", () => {
  // members of 1: {a b}, {a c}, {}, {c}, {c d}
  const marks = Int32Array.of(1, 1, 2, 0, 1, 2, 1, 0, 2, 2, 2, 0, 2, 2, 1, 0, 2, 2, 1, 1);
  const out = new Float64Array(5).fill(-9);
  quantileTurnover(marks, 4, 1, out);
  expect([...out]).toEqual([none, 0.5, none, none, 0.5]);
  quantileTurnover(new Int32Array(), 4, 1, new Float64Array());
});
