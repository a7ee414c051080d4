/** Bootstrap intervals of the headline figures: how far they could have come out otherwise on returns like these. */
import type { Floats } from "../core/panel.ts";
import type { Rng } from "../core/rng.ts";
import { bootstrapIntervals } from "./bootstrap.ts";
import { mean, standardDeviation } from "./moments.ts";
import { periodicRate, sharpeRatio } from "./ratios.ts";
import { compoundAnnualGrowth, presentReturns } from "./returns.ts";

/** Bounds of a two-sided 95% interval; NaN where the figure is undefined. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface HeadlineOptions {
  readonly periodsPerYear: number;
  /** Annual rate, fraction, converted per period by (1 + rf)^(1/p) - 1; enters the Sharpe ratio. */
  readonly riskFreeAnnual: number;
}

/** Metrics of the catalogue, in the order in which headlineFigures writes them. */
const HEADLINE = ["sharpe", "cagr", "max_drawdown"] as const;
const CONFIDENCE = 0.95;
const RESAMPLES = 500;

/**
 * Stationary-bootstrap intervals of sharpe, cagr and max_drawdown. Blocks are cube-root-of-T long on average, the rate
 * at which the optimal length grows.
 *
 * @param returns [T] simple returns, fraction; NaN = missing, left out
 * @param rng     equal streams give equal intervals
 */
export function headlineIntervals(
  returns: Floats,
  options: HeadlineOptions,
  rng: Rng,
): Readonly<Record<(typeof HEADLINE)[number], Interval>> {
  const { periodsPerYear } = options;
  const present = presentReturns(returns);
  const rate = periodicRate(options.riskFreeAnnual, periodsPerYear);
  const measure = (resample: Floats, out: Float64Array): void => headlineFigures(resample, rate, periodsPerYear, out);
  const { sharpe, cagr, max_drawdown } = bootstrapIntervals(present, HEADLINE, measure, {
    rng,
    resamples: RESAMPLES,
    meanBlockBars: Math.max(1, Math.round(Math.cbrt(present.length))),
    confidence: CONFIDENCE,
  });
  return { sharpe: bounds(sharpe), cagr: bounds(cagr), max_drawdown: bounds(max_drawdown) };
}

/**
 * Sharpe ratio, growth rate and deepest drawdown as summarise gives them, without an array of wealth or drawdowns.
 *
 * @param returns       [T] present returns, fraction
 * @param ratePerPeriod risk-free rate per period, fraction
 * @param out           [3] in that order; NaN where the figure is undefined
 */
export function headlineFigures(
  returns: Floats,
  ratePerPeriod: number,
  periodsPerYear: number,
  out: Float64Array,
): void {
  const T = returns.length;
  let wealth = 1;
  let peak = 1;
  let deepest = T === 0 ? Number.NaN : 0;
  for (let t = 0; t < T; t++) {
    wealth *= Math.max(0, 1 + returns[t]!);
    if (wealth > peak) peak = wealth;
    const drawdown = wealth / peak - 1;
    if (drawdown < deepest) deepest = drawdown;
  }
  const centre = mean(returns);
  out[0] = sharpeRatio(centre - ratePerPeriod, standardDeviation(returns, centre), periodsPerYear);
  out[1] = compoundAnnualGrowth(wealth - 1, T, periodsPerYear);
  out[2] = deepest;
}

function bounds({ low, high }: Interval): Interval {
  return { low, high };
}
