/** Returns over a stretch of bars: plain, with the latest bars left out, and with the sign turned. Only the two closes
 *  at the ends count: a hole between them does no harm, one at an end leaves NaN for that bar alone. */
import type { Floats } from "../../core/panel.ts";
import { builtInFeature, type FeatureFault, lookback } from "./feature.ts";

export const priceReturn = builtInFeature({
  describe: "Close over the close lookback_bars earlier, less 1; fraction.",
  parameters: { lookbackBars: lookback(1, 1, "Bars from the earlier close to this one.") },
  compute: ({ market, assets }, { lookbackBars }, out) => writeChanges(market.close, assets, lookbackBars, 0, out),
});

export const momentum = builtInFeature({
  describe:
    "Close skip_bars ago over the close lookback_bars ago, less 1; fraction. 252 and 21 make the 12-1 momentum.",
  parameters: {
    lookbackBars: lookback(60, 1, "Bars from the earlier close to now."),
    skipBars: {
      kind: "bars",
      default: 0,
      least: 0,
      leading: false,
      describe: "Latest bars left out, so that short-term reversal does not enter.",
    },
  },
  fault: skipFault,
  compute: ({ market, assets }, { lookbackBars, skipBars }, out) =>
    writeChanges(market.close, assets, lookbackBars, skipBars, out),
});

export const reversal = builtInFeature({
  describe: "The return over lookback_bars with its sign turned, so that high means fallen; fraction.",
  parameters: { lookbackBars: lookback(5, 1, "Bars from the earlier close to this one.") },
  compute({ market, assets }, { lookbackBars }, out) {
    writeChanges(market.close, assets, lookbackBars, 0, out);
    // 0 - 0 is 0, where turning its sign would give -0
    for (let i = 0; i < out.length; i++) out[i] = 0 - out[i]!;
  },
});

/** A skip must leave something of the lookback. */
export function skipFault(values: { readonly lookbackBars: number; readonly skipBars: number }): FeatureFault | null {
  const { lookbackBars, skipBars } = values;
  return skipBars >= lookbackBars ? { key: "skipBars", rule: `must be below lookback_bars ${lookbackBars}` } : null;
}

/** x[t - skip] / x[t - lookback] - 1. */
function writeChanges(x: Floats, assets: number, lookbackBars: number, skipBars: number, out: Float64Array): void {
  const back = lookbackBars * assets;
  const skip = skipBars * assets;
  out.fill(Number.NaN, 0, Math.min(back, out.length));
  for (let i = back; i < out.length; i++) out[i] = x[i - skip]! / x[i - back]! - 1;
}
