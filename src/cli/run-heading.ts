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

/** The methods compared, best Sharpe ratio first; "" when none was. */
export function comparisonTable({ comparison }: RunRecord): string {
  if (comparison.length === 0) return "";
  const columns = ["cagr", "volatility", "sharpe", "max_drawdown", "turnover"] as const;
  const rank = (value: number) => (value === value ? value : Number.NEGATIVE_INFINITY);
  const rows = [...comparison].sort((a, b) => rank(b.metrics.sharpe!) - rank(a.metrics.sharpe!));
  const metric = (key: string) => METRICS.find((known) => known.key === key)!;
  const heads = ["CAGR", "Volatility", "Sharpe", "Drawdown", "Turnover"];
  return [
    "",
    `${"Methods compared".padEnd(24)}${heads.map((head) => head.padStart(11)).join("")}`,
    ...rows.map(({ label, metrics }) => {
      const cells = columns.map((key) => formatMetric(metrics[key]!, metric(key).unit).padStart(11));
      return `  ${label.padEnd(22)}${cells.join("")}`;
    }),
  ].join("\n");
}
