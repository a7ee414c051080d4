/** A seeded synthetic market, so that Ballast runs and is tested without anyone's data, and tests know the truth.
 *  A market factor with bull, sideways and bear regimes and a few sector factors drive assets with fat tails, clustered
 *  volatility and overnight gaps; some list late, one is halted, one delisted; two features come with a stated
 *  predictive power. Everything is generated bar by bar from streams forked per asset: more bars or more assets leave
 *  those already there unchanged. Nothing here resembles any real company. */
import type { Ohlcv } from "../core/ohlcv.ts";
import { createAxes } from "../core/panel.ts";
import { createRng, type Rng } from "../core/rng.ts";

export interface SampleOptions {
  readonly seed: number;
  readonly assets: number;
  readonly bars: number;
}

/** Largest sample market. 100,000 bars end in 2412; a cell takes 56 bytes, seven planes of doubles. */
export const SAMPLE_LIMITS = { assets: 5_000, bars: 100_000, cells: 20_000_000 } as const;

/** What holds of every sample market, whatever its seed. Bars count from 0; entries beyond a market's size do not occur. */
export const SAMPLE_TRUTH = {
  /** Bars are the Mondays to Fridays from here on, less the first Monday of every month but March, June and September. */
  firstDate: "2015-01-01",
  /** 261 weekdays less 9 holidays. */
  periodsPerYear: 252,
  /** The first bar with a price. Earlier cells are missing. */
  lateListings: [
    { symbol: "SYN04", bar: 60 },
    { symbol: "SYN13", bar: 500 },
  ],
  /** Bars without prices between two that have them; shorter than any sensible delisting rule. */
  halts: [{ symbol: "SYN06", bar: 180, bars: 12 }],
  /** The first bar without a price; none follows. The price falls for 100 bars before. */
  delistings: [{ symbol: "SYN08", bar: 1500 }],
  /** Mean over dates of the cross-sectional Pearson correlation of the column at close t with open[t+6] / open[t+1] - 1. */
  signals: [
    { column: "quality_signal", horizonBars: 5, informationCoefficient: 0.05 },
    /** Reacts to the same bar's return (correlation about 0.44) and foretells nothing: an IC above 0 is a look-ahead. */
    { column: "news_sentiment", horizonBars: 5, informationCoefficient: 0 },
  ],
} as const;

const DAY = 86_400_000;
const YEAR = SAMPLE_TRUTH.periodsPerYear;
const SECTORS = 4;
/** Share of a day's variance that arrives before the open. */
const OVERNIGHT = 0.25;
/** Persistence of quality_signal; half-life 23 bars. */
const SIGNAL_MEMORY = 0.97;
/** Idiosyncratic daily drift in standard deviations per unit of signal; sets the IC stated above (calibrated). */
const SIGNAL_STRENGTH = 0.0268;
const SENTIMENT_REACTION = 0.5;
const DISTRESS_BARS = 100;
const DISTRESS_DRIFT = -0.006;
const LEAST_PRICE = 0.05;
/** Bounds the size of a fat-tailed bar; reached about once in 300 bars. */
const MOST_SCALE = 3;
/** Long-run market drift per year, and how much of the distance to that path is made good in a year. */
const TREND = 0.09;
const PULL = 0.6;

/** Drift and volatility per year, mean length in bars, and where it leads: [bull, sideways, bear]. */
const REGIMES = [
  { drift: 0.18, volatility: 0.12, bars: 180, next: [0, 0.7, 0.3] },
  { drift: 0.03, volatility: 0.14, bars: 90, next: [0.6, 0, 0.4] },
  { drift: -0.22, volatility: 0.25, bars: 40, next: [0.5, 0.5, 0] },
] as const;

/** Log returns of a common factor before and after each open, and its standard deviation per day. */
interface Factor {
  readonly overnight: Float64Array;
  readonly intraday: Float64Array;
  readonly deviation: Float64Array;
}

/**
 * The market of this seed.
 *
 * @returns [T*N] planes; prices rounded to 4 decimals and at least 0.05, volume in whole shares; extras
 *          `quality_signal` and `news_sentiment`; NaN where an asset is not listed, halted or delisted
 * @throws RangeError when assets or bars is not a whole number from 1 to its limit, or there are too many cells
 */
