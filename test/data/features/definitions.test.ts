/** Every feature against its definition, written out cell by cell and bar by bar without any rolling kernel. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Floats } from "../../../src/core/panel.ts";
import { FEATURE_NAMES, type FeatureName } from "../../../src/data/features/catalogue.ts";
import { computeFeatures } from "../../../src/data/features/compute-features.ts";
import { randomMarket, specOf, type TestMarket } from "./random-market.ts";

type Series = (t: number) => number;
/** One asset, by bar; NaN before the first. */
interface Asset {
  readonly open: Series;
  readonly high: Series;
  readonly low: Series;
  readonly close: Series;
  readonly volume: Series;
  readonly mood: Series;
  readonly funding: Series;
  readonly market: Series;
}
type Definition = (asset: Asset, t: number) => number;

const present = (x: number): boolean => !Number.isNaN(x);
const sum = (x: readonly number[]): number => x.reduce((total, value) => total + value, 0);
const mean = (x: readonly number[]): number => sum(x) / x.length;
const central = (x: readonly number[], power: number): number => sum(x.map((value) => (value - mean(x)) ** power));
const deviation = (x: readonly number[]): number => Math.sqrt(central(x, 2) / (x.length - 1));
const bars = (t: number, count: number): number[] => Array.from({ length: count }, (_, k) => t - count + 1 + k);
const change = ({ close }: Asset, t: number): number => close(t) / close(t - 1) - 1;

/** `statistic` of the present values of the last `count` bars; NaN with fewer than `least`. */
function over(
  series: Series,
  t: number,
  count: number,
  statistic: (x: number[]) => number,
  least: number = count,
): number {
  const values = bars(t, count).map(series).filter(present);
  return values.length >= least ? statistic(values) : Number.NaN;
}

/** The seeded exponential average after every present value of series up to t, NaN at its missing ones. */
function averages(series: Series, t: number, seed: number, weight: number): Series {
  const made = new Map<number, number>();
  const seen: number[] = [];
  let average = Number.NaN;
  for (let bar = 0; bar <= t; bar++) {
    const value = series(bar);
    if (!present(value)) continue;
    seen.push(value);
    if (seen.length === seed) average = mean(seen);
    else if (seen.length > seed) average = (1 - weight) * average + weight * value;
    made.set(bar, average);
  }
  return (bar) => made.get(bar) ?? Number.NaN;
}

function slope(asset: Asset, t: number, count: number, least: number): number {
  const paired = bars(t, count).filter((bar) => present(change(asset, bar)));
  if (paired.length < least) return Number.NaN;
  const [x, y] = [paired.map(asset.market), paired.map((bar) => change(asset, bar))];
  const squares = central(x, 2);
  const products = sum(x.map((value, k) => (value - mean(x)) * (y[k]! - mean(y))));
  return squares > 1e-28 * paired.length ? products / squares : Number.NaN;
}

const deepest = (x: readonly number[]): number =>
  Math.min(...x.flatMap((peak, i) => x.slice(i).map((later) => later / peak - 1)));

