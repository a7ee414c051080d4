/** How much is traded and what it moves: the trend of volume, dollar volume, Amihud's illiquidity. A bar without trading
 *  is a fact and counts with volume 0; only Amihud's ratio, which it leaves undefined, passes over it. */
import type { Ohlcv } from "../../core/ohlcv.ts";
import { rollingPresentMean } from "../../math/rolling-mean.ts";
import { builtInFeature, fewest, lookback, windowFault } from "./feature.ts";
import { windowOf } from "./feature-inputs.ts";

const BARS = "Bars in the window.";
const MILLION = 1e6;

const volumeUnit = {
  kind: "choice",
  default: "units",
  options: ["units", "currency"],
  describe: "What the volume column counts; units are valued at the close.",
} as const;

export const volumeTrend = builtInFeature({
  describe:
    "Mean volume of the last short_bars over that of the window, less 1; fraction, NaN where nothing was traded.",
  parameters: {
    lookbackBars: lookback(60, 2, BARS),
    shortBars: {
      kind: "bars",
      default: 5,
      least: 1,
      leading: false,
      describe: "Latest bars, all of which must be there.",
    },
    minBars: fewest(1),
  },
  fault: (values) =>
    values.shortBars >= values.lookbackBars
      ? { key: "shortBars", rule: `must be below lookback_bars ${values.lookbackBars}` }
      : windowFault(values),
  compute({ market: { volume }, assets }, values, out) {
    const { shortBars } = values;
    const long = new Float64Array(out.length);
    rollingPresentMean(volume, assets, { bars: shortBars, least: shortBars }, out);
    rollingPresentMean(volume, assets, windowOf(values), long);
    for (let i = 0; i < out.length; i++) out[i] = long[i]! > 0 ? out[i]! / long[i]! - 1 : Number.NaN;
  },
});

export const dollarVolume = builtInFeature({
  describe: "Natural logarithm of the mean traded value per bar in quote currency; NaN where nothing was traded.",
  parameters: { lookbackBars: lookback(20, 1, BARS), volumeUnit, minBars: fewest(1) },
  fault: windowFault,
  compute({ market, assets }, values, out) {
    rollingPresentMean(tradedValues(market, values.volumeUnit), assets, windowOf(values), out);
    for (let i = 0; i < out.length; i++) out[i] = out[i]! > 0 ? Math.log(out[i]!) : Number.NaN;
  },
});

export const amihud = builtInFeature({
  describe:
    "Illiquidity, Amihud (2002): mean of |return| per million of quote currency traded, over the bars of the window with " +
    "trading.",
  parameters: {
    lookbackBars: lookback(60, 1, BARS),
    volumeUnit,
    minBars: {
      ...fewest(1),
      describe: "Bars with trading that a window must hold; half of lookback_bars, rounded up, without it.",
    },
  },
  fault: windowFault,
  compute(inputs, values, out) {
    const returns = inputs.returns();
    const ratios = tradedValues(inputs.market, values.volumeUnit);
    for (let i = 0; i < ratios.length; i++)
      ratios[i] = ratios[i]! > 0 ? (Math.abs(returns[i]!) * MILLION) / ratios[i]! : Number.NaN;
    const { lookbackBars: bars, minBars } = values;
    rollingPresentMean(ratios, inputs.assets, { bars, least: minBars ?? Math.ceil(bars / 2) }, out);
  },
});

/** [T*N] newly allocated; quote currency. */
function tradedValues({ close, volume }: Ohlcv, unit: "units" | "currency"): Float64Array {
  const values = new Float64Array(close.length);
  for (let i = 0; i < values.length; i++) values[i] = unit === "units" ? close[i]! * volume[i]! : volume[i]!;
  return values;
}
