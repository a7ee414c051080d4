/** What stands above and below a run's table: what was run on what, and how far its figures could have come out otherwise. */
import type { RunRecord } from "../core/contracts.ts";
import { formatBarTime } from "../data/calendar.ts";
import { METRICS } from "../metrics/catalogue.ts";
import { formatMetric } from "../metrics/format.ts";
import { wrapped } from "./output.ts";

/** Ends with an empty line. */
export function runHeading(record: RunRecord): string {
  const { time, assets } = record.account.axes;
  const timeOf = formatBarTime(time);
  const synthetic = record.synthetic ? "  (synthetic data)" : "";
  const count = (n: number, word: string) => `${n.toLocaleString("en-US")} ${word}${n === 1 ? "" : "s"}`;
  return [
    `${record.name}${synthetic}`,
    `${timeOf(time[0]!)} to ${timeOf(time.at(-1)!)}`,
    `${count(time.length, "bar")}, ${count(assets.length, "asset")}, ${record.periodsPerYear} periods per year`,
    "",
  ].join("\n");
}

/** The bootstrap intervals of the headline figures in one sentence; "" when none is defined. */
export function intervalNote(record: RunRecord): string {
  const parts = METRICS.flatMap(({ key, label, unit }) => {
    const interval = record.intervals[key];
    if (interval === undefined || Number.isNaN(interval.low)) return [];
    return [`${label} ${formatMetric(interval.low, unit)} to ${formatMetric(interval.high, unit)}`];
  });
  return parts.length === 0 ? "" : `\n${wrapped(`95% intervals (bootstrap): ${parts.join(", ")}`, 80, "  ")}`;
}
