/** Fees, and what fill prices cost (slippage and impact), paid so far and stacked; carry is named in the caption. */
import type { TopLevelSpec } from "vega-lite";
import type { RunRecord } from "../../core/contracts.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import { formatCurrency } from "../number-format.ts";
import { mergeRows, pick, pickAmounts, sampleSeries } from "../sampling.ts";
import { cumulative, finalOf } from "../series.ts";
import { tone } from "../theme.ts";
import { CROSSHAIR, CURRENCY_AXIS, HOVER_PARAM, TIME_X } from "./time-series.ts";

const POINTS = 260;

/** @returns null when nothing was paid */
export function costsChart(record: RunRecord): Chart | null {
  const { time } = record.account.axes;
  const fees = cumulative(record.account.fees);
  const { account } = record;
  const slippage = cumulative(account.slippage.map((lost, t) => lost + account.impact[t]!));
  const lostName = finalOf(cumulative(account.impact)) > 0 ? "slippage and impact" : "slippage";
  const carry = [
    ["funding", finalOf(cumulative(account.funding))] as const,
    ["borrowing", finalOf(cumulative(account.borrow))] as const,
    ["forfeited margin", finalOf(cumulative(account.liquidationLoss))] as const,
  ]
    .filter(([, paid]) => paid !== 0)
    .map(([name, paid]) => `${name} ${formatCurrency(paid)}`);
  const undrawn = carry.length === 0 ? "" : `; not drawn: ${carry.join(", ")}`;
  const total = fees.map((fee, t) => fee + slippage[t]!);
  const last = total.length - 1;
  if (!(total[last]! > 0)) return null;
  const rows = mergeRows(sampleSeries(time, total, POINTS), sampleSeries(time, fees, POINTS));
  return {
    id: "costs",
    title: "Cumulative costs",
    description:
      `Stacked area chart of costs paid: fees ${formatCurrency(fees[last]!)} and ${lostName} ` +
      `${formatCurrency(slippage[last]!)} by the end.`,
    caption: `Currency paid so far: fees ${formatCurrency(fees[last]!)}, ${lostName} ${formatCurrency(slippage[last]!)}${undrawn}.`,
    legend: [
      { label: lostName, colour: tone("benchmark"), mark: "area" },
      { label: "fees", colour: tone("accent"), mark: "area" },
    ],
    columns: {
      t: pick(time, rows, 15),
      fees: pickAmounts(fees, rows),
      slippage: pickAmounts(slippage, rows),
      total: pickAmounts(total, rows),
    },
    views: singleView(SPEC),
    readout: {
      by: "nearest",
      title: { field: "t", label: "", style: "date" },
      fields: [
        { field: "slippage", label: lostName, style: "currency", colour: tone("benchmark") },
        { field: "fees", label: "fees", style: "currency", colour: tone("accent") },
        { field: "total", label: "total", style: "currency" },
      ],
    },
  };
}

const SPEC = {
  data: ROWS,
  params: [HOVER_PARAM],
  height: 150,
  encoding: {
    y: {
      type: "quantitative",
      axis: { ...CURRENCY_AXIS, tickCount: 4 },
    },
  },
  layer: [
    {
      mark: { type: "area", color: tone("accent"), opacity: 0.75 },
      encoding: { x: TIME_X, y: { field: "fees", type: "quantitative" } },
    },
    {
      mark: { type: "area", color: tone("benchmark"), opacity: 0.75 },
      encoding: { x: TIME_X, y: { field: "total", type: "quantitative" }, y2: { field: "fees" } },
    },
    CROSSHAIR,
  ],
} as unknown as TopLevelSpec;
