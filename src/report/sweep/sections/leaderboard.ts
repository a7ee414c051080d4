/** The trials in order of the ranking: the best with their main metrics, more of them with every metric, and how the
 *  ranking metric lies over all of them. */
import type { SweepRecord, Trial } from "../../../core/sweep-record.ts";
import { formatValue, formatWhole, plural } from "../../number-format.ts";
import { type Block, html, type Section } from "../../section.ts";
import { type Column, left, renderDetails, renderRows, right } from "../../table.ts";
import { axisNames, axisText } from "../axis-levels.ts";
import { differentTrials, type MetricName, metricKeys, metricName, rankedTrials } from "../ranking-metric.ts";
import { trialHistogram } from "../specs/histogram-chart.ts";

const TRIALS_SHOWN = 25;
const TRIALS_LISTED = 400;
const MAIN_METRICS = ["sharpe", "cagr", "volatility", "max_drawdown", "calmar", "turnover", "cost_drag"];
const MAIN_SHOWN = 6;

/** @returns null when no trial is done */
export function leaderboardSection(record: SweepRecord): Section | null {
  const ranked = rankedTrials(record);
  if (ranked.length === 0) return null;
  const keys = metricKeys(record);
  const main = [record.rankBy, ...MAIN_METRICS.filter((key) => key !== record.rankBy && keys.includes(key))];
  const { label } = metricName(record);
  const different = differentTrials(record);
  const shown = different.slice(0, TRIALS_SHOWN);
  const listed = ranked.slice(0, TRIALS_LISTED);
  const copies = ranked.length - different.length;
  const most = shown.length < different.length ? `The best ${shown.length}` : "All";
  const of = copies > 0 ? "different trials" : "trials";
  const first = most === "All" ? `All ${of} done` : `${most} of ${formatWhole(different.length)} ${of}`;
  const rest =
    copies > 0
      ? ` Left out: ${plural(copies, "trial")} that ${copies === 1 ? "comes" : "come"} to the same as a better ranked one.`
      : "";
  const blocks: Block[] = [
    html(
      sortable(
        `${first} by ${label}, ${record.rankAscending ? "smallest" : "largest"} first.${rest} A click on a heading sorts the rows shown; every trial with every metric is in leaderboard.csv and leaderboard.parquet.`,
        record,
        shown,
        main.slice(0, MAIN_SHOWN),
        "numbered",
      ),
    ),
  ];
  const title =
    listed.length < ranked.length
      ? `The best ${listed.length} of ${formatWhole(ranked.length)} trials, all metrics`
      : `${ranked.length === 1 ? "The trial" : `All ${formatWhole(ranked.length)} trials`}, all metrics`;
  blocks.push(html(renderDetails(title, sortable(title, record, listed, keys, "plain"))));
  const chart = trialHistogram(record);
  if (chart !== null) blocks.push({ kind: "chart", chart });
  return { id: "leaderboard", title: "Leaderboard", blocks };
}

function sortable(
  caption: string,
  record: SweepRecord,
  trials: readonly Trial[],
  /** The ranking metric first. */
  keys: readonly string[],
  kind: "numbered" | "plain",
): string {
  const [ranked, ...others] = keys.map((key) => metricName(record, key));
  const axes = axisNames(record.axes);
  const text = (trial: Trial, { key, style }: MetricName): string => formatValue(trial.metrics[key] ?? null, style);
  // The metric of the ranking before the axes, of which there can be many.
  const columns: Column[] = [
    right("Rank"),
    right("Trial"),
    right(ranked!.label),
    ...record.axes.map(({ values }, a) =>
      (values.every((value) => typeof value === "number") ? right : left)(axes[a]!),
    ),
    ...others.map(({ label }) => right(label)),
  ];
  const rank = new Map(record.ranking.map((index, k) => [index, k + 1]));
  const rows = trials.map((trial) => [
    String(rank.get(trial.index)),
    String(trial.index),
    text(trial, ranked!),
    ...record.axes.map((_, a) => axisText(trial.values[a])),
    ...others.map((metric) => text(trial, metric)),
  ]);
  return `<div class="sortable">${renderRows(caption, columns, rows, kind)}</div>`;
}
