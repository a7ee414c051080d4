/** How the weights came about: who risk came from, which method answered, what did not go as asked. */
import type { AllocationRecord } from "../../core/allocation-record.ts";
import type { RunRecord } from "../../core/contracts.ts";
import { eventTable, spacedName } from "../event-table.ts";
import { formatPercent, formatValue, formatWhole, plural } from "../number-format.ts";
import { type Block, html, type Section } from "../section.ts";
import { riskSharesChart } from "../specs/risk-shares.ts";
import { left, prose, renderRows, right } from "../table.ts";

export function allocationSection(record: RunRecord): Section | null {
  const { allocation } = record;
  if (allocation === null || allocation.bars.length === 0) return null;
  const chart = riskSharesChart(record);
  const blocks: Block[] = chart === null ? [] : [{ kind: "chart", chart }];
  blocks.push(html(methods(allocation)));
  if (allocation.events.length > 0)
    blocks.push(
      ...eventTable(allocation.events, record.account.axes.time, {
        noun: "allocation event",
        name: spacedName,
        columns: [prose("Detail")],
        cells: ({ detail }) => [detail],
      }),
    );
  return { id: "allocation", title: "Allocation", blocks };
}

/** One line for every method that answered, most decisions first. */
function methods(allocation: AllocationRecord): string {
  const by = Map.groupBy(allocation.methods.keys(), (d) => (allocation.decided[d] === 1 ? allocation.methods[d]! : ""));
  const rows = [...by]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([method, decisions]) => [
      method === "" ? "no plan" : method,
      formatWhole(decisions.length),
      formatValue(meanOf(allocation.effectiveNumber, decisions), "ratio"),
      formatPercent(meanOf(allocation.turnover, decisions)),
      formatValue(meanOf(allocation.scale, decisions), "ratio"),
      formatValue(meanOf(allocation.leverage, decisions), "ratio"),
    ]);
  return renderRows(
    `${plural(allocation.bars.length, "decision")} by the method that answered; means over its decisions. Turnover is against the last plan as the market left it.`,
    [
      left("Method"),
      right("Decisions"),
      right("Effective assets"),
      right("Turnover"),
      right("Scale"),
      right("Leverage"),
    ],
    rows,
  );
}

/** Over the decisions that have the figure. */
function meanOf(values: Float64Array, decisions: readonly number[]): number {
  const known = decisions.filter((d) => values[d] === values[d]);
  return known.reduce((sum, d) => sum + values[d]!, 0) / known.length;
}
