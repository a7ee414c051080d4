/** Returns compounded by calendar month and year (UTC), for the table and the heatmap of a report. */
import type { Floats } from "../core/panel.ts";

export interface MonthlyReturn {
  /** Compounded return of the month's bars, fraction; NaN when none of them has a return. */
  readonly value: number;
  /** The data do not cover the whole month, or returns inside it are missing. */
  readonly partial: boolean;
}

export interface YearlyReturns {
  readonly year: number;
  /** [12] January first. */
  readonly months: readonly MonthlyReturn[];
  /** Compounded over the year's bars, fraction; NaN when none has a return. */
  readonly total: number;
  /** Some of its months are partial or empty. */
  readonly partial: boolean;
}

const DAY = 86_400_000;

/**
 * Year by month table of a return series; months cut by either end of the data are included and flagged.
 * A return belongs to the month of the bar at which it is earned. The first month is whole when the bar before its
 * first return lies in an earlier month; the last one when no trading day of it can follow (weekends trade when any
 * bar falls on one, holidays are not known).
 *
 * @param time    [T] UTC ms, increasing
 * @param returns [T-1] fraction, returns[i] earned from time[i] to time[i+1], as equityReturns gives; NaN = missing
 * @returns years in order, from the first to the last with a bar
 * @throws RangeError when the lengths do not fit
 */
export function monthlyReturns(time: Floats, returns: Floats): readonly YearlyReturns[] {
  if (returns.length !== Math.max(0, time.length - 1))
    throw new RangeError(`monthlyReturns: ${time.length} bars need ${time.length - 1} returns, got ${returns.length}`);
  if (returns.length === 0) return [];
  const firstMonth = monthOf(time[1]!);
  const lastMonth = monthOf(time[time.length - 1]!);
  const growth = new Float64Array(lastMonth - firstMonth + 1).fill(1);
  const present = new Int32Array(growth.length);
  const absent = new Int32Array(growth.length);
  for (let i = 0; i < returns.length; i++) {
    const month = monthOf(time[i + 1]!) - firstMonth;
    const value = returns[i]!;
    if (!Number.isFinite(value)) absent[month] = absent[month]! + 1;
    else {
      growth[month] = growth[month]! * Math.max(0, 1 + value);
      present[month] = present[month]! + 1;
    }
  }
  const cutAtStart = monthOf(time[0]!) === firstMonth;
  const cutAtEnd = tradingDayFollows(time);
  const cell = (month: number): MonthlyReturn => {
    const at = month - firstMonth;
    if (!(present[at]! > 0)) return { value: Number.NaN, partial: absent[at]! > 0 };
    const cut = (cutAtStart && month === firstMonth) || (cutAtEnd && month === lastMonth);
    return { value: growth[at]! - 1, partial: cut || absent[at]! > 0 };
  };
  const years: YearlyReturns[] = [];
  for (let year = Math.floor(firstMonth / 12); year <= Math.floor(lastMonth / 12); year++) {
    const months = Array.from({ length: 12 }, (_, m) => cell(year * 12 + m));
    const traded = months.filter(({ value }) => value === value);
    const total =
      traded.length === 0 ? Number.NaN : traded.reduce((product, { value }) => product * (1 + value), 1) - 1;
    years.push({ year, months, total, partial: traded.length < 12 || months.some(({ partial }) => partial) });
  }
  return years;
}

/** Months since year 0. */
function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Whether the month of the last bar has a later day on which this market could trade. */
function tradingDayFollows(time: Floats): boolean {
  const last = time[time.length - 1]!;
  const weekends = time.some((label) => isWeekend(label));
  for (let day = last + DAY; monthOf(day) === monthOf(last); day += DAY) if (weekends || !isWeekend(day)) return true;
  return false;
}

function isWeekend(time: number): boolean {
  const weekday = new Date(time).getUTCDay();
  return weekday === 0 || weekday === 6;
}
