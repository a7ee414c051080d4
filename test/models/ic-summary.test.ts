import { describe, expect, test } from "vitest";
import { poolPairs, summariseIc } from "../../src/models/ic-summary.ts";
import { createIcSeries, informationCoefficients } from "../../src/models/information-coefficient.ts";

const none = Number.NaN;
const ICS = Float64Array.of(0.1, 0.3, 0.2, 0.4);

describe("summariseIc", () => {
  test("by hand: ICs .1 .3 .2 .4 have mean .25, offsets -.15 .05 -.05 .15, squares .05", () => {
    const { dates, mean, deviation, icir, tStat, hitRatio } = summariseIc(ICS, 0);
    expect([dates, hitRatio]).toEqual([4, 1]);
    expect(mean).toBeCloseTo(0.25, 15);
    expect(deviation).toBeCloseTo(Math.sqrt(0.05 / 3), 15);
    expect(icir).toBeCloseTo(0.25 / Math.sqrt(0.05 / 3), 12);
    expect(tStat).toBeCloseTo((0.25 / Math.sqrt(0.05 / 3)) * 2, 12);
  });

  test("Newey-West at lag 0 is the plain t", () => {
    const { tStat, tStatNeweyWest } = summariseIc(ICS, 0);
    expect(tStatNeweyWest).toBeCloseTo(tStat, 12);
  });

  test("Newey-West at lag 1: products -.0175, so .05 + 2 * 1/2 * -.0175 = .0325 in place of .05", () => {
    expect(summariseIc(ICS, 1).tStatNeweyWest).toBeCloseTo(0.25 / Math.sqrt(0.0325 / 3 / 4), 12);
  });

  test("Newey-West at lag 2: products -.0175 and .0150, weights 2/3 and 1/3, so .05 - .0233333 + .01", () => {
    // j = 2: (-.05)(-.15) + (.15)(.05) = .015
    const squares = 0.05 + 2 * (2 / 3) * -0.0175 + 2 * (1 / 3) * 0.015;
    expect(summariseIc(ICS, 2).tStatNeweyWest).toBeCloseTo(0.25 / Math.sqrt(squares / 3 / 4), 12);
  });

  test("lags count bars, so a missing date keeps its neighbours apart", () => {
    const apart = Float64Array.of(0.1, none, 0.3, none, 0.2, none, 0.4);
    expect(summariseIc(apart, 1).tStatNeweyWest).toBeCloseTo(summariseIc(ICS, 0).tStat, 12);
    // at lag 2 of 3 the products of neighbours come in, weight 1 - 2/3
    const squares = 0.05 + 2 * (1 / 3) * -0.0175;
    expect(summariseIc(apart, 2).tStatNeweyWest).toBeCloseTo(0.25 / Math.sqrt(squares / 3 / 4), 12);
  });

  test("a lag longer than the series reads no further than there is", () => {
    expect(Number.isFinite(summariseIc(ICS, 1000).tStatNeweyWest)).toBe(true);
  });

  test("ICs that are all alike have no ratio, whatever rounding leaves of their spread", () => {
    const { mean, deviation, icir, tStat, tStatNeweyWest } = summariseIc(new Float64Array(7).fill(0.1), 3);
    expect(mean).toBeCloseTo(0.1, 15);
    expect([deviation, icir, tStat, tStatNeweyWest]).toEqual([0, none, none, none]);
  });

  test("one date has a mean and nothing else, none has nothing", () => {
    expect(summariseIc(Float64Array.of(none, 0.2), 0)).toMatchObject({
      dates: 1,
      mean: 0.2,
      deviation: none,
      icir: none,
    });
    expect(summariseIc(new Float64Array(), 4)).toMatchObject({ dates: 0, mean: none, hitRatio: none });
  });

  test("an IC of 0 is not above 0", () => {
    expect(summariseIc(Float64Array.of(0, 0.1, -0.1, none), 0).hitRatio).toBe(1 / 3);
  });
});

test("pooling weighs dates by their pairs", () => {
  const series = createIcSeries(3);
  // errors 1 1 1 over three pairs, 2 2 2 2 over four; the last date has two pairs and does not count
  informationCoefficients(
    Float64Array.of(2, 3, 4, none, 3, 4, 5, 6, 1, 2, none, none),
    Float64Array.of(1, 2, 3, none, 1, 2, 3, 4, -1, -2, none, none),
    4,
    series,
  );
  const { pairs, rmse, signHit } = poolPairs(series);
  expect([pairs, signHit]).toEqual([7, 1]);
  expect(rmse).toBeCloseTo(Math.sqrt((3 * 1 + 4 * 4) / 7), 12);
});
