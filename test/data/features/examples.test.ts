/** Features on series small enough to follow by hand, and what they make of prices that stand still or are missing. */
import { describe, expect, test } from "vitest";
import type { Ohlcv } from "../../../src/core/ohlcv.ts";
import { FEATURE_NAMES, type FeatureName } from "../../../src/data/features/catalogue.ts";
import { computeFeatures } from "../../../src/data/features/compute-features.ts";
import { featureName } from "../../../src/data/features/feature-name.ts";
import { barsOf, flatten, marketOf } from "../../support/market.ts";
import { specOf } from "./random-market.ts";

type Values = Readonly<Record<string, number | string | null>>;
const closes = (...prices: readonly (number | null)[]): Ohlcv => {
  const rows = prices.map((price) => [price]);
  return marketOf(rows, rows);
};
const column = (market: Ohlcv, name: FeatureName, values: Values = {}): number[] =>
  Array.from(
    computeFeatures(market, [specOf(name, values)])
      .values()
      .next().value!,
  );
const last = (...args: Parameters<typeof column>): number => column(...args).at(-1)!;
const none = Number.NaN;

test("RSI reproduces the worked table of StockCharts' ChartSchool", () => {
  // chartschool.stockcharts.com, "Relative Strength Index (RSI)", QQQQ from 2009-12-14; printed to two decimals.
  const prices = [
    44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328, 45.614,
    46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521, 45.7137, 46.4515, 45.7835, 45.3548,
    44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314,
  ];
  const printed = [
    70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99, 41.46, 41.87, 45.46,
    37.3, 33.08, 37.77,
  ];
  const rsi = column(closes(...prices), "rsi");
  expect(rsi.slice(0, 14)).toEqual(new Array(14).fill(none));
  for (const [k, value] of printed.entries()) expect(Math.abs(rsi[14 + k]! - value)).toBeLessThan(0.006);
});

describe("prices that stand still", () => {
  const flat = { ...closes(...new Array(30).fill(7)), volume: new Float64Array(30).fill(100) };
  const short: Values = { lookbackBars: 5 };
  test.each([
    ["return", short, 0],
    ["momentum", short, 0],
    ["reversal", short, 0],
    ["volatility", short, 0],
    ["downside_volatility", short, 0],
    ["volatility_of_volatility", { ...short, volatilityBars: 3 }, 0],
    ["drawdown", short, 0],
    ["distance_to_high", short, 0],
    ["moving_average_distance", short, 0],
    ["bollinger_position", short, 0],
    ["macd", { fastBars: 2, slowBars: 4, signalBars: 3 }, 0],
    ["rsi", short, 50],
    ["atr", short, 0],
    ["volume_trend", { ...short, shortBars: 2 }, 0],
    ["dollar_volume", short, Math.log(700)],
    ["amihud", short, 0],
    ["overnight_return", short, 0],
    ["intraday_return", short, 0],
    ["skewness", short, none],
    ["beta", short, none],
    ["residual_momentum", short, none],
  ] as const)("give %s %o the value %d", (name, values, expected) => {
    expect(last(flat, name, values)).toBe(expected);
  });

  test("a constant growth rate has neither skewness nor a beta, its returns differing by rounding alone", () => {
    const growing = closes(...Array.from({ length: 20 }, (_, t) => 100 * 1.01 ** t));
    expect(last(growing, "volatility", { lookbackBars: 10 })).toBeGreaterThan(0);
    for (const name of ["skewness", "beta", "residual_momentum"] as const)
      expect(last(growing, name, { lookbackBars: 10 })).toBe(none);
  });
});

