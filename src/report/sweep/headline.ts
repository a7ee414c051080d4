/** Top of a sweep's report: how many trials there were, which one is best, and whether that means anything. */
import type { SweepRecord, Trial } from "../../core/sweep-record.ts";
import { escapeHtml } from "../escape.ts";
import { marketFacts, mastheadMarkup } from "../masthead.ts";
import { formatDay, formatPercent, formatValue, formatWhole, plural } from "../number-format.ts";
import { axisNames, axisText } from "./axis-levels.ts";
import { intervalText } from "./interval-text.ts";
import { metricName, rankedText, rankedTrials, rankedValue } from "./ranking-metric.ts";
import { judge, judgedSharpe } from "./verdict.ts";

export function renderSweepMasthead(record: SweepRecord): string {
  const { bars, trials, holdoutStart, holdout, periodsPerYear } = record;
  const facts = marketFacts(bars.time, bars.assets.length, periodsPerYear);
  if (holdoutStart !== null) {
    const looks = holdout === null ? "" : `, looked at by ${plural(holdout.looks, "config")}`;
    facts.push(`holdout from ${holdoutDay(holdoutStart)}, seen by no trial${looks}`);
  }
  return mastheadMarkup({
    kicker: "Sweep report",
    name: record.name,
    subtitle: escapeHtml(`${plural(trials.length, "trial")} over ${plural(record.axes.length, "axis", "axes")}`),
    description: record.description,
    facts,
    synthetic: record.synthetic,
    notice: "",
    warnings: record.warnings,
  });
}

export function renderSweepHeadline(record: SweepRecord): string {
  const best = rankedTrials(record)[0];
  const { title, reasons, judgement } = judge(record.overfitting);
  const verdict =
    best === undefined
      ? ""
      : `<div class="verdict ${judgement}"><h2>${escapeHtml(title)}</h2>${reasons.map((text) => `<p>${escapeHtml(text)}</p>`).join("")}</div>\n`;
  const shown = figures(record, best);
  const tiles = shown.map(
    ({ label, value, beneath }) =>
      `<div><dt>${escapeHtml(label)}</dt><dd class="value">${escapeHtml(value)}</dd>${beneath === "" ? "" : `<dd class="beneath">${escapeHtml(beneath)}</dd>`}</div>`,
  );
  const note = shown.some(({ beneath }) => beneath !== "")
    ? `<p class="tiles-note">Beneath: 95% bootstrap interval of the best trial, which does not allow for the search.</p>\n`
    : "";
  return `<section class="headline" aria-label="Headline figures">
<p class="abstract">${escapeHtml(abstract(record, best))}</p>
<dl class="tiles">${tiles.join("\n")}</dl>
${note}${verdict}</section>`;
}

/** "lookback_bars 60, method hrp"; axes that do not apply are left out. */
export function configText({ axes }: SweepRecord, trial: Trial): string {
  const names = axisNames(axes);
  return trial.values.flatMap((value, a) => (value === undefined ? [] : [`${names[a]} ${axisText(value)}`])).join(", ");
}

function abstract(record: SweepRecord, best: Trial | undefined): string {
  const { trials } = record;
  const done = trials.filter(({ state }) => state === "done").length;
  const rest = (["invalid", "failed"] as const)
    .map((state) => ({ state, count: trials.filter((trial) => trial.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `, ${formatWhole(count)} ${state}`);
  const counted = `${plural(trials.length, "trial")}: ${formatWhole(done)} done${rest.join("")}.`;
  if (best === undefined) return `${counted} None of them has a result to rank.`;
  const { label } = metricName(record);
  const config = configText(record, best);
  return (
    `${counted} Best by ${label} is trial ${best.index}${config === "" ? "" : ` (${config})`}, ` +
    `at ${rankedText(record, rankedValue(record, best))}.${outOfSample(record)}`
  );
}

/** What the figures are worth on bars they were not chosen on; "" where nobody tried. */
function outOfSample(record: SweepRecord): string {
  const { walkForward, holdout, rankBy } = record;
  const sentences: string[] = [];
  const figure = (key: string, metrics: Readonly<Record<string, number>>) => {
    const { label, style } = metricName(record, key);
    return `${label} ${formatValue(metrics[key] ?? null, style)}`;
  };
  if (walkForward !== null)
    sentences.push(` Chosen walk-forward: ${figure(walkForward.rankBy, walkForward.stitched.metrics)} out of sample.`);
  if (holdout !== null) sentences.push(` Trial ${holdout.trial} in the holdout: ${figure(rankBy, holdout.holdout)}.`);
  return sentences.join("");
}

interface Figure {
  readonly label: string;
  readonly value: string;
  /** "" = nothing. */
  readonly beneath: string;
}

/** The ranking metric first, then two of the trial's figures, then what judges it. */
function figures(record: SweepRecord, best: Trial | undefined): Figure[] {
  const { overfitting, trials, ranking, intervals } = record;
  const own = ["sharpe", "max_drawdown", "cagr", "volatility"].filter((key) => key !== record.rankBy).slice(0, 2);
  const metrics = [record.rankBy, ...own].map((key): Figure => {
    const { label, style } = metricName(record, key);
    const beneath = best === undefined ? "" : intervalText(intervals[key], style);
    return { label, value: formatValue(best?.metrics[key] ?? null, style), beneath };
  });
  const deflated = overfitting === null ? Number.NaN : judgedSharpe(overfitting);
  const counted =
    trials.length === ranking.length
      ? formatWhole(trials.length)
      : `${formatWhole(ranking.length)} of ${formatWhole(trials.length)}`;
  return [
    ...metrics,
    { label: "Deflated Sharpe", value: formatPercent(deflated), beneath: "" },
    { label: "PBO", value: formatPercent(overfitting?.pbo ?? Number.NaN), beneath: "" },
    { label: "Trials ranked", value: counted, beneath: "" },
  ];
}

function holdoutDay(date: string): string {
  const ms = Date.parse(date);
  return Number.isFinite(ms) ? formatDay(ms) : date;
}
