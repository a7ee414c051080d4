/** What was traded and what it cost. */
import { FILL_REASONS, type Fills, type RunRecord } from "../../core/contracts.ts";
import { formatCurrency, formatTime, formatValue, plural } from "../number-format.ts";
import { type Block, chartSection, html, type Section } from "../section.ts";
import { costsChart } from "../specs/costs.ts";
import { turnoverChart } from "../specs/turnover.ts";
import { left, renderDetails, renderRows, right } from "../table.ts";

const LARGEST_FILLS = 15;

export function tradingSection(record: RunRecord): Section | null {
  const charts = chartSection("trading", "Trading and costs", [turnoverChart(record), costsChart(record)]);
  const { fills } = record.account;
  if (fills.bar.length === 0) return charts;
  const blocks: Block[] = [...(charts?.blocks ?? []), html(largestFills(record))];
  return { id: "trading", title: "Trading and costs", blocks };
}

function largestFills(record: RunRecord): string {
  const { axes, fills } = record.account;
  const rows = byNotional(fills)
    .slice(0, LARGEST_FILLS)
    .map((i) => [
      formatTime(axes.time[fills.bar[i]!]!),
      axes.assets[fills.asset[i]!]!,
      fills.quantity[i]! < 0 ? "sell" : "buy",
      formatCurrency(notional(fills, i)),
      formatValue(Number(fills.price[i]!.toPrecision(8)), "currency"),
      formatCurrency(fills.fee[i]!),
      formatCurrency(fills.slippage[i]!),
      FILL_REASONS[fills.reason[i]!] ?? "",
    ]);
  const columns = [
    left("Date"),
    left("Asset"),
    left("Side"),
    right("Notional"),
    right("Price"),
    right("Fee"),
    right("Slippage"),
    left("Reason"),
  ];
  const table = renderRows("Largest fills by notional, slippage included in the price.", columns, rows, "plain");
  return renderDetails(`The ${rows.length} largest of ${plural(fills.bar.length, "fill")}`, table);
}

/** Positions of the fills, largest notional first, the earlier first among equals. */
function byNotional(fills: Fills): number[] {
  return Array.from(fills.bar, (_, i) => i).sort((a, b) => notional(fills, b) - notional(fills, a) || a - b);
}

function notional(fills: Fills, i: number): number {
  return Math.abs(fills.quantity[i]! * fills.price[i]!);
}
