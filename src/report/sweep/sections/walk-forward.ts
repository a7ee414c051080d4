/** What choosing by what was known at the time came to: the account out of sample against those nobody could have had, and
 *  every window with its choice. */
import type { Axes } from "../../../core/panel.ts";
import type { SweepRecord, Trial } from "../../../core/sweep-record.ts";
import type { ForwardAccount, WalkForwardRecord } from "../../../core/walk-forward-record.ts";
import { METRICS } from "../../../metrics/catalogue.ts";
import { escapeHtml } from "../../escape.ts";
import { formatDay, formatTime, formatValue, formatWhole, formatWholePercent, plural } from "../../number-format.ts";
import { type Block, html, type Section } from "../../section.ts";
import { equityLinesChart } from "../../specs/equity-lines.ts";
import { type Column, left, renderRows, right } from "../../table.ts";
import { axisNames, axisText } from "../axis-levels.ts";
import { intervalText } from "../interval-text.ts";
import { metricNameAmong } from "../ranking-metric.ts";

/** Columns of the accounts. */
const FIGURES = ["sharpe", "cagr", "max_drawdown", "volatility", "total_return"];

/** @returns null where no walk-forward optimisation was made */
export function walkForwardSection(record: SweepRecord): Section | null {
  const { walkForward, bars } = record;
  if (walkForward === null) return null;
  const accounts = namedAccounts(walkForward);
  const blocks: Block[] = [
    html(`<p class="reading">${escapeHtml(reading(walkForward, bars))}</p>`),
    html(accountsTable(walkForward, accounts)),
  ];
  // Without the splice, whose line the stitched account's would cover.
  const lines = accounts
    .filter(({ account }) => account !== walkForward.spliced)
    .map(({ label, account }) => ({ label, equity: account.equity }));
  const chart = equityLinesChart(lines, bars.time.subarray(walkForward.firstBar - 1), {
    id: "walk-forward-equity",
    title: "Equity out of sample",
    nouns: "accounts",
    note: " The best in hindsight was known to nobody at the time.",
  });
  if (chart !== null) blocks.push({ kind: "chart", chart });
  blocks.push(html(windowsTable(record, walkForward)));
  if (record.axes.some(({ values }) => values.length > 1)) blocks.push(html(steadinessTable(record, walkForward)));
  return { id: "walk-forward", title: "Walk-forward", blocks };
}

interface NamedAccount {
  readonly label: string;
  readonly account: ForwardAccount;
}

function namedAccounts({ stitched, spliced, median, hindsight }: WalkForwardRecord): NamedAccount[] {
  return [
    { label: "Stitched, as traded", account: stitched },
    { label: "Changes not traded", account: spliced },
    { label: `Median trial (${median.trial})`, account: median },
    { label: `Best in hindsight (${hindsight.trial})`, account: hindsight },
  ];
}

function reading(own: WalkForwardRecord, { time }: Axes): string {
  const { windows, rankBy, trainBars, testBars, kind, switches, firstBar, trainMean, testMean, efficiency } = own;
  const { label, style } = metricNameAmong(rankBy, METRICS);
  const text = (value: number): string => formatValue(value, style);
  const kept = windows.filter(({ choice }) => choice === "kept").length;
  const idle = windows.filter(({ choice }) => choice === "none").length;
  const sentences = [
    `In ${plural(windows.length, "window")} the trial with the best ${label} over ${kind === "rolling" ? "the last" : "all bars so far, at first"} ${formatWhole(trainBars)} bars was run on the next ${formatWhole(testBars)}, from ${formatDay(time[firstBar]!)} on, and its config changed ${switches === 1 ? "once" : `${formatWhole(switches)} times`}.`,
    `The ${label} of the choice averaged ${text(trainMean)} in sample and ${text(testMean)} out of sample${efficiency === efficiency ? `, an efficiency of ${formatWholePercent(efficiency)}` : ""}.`,
  ];
  if (own.meanPlace === own.meanPlace)
    sentences.push(
      `Out of sample it did better than ${formatWholePercent(1 - own.meanPlace)} of the trials; a choice by lot would do better than half.`,
    );
  if (kept > 0) sentences.push(`${plural(kept, "window")} had no trial with a ${label} and kept the choice before.`);
  if (idle > 0) sentences.push(`${plural(idle, "window")} had none to keep and stayed in cash.`);
  return sentences.join(" ");
}

function accountsTable({ intervals }: WalkForwardRecord, accounts: readonly NamedAccount[]): string {
  const names = FIGURES.map((key) => metricNameAmong(key, METRICS));
  const rows = accounts.map(({ label, account }, k) => [
    label,
    ...names.map(({ key, style }) => {
      const value = formatValue(account.metrics[key] ?? null, style);
      const interval = k === 0 ? intervalText(intervals[key], style) : "";
      return interval === ""
        ? value
        : { markup: `${escapeHtml(value)}<br><span class="describe">${escapeHtml(interval)}</span>` };
    }),
  ]);
  return renderRows(
    "The account that traded every choice, changes of config and their costs included; the returns of the chosen trials put end to end, as if changing cost nothing; and single trials on the same bars. Beneath the first row: 95% intervals by stationary bootstrap.",
    [left("Account"), ...names.map(({ label }) => right(label))],
    rows,
  );
}

function windowsTable({ axes, bars, trials }: SweepRecord, { windows, rankBy }: WalkForwardRecord): string {
  const { label, style } = metricNameAmong(rankBy, METRICS);
  const byIndex = new Map(trials.map((trial) => [trial.index, trial]));
  const day = (bar: number): string => formatTime(bars.time[bar]!);
  const columns: Column[] = [
    left("Run from"),
    left("to"),
    left("Trained from"),
    right("Trial"),
    right("In sample"),
    right("Out of sample"),
    right("Rank there"),
    ...axisNames(axes).map((name, a) =>
      (axes[a]!.values.every((value) => typeof value === "number") ? right : left)(name),
    ),
  ];
  const rows = windows.map((window) => {
    const trial: Trial | undefined = byIndex.get(window.trial);
    return [
      day(window.test.from),
      day(window.test.to - 1),
      day(window.train.from),
      trial === undefined ? "none" : `${trial.index}${window.choice === "kept" ? ", kept" : ""}`,
      formatValue(window.trainMetric, style),
      formatValue(window.testMetric, style),
      window.testRank === window.testRank ? `${Number(window.testRank.toFixed(1))} of ${window.tested}` : "n/a",
      ...axes.map((_, a) => (trial === undefined ? "" : axisText(trial.values[a]))),
    ];
  });
  return renderRows(
    `Each window with its choice, made at the close before the run, to which it was trained, and its ${label}. Ranks are among all different trials; equal ones share the mean of their places.`,
    columns,
    rows,
  );
}

function steadinessTable({ axes }: SweepRecord, { steadiness, windows }: WalkForwardRecord): string {
  const names = axisNames(axes);
  const chosen = windows.filter(({ trial }) => trial >= 0).length;
  const varied = steadiness.filter(({ axis }) => axes[axis]!.values.length > 1);
  const rows = varied.map(({ axis, mode, modeShare, distinct, changes }) => [
    names[axis]!,
    axisText(mode),
    formatWholePercent(modeShare),
    `${distinct} of ${axes[axis]!.values.length}`,
    `${changes} of ${Math.max(0, chosen - 1)}`,
  ]);
  return renderRows(
    "How steady the choice is along each axis: a parameter that means something is chosen again.",
    [left("Axis"), left("Chosen most"), right("Windows with it"), right("Values chosen"), right("Changes")],
    rows,
  );
}
