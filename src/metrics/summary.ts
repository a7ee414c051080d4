/** One series or account in, every metric of the catalogue out, keyed by its JSON name.
 *  Simple returns of equity at the close; ddof 1; annualised by periodsPerYear. Missing returns are dropped and
 *  counted in `missing`. A metric the series leaves undefined is NaN; nothing is ever infinite. */
import type { Account } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import type { AccountMetricKey, RelativeMetricKey, SeriesMetricKey } from "./catalogue.ts";
import { conditionalDrawdown, equityDrawdowns, maxDrawdown, maxDrawdownDuration, ulcerIndex } from "./drawdown.ts";
import { matchTrades } from "./match-trades.ts";
import { mean, moments } from "./moments.ts";
import { calmarRatio, omegaRatio, periodicRate, quotient, sharpeRatio, sortinoRatio } from "./ratios.ts";
import { relativeMetrics } from "./relative.ts";
import { compoundAnnualGrowth, copyPresent, equityReturns, hitRate, totalReturn, wealth } from "./returns.ts";
import { probabilisticSharpe, sampleFromMoments } from "./sharpe-inference.ts";
import { expectedShortfall, orderTails, tailRatio, valueAtRisk } from "./tail.ts";
import { tradeSummary } from "./trade-summary.ts";

export interface SummaryOptions {
  readonly periodsPerYear: number;
  /** Annual rate, fraction, converted per period by (1 + rf)^(1/p) - 1; enters sharpe, psr, sortino and alpha. */
  readonly riskFreeAnnual: number;
  /** [T] benchmark returns over the same bars; NaN = missing. */
  readonly benchmark?: Floats | undefined;
}

/** Relative metrics are there when a benchmark was given. */
export type SeriesMetrics = Readonly<Record<SeriesMetricKey, number> & Partial<Record<RelativeMetricKey, number>>>;
export type AccountMetrics = SeriesMetrics & Readonly<Record<AccountMetricKey, number>>;

/**
 * All metrics of one return series.
 *
 * @param returns [T] simple returns, fraction; NaN or infinite = missing. A return <= -1 is a total loss
 * @throws RangeError when the benchmark differs in length, or periodsPerYear is not positive
 */
export function summarise(returns: Floats, options: SummaryOptions): SeriesMetrics {
  return summariseIn(scratchFor(returns.length), returns, options);
}

/**
 * `summarise` of each of many series, to the bit, in the memory of one.
 *
 * @param series P series, each [T] with a T of its own; with a benchmark its T
 * @throws RangeError as summarise
 */
export function summariseMany(series: readonly Floats[], options: SummaryOptions): SeriesMetrics[] {
  const longest = series.reduce((most, { length }) => Math.max(most, length), 0);
  const scratch = scratchFor(longest);
  return series.map((returns) => summariseIn(scratch, returns, options));
}

/** Memory for series of up to T returns; large arrays anew for each of many series keep the collector busy. */
interface Scratch {
  /** [T] */
  readonly present: Float64Array;
  /** [T+1] */
  readonly path: Float64Array;
  /** [T] overwritten by whatever comes next. */
  readonly passing: Float64Array;
}

function scratchFor(bars: number): Scratch {
  return {
    present: new Float64Array(bars),
    path: new Float64Array(bars + 1),
    passing: new Float64Array(bars),
  };
}

function summariseIn(scratch: Scratch, returns: Floats, options: SummaryOptions): SeriesMetrics {
  const { periodsPerYear, riskFreeAnnual, benchmark } = options;
  if (!(periodsPerYear > 0)) throw new RangeError(`summarise: periodsPerYear must be positive, got ${periodsPerYear}`);
  const periods = copyPresent(returns, scratch.present);
  const present = scratch.present.subarray(0, periods);
  const passing = scratch.passing.subarray(0, periods);
  const rate = periodicRate(riskFreeAnnual, periodsPerYear);
  const shape = moments(present);

  const path = wealth(present, scratch.path.subarray(0, periods + 1));
  const total = totalReturn(present);
  const growth = compoundAnnualGrowth(total, periods, periodsPerYear);
  const drawdowns = equityDrawdowns(path, path).subarray(1);
  const deepest = maxDrawdown(drawdowns);
  const cdar = conditionalDrawdown(drawdowns, 0.05, passing);
  const tails = passing;
  tails.set(present);
  orderTails(tails);

  const series = {
    total_return: total,
    cagr: growth,
    volatility: shape.deviation * Math.sqrt(periodsPerYear),
    sharpe: sharpeRatio(shape.mean - rate, shape.deviation, periodsPerYear),
    psr: probabilisticSharpe(sampleFromMoments(shape, rate)),
    sortino: sortinoRatio(present, periodsPerYear, rate),
    calmar: calmarRatio(growth, deepest),
    omega: omegaRatio(present),
    max_drawdown: deepest,
    max_drawdown_duration: maxDrawdownDuration(drawdowns),
    cdar_95: cdar,
    ulcer_index: ulcerIndex(drawdowns),
    var_95: valueAtRisk(tails),
    cvar_95: expectedShortfall(tails),
    tail_ratio: tailRatio(tails),
    skewness: shape.skewness,
    kurtosis: shape.excessKurtosis,
    hit_rate: hitRate(present),
    periods,
    periods_per_year: periodsPerYear,
    missing: returns.length - periods,
  };
  if (benchmark === undefined) return series;
  const relative = relativeMetrics(returns, benchmark, periodsPerYear, rate);
  return {
    ...series,
    alpha: relative.alpha,
    beta: relative.beta,
    information_ratio: relative.informationRatio,
    tracking_error: relative.trackingError,
  };
}

/**
 * All metrics of one account: those of its returns, and what trading cost.
 * The first bar holds the initial cash alone, so means run over the T - 1 bars after it. Bars after ruin have no
 * return and count as missing.
 *
 * @param options benchmark: [T-1] returns, as equityReturns gives them for another account on the same axes
 */
export function accountMetrics(account: Account, options: SummaryOptions): AccountMetrics {
  const bars = Math.max(0, account.equity.length - 1);
  const years = bars / options.periodsPerYear;
  const fees = sum(account.fees);
  const slippage = sum(account.slippage);
  const impact = sum(account.impact);
  const funding = sum(account.funding);
  const borrow = sum(account.borrow);
  const forfeited = sum(account.liquidationLoss);
  const trips = tradeSummary(matchTrades(account, "average"));
  return {
    ...summarise(equityReturns(account.equity), options),
    turnover: quotient(sum(account.turnover), years),
    cost_drag: quotient(
      (fees + slippage + impact + funding + borrow + forfeited) / years,
      mean(account.equity.subarray(1)),
    ),
    exposure: quotient(sum(account.grossExposure.subarray(1)), bars),
    total_fees: fees,
    total_slippage: slippage,
    total_impact: impact,
    total_funding: funding,
    total_borrow: borrow,
    total_liquidation_loss: forfeited,
    fills: account.fills.bar.length,
    round_trips: trips.closed,
    win_rate: trips.winRate,
    profit_factor: trips.profitFactor,
    holding_bars: trips.meanBars,
  };
}

function sum(x: Floats): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i]!;
  return total;
}
