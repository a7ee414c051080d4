/** A sweep on the console within 80 columns: the best trials, how far to believe them, what choosing walk-forward came to,
 *  and what the holdout said. */

import type { HoldoutRecord } from "../core/holdout-record.ts";
import type { MetricInfo } from "../core/metric-info.ts";
import type { AxisValue, OverfittingRecord, SweepRecord } from "../core/sweep-record.ts";
import type { WalkForwardRecord } from "../core/walk-forward-record.ts";
import { formatBarTime } from "../data/calendar.ts";
import { METRICS } from "../metrics/catalogue.ts";
import { formatMetric } from "../metrics/format.ts";
import { wrapped } from "./output.ts";

const WIDTH = 80;
const ROWS = 10;
/** Metrics shown, beside the one trials are ranked by, and what their columns are called. */
const SHOWN = ["cagr", "sharpe", "max_drawdown", "turnover"];
const SHORT: Readonly<Record<string, string>> = {
  cagr: "CAGR",
  sharpe: "Sharpe",
  max_drawdown: "drawdown",
  turnover: "turnover",
};
const NAME = 22;
const CELL = 11;
/** A column of an axis is not cut below this. */
const LEAST = 4;

type Intervals = SweepRecord["intervals"];

/** @param left trials that a stop kept from running */
export function sweepText(record: SweepRecord, left: number): string {
  const { overfitting, walkForward, holdout } = record;
  const blocks = [
    leaderboard(record, left),
    undone(record),
    [...intervalLines(record.intervals, "of the best trial"), ...(overfitting === null ? [] : luck(overfitting))],
    walkForward === null ? [] : forward(record, walkForward),
    holdout === null ? [] : held(holdout),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function leaderboard({ axes, trials, ranking, rankBy, ownMetrics }: SweepRecord, left: number): string[] {
  const metrics = [rankBy, ...SHOWN.filter((key) => key !== rankBy)].slice(0, 4);
  const byIndex = new Map(trials.map((trial) => [trial.index, trial]));
  // Configs that come to the same trial stand for one another.
  const shown = new Set<string>();
  const best = ranking.filter((index) => {
    const { id } = byIndex.get(index)!;
    return !shown.has(id) && shown.add(id);
  });
  const rows = best.slice(0, ROWS).map((index) => byIndex.get(index)!);
  const ofAxes = axes.map(
    ({ path, values }, a): Column => ({
      head: path.split(".").at(-1)!,
      isNumber: values.every((value) => typeof value === "number"),
      cells: rows.map((trial) => valueText(trial.values[a])),
    }),
  );
  const ofMetrics = metrics.map(
    (key): Column => ({
      head: SHORT[key] ?? key,
      isNumber: true,
      cells: rows.map((trial) => formatted(key, trial.metrics[key], ownMetrics)),
    }),
  );
  // Many axes take the room of all metrics but two.
  while (ofMetrics.length > 2 && tableWidth([...ofAxes, ...ofMetrics].map(columnWidth)) > WIDTH) ofMetrics.pop();
  const without = trials.filter(({ state }) => state !== "done").length;
  const counts = [
    `${ranking.length} ${ranking.length === 1 ? "trial" : "trials"} by ${rankBy}`,
    ...(without > 0 ? [`${without} without a result`] : []),
    ...(left > 0 ? [`${left} of ${left + trials.length} missing`] : []),
  ];
  return [counts.join(", "), ...(rows.length === 0 ? [] : ["", ...tableLines([...ofAxes, ...ofMetrics], rows.length)])];
}

/** Why trials have no result: what most of them say, reasons that differ in their numbers alone being one. */
function undone({ trials }: SweepRecord): string[] {
  const reasons = Map.groupBy(
    trials.filter(({ state }) => state !== "done"),
    ({ state, error }) => `${state} ${error?.replace(/\d+/g, "#")}`,
  );
  const [most] = [...reasons.values()].sort((a, b) => b.length - a.length);
  if (most === undefined) return [];
  const { index, state, error } = most[0]!;
  const others = reasons.size > 1 ? `, the most frequent of ${reasons.size} reasons` : "";
  return sentence(`${state}${others}, as trial ${index}: ${error}`);
}

function luck({ trials, deflatedSharpe, effectiveTrials, deflatedSharpeEffective, pbo }: OverfittingRecord): string[] {
  const lines = [`deflated Sharpe of the best ${percent(deflatedSharpe)} over ${trials} trials,`];
  if (effectiveTrials === effectiveTrials)
    lines.push(`  ${percent(deflatedSharpeEffective)} over the ${whole(effectiveTrials)} that do not move alike,`);
  return [...lines, `probability of backtest overfitting ${percent(pbo)}`];
}

function forward(record: SweepRecord, own: WalkForwardRecord): string[] {
  const { windows, switches, kind, trainBars, testBars, trainMean, testMean, efficiency, meanPlace, rankBy } = own;
  const { bars, axes } = record;
  const dateOf = formatBarTime(bars.time);
  const columns = ["sharpe", "cagr", "volatility", "max_drawdown"];
  const head = ["Sharpe", "CAGR", "volatility", "drawdown"];
  const accounts = [
    ["stitched, as traded", own.stitched],
    ["changes not traded", own.spliced],
    ["median trial", own.median],
    ["best in hindsight", own.hindsight],
  ] as const;
  const varied = own.steadiness.filter(({ axis }) => axes[axis]!.values.length > 1);
  const steady = varied.map(
    ({ axis, mode, modeShare, distinct }) =>
      `${axes[axis]!.path.split(".").at(-1)} ${valueText(mode)} in ${Math.round(100 * modeShare)}% of windows${distinct > 1 ? `, ${distinct} values in all` : ""}`,
  );
  const idle = windows.filter(({ choice }) => choice !== "chosen").length;
  return [
    ...sentence(
      `walk-forward by ${rankBy}: ${windows.length} windows, ${trainBars} bars to choose on (${kind}) and ${testBars} to run, out of sample from ${dateOf(bars.time[own.firstBar]!)}, ${switches} changes of config`,
    ),
    ...(idle === 0 ? [] : [`  ${idle} of them without a metric to choose by, which kept what they had`]),
    `${" ".repeat(NAME)}${head.map((name) => name.padStart(CELL)).join("")}`,
    ...accounts.map(
      ([name, { metrics }]) =>
        name.padEnd(NAME) + columns.map((key) => formatted(key, metrics[key]).padStart(CELL)).join(""),
    ),
    ...intervalLines(own.intervals, "as traded"),
    ...sentence(
      `${rankBy} of the choice ${formatted(rankBy, trainMean)} in sample, ${formatted(rankBy, testMean)} out of sample${efficiency === efficiency ? ` (efficiency ${percent(efficiency)})` : ""}; better than ${percent(1 - meanPlace)} of the trials there`,
    ),
    ...(steady.length === 0 ? [] : sentence(`chosen: ${steady.join("; ")}`)),
  ];
}

function held(own: HoldoutRecord): string[] {
  const columns = ["sharpe", "cagr", "volatility", "max_drawdown", "turnover"];
  const head = ["Sharpe", "CAGR", "volatility", "drawdown", "turnover"];
  const dateOf = formatBarTime(own.time);
  const row = (name: string, metrics: Readonly<Record<string, number>>) =>
    name.padEnd(NAME) + columns.map((key) => formatted(key, metrics[key]).padStart(CELL)).join("");
  return [
    ...sentence(
      `holdout from ${dateOf(own.time[own.firstBar]!)}, ${own.bars} bars: look ${own.looks} at this holdout${own.looks > 1 ? `, by ${own.looks} different configs: the more look, the less it says` : ""}`,
    ),
    `${`trial ${own.id}`.padEnd(NAME)}${head.map((name) => name.padStart(CELL)).join("")}`,
    row(`development, rank ${own.rank}`, own.development),
    row("holdout", own.holdout),
    ...intervalLines(own.intervals, "in the holdout"),
  ];
}

/** Nothing when no interval is defined. */
function intervalLines(intervals: Intervals, of: string): string[] {
  const parts = ["sharpe", "max_drawdown"].flatMap((key) => {
    const interval = intervals[key];
    if (interval === undefined || Number.isNaN(interval.low)) return [];
    return [`${SHORT[key]} ${formatted(key, interval.low)} to ${formatted(key, interval.high)}`];
  });
  return parts.length === 0 ? [] : sentence(`95% intervals ${of} (bootstrap): ${parts.join(", ")}`);
}

function sentence(text: string): string[] {
  return wrapped(text, WIDTH, "  ").split("\n");
}

function valueText(value: AxisValue | undefined): string {
  return value === undefined ? "" : String(value);
}

interface Column {
  readonly head: string;
  readonly isNumber: boolean;
  readonly cells: readonly string[];
}

/** Heads over as many lines as they need, then the rows. */
function tableLines(columns: readonly Column[], rows: number): string[] {
  const widths = fitted(columns.map(columnWidth));
  const heads = columns.map(({ head }, c) => headLines(head, widths[c]!));
  const tallest = Math.max(...heads.map(({ length }) => length));
  const line = (cellAt: (c: number) => string) =>
    columns
      .map(({ isNumber }, c) => {
        const cell = cut(cellAt(c), widths[c]!);
        return isNumber ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!);
      })
      .join("  ")
      .trimEnd();
  return [
    ...Array.from({ length: tallest }, (_, k) => line((c) => heads[c]![k - tallest + heads[c]!.length] ?? "")),
    ...Array.from({ length: rows }, (_, k) => line((c) => columns[c]!.cells[k]!)),
  ];
}

/** What the cells need; the head may break after its underscores. */
function columnWidth({ head, cells }: Column): number {
  return Math.max(...headLines(head, 1).map(({ length }) => length), ...cells.map(({ length }) => length));
}

/** `exclude_score_threshold` as `exclude_`, `score_`, `threshold`, as many of them on a line as fit. */
function headLines(head: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of head.split(/(?<=_)/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length <= width) lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines;
}

/** The widest columns cut until all fit. */
function fitted(wanted: readonly number[]): number[] {
  const widths = [...wanted];
  while (tableWidth(widths) > WIDTH) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= LEAST) break;
    widths[widest]!--;
  }
  return widths;
}

/** Two apart. */
function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1);
}

/** A text too long ends in a point that says so. */
function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function formatted(key: string, value = Number.NaN, own: readonly MetricInfo[] = []): string {
  const info = [...METRICS, ...own].find((metric) => metric.key === key);
  return info === undefined ? String(value) : formatMetric(value, info.unit);
}

function percent(share: number): string {
  return formatMetric(share, "percent").replace(/\.(\d)\d%$/, ".$1%");
}

function whole(value: number): string {
  return String(Math.round(value));
}
