/** What the rebalancing schedule did: how often in which scope, and one by one. How far that left the account from the
 *  plan is drawn with the holdings. */
import type { RunRecord } from "../../core/contracts.ts";
import { REBALANCING_EVENTS, type RebalancingRecord } from "../../core/rebalancing-record.ts";
import { eventTable, spacedName } from "../event-table.ts";
import { formatWhole, plural } from "../number-format.ts";
import { type Block, html, type Section } from "../section.ts";
import { scheduleEventsChart } from "../specs/schedule-events.ts";
import { type Column, left, prose, renderDetails, renderRows, right } from "../table.ts";

const SCOPES_SHOWN = 12;

/** @returns null without a schedule */
export function rebalancingSection(record: RunRecord): Section | null {
  const { rebalancing, account } = record;
  if (rebalancing === null) return null;
  const chart = scheduleEventsChart(record);
  const blocks: Block[] =
    chart === null
      ? [html('<p class="fine">The schedule had nothing to log.</p>')]
      : [
          { kind: "chart", chart },
          ...scopeTable(rebalancing).map(html),
          ...eventTable(rebalancing.events, account.axes.time, {
            noun: "rebalancing event",
            name: spacedName,
            columns: [left("Scope"), prose("Detail")],
            cells: ({ scope, detail }) => [scope, detail],
          }),
        ];
  return { id: "rebalancing", title: "Rebalancing", blocks };
}

/** Events of every kind there was, one row a scope, most events first. */
function scopeTable({ events }: RebalancingRecord): string[] {
  const kinds = REBALANCING_EVENTS.filter((kind) => events.some((event) => event.kind === kind));
  const scopes = [...Map.groupBy(events, ({ scope }) => scope)].sort((a, b) => b[1].length - a[1].length);
  const columns: Column[] = [left("Scope"), ...kinds.map((kind) => right(spacedName(kind)))];
  const rows = scopes.map(([scope, some]) => {
    const counts = new Map<string, number>();
    for (const { kind } of some) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return [scope, ...kinds.map((kind) => formatWhole(counts.get(kind) ?? 0))];
  });
  const cut = scopes.length > SCOPES_SHOWN ? ` The ${SCOPES_SHOWN} of ${scopes.length} with most events.` : "";
  const caption =
    `What the schedule did, by what it concerned: changes that were pending, taken back or confirmed, plans that were ` +
    `opened, and their slices, each decided at a close and filled at the next open.${cut}`;
  const markup = [renderRows(caption, columns, rows.slice(0, SCOPES_SHOWN))];
  if (cut !== "") {
    const title = `All ${plural(scopes.length, "scope")}`;
    markup.push(renderDetails(title, renderRows(title, columns, rows, "plain")));
  }
  return markup;
}
