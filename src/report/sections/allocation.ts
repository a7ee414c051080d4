/** How the weights came about: who risk came from, which method answered, what did not go as asked. */
import type { AllocationRecord, RunRecord } from "../../core/contracts.ts";
import { formatPercent, formatTime, formatValue, formatWhole, plural } from "../number-format.ts";
import { type Block, html, type Section } from "../section.ts";
import { riskSharesChart } from "../specs/risk-shares.ts";
import { left, renderDetails, renderRows, right } from "../table.ts";

const EVENTS_SHOWN = 12;
const EVENTS_LISTED = 400;

export function allocationSection(record: RunRecord): Section | null {
  const { allocation } = record;
  if (allocation === null || allocation.bars.length === 0) return null;
  const chart = riskSharesChart(record);
  const blocks: Block[] = chart === null ? [] : [{ kind: "chart", chart }];
  blocks.push(html(methods(allocation)));
  if (allocation.events.length > 0) blocks.push(...events(record, allocation));
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

function events(record: RunRecord, { events: found }: AllocationRecord): Block[] {
  const counts = new Map<string, number>();
  for (const { kind } of found) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].map(([kind, count]) => `${formatWhole(count)} ${kind.replaceAll("_", " ")}`).join(", ");
  const rarestFirst = [...found].sort((a, b) => counts.get(a.kind)! - counts.get(b.kind)! || a.bar - b.bar);
  const columns = [left("Date"), left("Event"), left("Detail")];
  const rows = (some: AllocationRecord["events"]) =>
    [...some]
      .sort((a, b) => a.bar - b.bar)
      .map(({ bar, kind, detail }) => [
        formatTime(record.account.axes.time[bar] ?? Number.NaN),
        kind.replaceAll("_", " "),
        detail,
      ]);
  const cut = found.length > EVENTS_SHOWN ? ` The ${EVENTS_SHOWN} shown favour rare kinds.` : "";
  const shown = renderRows(
    `${plural(found.length, "allocation event")}: ${kinds}.${cut}`,
    columns,
    rows(rarestFirst.slice(0, EVENTS_SHOWN)),
  );
  if (found.length <= EVENTS_SHOWN) return [html(shown)];
  const listed = rarestFirst.slice(0, EVENTS_LISTED);
  const title = listed.length < found.length ? `${EVENTS_LISTED} of ${formatWhole(found.length)} events` : "All events";
  return [html(shown), html(renderDetails(title, renderRows(title, columns, rows(listed), "plain")))];
}

/** Over the decisions that have the figure. */
function meanOf(values: Float64Array, decisions: readonly number[]): number {
  const known = decisions.filter((d) => values[d] === values[d]);
  return known.reduce((sum, d) => sum + values[d]!, 0) / known.length;
}
