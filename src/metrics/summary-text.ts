/** The console table of a result: metrics by group, the strategy beside its benchmark, within 80 columns. */
import type { MetricInfo } from "../core/metric-info.ts";
import { METRIC_GROUPS, METRICS } from "./catalogue.ts";
import { formatMetric } from "./format.ts";

/** Metric key -> value; an absent key is not shown. */
export type MetricValues = Readonly<Record<string, number | undefined>>;

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
 * @param own       metrics that no catalogue has; what is in neither goes by its key, at the end
 */
export function renderMetrics(
  metrics: MetricValues,
  benchmark?: MetricValues | undefined,
  labels: TableLabels = { strategy: "strategy", benchmark: "benchmark" },
  own: readonly MetricInfo[] = [],
): string {
  const columns = benchmark === undefined ? [metrics] : [metrics, benchmark];
  const headings = [labels.strategy, labels.benchmark].slice(0, columns.length).map(shortened);
  const rows: { readonly heading: boolean; readonly cells: readonly string[] }[] = [];
  const known = [...METRICS, ...own];
  const others = columns
    .flatMap((values) => Object.keys(values))
    .filter((key, i, all) => all.indexOf(key) === i && known.every((metric) => metric.key !== key));
  const groups = [
    ...METRIC_GROUPS.map(({ group, label }) => ({ label, metrics: known.filter((metric) => metric.group === group) })),
    { label: "Other", metrics: others.map((key) => ({ key, label: shortened(key), unit: "ratio" }) as const) },
  ];
  for (const { label, metrics: all } of groups) {
    const shown = all.filter(({ key }) => columns.some((values) => key in values));
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
