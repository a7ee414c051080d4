/** Every feature by name. A new feature is a file beside this one, or a place in its family's, and a line here. */
import { column, funding } from "./columns.ts";
import { distanceToHigh, drawdown } from "./drawdown.ts";
import type { Feature, Parameters, Values } from "./feature.ts";
import { amihud, dollarVolume, volumeTrend } from "./liquidity.ts";
import { beta, residualMomentum } from "./market-relative.ts";
import { momentum, priceReturn, reversal } from "./price-changes.ts";
import { intradayReturn, overnightReturn } from "./sessions.ts";
import { bollingerPosition, macd, movingAverageDistance } from "./trend.ts";
import { downsideVolatility, skewness, volatility, volatilityOfVolatility } from "./volatility.ts";
import { atr, rsi } from "./wilder.ts";

export const FEATURES = {
  return: priceReturn,
  momentum,
  reversal,
  volatility,
  downside_volatility: downsideVolatility,
  volatility_of_volatility: volatilityOfVolatility,
  skewness,
  drawdown,
  distance_to_high: distanceToHigh,
  moving_average_distance: movingAverageDistance,
  bollinger_position: bollingerPosition,
  macd,
  rsi,
  atr,
  volume_trend: volumeTrend,
  dollar_volume: dollarVolume,
  amihud,
  beta,
  residual_momentum: residualMomentum,
  overnight_return: overnightReturn,
  intraday_return: intradayReturn,
  funding,
  column,
} as const;

export type FeatureName = keyof typeof FEATURES;

type ParametersOf<F> = F extends Feature<infer Ps extends Parameters> ? Ps : never;

/** One feature with all its parameters: `{name: "momentum", lookbackBars: 60, skipBars: 0}`. */
export type FeatureSpec = {
  [Name in FeatureName]: { readonly name: Name } & Values<ParametersOf<(typeof FEATURES)[Name]>>;
}[FeatureName];

export const FEATURE_NAMES = Object.keys(FEATURES) as readonly FeatureName[] as [FeatureName, ...FeatureName[]];

/** The entry of a name, its parameters known by their kinds alone. */
export function featureEntry(name: FeatureName): Feature {
  return FEATURES[name] as unknown as Feature;
}
