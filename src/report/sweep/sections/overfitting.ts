/** How much of the best result the search itself explains: every figure with what it means. */
import type { OverfittingRecord, SweepRecord } from "../../../core/sweep-record.ts";
import { expectedMaxSharpe } from "../../../metrics/sharpe-inference.ts";
import { escapeHtml } from "../../escape.ts";
import { formatPercent, formatValue, formatWhole } from "../../number-format.ts";
import { type Block, html, type Section } from "../../section.ts";
import { left, renderRows, right } from "../../table.ts";
import { logitHistogram } from "../specs/histogram-chart.ts";
import { BOUNDS_TEXT, judge } from "../verdict.ts";

export function overfittingSection(record: SweepRecord): Section | null {
  const { overfitting } = record;
  if (overfitting === null || record.ranking.length === 0) return null;
  const blocks: Block[] = [
    html(`<p class="reading"><strong>${escapeHtml(judge(overfitting).title)}.</strong> ${escapeHtml(BOUNDS_TEXT)}</p>`),
    html(figuresTable(record, overfitting)),
  ];
  const chart = logitHistogram(overfitting);
  if (chart !== null) blocks.push({ kind: "chart", chart });
  return { id: "overfitting", title: "Overfitting", blocks };
}

function figuresTable(record: SweepRecord, overfitting: OverfittingRecord): string {
  const { periodsPerYear, bars } = record;
  const annual = (perBar: number): string => formatValue(perBar * Math.sqrt(periodsPerYear), "ratio");
  const lucky = (tries: number): string => annual(expectedMaxSharpe(overfitting.sharpeVariance, tries));
  const needed = overfitting.minimumTrackRecord;
  const clustered = overfitting.effectiveTrials === overfitting.effectiveTrials;
  const years = needed / periodsPerYear;
  const rows: (readonly [label: string, value: string, words: string])[] = [
    ["Trials", formatWhole(overfitting.trials), "Ever run on these data, this sweep's included."],
    [
      "Effective trials",
      formatWhole(overfitting.effectiveTrials),
      "Clusters of trials that move alike: trying one strategy twice is not two tries.",
    ],
    [
      "Spread of Sharpe ratios",
      annual(Math.sqrt(overfitting.sharpeVariance)),
      "Standard deviation across the trials, per year.",
    ],
    [
      "Best Sharpe ratio by luck",
      lucky(overfitting.trials),
      `What the best of ${formatWhole(overfitting.trials)} tries without skill would show on average, per year${clustered ? `; of ${formatWhole(overfitting.effectiveTrials)} effective tries ${lucky(overfitting.effectiveTrials)}` : ""}.`,
    ],
    [
      "Probabilistic Sharpe",
      formatPercent(overfitting.probabilisticSharpe),
      "Probability that the best trial's true Sharpe ratio is above 0, as if it had been the only one tried.",
    ],
    [
      "Deflated Sharpe",
      formatPercent(overfitting.deflatedSharpe),
      `Probability that it is above the best by luck of ${formatWhole(overfitting.trials)} tries. Below 95% the search may have made it.`,
    ],
    ...(clustered
      ? [
          [
            "Deflated Sharpe, effective",
            formatPercent(overfitting.deflatedSharpeEffective),
            `The same with ${formatWhole(overfitting.effectiveTrials)} effective tries.`,
          ] as const,
        ]
      : []),
    [
      "Minimum track record",
      needed === needed ? `${formatWhole(Math.ceil(needed))} bars` : formatWhole(needed),
      needed === needed
        ? `${formatValue(years, "ratio")} years until its Sharpe ratio could be told from the best by luck with 95%; the trials have ${formatWhole(bars.time.length)} bars.`
        : "Bars until its Sharpe ratio could be told from the best by luck with 95%; none will do where it is no better.",
    ],
    [
      "PBO",
      formatPercent(overfitting.pbo),
      `Probability of backtest overfitting: the best on one half of the bars is below the median on the other, over ${formatWhole(overfitting.splits)} splits of ${formatWhole(overfitting.blocks)} blocks. 50% is a coin toss.`,
    ],
    [
      "Probability of loss",
      formatPercent(overfitting.probabilityOfLoss),
      "Share of those splits in which the best in sample loses money out of sample.",
    ],
    [
      "Degradation",
      formatValue(overfitting.degradationSlope, "ratio"),
      `Slope of the Sharpe ratio out of sample on that in sample, over the splits; at 0 in sample the line gives ${annual(overfitting.degradationIntercept)} a year out of sample. 1 keeps what was found, 0 keeps nothing of it, below 0 the better it looked the worse it did.`,
    ],
    [
      "Reality check",
      pValue(overfitting.realityCheck),
      "p-value of White's test that the best is no better than cash or the benchmark; small is good.",
    ],
    [
      "Superior ability",
      pValue(overfitting.superiorAbility),
      "p-value of Hansen's test of the same, less swayed by bad trials; small is good.",
    ],
  ];
  const table = renderRows(
    "The best trial against the search that found it; n/a = not computable on these trials, or not asked for.",
    [left("Figure"), right("Value"), left("What it says")],
    rows.map(([label, value, words]) => [
      label,
      value,
      { markup: `<span class="describe">${escapeHtml(words)}</span>` },
    ]),
  );
  return `<div class="metrics">${table}</div>`;
}

/** Three digits, since a p-value of 0.004 is not 0.00. */
function pValue(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : formatValue(value, "ratio");
}