const L = 5;
const definitions: Readonly<Record<FeatureName, readonly [values: Record<string, number | string>, Definition]>> = {
  return: [{ lookbackBars: 3 }, ({ close }, t) => close(t) / close(t - 3) - 1],
  momentum: [{ lookbackBars: 6, skipBars: 2 }, ({ close }, t) => close(t - 2) / close(t - 6) - 1],
  reversal: [{ lookbackBars: 2 }, ({ close }, t) => 1 - close(t) / close(t - 2)],
  volatility: [{ lookbackBars: L }, (a, t) => over((s) => change(a, s), t, L, deviation)],
  downside_volatility: [
    { lookbackBars: L, minBars: 3 },
    (a, t) =>
      over(
        (s) => Math.min(change(a, s), 0) ** 2,
        t,
        L,
        (x) => Math.sqrt(mean(x)),
        3,
      ),
  ],
  volatility_of_volatility: [
    { lookbackBars: 4, volatilityBars: 3 },
    (a, t) => over((s) => over((r) => change(a, r), s, 3, deviation), t, 4, deviation),
  ],
  skewness: [
    { lookbackBars: 6, minBars: 4 },
    (a, t) =>
      over(
        (s) => change(a, s),
        t,
        6,
        (x) => {
          const [n, variance] = [x.length, central(x, 2) / x.length];
          const skew = central(x, 3) / n / variance ** 1.5;
          return variance > 1e-28 ? (skew * Math.sqrt(n * (n - 1))) / (n - 2) : Number.NaN;
        },
        4,
      ),
  ],
  drawdown: [{ lookbackBars: L, minBars: 3 }, ({ close }, t) => over(close, t, L, deepest, 3)],
  distance_to_high: [
    { lookbackBars: L, minBars: 2 },
    ({ close }, t) => over(close, t, L, (x) => close(t) / Math.max(...x) - 1, 2),
  ],
  moving_average_distance: [{ lookbackBars: L }, ({ close }, t) => over(close, t, L, (x) => close(t) / mean(x) - 1)],
  bollinger_position: [
    { lookbackBars: L },
    ({ close }, t) =>
      over(close, t, L, (x) => {
        if (new Set(x).size === 1) return 0;
        const band = 2 * Math.sqrt(central(x, 2) / x.length);
        const [lower, upper] = [mean(x) - band, mean(x) + band];
        return 2 * ((close(t) - lower) / (upper - lower)) - 1;
      }),
  ],
  macd: [
    { fastBars: 2, slowBars: 4, signalBars: 3 },
    ({ close }, t) => {
      const [fast, slow] = [averages(close, t, 2, 2 / 3), averages(close, t, 4, 2 / 5)];
      const line: Series = (s) => fast(s) - slow(s);
      return (line(t) - averages(line, t, 3, 2 / 4)(t)) / close(t);
    },
  ],
  rsi: [
    { lookbackBars: 4 },
    ({ close }, t) => {
      const moved: Series = (s) => close(s) - close(s - 1);
      const gain = averages((s) => Math.max(moved(s), 0), t, 4, 1 / 4)(t);
      const loss = averages((s) => Math.max(-moved(s), 0), t, 4, 1 / 4)(t);
      return gain === 0 && loss === 0 ? 50 : 100 - 100 / (1 + gain / loss);
    },
  ],
  atr: [
    { lookbackBars: 3 },
    ({ high, low, close }, t) => {
      const range: Series = (s) => {
        const before = bars(s - 1, s)
          .map(close)
          .filter(present)
          .at(-1);
        const reach = high(s) - low(s);
        return before === undefined ? reach : Math.max(reach, Math.abs(high(s) - before), Math.abs(low(s) - before));
      };
      return averages(range, t, 3, 1 / 3)(t) / close(t);
    },
  ],
  volume_trend: [
    { lookbackBars: L, shortBars: 2 },
    ({ volume }, t) => {
      const long = over(volume, t, L, mean);
      return long === 0 ? Number.NaN : over(volume, t, 2, mean) / long - 1;
    },
  ],
  dollar_volume: [
    { lookbackBars: 3 },
    ({ close, volume }, t) => {
      const traded = over((s) => close(s) * volume(s), t, 3, mean);
      return traded === 0 ? Number.NaN : Math.log(traded);
    },
  ],
  amihud: [
    { lookbackBars: L },
    (a, t) => {
      const impact: Series = (s) => Math.abs(change(a, s)) / ((a.close(s) * a.volume(s)) / 1e6);
      return over((s) => (a.volume(s) === 0 ? Number.NaN : impact(s)), t, L, mean, 3);
    },
  ],
  beta: [{ lookbackBars: 6 }, (a, t) => slope(a, t, 6, 6)],
  residual_momentum: [
    { lookbackBars: 6, skipBars: 2, minBars: 4 },
    (a, t) => {
      const beta = slope(a, t, 6, 4);
      return over((s) => change(a, s) - beta * a.market(s), t - 2, 4, mean, 1);
    },
  ],
  overnight_return: [{ lookbackBars: 3 }, (a, t) => over((s) => a.open(s) / a.close(s - 1) - 1, t, 3, mean)],
  intraday_return: [{ lookbackBars: 4, minBars: 2 }, (a, t) => over((s) => a.close(s) / a.open(s) - 1, t, 4, mean, 2)],
  funding: [{ lookbackBars: 3 }, ({ funding }, t) => over(funding, t, 3, mean)],
  column: [{ column: "mood", lookbackBars: 2, minBars: 1 }, ({ mood }, t) => over(mood, t, 2, mean, 1)],
};

