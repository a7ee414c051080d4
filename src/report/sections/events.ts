/** What happened to the account beside ordinary fills: delistings, ruin, capped leverage, cash that ran short. */
import type { AccountEvent, RunRecord } from "../../core/contracts.ts";
import { formatCurrency, formatTime, formatWhole, plural } from "../number-format.ts";
import { html, type Section } from "../section.ts";
import { left, renderDetails, renderRows, right } from "../table.ts";

const EVENTS_SHOWN = 12;
const EVENTS_LISTED = 400;

const NAMES: Readonly<Record<AccountEvent["kind"], string>> = {
  delisted: "delisted",
  ruin: "ruin",
  cash_shortfall: "cash ran short",
  unaffordable: "unaffordable trade",
  leverage_capped: "leverage capped",
  participation_limited: "order limited",
  unfilled_target: "target unfilled",
  plan_dropped: "plan dropped",
  liquidated: "liquidated",
  kill_switch: "kill switch",
  kill_switch_released: "kill switch released",
};

/** How many of each kind there were, and some one by one: of rare kinds all, of common ones the first. */
export function eventsSection(record: RunRecord): Section | null {
  const { events } = record.account;
  if (events.length === 0) return null;
  const counts = new Map<AccountEvent["kind"], number>();
  for (const { kind } of events) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const rarestFirst = [...events].sort((a, b) => counts.get(a.kind)! - counts.get(b.kind)! || a.bar - b.bar);
  const kinds = [...counts].map(([kind, count]) => `${formatWhole(count)} ${NAMES[kind]}`).join(", ");
  const cut = events.length > EVENTS_SHOWN ? ` The ${EVENTS_SHOWN} shown favour rare kinds.` : "";
  const blocks = [
    html(
      renderRows(
        `${plural(events.length, "account event")}: ${kinds}.${cut}`,
        COLUMNS,
        inOrder(record, rarestFirst.slice(0, EVENTS_SHOWN)),
      ),
    ),
  ];
  if (events.length > EVENTS_SHOWN) {
    const listed = rarestFirst.slice(0, EVENTS_LISTED);
    const title =
      listed.length < events.length ? `${EVENTS_LISTED} of ${formatWhole(events.length)} events` : "All events";
    blocks.push(html(renderDetails(title, renderRows(title, COLUMNS, inOrder(record, listed), "plain"))));
  }
  return { id: "events", title: "Account events", blocks };
}

const COLUMNS = [left("Date"), left("Event"), left("Asset"), right("Value"), left("Detail")];

function inOrder(record: RunRecord, events: readonly AccountEvent[]): string[][] {
  const { time, assets } = record.account.axes;
  return [...events]
    .sort((a, b) => a.bar - b.bar || a.asset - b.asset)
    .map((event) => [
      formatTime(time[event.bar] ?? Number.NaN),
      NAMES[event.kind],
      event.asset < 0 ? "whole book" : (assets[event.asset] ?? ""),
      eventValue(event.value),
      event.detail,
    ]);
}

/** Factors and weights to four decimals, amounts with cents. */
function eventValue(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(4).replace("-", "−") : formatCurrency(value);
}