describe("a missing close", () => {
  const holed = closes(10, 11, null, 12, 15, 18);

  test("blanks a momentum only where it is an end of it", () => {
    expect(column(holed, "momentum", { lookbackBars: 2 })).toEqual([none, none, none, 12 / 11 - 1, none, 18 / 12 - 1]);
  });

  test("takes two returns with it, and with them every window that must be complete", () => {
    const mean = (a: number, b: number) => Math.abs(a - b) / Math.SQRT2;
    const pair = mean(15 / 12 - 1, 18 / 15 - 1);
    const complete = column(holed, "volatility", { lookbackBars: 2 });
    expect(complete.slice(0, 5)).toEqual(new Array(5).fill(none));
    expect(complete[5]).toBeCloseTo(pair, 13);
    const sparse = column(holed, "volatility", { lookbackBars: 5, minBars: 2 });
    // At bar 4 the returns of bars 1 and 4 are there: 0.1 and 0.25.
    expect(sparse.slice(0, 4)).toEqual(new Array(4).fill(none));
    expect(sparse[4]).toBeCloseTo(mean(0.1, 0.25), 13);
  });

  test("leaves Wilder's averages as they are", () => {
    // Changes 1, -, -, 3, -3: gains 1, 3 average to 2, losses 0, 0 to 0; then 2/2 + 0/2 = 1 and 3/2.
    const rsi = column(closes(10, 11, null, 12, 15, 12), "rsi", { lookbackBars: 2 });
    expect(rsi).toEqual([none, none, none, none, 100, (100 * 1) / (1 + 1.5)]);
  });
});

test("average true range starts at the mean of the first ranges and moves on by 1/n", () => {
  // Ranges 2, 4 (13 - 9), 2: mean of two 3, then 3 + (2 - 3) / 2 = 2.5; over closes 12 and 11.
  const market = barsOf([
    [9, 10, 8, 9],
    [12, 13, 12, 12],
    [11, 12, 10, 11],
  ]);
  expect(column(market, "atr", { lookbackBars: 2 })).toEqual([none, 3 / 12, 2.5 / 11]);
});

test("a close on the upper Bollinger band is at 1, its mirror image at -1", () => {
  // 1, 1, 1, 1, 6: mean 2, variance (4 * 1 + 16) / 5 = 4, deviation 2, upper band 6.
  expect(last(closes(1, 1, 1, 1, 6), "bollinger_position", { lookbackBars: 5 })).toBeCloseTo(1, 13);
  expect(last(closes(6, 6, 6, 6, 1), "bollinger_position", { lookbackBars: 5 })).toBeCloseTo(-1, 13);
});

describe("trading volume", () => {
  const traded = (volume: readonly (number | null)[]): Ohlcv => ({
    ...closes(10, 11, 11, 11, 22),
    volume: flatten(volume.map((value) => [value])),
  });

  test("is a fact where it is 0: the trend counts it, Amihud's ratio passes over it", () => {
    const market = traded([5, 1e6, 0, 1e6, 0]);
    // Means of the last two, 5e5, and of the last four, 5e5.
    expect(last(market, "volume_trend", { lookbackBars: 4, shortBars: 2 })).toBe(0);
    // |0.1| / 11 million at bar 1 and |0| at bar 3; bars 2 and 4 had no trading.
    expect(last(market, "amihud", { lookbackBars: 4 })).toBeCloseTo(0.1 / 11 / 2, 15);
    expect(last(market, "amihud", { lookbackBars: 4, minBars: 3 })).toBe(none);
  });

  test("of nothing at all leaves trend, dollar volume and illiquidity undefined", () => {
    const market = traded([0, 0, 0, 0, 0]);
    for (const [name, values] of [
      ["volume_trend", { lookbackBars: 4, shortBars: 2 }],
      ["dollar_volume", { lookbackBars: 4 }],
      ["amihud", { lookbackBars: 4 }],
    ] as const)
      expect(last(market, name, values)).toBe(none);
  });
});

