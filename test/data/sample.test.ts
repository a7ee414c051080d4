import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import type { Floats } from "../../src/core/panel.ts";
import { SAMPLE_LIMITS, SAMPLE_TRUTH, sampleMarket } from "../../src/data/sample.ts";

const planes = (market: Ohlcv): readonly (readonly [string, Floats])[] => [
  ["open", market.open],
  ["high", market.high],
  ["low", market.low],
  ["close", market.close],
  ["volume", market.volume],
  ...market.extras,
];
const column = (market: Ohlcv, values: Floats, symbol: string): number[] => {
  const stride = market.axes.assets.length;
  const n = market.axes.assets.indexOf(symbol);
  return Array.from(market.axes.time as unknown as ArrayLike<number>, (_, t) => values[t * stride + n]!);
};
const bytes = (values: Floats): Buffer => Buffer.from(Float64Array.from(values as unknown as ArrayLike<number>).buffer);
const sameBytes = (a: Floats, b: Floats): boolean => bytes(a).equals(bytes(b));
const average = (x: readonly number[]): number => x.reduce((sum, value) => sum + value, 0) / x.length;
const deviation = (x: readonly number[]): number =>
  Math.sqrt(x.reduce((sum, value) => sum + (value - average(x)) ** 2, 0) / (x.length - 1));

function correlation(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [average(x), average(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i]! - mx) * (y[i]! - my);
    xx += (x[i]! - mx) ** 2;
    yy += (y[i]! - my) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

/** Mean over dates of the cross-sectional correlation of the column at t with to(t) / from(t) - 1. */
function meanCorrelation(market: Ohlcv, name: string, prices: Floats, from: number, to: number): number {
  const [stride, bars] = [market.axes.assets.length, market.axes.time.length];
  const signal = market.extras.get(name)!;
  const byDate: number[] = [];
  for (let t = Math.max(0, -from); t + to < bars; t++) {
    const [x, y]: [number[], number[]] = [[], []];
    for (let n = 0; n < stride; n++) {
      const move = prices[(t + to) * stride + n]! / prices[(t + from) * stride + n]! - 1;
      const value = signal[t * stride + n]!;
      if (Number.isNaN(move) || Number.isNaN(value)) continue;
      x.push(value);
      y.push(move);
    }
    byDate.push(correlation(x, y));
  }
  return average(byDate);
}

const market = sampleMarket({ seed: 7, assets: 20, bars: 2520 });

test("is 20 assets on 2,520 trading days from the first of January 2015, about 252 a year", () => {
  expect(market.axes.assets).toHaveLength(20);
  expect(market.axes.time).toHaveLength(2520);
  expect(new Date(market.axes.time[0]!).toISOString()).toBe("2015-01-01T00:00:00.000Z");
  // 1 and 2 January 2015 are a Thursday and a Friday, the Monday after them is a holiday.
  expect(new Date(market.axes.time[2]!).toISOString()).toBe("2015-01-06T00:00:00.000Z");
  const in2016 = market.axes.time.filter((time) => new Date(time).getUTCFullYear() === 2016);
  // 2016 has 261 weekdays
  expect(in2016.length).toBe(252);
  expect(market.axes.time.every((time) => ![0, 6].includes(new Date(time).getUTCDay()))).toBe(true);
});

test("gives the same bytes for the same seed and others for another", () => {
  const again = new Map(planes(sampleMarket({ seed: 7, assets: 20, bars: 2520 })));
  const other = new Map(planes(sampleMarket({ seed: 8, assets: 20, bars: 2520 })));
  for (const [name, values] of planes(market)) {
    expect(sameBytes(again.get(name)!, values), name).toBe(true);
    expect(sameBytes(other.get(name)!, values), name).toBe(false);
  }
});

test("with fewer bars is the beginning of the same market", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), (bars) => {
      const short = new Map(planes(sampleMarket({ seed: 7, assets: 20, bars })));
      for (const [name, values] of planes(market))
        expect(sameBytes(short.get(name)!, values.slice(0, bars * 20)), name).toBe(true);
    }),
    { seed: 7, numRuns: 6 },
  );
});

