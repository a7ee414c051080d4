/** Numbers and times as a report prints them, the same in tables, captions and tooltips (the browser bundle shares
 *  it). Digits are those of metrics/format; here the minus sign becomes U+2212, as wide as a digit. */
import type { MetricUnit } from "../core/metric-info.ts";
import { formatMetric, UNDEFINED_TEXT } from "../metrics/format.ts";

/** How a value is printed: a metric's unit, or a time or text. */
export type NumberStyle = MetricUnit | "date" | "text";

/** `value` in the given style; null, NaN and infinities are "n/a", never 0. */
export function formatValue(value: number | string | null, style: NumberStyle): string {
  if (value === null) return UNDEFINED_TEXT;
  if (typeof value === "string") return value;
  if (style === "date") return formatTime(value);
  if (style === "text") return String(value);
  return typographic(formatMetric(value, style));
}

/** @param value fraction; 0.1234 prints as 12.34% */
export function formatPercent(value: number): string {
  return formatValue(value, "percent");
}

/** @param value fraction; 0.1234 prints as 12% */
export function formatWholePercent(value: number): string {
  return Number.isFinite(value) ? `${formatWhole(value * 100)}%` : UNDEFINED_TEXT;
}

/** With thousands separators and cents; no currency sign, since the data do not name one. */
export function formatCurrency(value: number): string {
  return formatValue(value, "currency");
}

/** Rounded to a whole number, with thousands separators. */
export function formatWhole(value: number): string {
  return formatValue(Math.round(value), "count");
}

/** As formatWhole, and from a hundred million on in millions or billions: 270.34M. For places without room. */
export function formatShort(value: number): string {
  const size = Number.isFinite(value) ? Math.abs(value) : 0;
  if (size >= 1e11) return `${formatValue(value / 1e9, "currency")}B`;
  if (size >= 1e8) return `${formatValue(value / 1e6, "currency")}M`;
  return formatWhole(value);
}

/** ISO date in UTC, with hours and minutes when the instant is not midnight. */
export function formatTime(ms: number): string {
  if (!isTime(ms)) return UNDEFINED_TEXT;
  const iso = new Date(ms).toISOString();
  return ms % 86_400_000 === 0 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
}

/** 2 Jan 2015: a UTC date in running text. */
export function formatDay(ms: number): string {
  if (!isTime(ms)) return UNDEFINED_TEXT;
  const date = new Date(ms);
  return `${date.getUTCDate()} ${monthName(date.getUTCMonth() + 1)} ${date.getUTCFullYear()}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** @param month 1 to 12 */
export function monthName(month: number): string {
  return MONTHS[month - 1] ?? UNDEFINED_TEXT;
}

/** "1 bar", "2 bars". */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatWhole(count)} ${count === 1 ? noun : nouns}`;
}

function isTime(ms: number): boolean {
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15;
}

function typographic(text: string): string {
  return text.replace("-", "−");
}
