/** One series or account in, every metric of the catalogue out, keyed by its JSON name.
 *  Simple returns of equity at the close; ddof 1; annualised by periodsPerYear. Missing returns are dropped and
 *  counted in `missing`. A metric the series leaves undefined is NaN; nothing is ever infinite. */
import type { Account } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import { sortedCopy } from "../math/quantile.ts";
import type { AccountMetricKey, RelativeMetricKey, SeriesMetricKey } from "./catalogue.ts";
import { conditionalDrawdown, drawdownSeries, maxDrawdown, maxDrawdownDuration, ulcerIndex } from "./drawdown.ts";
import { matchTrades } from "./match-trades.ts";
import { mean, moments } from "./moments.ts";
import { calmarRatio, excessReturns, omegaRatio, periodicRate, quotient, sharpeRatio, sortinoRatio } from "./ratios.ts";
import { relativeMetrics } from "./relative.ts";
import { compoundAnnualGrowth, equityReturns, hitRate, presentReturns, totalReturn } from "./returns.ts";
import { probabilisticSharpe, sampleFromMoments } from "./sharpe-inference.ts";
import { expectedShortfall, tailRatio, valueAtRisk } from "./tail.ts";
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
  const { periodsPerYear, riskFreeAnnual, benchmark } = options;
  if (!(periodsPerYear > 0)) throw new RangeError(`summarise: periodsPerYear must be positive, got ${periodsPerYear}`);
  const present = presentReturns(returns);
  const rate = periodicRate(riskFreeAnnual, periodsPerYear);
  const shape = moments(present);
  const sorted = sortedCopy(present);
  const drawdowns = drawdownSeries(present);
  const total = totalReturn(present);
  const growth = compoundAnnualGrowth(total, present.length, periodsPerYear);
  const deepest = maxDrawdown(drawdowns);
  const series = {
    total_return: total,
    cagr: growth,
    volatility: shape.deviation * Math.sqrt(periodsPerYear),
    sharpe: sharpeRatio(shape.mean - rate, shape.deviation, periodsPerYear),
    psr: probabilisticSharpe(sampleFromMoments(shape, rate)),
    sortino: sortinoRatio(excessReturns(present, rate), periodsPerYear),
    calmar: calmarRatio(growth, deepest),
    omega: omegaRatio(present),
    max_drawdown: deepest,
    max_drawdown_duration: maxDrawdownDuration(drawdowns),
    cdar_95: conditionalDrawdown(drawdowns),
    ulcer_index: ulcerIndex(drawdowns),
    var_95: valueAtRisk(sorted),
    cvar_95: expectedShortfall(sorted),
    tail_ratio: tailRatio(sorted),
    skewness: shape.skewness,
    kurtosis: shape.excessKurtosis,
    hit_rate: hitRate(present),
    periods: present.length,
    periods_per_year: periodsPerYear,
    missing: returns.length - present.length,
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