test("with fewer assets is the first columns of the same market", () => {
  const narrow = sampleMarket({ seed: 7, assets: 9, bars: 300 });
  const wide = sampleMarket({ seed: 7, assets: 20, bars: 300 });
  const [few, many] = [planes(narrow), planes(wide)];
  for (let i = 0; i < few.length; i++)
    for (const symbol of narrow.axes.assets)
      expect(column(narrow, few[i]![1], symbol), `${few[i]![0]} ${symbol}`).toEqual(column(wide, many[i]![1], symbol));
});

test("has prices that bracket each other, four decimals and more than a cent", () => {
  let listed = 0;
  for (let i = 0; i < market.close.length; i++) {
    const [open, high, low, close] = [market.open[i]!, market.high[i]!, market.low[i]!, market.close[i]!];
    const row = [open, high, low, close, market.volume[i]!, ...[...market.extras.values()].map((values) => values[i]!)];
    const present = row.filter((value) => Number.isFinite(value)).length;
    if (present !== 0 && present !== row.length) throw new Error(`cell ${i}: ${present} of ${row.length} present`);
    if (present === 0) continue;
    listed++;
    if (!(low > 0.01 && low <= open && low <= close && high >= open && high >= close && market.volume[i]! > 0))
      throw new Error(`cell ${i}: ${row}`);
    for (const price of [open, high, low, close])
      if (Number(price.toFixed(4)) !== price) throw new Error(`cell ${i}: ${price} has more than 4 decimals`);
  }
  // 20 x 2520 less 60 + 500 late, 12 halted and 1020 delisted bars.
  expect(listed).toBe(20 * 2520 - 60 - 500 - 12 - 1020);
});

test("misses exactly the bars that the truth names", () => {
  for (const symbol of market.axes.assets) {
    const listed = SAMPLE_TRUTH.lateListings.find((late) => late.symbol === symbol)?.bar ?? 0;
    const ended = SAMPLE_TRUTH.delistings.find((end) => end.symbol === symbol)?.bar ?? 2520;
    const halt = SAMPLE_TRUTH.halts.find((stop) => stop.symbol === symbol);
    const missing = column(market, market.close, symbol).map((close) => Number.isNaN(close));
    const wanted = missing.map((_, t) => {
      const halted = halt !== undefined && t >= halt.bar && t < halt.bar + halt.bars;
      return t < listed || t >= ended || halted;
    });
    expect(missing, symbol).toEqual(wanted);
  }
});

test("opens away from the last close and moves as a daily equity does", () => {
  const close = column(market, market.close, "SYN01");
  const open = column(market, market.open, "SYN01");
  const gaps = open.slice(1).map((price, t) => Math.abs(price / close[t]! - 1));
  expect(gaps.filter((gap) => gap > 0.0005).length / gaps.length).toBeGreaterThan(0.9);
  const returns = close.slice(1).map((price, t) => price / close[t]! - 1);
  const spread = deviation(returns);
  expect(spread * Math.sqrt(252)).toBeGreaterThan(0.15);
  expect(spread * Math.sqrt(252)).toBeLessThan(0.5);
  // A normal sample of 2,519 has a kurtosis of 3 +- 0.1.
  expect(average(returns.map((r) => ((r - average(returns)) / spread) ** 4))).toBeGreaterThan(3.5);
});

test("has quiet and wild stretches", () => {
  const clustering = market.axes.assets.map((symbol) => {
    const close = column(market, market.close, symbol).filter((price) => !Number.isNaN(price));
    const sizes = close.slice(1).map((price, t) => Math.abs(Math.log(price / close[t]!)));
    return correlation(sizes.slice(5), sizes.slice(0, -5));
  });
  // Independent bars would give 0 +- 0.02 an asset.
  expect(average(clustering)).toBeGreaterThan(0.05);
});