describe("against the market", () => {
  test("a lone asset is the market: beta 1 and nothing left over", () => {
    const lone = closes(10, 11, 10, 12, 13, 11);
    expect(column(lone, "beta", { lookbackBars: 3 }).slice(3)).toEqual([1, 1, 1]);
    expect(last(lone, "residual_momentum", { lookbackBars: 3 })).toBe(0);
  });

  test("of two assets, one moving twice as far, betas are 4/3 and 2/3", () => {
    // Returns 2r and r: the mean is 1.5 r.
    const moves = [0.1, -0.05, 0.2, -0.1];
    const prices = [[100, 100]];
    for (const r of moves) prices.push([prices.at(-1)![0]! * (1 + 2 * r), prices.at(-1)![1]! * (1 + r)]);
    const betas = column(marketOf(prices, prices), "beta", { lookbackBars: 4 }).slice(-2);
    expect(betas[0]).toBeCloseTo(4 / 3, 12);
    expect(betas[1]).toBeCloseTo(2 / 3, 12);
  });

  test("an asset that is not listed does not weigh on the market", () => {
    const [one, two] = [
      [10, 11, 10, 12],
      [20, 21, 23, 22],
    ] as const;
    const pair = one.map((price, t) => [price, two[t]!]);
    const three = one.map((price, t) => [price, two[t]!, null]);
    const [a, b] = [marketOf(pair, pair), marketOf(three, three)].map((m) => column(m, "beta", { lookbackBars: 3 }));
    expect(b!.slice(-3, -1)).toEqual(a!.slice(-2));
  });
});

describe("names", () => {
  test.each([
    ["momentum", {}, "momentum_60"],
    ["momentum", { lookbackBars: 252, skipBars: 21 }, "momentum_252_skip_21"],
    ["volatility", { lookbackBars: 60, minBars: 30 }, "volatility_60_min_30"],
    ["volatility_of_volatility", { volatilityBars: 10 }, "volatility_of_volatility_60_volatility_10"],
    ["macd", {}, "macd_12_26_9"],
    ["macd", { fastBars: 5, output: "signal" }, "macd_5_26_9_signal"],
    ["amihud", { volumeUnit: "currency" }, "amihud_60_currency"],
    ["column", { column: "news_sentiment" }, "news_sentiment"],
    ["column", { column: "news_sentiment", lookbackBars: 5 }, "news_sentiment_lookback_5"],
  ] as const)("%s %o is the column %s", (name, values, expected) => {
    expect(featureName(specOf(name, values))).toBe(expected);
  });

  test("of all features with their defaults differ", () => {
    const names = FEATURE_NAMES.map((name) => featureName(specOf(name, name === "column" ? { column: "mood" } : {})));
    expect(new Set(names).size).toBe(FEATURE_NAMES.length);
  });
});

describe("what cannot be computed is refused", () => {
  const market = { ...closes(1, 2, 3), extras: new Map([["marketcap", Float64Array.of(1, 2, 3)]]) };
  const attempt = (name: FeatureName, values: Values) => () => column(market, name, values);

  test("a column or a funding rate that the data lack", () => {
    expect(attempt("column", { column: "market_cap" })).toThrow(
      'features.0.column: the data have no such column, only volume, marketcap, got "market_cap", did you mean "marketcap"?',
    );
    expect(attempt("funding", {})).toThrow(
      'features.0.name: needs a funding rate, and no column of the data is named as one, got "funding"',
    );
    expect(column(market, "column", { column: "marketcap" })).toEqual([1, 2, 3]);
  });

  test("a number of bars that would reach into the future, or nowhere", () => {
    for (const lookbackBars of [-5, 0, 1.5, none])
      expect(attempt("momentum", { lookbackBars })).toThrow(
        `features.0.lookback_bars: must be a whole number of at least 1, got ${lookbackBars}`,
      );
    expect(attempt("volatility", { minBars: 1 })).toThrow("features.0.min_bars: must be a whole number of at least 2");
  });

  test("parameters that contradict each other, and a column made twice, all of them at once", () => {
    const specs = [
      specOf("momentum", { skipBars: 60 }),
      specOf("rsi"),
      specOf("volatility", { minBars: 21 }),
      specOf("rsi"),
    ];
    expect(() => computeFeatures(market, specs)).toThrow(
      [
        "features.0.skip_bars: must be below lookback_bars 60, got 60",
        "features.2.min_bars: is above lookback_bars 20, got 21",
        'features.3: makes a column a second time, got "rsi_14"',
      ].join("\n"),
    );
  });
});
