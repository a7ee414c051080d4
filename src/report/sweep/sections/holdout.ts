/** The one look at the bars that no trial saw: the chosen config before them and on them. */
import type { HoldoutRecord } from "../../../core/holdout-record.ts";
import type { SweepRecord } from "../../../core/sweep-record.ts";
import { escapeHtml } from "../../escape.ts";
import { formatDay, formatValue, formatWhole, plural } from "../../number-format.ts";
import { type Block, html, type Section } from "../../section.ts";
import { equityLinesChart } from "../../specs/equity-lines.ts";
import { left, renderRows, right } from "../../table.ts";
import { configText } from "../headline.ts";
import { intervalText } from "../interval-text.ts";
import { metricName } from "../ranking-metric.ts";

const FIGURES = ["total_return", "cagr", "volatility", "sharpe", "sortino", "max_drawdown", "turnover", "cost_drag"];

/** @returns null where nobody looked */
export function holdoutSection(record: SweepRecord): Section | null {
  const { holdout } = record;
  if (holdout === null) return null;
  const blocks: Block[] = [
    html(`<p class="reading">${escapeHtml(reading(record, holdout))}</p>`),
    html(figuresTable(record, holdout)),
  ];
  const chart = equityLinesChart(
    [{ label: `trial ${holdout.trial}`, equity: holdout.equity }],
    holdout.time,
    {
      id: "holdout-equity",
      title: "Equity before the holdout and in it",
      nouns: "trial",
      note: " At the dashed line the holdout begins.",
    },
    holdout.firstBar,
  );
  if (chart !== null) blocks.push({ kind: "chart", chart });
  return { id: "holdout", title: "Holdout", blocks };
}

function reading(record: SweepRecord, { trial, rank, time, firstBar, bars, looks }: HoldoutRecord): string {
  const chosen = record.trials.find(({ index }) => index === trial);
  const config = chosen === undefined ? "" : configText(record, chosen);
  const looked =
    looks === 1
      ? "It is the first to look at this holdout."
      : `This is look ${formatWhole(looks)} at this holdout, each by another config: the more look, the less it says.`;
  return `Trial ${trial}${config === "" ? "" : ` (${config})`}, rank ${formatWhole(rank)} of the sweep, was run on the ${plural(bars, "bar")} from ${formatDay(time[firstBar]!)} on, which no trial saw. ${looked}`;
}

function figuresTable(record: SweepRecord, { development, holdout, intervals }: HoldoutRecord): string {
  const { rankBy } = record;
  const keys = [rankBy, ...FIGURES.filter((key) => key !== rankBy)].filter((key) => key in holdout);
  const rows = keys.map((key) => {
    const { label, style } = metricName(record, key);
    return [
      label,
      formatValue(development[key] ?? null, style),
      formatValue(holdout[key] ?? null, style),
      intervalText(intervals[key], style),
    ];
  });
  return renderRows(
    "The chosen trial before the holdout, where it was chosen, and in it, where it was not. Intervals are 95%, by stationary bootstrap.",
    [left("Figure"), right("Development"), right("Holdout"), right("Interval in the holdout")],
    rows,
  );
}