describe("over eight seeds of 40 assets", () => {
  const markets = Array.from({ length: 8 }, (_, i) => sampleMarket({ seed: 1000 + i, assets: 40, bars: 1500 }));

  test.each(SAMPLE_TRUTH.signals)("$column has its stated information coefficient", (signal) => {
    const { column: name, horizonBars, informationCoefficient } = signal;
    const found = markets.map((one) => meanCorrelation(one, name, one.open, 1, 1 + horizonBars));
    const error = deviation(found) / Math.sqrt(found.length);
    expect(error).toBeLessThan(0.006);
    expect(Math.abs(average(found) - informationCoefficient)).toBeLessThan(3 * error);
  });

  test("news_sentiment echoes the return of its own bar", () => {
    const found = average(markets.map((one) => meanCorrelation(one, "news_sentiment", one.close, -1, 0)));
    expect(found).toBeGreaterThan(0.4);
    expect(found).toBeLessThan(0.5);
  });

  test("quality_signal says nothing about the gap before the next open", () => {
    const found = markets.map((one) => {
      const [stride, bars] = [one.axes.assets.length, one.axes.time.length];
      const [x, y]: [number[], number[]] = [[], []];
      for (let i = 0; i < (bars - 1) * stride; i++) {
        const gap = one.open[i + stride]! / one.close[i]! - 1;
        if (Number.isNaN(gap)) continue;
        x.push(one.extras.get("quality_signal")![i]!);
        y.push(gap);
      }
      return correlation(x, y);
    });
    expect(Math.abs(average(found))).toBeLessThan((3 * deviation(found)) / Math.sqrt(found.length));
  });

  test("the market grows by 6 to 9% a year at a volatility of 13 to 19%", () => {
    const [growth, spread]: [number[], number[]] = [[], []];
    for (const one of markets) {
      const [stride, bars] = [one.axes.assets.length, one.axes.time.length];
      const returns: number[] = [];
      for (let t = 1; t < bars; t++) {
        const moves: number[] = [];
        for (let n = 0; n < stride; n++) {
          const move = one.close[t * stride + n]! / one.close[(t - 1) * stride + n]! - 1;
          if (!Number.isNaN(move)) moves.push(move);
        }
        returns.push(average(moves));
      }
      growth.push(returns.reduce((wealth, r) => wealth * (1 + r), 1) ** (252 / returns.length) - 1);
      spread.push(deviation(returns) * Math.sqrt(252));
    }
    const error = deviation(growth) / Math.sqrt(growth.length);
    expect(average(growth)).toBeGreaterThan(0.06 - 2 * error);
    expect(average(growth)).toBeLessThan(0.09 + 2 * error);
    expect(average(spread)).toBeGreaterThan(0.13);
    expect(average(spread)).toBeLessThan(0.19);
  });
});

test("refuses a market of no assets, of half a bar, or beyond its limits", () => {
  const of = (assets: number, bars: number) => () => sampleMarket({ seed: 1, assets, bars });
  expect(of(0, 10)).toThrow("assets must be a whole number from 1 to 5000, got 0");
  expect(of(3e6, 10)).toThrow("assets must be a whole number from 1 to 5000, got 3000000");
  expect(of(1, 2.5)).toThrow("bars must be a whole number from 1 to 100000, got 2.5");
  expect(of(1, 1e15)).toThrow("bars must be a whole number from 1 to 100000, got 1000000000000000");
  expect(of(1, Number.NaN)).toThrow("bars must be a whole number from 1 to 100000, got NaN");
  expect(of(5000, 4_001)).toThrow(
    new RangeError("sampleMarket: assets x bars must be at most 20000000, got 5000 x 4001"),
  );
});

test("ends in a year of four digits when it has as many bars as it may", () => {
  // 365.2425 * 5 / 7 - 9 = 251.888 bars a year: 397.002 years from the first of January 2015.
  const { time } = sampleMarket({ seed: 1, assets: 1, bars: SAMPLE_LIMITS.bars }).axes;
  expect(new Date(time[time.length - 1]!).getUTCFullYear()).toBe(2412);
});