export function sampleMarket(options: SampleOptions): Ohlcv {
  const { seed, assets, bars } = options;
  for (const [name, value] of [
    ["assets", assets],
    ["bars", bars],
  ] as const)
    if (!(Number.isInteger(value) && value >= 1 && value <= SAMPLE_LIMITS[name]))
      throw new RangeError(
        `sampleMarket: ${name} must be a whole number from 1 to ${SAMPLE_LIMITS[name]}, got ${value}`,
      );
  if (assets * bars > SAMPLE_LIMITS.cells)
    throw new RangeError(`sampleMarket: assets x bars must be at most ${SAMPLE_LIMITS.cells}, got ${assets} x ${bars}`);
  const rng = createRng(seed).fork("ballast-sample");
  const symbols = Array.from({ length: assets }, (_, n) => `SYN${String(n + 1).padStart(2, "0")}`);
  const plane = (): Float64Array => new Float64Array(bars * assets).fill(Number.NaN);
  const market = {
    axes: createAxes(tradingDays(bars), symbols),
    open: plane(),
    high: plane(),
    low: plane(),
    close: plane(),
    volume: plane(),
    extras: new Map([
      ["quality_signal", plane()],
      ["news_sentiment", plane()],
    ]),
  };
  const common = marketFactor(rng.fork("market"), bars);
  const sectors = Array.from({ length: SECTORS }, (_, k) => sectorFactor(rng.fork("sector").fork(`${k}`), bars));
  symbols.forEach((symbol, n) => {
    writeAsset(rng.fork("asset").fork(symbol), symbol, n, common, sectors[n % SECTORS]!, market);
  });
  return market;
}

function tradingDays(bars: number): Float64Array {
  const time = new Float64Array(bars);
  for (let t = 0, day = Date.parse(SAMPLE_TRUTH.firstDate); t < bars; day += DAY) {
    const date = new Date(day);
    const weekday = date.getUTCDay();
    const holiday = weekday === 1 && date.getUTCDate() <= 7 && ![2, 5, 8].includes(date.getUTCMonth());
    if (weekday !== 0 && weekday !== 6 && !holiday) time[t++] = day;
  }
  return time;
}

function marketFactor(rng: Rng, bars: number): Factor {
  const factor = emptyFactor(bars);
  const heat = volatilityHeat(rng.fork("volatility"), 0.25);
  const switches = rng.fork("regime");
  const shocks = rng.fork("shocks");
  let regime = 0;
  let lead = 0;
  for (let t = 0; t < bars; t++) {
    const { drift, volatility, bars: length, next } = REGIMES[regime]!;
    const turn = switches.uniform() * length;
    writeFactor(factor, t, (drift - PULL * lead) / YEAR, (volatility / Math.sqrt(YEAR)) * heat(), shocks);
    lead += factor.overnight[t]! + factor.intraday[t]! - TREND / YEAR;
    // A turn below 1 has probability 1 / length and is itself uniform in [0, 1): it also picks the way out.
    if (turn < 1) regime = turn < next[0] ? 0 : turn < next[0] + next[1] ? 1 : 2;
  }
  return factor;
}

function sectorFactor(rng: Rng, bars: number): Factor {
  const factor = emptyFactor(bars);
  const heat = volatilityHeat(rng.fork("volatility"), 0.2);
  const shocks = rng.fork("shocks");
  for (let t = 0; t < bars; t++) writeFactor(factor, t, 0, (0.08 / Math.sqrt(YEAR)) * heat(), shocks);
  return factor;
}

function emptyFactor(bars: number): Factor {
  return { overnight: new Float64Array(bars), intraday: new Float64Array(bars), deviation: new Float64Array(bars) };
}

function writeFactor(factor: Factor, t: number, drift: number, deviation: number, shocks: Rng): void {
  const scale = deviation * tailScale(shocks);
  factor.overnight[t] = Math.sqrt(OVERNIGHT) * scale * shocks.normal();
  factor.intraday[t] = drift + Math.sqrt(1 - OVERNIGHT) * scale * shocks.normal();
  factor.deviation[t] = deviation;
}

/** Next factor of volatility at each call: log-normal, persistent, mean square 1. */
function volatilityHeat(rng: Rng, spread: number): () => number {
  let level = rng.normal();
  return () => {
    level = 0.97 * level + Math.sqrt(1 - 0.97 ** 2) * rng.normal();
    return Math.exp(spread * level - spread * spread);
  };
}

/** Common factor of one bar's shocks: normal * tailScale is Student t with 5 degrees of freedom and variance 1.
 *  One draw serves both parts of a bar, so that wild nights precede wild days. chi2(5) = chi2(2) + chi2(2) + chi2(1). */
