/** Volatility-weighted time-series momentum after Moskowitz, Ooi & Pedersen (2012): the sign of an asset's own trailing
 *  return, times the volatility it is allowed over the one it has. Departs from the paper: plain trailing deviation in
 *  place of an exponential one, and a cap on the strength. */
import type { Axes, Floats } from "../core/panel.ts";
import { simpleReturns } from "../math/returns.ts";
import { rollingMean, rollingStandardDeviation } from "../math/rolling.ts";
import type { Side } from "./side.ts";

export interface TimeSeriesMomentumPolicy {
  /** Bars whose return says the direction. */
  readonly lookbackBars: number;
  /** Latest bars left out of them. */
  readonly skipBars: number;
  /** Returns in the trailing volatility, >= 2. */
  readonly volatilityBars: number;
  /** Volatility per bar at which the strength is 1, fraction. */
  readonly volatilityTarget: number;
  /** Strength is never more than this. */
  readonly maxStrength: number;
  readonly side: Side;
}

export interface TimeSeriesMomentumInputs {
  readonly axes: Axes;
  /** [T*N] NaN = no price. */
  readonly close: Floats;
  /** [T*N] paid by longs at the close, fraction of notional, NaN = none: the direction is then that of returns net of
   *  funding, r - rate per bar compounded. null = of price returns. */
  readonly fundingRate: Floats | null;
}

/**
 * Direction times min(maxStrength, volatilityTarget / volatility).
 *
 * A hole in the prices is passed over: the lookback is measured between the last closes known at its two ends, and the
 * volatility is that of the last `volatilityBars` returns from one known close to the next, so that one over a hole
 * counts once. Long only turns short into out. A price that did not move in the whole window has no direction, and one
 * without volatility the largest strength.
 *
 * @returns [T*N] signed strength; NaN where the asset has no close, and until both windows are full
 */
export function timeSeriesMomentum(
  { axes, close, fundingRate }: TimeSeriesMomentumInputs,
  policy: TimeSeriesMomentumPolicy,
): Float64Array {
  const { lookbackBars, skipBars, volatilityTarget, maxStrength, side } = policy;
  const assets = axes.assets.length;
  const strength = new Float64Array(close.length).fill(Number.NaN);
  if (close.length === 0) return strength;
  writeVolatility(close, assets, policy.volatilityBars, strength);
  const known = lastKnown(close, assets);
  const funding = fundingRate === null ? null : fundingGrowth(known, fundingRate, assets, lookbackBars);
  for (let cell = 0; cell < close.length; cell++) {
    const end = cell - skipBars * assets;
    const start = end - lookbackBars * assets;
    const growth = start < 0 ? Number.NaN : Math.log(known[end]! / known[start]!) + (funding?.[end] ?? 0);
    const signed = Math.sign(growth) * Math.min(maxStrength, volatilityTarget / strength[cell]!);
    strength[cell] = side === "long_only" ? Math.max(0, signed) : signed;
  }
  return strength;
}

/** Trailing deviation of returns between closes that are there, at the bars that have one; others are left as they are. */
function writeVolatility(close: Floats, assets: number, window: number, out: Float64Array): void {
  const bars = close.length / assets;
  const barOf = new Int32Array(bars);
  const prices = new Float64Array(bars);
  const returns = new Float64Array(bars);
  const deviations = new Float64Array(bars);
  for (let n = 0; n < assets; n++) {
    let count = 0;
    for (let t = 0; t < bars; t++) {
      const price = close[t * assets + n]!;
      if (price !== price) continue;
      prices[count] = price;
      barOf[count++] = t;
    }
    simpleReturns(prices.subarray(0, count), 1, returns.subarray(0, count));
    rollingStandardDeviation(returns.subarray(0, count), 1, window, deviations.subarray(0, count));
    for (let i = 0; i < count; i++) out[barOf[i]! * assets + n] = deviations[i]!;
  }
}

/** [T*N] each bar's close or, where it has none, the last one before; NaN before the first. */
function lastKnown(close: Floats, assets: number): Float64Array {
  const known = Float64Array.from(close as unknown as ArrayLike<number>);
  for (let i = assets; i < known.length; i++) if (known[i] !== known[i]) known[i] = known[i - assets]!;
  return known;
}

/**
 * Log growth over the window that funding takes from a long: a bar leaves 1 + r - rate of its value, which is 1 + r
 * times 1 - rate / (1 + r). Exactly 0 where no funding was paid; -Infinity where it took everything.
 */
function fundingGrowth(known: Float64Array, rate: Floats, assets: number, window: number): Float64Array {
  const growth = new Float64Array(known.length);
  for (let i = assets; i < known.length; i++) {
    const share = (rate[i]! * known[i - assets]!) / known[i]!;
    growth[i] = share === share ? Math.log1p(Math.max(-1, -share)) : 0;
  }
  const trailing = new Float64Array(known.length);
  rollingMean(growth, assets, window, trailing);
  for (let i = 0; i < trailing.length; i++) trailing[i] = trailing[i]! * window;
  return trailing;
}
