/** A bootstrap interval as reports print it. */
import { formatValue, type NumberStyle } from "../number-format.ts";

/** "−0.24 to 1.21"; "" where there is none. */
export function intervalText(
  interval: { readonly low: number; readonly high: number } | undefined,
  style: NumberStyle,
): string {
  if (interval === undefined || !Number.isFinite(interval.low + interval.high)) return "";
  return `${formatValue(interval.low, style)} to ${formatValue(interval.high, style)}`;
}
