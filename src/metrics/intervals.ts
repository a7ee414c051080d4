/** Bootstrap intervals of the headline figures: how far they could have come out otherwise on returns like these. */
import type { Floats } from "../core/panel.ts";
import type { Rng } from "../core/rng.ts";
import { bootstrapInterval } from "./bootstrap.ts";
import { maxDrawdown } from "./drawdown.ts";
import { excessReturns, periodicRate, sharpeRatio } from "./ratios.ts";
import { compoundAnnualGrowth, presentReturns } from "./returns.ts";

/** Bounds of a two-sided 95% interval; NaN where the figure is undefined. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

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
  options: { readonly periodsPerYear: number; readonly riskFreeAnnual: number },
  rng: Rng,
): Readonly<Record<"sharpe" | "cagr" | "max_drawdown", Interval>> {
  const { periodsPerYear } = options;
  const present = presentReturns(returns);
  const rate = periodicRate(options.riskFreeAnnual, periodsPerYear);
  const meanBlockBars = Math.max(1, Math.round(Math.cbrt(present.length)));
  const interval = (name: string, statistic: (resample: Floats) => number): Interval => {
    const { low, high } = bootstrapInterval(present, statistic, {
      rng: rng.fork(name),
      resamples: RESAMPLES,
      meanBlockBars,
      confidence: CONFIDENCE,
    });
    return { low, high };
  };
  return {
    sharpe: interval("sharpe", (resample) => sharpeRatio(excessReturns(resample, rate), periodsPerYear)),
    cagr: interval("cagr", (resample) => compoundAnnualGrowth(resample, periodsPerYear)),
    max_drawdown: interval("max_drawdown", maxDrawdown),
  };
}
