/** An asset against the market, whose return at t is the mean simple return of all assets that have one at t: equal
 *  weights, the asset itself included. A beta is the slope of a regression with an intercept over the window. */
import { rollingPresentMean } from "../../math/rolling-mean.ts";
import { rollingSlope } from "../../math/rolling-slope.ts";
import { builtInFeature, fewest, lookback, windowFault } from "./feature.ts";
import { windowOf } from "./feature-inputs.ts";
import { skipFault } from "./price-changes.ts";
import { RETURN_ROUNDING } from "./volatility.ts";

const RETURNS = "Returns in the window.";

export const beta = builtInFeature({
  describe: "Covariance with the equal-weight market over its variance; NaN where the market stands still.",
  parameters: { lookbackBars: lookback(252, 2, RETURNS), minBars: fewest(2) },
  fault: windowFault,
  compute: (inputs, values, out) =>
    rollingSlope(inputs.returns(), inputs.marketReturns(), inputs.assets, windowOf(values), RETURN_ROUNDING, out),
});

export const residualMomentum = builtInFeature({
  describe:
    "Mean over the window, its last skip_bars left out, of the return less beta times the market's, the beta that of the " +
    "whole window; fraction per bar. Blitz, Huij & Martens (2011) divide by the residuals' deviation, here not done.",
  parameters: {
    lookbackBars: lookback(252, 2, RETURNS),
    skipBars: {
      kind: "bars",
      default: 0,
      least: 0,
      leading: false,
      describe: "Latest bars left out of the mean, not of the beta.",
    },
    minBars: fewest(2),
  },
  fault: (values) => skipFault(values) ?? windowFault(values),
  compute(inputs, values, out) {
    const { assets } = inputs;
    const returns = inputs.returns();
    const market = inputs.marketReturns();
    const { bars, least } = windowOf(values);
    const { skipBars } = values;
    rollingSlope(returns, market, assets, { bars, least }, RETURN_ROUNDING, out);

    const counted = { bars: bars - skipBars, least: Math.max(1, least - skipBars) };
    const own = new Float64Array(out.length);
    const others = new Float64Array(out.length);
    rollingPresentMean(returns, assets, counted, own);
    const beside = new Float64Array(out.length);
    for (let i = 0; i < out.length; i++)
      beside[i] = returns[i] === returns[i] ? market[Math.floor(i / assets)]! : Number.NaN;
    rollingPresentMean(beside, assets, counted, others);

    const skip = skipBars * assets;
    for (let i = 0; i < out.length; i++) out[i] = i < skip ? Number.NaN : own[i - skip]! - out[i]! * others[i - skip]!;
  },
});
