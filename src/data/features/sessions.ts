/** The two parts of a day's return: from the last close to the open, and from the open to the close. Each the mean per
 *  bar over the window; at lookback_bars 1 the part itself. */
import type { Floats } from "../../core/panel.ts";
import { rollingPresentMean } from "../../math/rolling-mean.ts";
import { builtInFeature, fewest, lookback, windowFault } from "./feature.ts";
import { windowOf } from "./feature-inputs.ts";

const parameters = { lookbackBars: lookback(20, 1, "Bars in the window."), minBars: fewest(1) };

export const overnightReturn = builtInFeature({
  describe: "Mean of open over the close before, less 1; fraction per bar. The bar after a hole has none.",
  parameters,
  fault: windowFault,
  compute({ market: { open, close }, assets }, values, out) {
    rollingPresentMean(ratios(open, close, assets), assets, windowOf(values), out);
  },
});

export const intradayReturn = builtInFeature({
  describe: "Mean of close over the open of the same bar, less 1; fraction per bar.",
  parameters,
  fault: windowFault,
  compute({ market: { open, close }, assets }, values, out) {
    rollingPresentMean(ratios(close, open, 0), assets, windowOf(values), out);
  },
});

/** a[i] / b[i - back] - 1; newly allocated, NaN before `back`. */
function ratios(a: Floats, b: Floats, back: number): Float64Array {
  const out = new Float64Array(a.length);
  out.fill(Number.NaN, 0, Math.min(back, out.length));
  for (let i = back; i < out.length; i++) out[i] = a[i]! / b[i - back]! - 1;
  return out;
}
