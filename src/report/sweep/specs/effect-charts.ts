/** One small chart an axis: the spread of the ranking metric at each level, all charts on one scale, so that a level
 *  that matters and an axis that does not are told apart at a glance. */
import type { TopLevelSpec } from "vega-lite";
import type { SweepRecord } from "../../../core/sweep-record.ts";
import { type Chart, type ChartView, ROWS, singleView } from "../../chart.ts";
import { significant } from "../../sampling.ts";
import { tone } from "../../theme.ts";
import { type AxisEffect, axisEffects, byEffect, explainedText } from "../axis-effects.ts";
import { axisNames } from "../axis-levels.ts";
import { metricName } from "../ranking-metric.ts";

const CHARTS_MOST = 12;
const ROW_PX = 20;

/** The axes with most effect first; an axis with one level has no chart. */
export function effectCharts(record: SweepRecord): Chart[] {
  const names = axisNames(record.axes);
  const shown = byEffect(axisEffects(record)).slice(0, CHARTS_MOST);
  const ends = shown.flatMap(({ levels }) => levels.flatMap(({ lower, best, upper }) => [lower, best, upper]));
  const finite = ends.filter(Number.isFinite);
  if (finite.length === 0) return [];
  const domain = [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))] as const;
  return shown.map((effect) => effectChart(record, effect, names[effect.axis]!, domain));
}

function effectChart(
  record: SweepRecord,
  { axis, levels, explained }: AxisEffect,
  name: string,
  domain: readonly [number, number],
): Chart {
  const { label, style } = metricName(record);
  const column = (of: (level: (typeof levels)[number]) => number): (number | null)[] =>
    levels.map((level) => significant(of(level), 6));
  return {
    id: `effect-${axis}`,
    title: name,
    description: `${label} by value of ${record.axes[axis]!.path}: quartiles, median and best of the trials at each of ${levels.length} levels.`,
    caption:
      explained === explained
        ? `Explains ${explainedText(explained)} of the variance of the trials.`
        : "What it explains cannot be told from chance.",
    legend: [],
    columns: {
      level: levels.map((level) => level.label),
      lower: column((level) => level.lower),
      median: column((level) => level.median),
      upper: column((level) => level.upper),
      best: column((level) => level.best),
      count: levels.map((level) => level.count),
    },
    views: views(levels.length, domain, style === "percent"),
    readout: {
      by: "mark",
      title: { field: "level", label: "", style: "text" },
      fields: [
        { field: "best", label: "best", style, colour: tone("accent") },
        { field: "upper", label: "upper quartile", style },
        { field: "median", label: "median", style, colour: tone("ink") },
        { field: "lower", label: "lower quartile", style },
        { field: "count", label: "trials", style: "count" },
      ],
    },
  };
}

function views(rows: number, domain: readonly [number, number], percent: boolean): readonly [ChartView] {
  const across = (field: string) => ({
    field,
    type: "quantitative",
    scale: { domain, zero: false, nice: true },
    axis: { grid: true, domain: false, ticks: false, tickCount: 5, ...(percent ? { format: "~%" } : {}) },
  });
  return singleView({
    data: ROWS,
    height: ROW_PX * rows,
    encoding: {
      y: {
        field: "level",
        type: "nominal",
        sort: null,
        scale: { padding: 0.3 },
        axis: { domain: false, ticks: false, grid: false, minExtent: 60, maxExtent: 130, labelLimit: 124 },
      },
    },
    layer: [
      {
        transform: [{ filter: "isValid(datum.lower)" }],
        mark: { type: "bar", color: tone("benchmark"), opacity: 0.55, cornerRadius: 1 },
        encoding: { x: across("lower"), x2: { field: "upper" } },
      },
      {
        transform: [{ filter: "isValid(datum.median)" }],
        mark: { type: "tick", color: tone("ink"), thickness: 2 },
        encoding: { x: across("median") },
      },
      {
        transform: [{ filter: "isValid(datum.best)" }],
        mark: { type: "point", filled: true, size: 34, opacity: 1, color: tone("accent") },
        encoding: { x: across("best") },
      },
    ],
  } as unknown as TopLevelSpec);
}
