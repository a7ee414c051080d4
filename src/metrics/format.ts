/** One way to write a metric's value, shared by the console and the report. */
import type { MetricUnit } from "../core/metric-info.ts";

/** Shown in place of a metric that the series leaves undefined. */
export const UNDEFINED_TEXT = "n/a";

/**
 * Value as text: "12.34%", "1.23", "4.56x", "217", "1,234.50". NaN gives "n/a"; a rounded zero has no minus sign.
 *
 * @param value in the metric's own unit (percent: a fraction)
 */
export function formatMetric(value: number, unit: MetricUnit): string {
  if (!Number.isFinite(value)) return UNDEFINED_TEXT;
  switch (unit) {
    case "percent":
      return `${grouped(value * 100, 2)}%`;
    case "multiple":
      return `${grouped(value, 2)}x`;
    case "ratio":
    case "currency":
      return grouped(value, 2);
    case "bars":
    case "count":
      return grouped(value, Number.isInteger(value) ? 0 : 2);
  }
}

/** Made once: a leaderboard writes ten thousand numbers, and a format takes longer to make than to use. */
const FORMATS = {
  0: new Intl.NumberFormat("en-US", { minimumFractionDigits: 0, maximumFractionDigits: 0 }),
  2: new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
} as const;

function grouped(value: number, digits: keyof typeof FORMATS): string {
  const text = FORMATS[digits].format(value);
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}
