/** Trailing volatility and Sharpe ratio of a return series, per year, for charts. */
import type { Floats } from "../core/panel.ts";
import { rollingMean, rollingStandardDeviation } from "../math/rolling.ts";
import { ROUNDING_SPREAD } from "./moments.ts";
import { periodicRate, quotient } from "./ratios.ts";

export interface RollingOptions {
  /** Returns per window, a whole number >= 2. */
  readonly windowBars: number;
  readonly periodsPerYear: number;
}

/**
 * Trailing standard deviation (ddof 1) times sqrt(periodsPerYear).
 *
 * @param returns [T] fraction; NaN = missing
 * @returns [T] newly allocated; NaN until every return of the window is present
 */
export function rollingVolatility(returns: Floats, options: RollingOptions): Float64Array {
  const volatility = new Float64Array(returns.length);
  rollingStandardDeviation(returns, 1, options.windowBars, volatility);
  const scale = Math.sqrt(options.periodsPerYear);
  for (let t = 0; t < volatility.length; t++) volatility[t] = volatility[t]! * scale;
  return volatility;
}

/**
 * Trailing mean excess return over the trailing standard deviation (ddof 1), times sqrt(periodsPerYear).
 *
 * @param returns [T] fraction; NaN = missing
 * @param options riskFreeAnnual: annual rate, converted per period by (1 + rf)^(1/p) - 1
 * @returns [T] newly allocated; NaN until every return of the window is present, and where the window is constant
 */
export function rollingSharpe(
  returns: Floats,
  options: RollingOptions & { readonly riskFreeAnnual: number },
): Float64Array {
  const { windowBars, periodsPerYear, riskFreeAnnual } = options;
  const sharpe = new Float64Array(returns.length);
  const spread = new Float64Array(returns.length);
  rollingMean(returns, 1, windowBars, sharpe);
  rollingStandardDeviation(returns, 1, windowBars, spread);
  const rate = periodicRate(riskFreeAnnual, periodsPerYear);
  const scale = Math.sqrt(periodsPerYear);
  for (let t = 0; t < sharpe.length; t++) {
    const deviation = spread[t]! > ROUNDING_SPREAD ? spread[t]! : 0;
    sharpe[t] = deviation === 0 ? Number.NaN : quotient(sharpe[t]! - rate, deviation) * scale;
  }
  return sharpe;
}
