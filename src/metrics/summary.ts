/** One series or account in, every metric of the catalogue out, keyed by its JSON name.
 *  Simple returns of equity at the close; ddof 1; annualised by periodsPerYear. Missing returns are dropped and
 *  counted in `missing`. A metric the series leaves undefined is NaN; nothing is ever infinite. */
import type { Account } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import type { AccountMetricKey, RelativeMetricKey, SeriesMetricKey } from "./catalogue.ts";
import { conditionalDrawdown } from "./drawdown.ts";
import { matchTrades } from "./match-trades.ts";
import { mean, moments } from "./moments.ts";
import { calmarRatio, omegaRatio, periodicRate, quotient, sharpeRatio, sortinoRatio } from "./ratios.ts";
import { relativeMetrics } from "./relative.ts";
import { scanReturns } from "./return-scan.ts";
import { compoundAnnualGrowth, equityReturns } from "./returns.ts";
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
  readonly returns: Float64Array;
  readonly drawdowns: Float64Array;
}

function scratchFor(bars: number): Scratch {
  return { returns: new Float64Array(bars), drawdowns: new Float64Array(bars) };
}

function summariseIn(scratch: Scratch, returns: Floats, options: SummaryOptions): SeriesMetrics {
  const { periodsPerYear, riskFreeAnnual, benchmark } = options;
  if (!(periodsPerYear > 0)) throw new RangeError(`summarise: periodsPerYear must be positive, got ${periodsPerYear}`);
  const rate = periodicRate(riskFreeAnnual, periodsPerYear);
  const scan = scanReturns(returns, rate, scratch.returns, scratch.drawdowns);
  const { periods } = scan;
  const present = scratch.returns.subarray(0, periods);
  const drawdowns = scratch.drawdowns.subarray(0, periods);
  // A series without returns has neither wealth nor drawdowns.
  const defined = periods === 0 ? Number.NaN : 1;
  const total = defined * (scan.finalWealth - 1);
  const growth = compoundAnnualGrowth(total, periods, periodsPerYear);
  const deepest = defined * scan.deepestDrawdown;
  const shape = moments(present, scan.sum / periods);
  // Last, since nothing that needs the returns in their order comes after it.
  orderTails(present);
  const series = {
    total_return: total,
    cagr: growth,
    volatility: shape.deviation * Math.sqrt(periodsPerYear),
    sharpe: sharpeRatio(shape.mean - rate, shape.deviation, periodsPerYear),
    psr: probabilisticSharpe(sampleFromMoments(shape, rate)),
    sortino: sortinoRatio(scan.excessSum, scan.downsideSquares, periods, periodsPerYear),
    calmar: calmarRatio(growth, deepest),
    omega: omegaRatio(scan.gains, scan.losses),
    max_drawdown: deepest,
    max_drawdown_duration: defined * scan.longestDrawdown,
    cdar_95: conditionalDrawdown(drawdowns),
    // Martin (1987), divided by T; quantstats divides by T - 1.
    ulcer_index: Math.sqrt(scan.drawdownSquares / periods),
    var_95: valueAtRisk(present),
    cvar_95: expectedShortfall(present),
    tail_ratio: tailRatio(present),
    skewness: shape.skewness,
    kurtosis: shape.excessKurtosis,
    hit_rate: scan.hits / periods,
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
  const trips = tradeSummary(matchTrades(account, "average"));
  return {
    ...summarise(equityReturns(account.equity), options),
    ...tradingMetrics(account, options.periodsPerYear),
    fills: account.fills.bar.length,
    round_trips: trips.closed,
    win_rate: trips.winRate,
    profit_factor: trips.profitFactor,
    holding_bars: trips.meanBars,
  };
}

/** [T] planes of an account that trading and its costs can be told from; a plane left out counts as zeros. */
export type TradingPlanes = Pick<Account, "equity" | "turnover" | "fees" | "slippage" | "grossExposure"> &
  Partial<Pick<Account, "impact" | "funding" | "borrow" | "liquidationLoss">>;

/** What trading cost and how much of the book was invested, without looking at single fills. */
export function tradingMetrics(planes: TradingPlanes, periodsPerYear: number) {
  const bars = Math.max(0, planes.equity.length - 1);
  const years = bars / periodsPerYear;
  const total_fees = sum(planes.fees);
  const total_slippage = sum(planes.slippage);
  const total_impact = sum(planes.impact ?? NOTHING);
  const total_funding = sum(planes.funding ?? NOTHING);
  const total_borrow = sum(planes.borrow ?? NOTHING);
  const total_liquidation_loss = sum(planes.liquidationLoss ?? NOTHING);
  const costs = total_fees + total_slippage + total_impact + total_funding + total_borrow + total_liquidation_loss;
  return {
    turnover: quotient(sum(planes.turnover), years),
    cost_drag: quotient(costs / years, mean(planes.equity.subarray(1))),
    exposure: quotient(sum(planes.grossExposure.subarray(1)), bars),
    total_fees,
    total_slippage,
    total_impact,
    total_funding,
    total_borrow,
    total_liquidation_loss,
  };
}

const NOTHING = new Float64Array(0);

function sum(x: Floats): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i]!;
  return total;
}
