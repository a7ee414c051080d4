/** Series on the account's bars that several charts and tables draw: rolling risk, calendar returns, running sums.
 *  The mathematics is that of src/metrics; this puts it on [T] bars, the first of which has no return. */
import type { Account } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import { monthlyReturns, type YearlyReturns } from "../metrics/monthly.ts";
import { equityReturns } from "../metrics/returns.ts";
import { rollingSharpe, rollingVolatility } from "../metrics/rolling-risk.ts";

const LEAST_WINDOW_BARS = 20;

/** About half a year. */
export function rollingWindowBars(periodsPerYear: number): number {
  return Math.max(LEAST_WINDOW_BARS, Math.round(periodsPerYear / 2));
}

/** How rolling figures are annualised and over what they look back. */
export interface RollingWindow {
  readonly windowBars: number;
  readonly periodsPerYear: number;
  readonly riskFreeAnnual: number;
}

/** [T] Sharpe ratio of the `windowBars` returns up to each bar; NaN before a full window. */
export function rollingAccountSharpe(account: Account, window: RollingWindow): Float64Array {
  return onBars(rollingSharpe(equityReturns(account.equity), window));
}

/** [T] annual volatility of the `windowBars` returns up to each bar; NaN before a full window. */
export function rollingAccountVolatility(account: Account, window: RollingWindow): Float64Array {
  return onBars(rollingVolatility(equityReturns(account.equity), window));
}

/** Returns by year and month; see metrics/monthly for what counts as partial. */
export function calendarReturns(account: Account): readonly YearlyReturns[] {
  return monthlyReturns(account.axes.time, equityReturns(account.equity));
}

/** [T] running sum; a missing value adds nothing. */
export function cumulative(values: Floats): Float64Array {
  const sums = new Float64Array(values.length);
  let sum = 0;
  for (let t = 0; t < values.length; t++) {
    if (Number.isFinite(values[t]!)) sum += values[t]!;
    sums[t] = sum;
  }
  return sums;
}

/** The last value of a plane; NaN when it has none. */
export function finalOf(values: Floats): number {
  return values.length === 0 ? Number.NaN : values[values.length - 1]!;
}

function onBars(perReturn: Float64Array): Float64Array {
  const perBar = new Float64Array(perReturn.length + 1).fill(Number.NaN);
  perBar.set(perReturn, 1);
  return perBar;
}
