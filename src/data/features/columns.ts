/** Columns of the data file as features: the funding rate, and any further numeric column. Each the mean over the last
 *  bars; at lookback_bars 1 the value itself. A column must hold what was known at the close of its bar. */
import { nearestName } from "../../core/errors.ts";
import type { Ohlcv } from "../../core/ohlcv.ts";
import type { Floats } from "../../core/panel.ts";
import { rollingPresentMean } from "../../math/rolling-mean.ts";
import { builtInFeature, fewest, lookback, windowFault } from "./feature.ts";
import { windowOf } from "./feature-inputs.ts";

const BARS = "Bars in the window.";

export const funding = builtInFeature({
  describe: "Mean funding rate, fraction of a long position's value per bar; positive where longs pay.",
  parameters: { lookbackBars: lookback(7, 1, BARS), minBars: fewest(1) },
  fault: windowFault,
  lack: ({ fundingRate }) =>
    fundingRate === null
      ? { key: "name", rule: "needs a funding rate, and no column of the data is named as one" }
      : null,
  compute({ fundingRate, assets }, values, out) {
    rollingPresentMean(fundingRate!, assets, windowOf(values), out);
  },
});

export const column = builtInFeature({
  describe: "Mean of a numeric column of the data, in its own unit; called as the column is.",
  parameters: {
    column: { kind: "column", describe: "Name of the column: one beyond open, high, low and close." },
    lookbackBars: { ...lookback(1, 1, BARS), leading: false },
    minBars: fewest(1),
  },
  fault: windowFault,
  lack({ market }, { column: name }) {
    const names = ["volume", ...market.extras.keys()];
    if (names.includes(name)) return null;
    return {
      key: "column",
      rule: `the data have no such column, only ${names.join(", ")}`,
      suggestion: nearestName(name, names),
    };
  },
  compute({ market, assets }, values, out) {
    rollingPresentMean(columnPlane(market, values.column), assets, windowOf(values), out);
  },
});

/** A column of the file called volume is the volume, not an extra. */
function columnPlane({ volume, extras }: Ohlcv, name: string): Floats {
  return name === "volume" ? volume : extras.get(name)!;
}