function assetOf({ market, fundingRate }: TestMarket, n: number): Asset {
  const assets = market.axes.assets.length;
  const at =
    (plane: Floats, column: number): Series =>
    (t) =>
      t < 0 ? Number.NaN : plane[t * assets + column]!;
  const everyReturn = (t: number) =>
    market.axes.assets.map((_, k) => at(market.close, k)(t) / at(market.close, k)(t - 1) - 1).filter(present);
  return {
    open: at(market.open, n),
    high: at(market.high, n),
    low: at(market.low, n),
    close: at(market.close, n),
    volume: at(market.volume, n),
    mood: at(market.extras.get("mood")!, n),
    funding: at(fundingRate, n),
    market: (t) => mean(everyReturn(t)),
  };
}

test.each(FEATURE_NAMES)("%s equals its definition, and is NaN where there is no close", (name) => {
  const [values, definition] = definitions[name];
  const spec = specOf(name, values);
  let compared = 0;
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 4 }), (seed, rows, assets) => {
      const random = randomMarket(seed, rows, assets);
      const [plane] = computeFeatures(random.market, [spec], random).values();
      for (let n = 0; n < assets; n++) {
        const asset = assetOf(random, n);
        for (let t = 0; t < rows; t++) {
          const want = present(asset.close(t)) ? definition(asset, t) : Number.NaN;
          const got = plane![t * assets + n]!;
          // Prices and returns are known to 2e-16; windows of 6 with a spread of 1e-2 of their level lose a few digits.
          const same = present(want) ? Math.abs(want - got) <= 1e-9 * Math.max(1, Math.abs(want)) : !present(got);
          if (present(want)) compared++;
          expect(same, `t=${t} n=${n}: want ${want}, got ${got}`).toBe(true);
        }
      }
    }),
    { seed: 7, numRuns: 120 },
  );
  expect(compared).toBeGreaterThan(1000);
});

test("the line and the signal of the MACD differ by its histogram", () => {
  const random = randomMarket(3, 60, 2);
  const outputs = ["line", "signal", "histogram"].map((output) =>
    specOf("macd", { fastBars: 2, slowBars: 4, signalBars: 3, output }),
  );
  const planes = computeFeatures(random.market, outputs);
  expect([...planes.keys()]).toEqual(["macd_2_4_3_line", "macd_2_4_3_signal", "macd_2_4_3"]);
  const [line, signal, histogram] = [...planes.values()] as [Float64Array, Float64Array, Float64Array];
  let known = 0;
  for (let i = 0; i < line.length; i++) {
    if (Number.isNaN(histogram[i]!)) continue;
    known++;
    expect(histogram[i]).toBeCloseTo(line[i]! - signal[i]!, 13);
  }
  expect(known).toBeGreaterThan(50);
});

test("volume in currency is not valued at the close again", () => {
  const random = randomMarket(5, 30, 2);
  const { close, volume } = random.market;
  const valued = { ...random.market, volume: close.map((price, i) => price * volume[i]!) };
  for (const name of ["dollar_volume", "amihud"] as const) {
    const [units] = computeFeatures(random.market, [specOf(name, { lookbackBars: 4 })]).values();
    const [currency] = computeFeatures(valued, [specOf(name, { lookbackBars: 4, volumeUnit: "currency" })]).values();
    expect(currency).toEqual(units);
  }
});
