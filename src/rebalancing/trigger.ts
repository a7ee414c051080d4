/** On which bars plans may open, by the calendar alone: every n bars from the first decision, or at the end of each
 *  week (Monday to Sunday, UTC) or month. A bar ends its period when the next one is due in another: one spacing later,
 *  the smallest seen so far, and on a Monday where that is a weekend without trading. Nobody looks at the next label,
 *  and no table of holidays is kept: where the last day of a period has no bar, the first bar after it stands in. */
import type { Floats } from "../core/panel.ts";
import { DAY_MS } from "../data/calendar.ts";
import type { RebalancingPolicy } from "./rebalancing-policy.ts";

export interface CalendarState {
  /** Bar of the first decision that wants something held; -1 = none yet. */
  firstDecision: number;
  /** Smallest distance between two bars so far, ms; Infinity = one bar or none. */
  spacing: number;
  bars: number;
  /** Of them on a Saturday or Sunday. */
  weekendBars: number;
  /** Label of the last bar seen; NaN = none. */
  lastTime: number;
  /** Last period at whose end plans could open. */
  served: number;
}

/** Two sevenths of the bars of a seven-day market fall on weekends; a stray one stays below this share. */
const WEEKEND_SHARE = 0.1;
/** Bars at least this far apart are weekly or monthly themselves, whatever holidays did to their labels. */
const LEAST_PERIOD_MS = { week: 5 * DAY_MS, month: 27 * DAY_MS } as const;
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

export function initCalendar(): CalendarState {
  return {
    firstDecision: -1,
    spacing: Number.POSITIVE_INFINITY,
    bars: 0,
    weekendBars: 0,
    lastTime: Number.NaN,
    served: Number.NEGATIVE_INFINITY,
  };
}

/**
 * Takes note of bar t. To be called once a bar, in order.
 *
 * @param time [T] UTC ms; only rows up to t are read
 * @returns true where plans may open by the calendar, the first decision aside
 */
export function stepCalendar(
  state: CalendarState,
  t: number,
  time: Floats,
  interval: RebalancingPolicy["interval"],
): boolean {
  if (typeof interval === "number") {
    const since = t - state.firstDecision;
    return state.firstDecision >= 0 && since % interval === 0;
  }
  const now = time[t]!;
  const before = state.lastTime;
  if (before === before) state.spacing = Math.min(state.spacing, now - before);
  state.lastTime = now;
  state.bars++;
  if (isWeekend(now)) state.weekendBars++;

  const periodOf = interval === "week" ? weekOf : monthOf;
  const period = periodOf(now);
  const isPeriod = state.spacing >= LEAST_PERIOD_MS[interval] && state.spacing < Number.POSITIVE_INFINITY;
  const ends = isPeriod || periodOf(nextDue(state, now)) !== period;
  const last = periodOf(before);
  const missed = before === before && last !== period && state.served < last;
  if (!missed && !(ends && state.served < period)) return false;
  state.served = ends ? period : last;
  return true;
}

/** When the bar after this one is due; now, while the spacing is not known. */
function nextDue({ spacing, bars, weekendBars }: CalendarState, now: number): number {
  if (spacing === Number.POSITIVE_INFINITY) return now;
  let next = now + spacing;
  if (spacing <= DAY_MS && weekendBars < WEEKEND_SHARE * bars) while (isWeekend(next)) next += DAY_MS;
  return next;
}

function isWeekend(ms: number): boolean {
  const sinceMonday = ms - FIRST_MONDAY_MS - weekOf(ms) * 7 * DAY_MS;
  return sinceMonday >= 5 * DAY_MS;
}

/** Weeks since 1970-01-05. */
function weekOf(ms: number): number {
  return Math.floor((ms - FIRST_MONDAY_MS) / (7 * DAY_MS));
}

/** Months since year 0. */
function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