function tailScale(rng: Rng): number {
  const normal = rng.normal();
  const chiSquare = normal * normal - 2 * Math.log((1 - rng.uniform()) * (1 - rng.uniform()));
  return Math.min(Math.sqrt(3 / chiSquare), MOST_SCALE);
}

/** Fills column n. Prices run on unseen while an asset is not listed or halted, and reappear where they then stand. */
function writeAsset(rng: Rng, symbol: string, n: number, common: Factor, sector: Factor, market: Planes): void {
  const character = rng.fork("character");
  const beta = 0.5 + character.uniform();
  const sectorBeta = 0.6 + 0.6 * character.uniform();
  const ownDeviation = (0.1 * 5 ** character.uniform()) / Math.sqrt(YEAR);
  const baseVolume = Math.exp(12.2 + 3 * character.uniform());
  let logPrice = Math.log(20) + Math.log(10) * character.uniform();

  const heat = volatilityHeat(rng.fork("volatility"), 0.35);
  const shocks = rng.fork("shocks");
  const ranges = rng.fork("ranges");
  const signals = rng.fork("signals");
  const trading = rng.fork("volume");
  const listed = SAMPLE_TRUTH.lateListings.find((late) => late.symbol === symbol)?.bar ?? 0;
  const delisted = SAMPLE_TRUTH.delistings.find((end) => end.symbol === symbol)?.bar ?? Number.POSITIVE_INFINITY;
  const halt = SAMPLE_TRUTH.halts.find((stop) => stop.symbol === symbol);
  const bars = market.axes.time.length;
  const stride = market.axes.assets.length;
  const [quality, sentiment] = [market.extras.get("quality_signal")!, market.extras.get("news_sentiment")!];

  let signal = signals.normal();
  let crowd = trading.normal();
  for (let t = 0; t < bars; t++) {
    const deviation = ownDeviation * heat();
    const variance =
      (beta * common.deviation[t]!) ** 2 + (sectorBeta * sector.deviation[t]!) ** 2 + deviation * deviation;
    const scale = tailScale(shocks);
    const early = Math.sqrt(OVERNIGHT) * scale * shocks.normal();
    const late = Math.sqrt(1 - OVERNIGHT) * scale * shocks.normal();
    // `signal` still is the one of the last close: it moves prices from this bar's open on, never before.
    const drift = SIGNAL_STRENGTH * signal * deviation - variance / 2;
    const distress = t >= delisted - DISTRESS_BARS ? DISTRESS_DRIFT : 0;
    const logOpen = logPrice + beta * common.overnight[t]! + sectorBeta * sector.overnight[t]! + deviation * early;
    const logClose =
      logOpen + beta * common.intraday[t]! + sectorBeta * sector.intraday[t]! + deviation * late + drift + distress;
    const move = logClose - logPrice;
    const above = Math.abs(ranges.normal());
    const below = Math.abs(ranges.normal());
    signal = SIGNAL_MEMORY * signal + Math.sqrt(1 - SIGNAL_MEMORY ** 2) * signals.normal();
    const rumour = SENTIMENT_REACTION * (early + late) + Math.sqrt(1 - SENTIMENT_REACTION ** 2) * signals.normal();
    crowd = 0.9 * crowd + Math.sqrt(1 - 0.9 ** 2) * trading.normal();
    logPrice = Math.max(logClose, Math.log(LEAST_PRICE));
    if (t < listed || t >= delisted || (halt !== undefined && t >= halt.bar && t < halt.bar + halt.bars)) continue;

    const cell = t * stride + n;
    const reach = 0.4 * Math.sqrt(variance);
    const top = Math.max(logOpen, logPrice) + reach * above;
    const bottom = Math.min(logOpen, logPrice) - reach * below;
    market.open[cell] = tick(logOpen);
    market.high[cell] = tick(top);
    market.low[cell] = tick(bottom);
    market.close[cell] = tick(logPrice);
    const excitement = 0.3 * crowd + 0.3 * (Math.abs(move) / Math.sqrt(variance) - 0.8);
    market.volume[cell] = Math.round(baseVolume * Math.exp(excitement + (0.05 * t) / YEAR));
    quality[cell] = rounded(signal);
    sentiment[cell] = rounded(rumour);
  }
}

interface Planes extends Omit<Ohlcv, "open" | "high" | "low" | "close" | "volume" | "extras"> {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly extras: ReadonlyMap<string, Float64Array>;
}

function tick(logPrice: number): number {
  return rounded(Math.max(Math.exp(logPrice), LEAST_PRICE));
}

/** To 4 decimals, as the nearest double, so that it survives a CSV file. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
