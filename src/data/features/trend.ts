/** Where the price stands against its own averages: a simple one (and the Bollinger bands around it), and the MACD. */
import { ema } from "../../math/ewm.ts";
import { rollingPresentMean } from "../../math/rolling-mean.ts";
import { rollingScore } from "../../math/rolling-moments.ts";
import { builtInFeature, fewest, lookback, windowFault } from "./feature.ts";
import { windowOf } from "./feature-inputs.ts";

const CLOSES = "Closes in the window.";

/** Deviations from the middle to a band, Bollinger (2001). */
const BAND = 2;

export const movingAverageDistance = builtInFeature({
  describe: "Close over the mean close of the window, less 1; fraction.",
  parameters: { lookbackBars: lookback(50, 1, CLOSES), minBars: fewest(1) },
  fault: windowFault,
  compute({ market: { close }, assets }, values, out) {
    rollingPresentMean(close, assets, windowOf(values), out);
    for (let i = 0; i < out.length; i++) out[i] = close[i]! / out[i]! - 1;
  },
});

export const bollingerPosition = builtInFeature({
  describe:
    "Where the close stands between the bands, mean -+ 2 standard deviations (ddof 0): -1 on the lower, 1 on the upper, " +
    "%B = (1 + it) / 2; 0 where prices stand still.",
  parameters: { lookbackBars: lookback(20, 2, CLOSES), minBars: fewest(2) },
  fault: windowFault,
  compute({ market: { close }, assets }, values, out) {
    rollingScore(close, assets, windowOf(values), out);
    for (let i = 0; i < out.length; i++) out[i] = out[i]! / BAND;
  },
});

function span(bars: number, describe: string) {
  return { kind: "bars", default: bars, least: 1, leading: true, describe } as const;
}

export const macd = builtInFeature({
  describe:
    "MACD over the close, so that it has no currency; fraction. Each average begins at the mean of its own first values " +
    "(TA-Lib begins the fast one at the slow one's start), and a missing close leaves it as it is.",
  parameters: {
    fastBars: span(12, "Of the fast EMA, weight 2 / (n + 1)."),
    slowBars: span(26, "Of the slow EMA."),
    signalBars: span(9, "Of the EMA of the MACD line."),
    output: {
      kind: "choice",
      default: "histogram",
      options: ["histogram", "line", "signal"],
      describe: "line = fast - slow; signal = EMA of the line; histogram = line - signal.",
    },
  },
  fault: ({ fastBars, slowBars }) =>
    fastBars >= slowBars ? { key: "fastBars", rule: `must be below slow_bars ${slowBars}` } : null,
  compute({ market: { close }, assets }, { fastBars, slowBars, signalBars, output }, out) {
    const line = new Float64Array(out.length);
    ema(close, assets, fastBars, line);
    ema(close, assets, slowBars, out);
    for (let i = 0; i < out.length; i++) line[i] = line[i]! - out[i]!;
    ema(line, assets, signalBars, out);
    for (let i = 0; i < out.length; i++) {
      const value = output === "line" ? line[i]! : output === "signal" ? out[i]! : line[i]! - out[i]!;
      out[i] = value / close[i]!;
    }
  },
});
