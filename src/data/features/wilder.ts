/** Wilder's (1978) indicators, both on his smoothing: an average with weight 1/n that begins at the mean of the first n
 *  values. A missing bar has no value and leaves the average as it is, however long the hole. */
import { wilderAverage } from "../../math/ewm.ts";
import { trueRange } from "../../math/true-range.ts";
import { builtInFeature, lookback } from "./feature.ts";

export const rsi = builtInFeature({
  describe:
    "Relative strength index: average gain over average gain plus loss, times 100; 50 where prices stand still. The first " +
    "bar after a hole brings no change.",
  parameters: { lookbackBars: lookback(14, 1, "n of the smoothing; known from the n-th price change on.") },
  compute({ market: { close }, assets }, { lookbackBars }, out) {
    const gains = new Float64Array(out.length);
    const losses = out;
    gains.fill(Number.NaN, 0, Math.min(assets, out.length));
    losses.fill(Number.NaN, 0, Math.min(assets, out.length));
    for (let i = assets; i < out.length; i++) {
      const change = close[i]! - close[i - assets]!;
      gains[i] = change < 0 ? 0 : change;
      losses[i] = change > 0 ? 0 : -change;
    }
    wilderAverage(gains, assets, lookbackBars, gains);
    wilderAverage(losses, assets, lookbackBars, losses);
    for (let i = 0; i < out.length; i++) {
      const moves = gains[i]! + losses[i]!;
      out[i] = moves === 0 ? 50 : (100 * gains[i]!) / moves;
    }
  },
});

export const atr = builtInFeature({
  describe:
    "Average true range over the close; fraction. Departs from TA-Lib: the first bar counts with high - low. The engine's " +
    "ATR stop takes a plain mean instead.",
  parameters: { lookbackBars: lookback(14, 1, "n of the smoothing; known from the n-th bar on.") },
  compute({ market, assets }, { lookbackBars }, out) {
    const range = new Float64Array(out.length);
    trueRange(market, assets, range);
    wilderAverage(range, assets, lookbackBars, out);
    for (let i = 0; i < out.length; i++) out[i] = out[i]! / market.close[i]!;
  },
});
