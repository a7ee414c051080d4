/** Returns by calendar: the monthly heatmap, and years beside the benchmark. */
import type { RunRecord } from "../../core/contracts.ts";
import { formatPercent } from "../number-format.ts";
import { type Block, html, type Section } from "../section.ts";
import { calendarReturns } from "../series.ts";
import { monthlyChart } from "../specs/monthly.ts";
import { left, renderRows, right } from "../table.ts";

export function calendarSection(record: RunRecord): Section | null {
  const chart = monthlyChart(record);
  if (chart === null) return null;
  const blocks: Block[] = [{ kind: "chart", chart }, html(yearTable(record))];
  return { id: "calendar", title: "Calendar returns", blocks };
}

function yearTable(record: RunRecord): string {
  const benchmark = record.benchmark;
  const others = new Map(
    benchmark === null ? [] : calendarReturns(benchmark.account).map(({ year, total }) => [year, total]),
  );
  const years = calendarReturns(record.account);
  const columns = [left("Year"), right(record.label)];
  if (benchmark !== null) columns.push(right(benchmark.label), right("Difference"));
  const rows = years.map(({ year, total, partial }) => {
    const row = [partial ? `${year} *` : String(year), formatPercent(total)];
    if (benchmark !== null) {
      const other = others.get(year) ?? Number.NaN;
      row.push(formatPercent(other), formatPercent(total - other));
    }
    return row;
  });
  const note = years.some(({ partial }) => partial) ? " An asterisk marks a year the data do not cover in full." : "";
  return renderRows(`Yearly returns.${note}`, columns, rows);
}
