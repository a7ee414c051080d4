/** Histograms: how the trials' values lie and where the best of them is; how the splits of the overfitting test fell. */
import type { TopLevelSpec } from "vega-lite";
import type { OverfittingRecord, SweepRecord } from "../../../core/sweep-record.ts";
import { type Chart, type ChartView, ROWS, singleView } from "../../chart.ts";
import type { Columns } from "../../columns.ts";
import { formatPercent, formatWhole, plural } from "../../number-format.ts";
import { significant } from "../../sampling.ts";
import { tone } from "../../theme.ts";
import { spreadQuantile } from "../axis-effects.ts";
import { binOf, type Histogram, histogram } from "../histogram.ts";
import { metricName, rankedText, rankedTrials, rankedValue } from "../ranking-metric.ts";

const BINS = 32;

/** @returns null without a value to count */
export function trialHistogram(record: SweepRecord): Chart | null {
  const values = record.trials.map((trial) => rankedValue(record, trial)).filter(Number.isFinite);
  const bins = histogram(values, BINS);
  if (bins === null) return null;
  const best = rankedValue(record, rankedTrials(record)[0]!);
  const median = spreadQuantile(
    values.sort((a, b) => a - b),
    0.5,
  );
  const { label, style } = metricName(record);
  const text = (value: number): string => rankedText(record, value);
  return {
    id: "trial-distribution",
    title: `${label} over the trials`,
    description: `Histogram of the ${label} of ${plural(values.length, "trial")}; median ${text(median)}, best ${text(best)}.`,
    caption:
      `Trials by ${label}, in bins of ${text(bins.width)}: median ${text(median)}, best ${text(best)}. ` +
      `The coloured bin holds the best trial. The best of many tries stands at the edge of this shape even where none has skill.`,
    legend: [
      { label: "trials", colour: tone("benchmark"), mark: "area" },
      { label: "with the best", colour: tone("accent"), mark: "area" },
      { label: "median", colour: tone("ink"), mark: "dash" },
    ],
    columns: binColumns(bins, (k) => k === binOf(bins, best)),
    views: views("accent", median, style === "percent"),
    readout: {
      by: "mark",
      title: { field: "from", label: "", style },
      fields: [
        { field: "to", label: "up to", style },
        { field: "count", label: "trials", style: "count" },
      ],
    },
  };
}

/** @returns null without splits */
export function logitHistogram({ logits, pbo, splits }: OverfittingRecord): Chart | null {
  const bins = histogram(logits, BINS);
  if (bins === null) return null;
  return {
    id: "logits",
    title: "Rank out of sample of the best in sample",
    description: `Histogram of the logits of ${plural(splits, "split")}; ${formatPercent(pbo)} lie at 0 or below.`,
    caption:
      `Each of ${formatWhole(splits)} splits picks the trial that was best on one half of the bars and looks up its rank on the other half, as a logit: ` +
      `above 0 it was better than the median trial there, below 0 worse. The share at or below 0, ${formatPercent(pbo)}, is the probability of backtest overfitting.`,
    legend: [
      { label: "better than the median out of sample", colour: tone("benchmark"), mark: "area" },
      { label: "worse", colour: tone("loss"), mark: "area" },
    ],
    columns: binColumns(bins, (k) => Math.round(bins.start / bins.width) + k < 0),
    views: views("loss", 0, false),
    readout: {
      by: "mark",
      title: { field: "from", label: "", style: "ratio" },
      fields: [
        { field: "to", label: "up to", style: "ratio" },
        { field: "count", label: "splits", style: "count" },
      ],
    },
  };
}

function binColumns(bins: Histogram, marked: (bin: number) => boolean): Columns {
  const edge = (k: number): number | null => significant((Math.round(bins.start / bins.width) + k) * bins.width, 12);
  return {
    from: bins.counts.map((_, k) => edge(k)),
    to: bins.counts.map((_, k) => edge(k + 1)),
    count: bins.counts,
    marked: bins.counts.map((_, k) => (marked(k) ? 1 : 0)),
  };
}

/** @param rule where a dashed line stands */
function views(marked: "accent" | "loss", rule: number, percent: boolean): readonly [ChartView] {
  return singleView({
    data: ROWS,
    height: 180,
    layer: [
      {
        mark: { type: "rect", stroke: tone("paper"), strokeWidth: 1 },
        encoding: {
          x: {
            field: "from",
            type: "quantitative",
            scale: { zero: false, nice: false },
            axis: { tickCount: 8, ...(percent ? { format: "~%" } : {}) },
          },
          x2: { field: "to" },
          y: { field: "count", type: "quantitative", axis: { tickCount: 4, tickMinStep: 1, format: "~s" } },
          y2: { datum: 0 },
          color: {
            field: "marked",
            type: "nominal",
            scale: { domain: [0, 1], range: [tone("benchmark"), tone(marked)] },
            legend: null,
          },
        },
      },
      {
        data: { values: [{ rule }] },
        mark: { type: "rule", color: tone("ink"), strokeDash: [4, 3], strokeWidth: 1 },
        encoding: { x: { field: "rule", type: "quantitative" } },
      },
    ],
  } as unknown as TopLevelSpec);
}
