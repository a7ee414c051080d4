import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { icDifference } from "../../src/models/ic-difference.ts";

const none = Number.NaN;
/** Differences .1 .3 .2 .4: mean .25, offsets -.15 .05 -.05 .15, squares .0225 + .0025 + .0025 + .0225 = .05. */
const FIRST = Float64Array.of(0.2, 0.2, 0.3, 0.1);
const OTHER = Float64Array.of(0.1, -0.1, 0.1, -0.3);

describe("icDifference", () => {
  test("lag 0 by hand: the variance of the mean is .05 / 3 / 4", () => {
    const { dates, mean, tStatNeweyWest, ahead } = icDifference(FIRST, OTHER, 0);
    expect(dates).toBe(4);
    expect(ahead).toBe(1);
    expect(mean).toBeCloseTo(0.25, 14);
    expect(tStatNeweyWest).toBeCloseTo(0.25 / Math.sqrt(0.05 / 3 / 4), 11);
  });

  test("lag 1 by hand: products -.0075 - .0025 - .0075 = -.0175 at weight 1/2 leave .0325 of the .05", () => {
    expect(icDifference(FIRST, OTHER, 1).tStatNeweyWest).toBeCloseTo(0.25 / Math.sqrt(0.0325 / 3 / 4), 11);
  });

  test("p is two-sided: 0.05 at |t| = 1.95996", () => {
    // ±a, twice each: mean m when all are moved by m, squares 4 a², variance of the mean 4 a² / 3 / 4 = a² / 3.
    const shift = 1.959963984540054 * Math.sqrt(0.01 / 3);
    const other = new Float64Array(4);
    const first = Float64Array.of(0.1, -0.1, 0.1, -0.1).map((x) => x + shift);
    expect(icDifference(first, other, 0).tStatNeweyWest).toBeCloseTo(1.959963984540054, 10);
    expect(icDifference(first, other, 0).pValue).toBeCloseTo(0.05, 10);
    expect(icDifference(other, first, 0).pValue).toBeCloseTo(0.05, 10);
  });

  test("only dates that both have count, and lags count bars", () => {
    const first = Float64Array.of(0.2, 0.9, 0.2, none, 0.3, none, 0.1);
    const other = Float64Array.of(0.1, none, -0.1, 0.9, 0.1, none, -0.3);
    const at1 = icDifference(first, other, 1);
    expect(at1.dates).toBe(4);
    expect(at1.mean).toBeCloseTo(0.25, 14);
    // No two of the four are neighbours, so lag 1 finds no product and the plain variance stands.
    expect(at1.tStatNeweyWest).toBeCloseTo(0.25 / Math.sqrt(0.05 / 3 / 4), 11);
  });

  test("a score against itself differs by nothing and has no t", () => {
    expect(icDifference(FIRST, FIRST, 2)).toEqual({
      dates: 4,
      mean: 0,
      tStatNeweyWest: none,
      pValue: none,
      ahead: 0,
    });
  });

  test("without a common date there is nothing to say", () => {
    const found = icDifference(Float64Array.of(0.1, none), Float64Array.of(none, 0.1), 1);
    expect(found).toEqual({ dates: 0, mean: none, tStatNeweyWest: none, pValue: none, ahead: none });
    expect(icDifference(new Float64Array(), new Float64Array(), 1).dates).toBe(0);
  });

  test("refuses series of other lengths", () => {
    expect(() => icDifference(FIRST, new Float64Array(3), 0)).toThrow("the first has 4 bars, the other 3");
  });

  const ic = fc.oneof({ weight: 5, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) }, fc.constant(none));
  const pairs = fc.array(fc.tuple(ic, ic), { maxLength: 40 });

  test("turned round it is the same with the other sign", () => {
    fc.assert(
      fc.property(pairs, fc.nat(8), (rows, lag) => {
        const first = Float64Array.from(rows, ([a]) => a);
        const other = Float64Array.from(rows, ([, b]) => b);
        const [there, back] = [icDifference(first, other, lag), icDifference(other, first, lag)];
        expect(back.dates).toBe(there.dates);
        expect(back.mean + there.mean || 0).toBe(0);
        expect(back.tStatNeweyWest + there.tStatNeweyWest || 0).toBe(0);
        expect(back.pValue).toEqual(there.pValue);
      }),
    );
  });

  test("agrees with the definition: a double sum over all pairs of dates within the lag", () => {
    fc.assert(
      fc.property(pairs, fc.nat(8), (rows, lag) => {
        const differences = rows.flatMap(([a, b], t) => (a - b === a - b ? [{ t, d: a - b }] : []));
        const n = differences.length;
        const mean = differences.reduce((sum, { d }) => sum + d, 0) / n;
        let squares = 0;
        for (const one of differences)
          for (const two of differences) {
            const gap = Math.abs(one.t - two.t);
            if (gap <= lag) squares += (1 - gap / (lag + 1)) * (one.d - mean) * (two.d - mean);
          }
        fc.pre(n > 1 && squares > 1e-9);
        const naive = mean / Math.sqrt(squares / (n - 1) / n);
        const found = icDifference(
          Float64Array.from(rows, ([a]) => a),
          Float64Array.from(rows, ([, b]) => b),
          lag,
        );
        expect(Math.abs(found.tStatNeweyWest - naive)).toBeLessThan(1e-7 * Math.max(1, Math.abs(naive)));
      }),
    );
  });
});
