/** Heatmaps over pairs of axes: the mean of the ranking metric over the other axes, coloured by how far it lies from
 *  the typical trial. */
import type { TopLevelSpec } from "vega-lite";
import type { SweepRecord } from "../../../core/sweep-record.ts";
import { type Chart, type ChartView, ROWS, singleView } from "../../chart.ts";
import { significant } from "../../sampling.ts";
import { DIVERGING_LIGHT, divergingGround, divergingText, tone } from "../../theme.ts";
import {
  axisEffects,
  byEffect,
  explainedText,
  mostExplained,
  type PairEffect,
  pairEffect,
  spreadQuantile,
} from "../axis-effects.ts";
import { axisNames } from "../axis-levels.ts";
import { metricName, rankedText, rankedValue } from "../ranking-metric.ts";

/** Axes with most effect that are paired, which makes six pairs. */
const AXES_PAIRED = 4;
const ROW_PX = 22;
const STEPS = DIVERGING_LIGHT.length;
const MIDDLE = (STEPS - 1) / 2;

/** The pairs that explain most first. */
export function heatmapCharts(record: SweepRecord): Chart[] {
  const names = axisNames(record.axes);
  const axes = byEffect(axisEffects(record)).slice(0, AXES_PAIRED);
  const pairs = axes.flatMap((first, k) =>
    axes.slice(k + 1).map((second) => {
      // The axis with more levels runs down the page, where there is room.
      const down = second.levels.length > first.levels.length ? second : first;
      return pairEffect(record, down.axis, (down === first ? second : first).axis);
    }),
  );
  const ordered = pairs.filter(({ mean }) => mean.some(Number.isFinite)).sort(mostExplained);
  const colours = colourScale(record, ordered);
  return ordered.map((pair) => heatmapChart(record, pair, names, colours));
}

interface ColourScale {
  readonly middle: number;
  /** Distance of full colour; above 0. */
  readonly reach: number;
}

/** One for all heatmaps: the median trial in the middle, full colour at the 90th percentile of the cells' distances. */
function colourScale(record: SweepRecord, pairs: readonly PairEffect[]): ColourScale {
  const ascending = (values: number[]): number[] => values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = spreadQuantile(ascending(record.trials.map((trial) => rankedValue(record, trial))), 0.5);
  const distances = ascending(pairs.flatMap(({ mean }) => Array.from(mean, (value) => Math.abs(value - middle))));
  const reach = spreadQuantile(distances, 0.9);
  return { middle, reach: reach > 0 ? reach : 1 };
}

function heatmapChart(
  record: SweepRecord,
  pair: PairEffect,
  names: readonly string[],
  { middle, reach }: ColourScale,
): Chart {
  const { label, style } = metricName(record);
  const { rowLabels, columnLabels, mean, count, explained } = pair;
  const better = record.rankAscending ? -1 : 1;
  const step = (value: number): number | null =>
    value === value
      ? MIDDLE + Math.max(-MIDDLE, Math.min(MIDDLE, Math.round(((better * (value - middle)) / reach) * MIDDLE)))
      : null;
  const [down, across] = [names[pair.rows]!, names[pair.columns]!];
  const cells = Array.from(mean.keys());
  const column = (cell: number): number => cell % columnLabels.length;
  const row = (cell: number): number => Math.floor(cell / columnLabels.length);
  return {
    id: `pair-${pair.rows}-${pair.columns}`,
    title: `${down} by ${across}`,
    description: `Heatmap of the mean ${label} over ${rowLabels.length} values of ${record.axes[pair.rows]!.path} and ${columnLabels.length} of ${record.axes[pair.columns]!.path}.`,
    caption:
      `Rows: ${down}; columns: ${across}. Mean ${label} over the other axes: blue better, orange worse than the median trial (${rankedText(record, middle)}).` +
      (mean.some((value) => value !== value) ? " Blank: no trial there has a value." : "") +
      (explained === explained ? ` The pair explains ${explainedText(explained)} of the variance.` : ""),
    legend: [],
    columns: {
      row: cells.map((cell) => rowLabels[row(cell)]!),
      column: cells.map((cell) => columnLabels[column(cell)]!),
      value: cells.map((cell) => significant(mean[cell]!, 5)),
      count: cells.map((cell) => count[cell]!),
      step: cells.map((cell) => step(mean[cell]!)),
    },
    views: views(rowLabels.length, columnLabels, style === "percent"),
    readout: {
      by: "mark",
      title: { field: "row", label: "", style: "text" },
      fields: [
        { field: "column", label: across, style: "text" },
        { field: "value", label, style },
        { field: "count", label: "trials", style: "count" },
      ],
    },
  };
}

const COLOUR_STEPS = Array.from({ length: STEPS }, (_, k) => k);

function stepColour(tones: (step: number) => string) {
  return {
    field: "step",
    type: "ordinal",
    scale: { domain: COLOUR_STEPS, range: COLOUR_STEPS.map(tones) },
    legend: null,
  } as const;
}

/** Characters of a label that fit over a column of a chart as narrow as a phone; longer ones are turned. */
function level(columns: readonly string[]): boolean {
  const longest = columns.reduce((most, { length }) => Math.max(most, length), 0);
  return longest * 5.5 + 4 <= 270 / columns.length;
}

function views(rows: number, columnLabels: readonly string[], percent: boolean): readonly [ChartView] {
  const columns = columnLabels.length;
  const present = [{ filter: "isValid(datum.value)" }];
  return singleView({
    data: ROWS,
    height: ROW_PX * rows,
    encoding: {
      x: {
        field: "column",
        type: "nominal",
        sort: null,
        scale: { paddingInner: 0.04, paddingOuter: 0 },
        axis: {
          orient: "top",
          domain: false,
          ticks: false,
          labelFlush: false,
          labelLimit: 90,
          ...(level(columnLabels)
            ? { labelAngle: 0 }
            : { labelAngle: -90, labelAlign: "left", labelBaseline: "middle" }),
        },
      },
      y: {
        field: "row",
        type: "nominal",
        sort: null,
        scale: { paddingInner: 0.06, paddingOuter: 0 },
        axis: { domain: false, ticks: false, minExtent: 40, maxExtent: 120, labelLimit: 114 },
      },
    },
    layer: [
      { mark: { type: "rect", fill: "transparent", stroke: tone("hairline"), strokeWidth: 0.5, cornerRadius: 2 } },
      {
        transform: present,
        mark: { type: "rect", cornerRadius: 2 },
        encoding: { color: stepColour(divergingGround) },
      },
      {
        transform: present,
        mark: {
          type: "text",
          fontSize: 10,
          text: { expr: `format(datum.value${percent ? " * 100" : ""}, width < ${30 * columns} ? '.1f' : '.2f')` },
          opacity: { expr: `width < ${22 * columns} ? 0 : 1` },
        },
        encoding: { color: stepColour(divergingText) },
      },
    ],
    resolve: { scale: { color: "independent" } },
  } as unknown as TopLevelSpec);
}
