/** How far prices have fallen: the deepest fall within a window, and the distance of the close below its high. Closes
 *  alone count, lookback_bars of them, this bar's included: a bar's high is no price a daily book is marked at. */
import { rollingMaxDrawdown } from "../../math/rolling-drawdown.ts";
import { rollingMaximum } from "../../math/rolling-maximum.ts";
import { builtInFeature, fewest, lookback, windowFault } from "./feature.ts";
import { windowOf } from "./feature-inputs.ts";

const CLOSES = "Closes in the window.";

export const drawdown = builtInFeature({
  describe: "Maximum drawdown: deepest fall from one close of the window to a later one, fraction <= 0.",
  parameters: { lookbackBars: lookback(60, 2, CLOSES), minBars: fewest(2) },
  fault: windowFault,
  compute: ({ market, assets }, values, out) => rollingMaxDrawdown(market.close, assets, windowOf(values), out),
});

export const distanceToHigh = builtInFeature({
  describe: "Close over the highest close of the window, less 1; fraction <= 0, 0 at a new high.",
  parameters: { lookbackBars: lookback(252, 1, CLOSES), minBars: fewest(1) },
  fault: windowFault,
  compute({ market: { close }, assets }, values, out) {
    rollingMaximum(close, assets, windowOf(values), out);
    for (let i = 0; i < out.length; i++) out[i] = close[i]! / out[i]! - 1;
  },
});
