/** Bar labels and their calendar: strict parsing, printing, and how many bars make a year.
 *  All times are UTC milliseconds; no local time zone and no exchange holiday table is consulted. */
import { InputError } from "../core/errors.ts";
import type { Floats } from "../core/panel.ts";

export const DAY_MS = 86_400_000;

/** Two sevenths of the bars of a seven-day market fall on weekends; a stray weekend print stays below this share. */
const WEEKEND_SHARE = 0.1;
/** Gaps below this are intraday: daily bars labelled in local time are 23 to 25 hours apart. */
const INTRADAY_GAP_MS = 20 * 3_600_000;

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * A bar label as UTC milliseconds: `YYYY-MM-DD`, an ISO 8601 timestamp (naive = UTC), or whole epoch
 * seconds or milliseconds (told apart by size, see epochTime). Digits below a millisecond are cut off.
 *
 * @returns undefined for anything else, impossible dates (2020-02-30) and ambiguous numbers (20200131) included
 */
export function parseBarTime(text: string): number | undefined {
  if (/^[+-]?\d+$/.test(text)) return epochTime(Number(text));
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone = "Z"] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const ofDay = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1000;
  const offset = zoneOffset(zone);
  if (offset === undefined) return undefined;
  return date.getTime() + ofDay + Math.floor(Number(`0.${fraction}`) * 1000 + 1e-9) - offset;
}

/**
 * Epoch seconds (9 or 10 digits, 1973 to 2286) or milliseconds (12 or 13 digits) as UTC milliseconds.
 * Shorter numbers are refused, for 20200131 and spreadsheet day counts would read as 1970.
 */
export function epochTime(value: number): number | undefined {
  const size = Math.abs(value);
  if (!Number.isInteger(value) || size < 1e8 || size >= 1e13) return undefined;
  if (size < 1e10) return value * 1000;
  return size < 1e11 ? undefined : value;
}

/**
 * The first and last millisecond a selection keeps.
 *
 * @param start,end ISO dates or timestamps; a bare date as `end` keeps the whole of that day
 * @throws InputError when one cannot be read or start is after end
 */
export function parseTimeRange(start: string | undefined, end: string | undefined): { from: number; to: number } {
  const bound = (name: string, text: string): number => {
    const time = parseBarTime(text);
    if (time !== undefined) return time;
    throw InputError.of({ where: name, rule: "must be a date like 2020-01-31 or an ISO timestamp", got: text });
  };
  const from = start === undefined ? Number.NEGATIVE_INFINITY : bound("start", start);
  const wholeDay = end !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(end) ? DAY_MS - 1 : 0;
  const to = end === undefined ? Number.POSITIVE_INFINITY : bound("end", end) + wholeDay;
  if (from > to) throw InputError.of({ where: "start", rule: `must not be after end ${end}`, got: start });
  return { from, to };
}

/**
 * Bars per year. Daily bars: 365 when at least a tenth of them fall on weekends, else 252. Intraday bars: the
 * median number of bars on days that have any, times 365 or 252 by the same test. Wider spacing by its median
 * gap: weekly 52, monthly 12, anything else the whole number nearest to 365.25 days over the gap (at least 1).
 *
 * @param time [T] UTC ms, increasing; fewer than two bars count as daily
 */
export function inferPeriodsPerYear(time: Floats): number {
  const days = hasWeekends(time) ? 365 : 252;
  if (time.length < 2) return days;
  const gaps = Float64Array.from({ length: time.length - 1 }, (_, t) => time[t + 1]! - time[t]!);
  const gap = medianOf(gaps);
  if (gap < INTRADAY_GAP_MS) return Math.max(1, Math.round(medianOf(barsPerActiveDay(time)))) * days;
  if (gap < 2 * DAY_MS) return days;
  if (gap >= 5 * DAY_MS && gap <= 9 * DAY_MS) return 52;
  if (gap >= 27 * DAY_MS && gap <= 32 * DAY_MS) return 12;
  return Math.max(1, Math.round((365.25 * DAY_MS) / gap));
}

/** True for UTC milliseconds from year 1 to year 9999; what lies beyond is a mistake or an infinity. */
export function isBarTime(ms: number): boolean {
  return ms >= -62_135_596_800_000 && ms <= 253_402_300_799_999;
}

/** `YYYY-MM-DD` for midnight UTC, else `YYYY-MM-DDTHH:MM:SSZ` (milliseconds only when there are any); NaN gives "". */
export function formatTime(ms: number): string {
  return ms % DAY_MS === 0 ? dateText(ms) : clockText(ms);
}

/** A printer of UTC milliseconds: dates alone when every label in `time` is midnight UTC, else full timestamps. */
export function formatBarTime(time: Floats): (ms: number) => string {
  for (let t = 0; t < time.length; t++) if (time[t]! % DAY_MS !== 0) return clockText;
  return formatTime;
}

function dateText(ms: number): string {
  const text = new Date(ms).toISOString();
  return text.slice(0, text.indexOf("T"));
}

function clockText(ms: number): string {
  return ms === ms ? new Date(ms).toISOString().replace(".000Z", "Z") : "";
}

function zoneOffset(zone: string): number | undefined {
  if (!/^[+-]/.test(zone)) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(":", "") || "0");
  if (hours > 15 || minutes > 59) return undefined;
  return (zone[0] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function hasWeekends(time: Floats): boolean {
  let weekend = 0;
  for (let t = 0; t < time.length; t++) {
    const weekday = (((Math.floor(time[t]! / DAY_MS) + 4) % 7) + 7) % 7;
    if (weekday === 0 || weekday === 6) weekend++;
  }
  return weekend > 0 && weekend >= WEEKEND_SHARE * time.length;
}

function barsPerActiveDay(time: Floats): Float64Array {
  const counts: number[] = [];
  let day = Number.NaN;
  for (let t = 0; t < time.length; t++) {
    const today = Math.floor(time[t]! / DAY_MS);
    if (today === day) counts[counts.length - 1]!++;
    else counts.push(1);
    day = today;
  }
  return Float64Array.from(counts);
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
