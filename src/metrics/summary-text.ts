/** The console table of a result: metrics by group, the strategy beside its benchmark, within 80 columns. */
import { METRIC_GROUPS, METRICS, type MetricKey } from "./catalogue.ts";
import { formatMetric } from "./format.ts";

/** Metric key -> value; an absent key is not shown. */
export type MetricValues = Readonly<Partial<Record<MetricKey, number>>>;

export interface TableLabels {
  readonly strategy: string;
  readonly benchmark: string;
}

const NAME_WIDTH = 26;
const LEAST_COLUMN = 12;
const MOST_COLUMN = 24;

/**
 * The table as text, lines joined by \n, without a last one.
 *
 * @param benchmark second column; a metric only one side has leaves the other blank
 * @param labels    headings, cut to 24 characters
 */
export function renderMetrics(
  metrics: MetricValues,
  benchmark?: MetricValues | undefined,
  labels: TableLabels = { strategy: "strategy", benchmark: "benchmark" },
): string {
  const columns = benchmark === undefined ? [metrics] : [metrics, benchmark];
  const headings = [labels.strategy, labels.benchmark].slice(0, columns.length).map(shortened);
  const rows: { readonly heading: boolean; readonly cells: readonly string[] }[] = [];
  for (const { group, label } of METRIC_GROUPS) {
    const shown = METRICS.filter((metric) => metric.group === group && columns.some((values) => metric.key in values));
    if (shown.length === 0) continue;
    rows.push({ heading: true, cells: [label] });
    for (const { key, unit, label: name } of shown) {
      const texts = columns.map((values) => (values[key] === undefined ? "" : formatMetric(values[key], unit)));
      rows.push({ heading: false, cells: [`  ${name}`, ...texts] });
    }
  }
  const widths = headings.map((heading, c) =>
    Math.max(LEAST_COLUMN, heading.length, ...rows.map((row) => row.cells[c + 1]?.length ?? 0)),
  );
  const line = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(NAME_WIDTH)}${cells.map((cell, c) => `  ${cell.padStart(widths[c]!)}`).join("")}`.trimEnd();
  const rule = "─".repeat(NAME_WIDTH + widths.reduce((total, width) => total + width + 2, 0));
  const body = rows.flatMap((row, i) =>
    row.heading ? [...(i > 0 ? [""] : []), row.cells[0]!] : [line(row.cells[0]!, row.cells.slice(1))],
  );
  return [line("", headings), rule, ...body].join("\n");
}

function shortened(label: string): string {
  return label.length <= MOST_COLUMN ? label : `${label.slice(0, MOST_COLUMN - 1)}…`;
}
