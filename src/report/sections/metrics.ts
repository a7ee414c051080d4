/** Every metric of the run beside the benchmark's, in the catalogue's groups. */
import type { RunRecord } from "../../core/contracts.ts";
import { METRIC_GROUPS, METRICS } from "../../metrics/catalogue.ts";
import { UNDEFINED_TEXT } from "../../metrics/format.ts";
import { escapeHtml } from "../escape.ts";
import { formatValue, type NumberStyle } from "../number-format.ts";
import { html, type Section } from "../section.ts";
import { type Cell, left, type RowGroup, renderRows, renderTable, right } from "../table.ts";

/** A metric that neither the catalogue nor the record knows is shown as a ratio under "Other". */
export function metricsSection(record: RunRecord): Section | null {
  const keys = Object.keys(record.metrics);
  if (keys.length === 0) return null;
  const catalogue = [...METRICS, ...(record.ownMetrics ?? [])];
  const known = new Set<string>(catalogue.map(({ key }) => key));
  const groups: RowGroup[] = METRIC_GROUPS.map(({ group, label }) => ({
    label,
    rows: catalogue
      .filter((metric) => metric.group === group && metric.key in record.metrics)
      .map((metric) => row(record, metric.key, metric.label, metric.unit, metric.describe)),
  }));
  groups.push({
    label: "Other",
    rows: keys.filter((key) => !known.has(key)).map((key) => row(record, key, key, "ratio", "")),
  });
  const columns = [left("Metric"), right(record.label)];
  if (record.benchmark !== null) columns.push(right(record.benchmark.label));
  columns.push(left("What it is"));
  const table = renderTable({
    caption: `All metrics. Annualised with ${record.periodsPerYear} periods a year; n/a = undefined for this series.`,
    columns,
    groups: groups.filter(({ rows }) => rows.length > 0),
  });
  const blocks = [html(`<div class="metrics">${table}</div>`)];
  if (Object.keys(record.intervals).length > 0) blocks.push(html(intervalTable(record)));
  return { id: "metrics", title: "Summary", blocks };
}

function intervalTable(record: RunRecord): string {
  const rows = Object.entries(record.intervals).map(([key, { low, high }]) => {
    const metric = METRICS.find((known) => known.key === key);
    const style = metric?.unit ?? "ratio";
    const value = record.metrics[key] ?? null;
    return [metric?.label ?? key, formatValue(value, style), formatValue(low, style), formatValue(high, style)];
  });
  return renderRows(
    "How far the headline figures could have come out otherwise: 95% intervals, stationary bootstrap of the returns.",
    [left(record.label), right("Measured"), right("Low"), right("High")],
    rows,
  );
}

function row(record: RunRecord, key: string, label: string, style: NumberStyle, describe: string): Cell[] {
  const value = (metrics: Readonly<Record<string, number>>): string =>
    withUnit(formatValue(metrics[key] ?? null, style), style);
  const cells: Cell[] = [label, value(record.metrics)];
  if (record.benchmark !== null)
    cells.push(
      record.benchmarkMetrics !== null && key in record.benchmarkMetrics
        ? value(record.benchmarkMetrics)
        : { markup: '<span class="absent" aria-label="not applicable"></span>' },
    );
  cells.push({ markup: `<span class="describe">${escapeHtml(describe)}</span>` });
  return cells;
}

function withUnit(text: string, style: NumberStyle): string {
  return style === "bars" && text !== UNDEFINED_TEXT ? `${text} bars` : text;
}
