/** The experiment under other weighting methods. */
import type { RunRecord } from "../../core/contracts.ts";
import { formatPercent, formatValue, formatWhole } from "../number-format.ts";
import { type Block, html, type Section } from "../section.ts";
import { comparisonChart } from "../specs/comparison.ts";
import { left, renderRows, right } from "../table.ts";

export function comparisonSection(record: RunRecord): Section | null {
  const { comparison } = record;
  if (comparison.length === 0) return null;
  const chart = comparisonChart(record);
  const blocks: Block[] = chart === null ? [] : [{ kind: "chart", chart }];
  blocks.push(html(table(record)));
  return { id: "comparison", title: "Methods compared", blocks };
}

/** Best Sharpe ratio first. */
function table({ comparison }: RunRecord): string {
  const rank = (value: number) => (value === value ? value : Number.NEGATIVE_INFINITY);
  const rows = [...comparison]
    .sort((a, b) => rank(b.metrics.sharpe!) - rank(a.metrics.sharpe!))
    .map(({ label, metrics, decisions, answered }) => [
      label,
      formatPercent(metrics.cagr!),
      formatPercent(metrics.volatility!),
      formatValue(metrics.sharpe!, "ratio"),
      formatPercent(metrics.max_drawdown!),
      formatValue(metrics.turnover!, "ratio"),
      formatPercent(metrics.cost_drag!),
      formatWhole(decisions - answered),
    ]);
  const columns = [
    left("Method"),
    right("CAGR"),
    right("Volatility"),
    right("Sharpe"),
    right("Max drawdown"),
    right("Turnover a year"),
    right("Cost drag"),
    right("Fallbacks"),
  ];
  return renderRows(
    "The same market, dates, lookback, constraints and costs under each method, best Sharpe ratio first. Fallbacks counts decisions that another method, or the last plan, answered.",
    columns,
    rows,
  );
}
