/** Top of a sweep's report: how many trials there were, which one is best, and whether that means anything. */
import type { SweepRecord, Trial } from "../../core/sweep-record.ts";
import { escapeHtml } from "../escape.ts";
import { marketFacts, mastheadMarkup } from "../masthead.ts";
import { formatDay, formatPercent, formatValue, formatWhole, plural } from "../number-format.ts";
import { axisNames, axisText } from "./axis-levels.ts";
import { metricName, rankedText, rankedTrials, rankedValue } from "./ranking-metric.ts";
import { judge } from "./verdict.ts";

export function renderSweepMasthead(record: SweepRecord): string {
  const { bars, trials, holdoutStart, periodsPerYear } = record;
  const facts = marketFacts(bars.time, bars.assets.length, periodsPerYear);
  if (holdoutStart !== null) facts.push(`holdout from ${holdoutDay(holdoutStart)}, seen by no trial`);
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
  const tiles = figures(record, best).map(
    ([label, value]) => `<div><dt>${escapeHtml(label)}</dt><dd class="value">${escapeHtml(value)}</dd></div>`,
  );
  return `<section class="headline" aria-label="Headline figures">
<p class="abstract">${escapeHtml(abstract(record, best))}</p>
<dl class="tiles">${tiles.join("\n")}</dl>
${verdict}</section>`;
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
    `at ${rankedText(record, rankedValue(record, best))}.`
  );
}

/** The ranking metric first, then two of the trial's figures, then what judges it. */
function figures(record: SweepRecord, best: Trial | undefined): (readonly [label: string, value: string])[] {
  const { overfitting, trials, ranking } = record;
  const own = ["sharpe", "cagr", "max_drawdown", "volatility"].filter((key) => key !== record.rankBy).slice(0, 2);
  const metrics = [record.rankBy, ...own].map((key) => {
    const { label, style } = metricName(record, key);
    return [label, formatValue(best?.metrics[key] ?? null, style)] as const;
  });
  return [
    ...metrics,
    ["Deflated Sharpe", formatPercent(overfitting?.deflatedSharpe ?? Number.NaN)],
    ["PBO", formatPercent(overfitting?.pbo ?? Number.NaN)],
    [
      "Trials ranked",
      trials.length === ranking.length
        ? formatWhole(trials.length)
        : `${formatWhole(ranking.length)} of ${formatWhole(trials.length)}`,
    ],
  ];
}

function holdoutDay(date: string): string {
  const ms = Date.parse(date);
  return Number.isFinite(ms) ? formatDay(ms) : date;
}
