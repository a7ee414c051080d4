/** How much returns vary: their deviation, that of losses alone, that of the volatility itself, and the skew. All per
 *  bar and not annualised; over simple close-to-close returns, lookback_bars of them, i.e. one more close. */
import { rollingPresentMean } from "../../math/rolling-mean.ts";
import { rollingDeviation, rollingSkewness } from "../../math/rolling-moments.ts";
import { builtInFeature, fewest, lookback, windowFault } from "./feature.ts";
import { windowOf } from "./feature-inputs.ts";

const RETURNS = "Returns in the window.";

/** A return is a price ratio less 1 and known to about 2e-16: a spread not above this is rounding. */
export const RETURN_ROUNDING = 1e-14;

export const volatility = builtInFeature({
  describe: "Standard deviation of returns (ddof 1), fraction per bar; 0 where prices stand still.",
  parameters: { lookbackBars: lookback(20, 2, RETURNS), minBars: fewest(2) },
  fault: windowFault,
  compute: (inputs, values, out) => rollingDeviation(inputs.returns(), inputs.assets, windowOf(values), out),
});

export const downsideVolatility = builtInFeature({
  describe: "Root of the mean squared loss, gains counting as 0 (Sortino, target 0), fraction per bar.",
  parameters: { lookbackBars: lookback(60, 1, RETURNS), minBars: fewest(1) },
  fault: windowFault,
  compute(inputs, values, out) {
    const returns = inputs.returns();
    const squares = new Float64Array(returns.length);
    for (let i = 0; i < squares.length; i++) squares[i] = returns[i]! > 0 ? 0 : returns[i]! * returns[i]!;
    rollingPresentMean(squares, inputs.assets, windowOf(values), out);
    for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(out[i]!);
  },
});

export const volatilityOfVolatility = builtInFeature({
  describe: "Standard deviation (ddof 1) of the trailing volatility, fraction per bar; a hole blanks both windows.",
  parameters: {
    lookbackBars: lookback(60, 2, "Volatilities in the window."),
    volatilityBars: {
      kind: "bars",
      default: 20,
      least: 2,
      leading: false,
      describe: "Returns in the window of each volatility, all of which must be there.",
    },
    minBars: fewest(2),
  },
  fault: windowFault,
  compute(inputs, values, out) {
    const { volatilityBars } = values;
    const inner = new Float64Array(out.length);
    rollingDeviation(inputs.returns(), inputs.assets, { bars: volatilityBars, least: volatilityBars }, inner);
    rollingDeviation(inner, inputs.assets, windowOf(values), out);
  },
});

export const skewness = builtInFeature({
  describe: "Skewness of returns, adjusted Fisher-Pearson as in pandas; NaN where returns do not vary.",
  parameters: { lookbackBars: lookback(60, 3, RETURNS), minBars: fewest(3) },
  fault: windowFault,
  compute: (inputs, values, out) =>
    rollingSkewness(inputs.returns(), inputs.assets, windowOf(values), RETURN_ROUNDING, out),
});
