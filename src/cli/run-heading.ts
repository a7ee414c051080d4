/** Two lines that say what was run on what. */
import type { RunRecord } from "../core/contracts.ts";
import { formatBarTime } from "../data/calendar.ts";

export function runHeading(record: RunRecord): string {
  const { time, assets } = record.account.axes;
  const timeOf = formatBarTime(time);
  const synthetic = record.synthetic ? "  (synthetic data)" : "";
  const range = `${timeOf(time[0]!)} to ${timeOf(time.at(-1)!)}`;
  return [
    `${record.name}${synthetic}`,
    `${range}, ${time.length} bars x ${assets.length} assets, ${record.periodsPerYear} periods per year`,
    "",
  ].join("\n");
}
