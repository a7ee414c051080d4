/** What holds of every feature there is, whatever it measures. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAxes } from "../../../src/core/panel.ts";
import { FEATURE_NAMES, type FeatureName } from "../../../src/data/features/catalogue.ts";
import { computeFeatures } from "../../../src/data/features/compute-features.ts";
import { cutAt, mapPlanes, randomMarket, specOf, type TestMarket } from "./random-market.ts";

/** Short lookbacks, and the first bar at which complete data can have a value, counted by hand. */
const cases: Readonly<Record<FeatureName, readonly [values: Record<string, number | string>, firstBar: number]>> = {
  return: [{ lookbackBars: 3 }, 3],
  momentum: [{ lookbackBars: 5, skipBars: 2 }, 5],
  reversal: [{ lookbackBars: 2 }, 2],
  volatility: [{ lookbackBars: 4 }, 4],
  downside_volatility: [{ lookbackBars: 4, minBars: 2 }, 2],
  // Volatilities of 3 returns from bar 3 on, of which 4 are needed: bars 3, 4, 5, 6.
  volatility_of_volatility: [{ lookbackBars: 4, volatilityBars: 3 }, 6],
  skewness: [{ lookbackBars: 5 }, 5],
  drawdown: [{ lookbackBars: 4 }, 3],
  distance_to_high: [{ lookbackBars: 4 }, 3],
  moving_average_distance: [{ lookbackBars: 4 }, 3],
  bollinger_position: [{ lookbackBars: 4 }, 3],
  // The line from bar 3 on, its average of 3 from bar 5.
  macd: [{ fastBars: 2, slowBars: 4, signalBars: 3 }, 5],
  rsi: [{ lookbackBars: 4 }, 4],
  atr: [{ lookbackBars: 4 }, 3],
  volume_trend: [{ lookbackBars: 4, shortBars: 2 }, 3],
  dollar_volume: [{ lookbackBars: 4 }, 3],
  // Half of 5, rounded up, is 3 returns.
  amihud: [{ lookbackBars: 5 }, 3],
  beta: [{ lookbackBars: 4 }, 4],
  residual_momentum: [{ lookbackBars: 5, skipBars: 2 }, 5],
  overnight_return: [{ lookbackBars: 3 }, 3],
  intraday_return: [{ lookbackBars: 3 }, 2],
  funding: [{ lookbackBars: 3 }, 2],
  column: [{ column: "mood", lookbackBars: 3 }, 2],
};

const planeOf = (name: FeatureName, { market, fundingRate }: TestMarket): Float64Array =>
  computeFeatures(market, [specOf(name, cases[name][0])], { fundingRate })
    .values()
    .next().value!;

const markets = fc
  .tuple(fc.integer(), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 4 }))
  .map(([seed, rows, assets]) => randomMarket(seed, rows, assets));

/** The mean over assets is summed in their order, so what leans on it may differ by rounding when they are permuted. */
const OF_THE_MARKET: readonly FeatureName[] = ["beta", "residual_momentum"];

describe.each(FEATURE_NAMES)("%s", (name) => {
  const [, firstBar] = cases[name];

  test("keeps every bit of the past when the future is cut off", () => {
    fc.assert(
      fc.property(markets, fc.nat(), (random, at) => {
        const { time, assets } = random.market.axes;
        const cut = at % (time.length + 1);
        expect(planeOf(name, cutAt(random, cut))).toEqual(planeOf(name, random).slice(0, cut * assets.length));
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  test("keeps every bit of the past when the future is another one", () => {
    fc.assert(
      fc.property(markets, fc.integer(), fc.nat(), (random, seed, at) => {
        const { time, assets } = random.market.axes;
        const cut = (at % time.length) * assets.length;
        const other = randomMarket(seed, time.length, assets.length);
        const { market } = other;
        const later = new Map<string, ArrayLike<number>>([
          ...(["open", "high", "low", "close", "volume"] as const).map((field) => [field, market[field]] as const),
          ["mood", market.extras.get("mood")!],
          ["fundingRate", other.fundingRate],
        ]);
        const spliced = mapPlanes(random, random.market.axes, (plane, field) =>
          Float64Array.from(plane, (value, i) => (i < cut ? value : later.get(field)![i]!)),
        );
        expect(planeOf(name, spliced).slice(0, cut)).toEqual(planeOf(name, random).slice(0, cut));
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  test("is permuted when the assets are", () => {
    fc.assert(
      fc.property(markets, (random) => {
        const { time, assets } = random.market.axes;
        const N = assets.length;
        const turned = (plane: ArrayLike<number>) =>
          Float64Array.from(plane, (_, i) => plane[i - (i % N) + ((i + 1) % N)]!);
        const axes = createAxes(time, [...assets.slice(1), assets[0]!]);
        const [want, got] = [turned(planeOf(name, random)), planeOf(name, mapPlanes(random, axes, turned))];
        if (!OF_THE_MARKET.includes(name)) expect(got).toEqual(want);
        else
          for (const [i, value] of got.entries())
            expect(Number.isNaN(value) ? Number.isNaN(want[i]!) : Math.abs(value - want[i]!) < 1e-9).toBe(true);
      }),
      { seed: 7, numRuns: 40 },
    );
  });

  test("does not care for the currency of the prices, unless it says so", () => {
    const random = randomMarket(11, 50, 3);
    const eightfold = mapPlanes(random, random.market.axes, (plane, field) =>
      Float64Array.from(plane, (value) => (["open", "high", "low", "close"].includes(field) ? 8 * value : value)),
    );
    const [before, after] = [planeOf(name, random), planeOf(name, eightfold)];
    // Eight times the value traded: ln 8 more, an eighth of the impact; by a power of two, so nothing is rounded.
    if (name === "dollar_volume")
      for (const [i, value] of before.entries())
        expect(after[i]! - value).toSatisfy(
          (more: number) => Number.isNaN(more) || Math.abs(more - Math.log(8)) < 1e-12,
        );
    else expect(after).toEqual(name === "amihud" ? before.map((value) => value / 8) : before);
  });

  test(`of complete data is NaN before bar ${firstBar} and known from then on`, () => {
    const complete = randomMarket(5, 30, 2, 0);
    const plane = planeOf(name, complete);
    expect(plane.slice(0, firstBar * 2)).toEqual(new Float64Array(firstBar * 2).fill(Number.NaN));
    expect(plane.slice(firstBar * 2).every(Number.isFinite)).toBe(true);
  });

  test("has no value on a bar without a close, and none at all for an asset that never has one", () => {
    const random = randomMarket(13, 60, 3);
    const emptied = mapPlanes(random, random.market.axes, (plane) =>
      Float64Array.from(plane, (value, i) => (i % 3 === 1 ? Number.NaN : value)),
    );
    const [plane, { close }] = [planeOf(name, emptied), emptied.market];
    expect(plane.filter((_, i) => Number.isNaN(close[i]!)).every(Number.isNaN)).toBe(true);
    expect(plane.some(Number.isFinite)).toBe(true);
    expect(plane.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY)).toBe(false);
  });

  test("survives a market without bars, of one bar, and shorter than its window", () => {
    for (const rows of [0, 1, firstBar])
      expect(planeOf(name, randomMarket(1, rows, 2, 0))).toEqual(new Float64Array(rows * 2).fill(Number.NaN));
  });
});
