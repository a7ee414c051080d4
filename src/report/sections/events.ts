/** What happened to the account beside ordinary fills: delistings, ruin, capped leverage, cash that ran short. */
import type { AccountEvent, RunRecord } from "../../core/contracts.ts";
import { eventTable } from "../event-table.ts";
import { formatCurrency } from "../number-format.ts";
import type { Section } from "../section.ts";
import { left, prose, right } from "../table.ts";

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

export function eventsSection(record: RunRecord): Section | null {
  const { axes, events } = record.account;
  if (events.length === 0) return null;
  const blocks = eventTable(events, axes.time, {
    noun: "account event",
    name: (kind) => NAMES[kind],
    columns: [left("Asset"), right("Value"), prose("Detail")],
    cells: ({ asset, value, detail }) => [
      asset < 0 ? "whole book" : (axes.assets[asset] ?? ""),
      eventValue(value),
      detail,
    ],
  });
  return { id: "events", title: "Account events", blocks };
}

/** Factors and weights to four decimals, amounts with cents. */
function eventValue(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(4).replace("-", "−") : formatCurrency(value);
}
