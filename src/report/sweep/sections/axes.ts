/** What the axes do to the ranking metric: each alone, in pairs, and around the best trials. */
import type { AxisValue, SweepRecord } from "../../../core/sweep-record.ts";
import { escapeHtml } from "../../escape.ts";
import { formatValue, formatWhole, plural } from "../../number-format.ts";
import { type Block, html, type Section } from "../../section.ts";
import { left, prose, type RowGroup, renderDetails, renderRows, renderTable, right } from "../../table.ts";
import { axisEffects, byEffect, explainedText } from "../axis-effects.ts";
import { axisNames, axisText, sortedNumbers } from "../axis-levels.ts";
import { metricName, rankedText, rankedTrials } from "../ranking-metric.ts";
import { effectCharts } from "../specs/effect-charts.ts";
import { heatmapCharts } from "../specs/heatmap-charts.ts";
import { stability } from "../stability.ts";

/** Rows of the table of effects that stand open. */
const ROWS_OPEN = 12;
/** Values of an axis named in the table of axes. */
const VALUES_NAMED = 12;
const LETTERS_NAMED = 200;
const PEAKS = 10;

/** @returns null when the sweep has no axis */
export function axesSection(record: SweepRecord): Section | null {
  if (record.axes.length === 0) return null;
  const { label } = metricName(record);
  const blocks: Block[] = [html(axesTable(record))];
  const charts = effectCharts(record);
  if (charts.length > 0)
    blocks.push(
      html(
        `<p class="reading">Each row holds the trials at one value of an axis, whatever the other axes were: the bar reaches from the lower to the upper quartile of ${escapeHtml(label)}, the line is the median, the dot the best. All charts share one scale.</p>`,
      ),
      { kind: "multiples", charts },
      html(effectsTable(record)),
    );
  return { id: "axes", title: "Effect of each axis", blocks };
}

/** @returns null with fewer than two axes that vary, or without a value */
export function pairsSection(record: SweepRecord): Section | null {
  const charts = heatmapCharts(record);
  return charts.length === 0 ? null : { id: "pairs", title: "Pairs of axes", blocks: [{ kind: "multiples", charts }] };
}

/** @returns null when no trial has a value */
export function stabilitySection(record: SweepRecord): Section | null {
  const peaks = stability(record, PEAKS);
  if (peaks.length === 0) return null;
  const blocks: Block[] = [];
  if (peaks.every(({ neighbours }) => neighbours === 0))
    blocks.push(
      html(
        '<p class="reading">None of the best trials has a neighbour: neighbours differ by one step on one numeric axis, and this sweep has none around them. A grid over numbers would show whether the best stands on a plateau or on a spike.</p>',
      ),
    );
  else {
    const text = (value: number): string => rankedText(record, value);
    const rows = peaks.map(({ trial, value, steps, neighbours, mean, worst, excess }) => [
      String(record.ranking.indexOf(trial) + 1),
      String(trial),
      text(value),
      text(mean),
      text(worst),
      formatValue(excess, "ratio"),
      `${neighbours} of ${steps}`,
    ]);
    const columns = ["Rank", "Trial", "At the peak", "Neighbours' mean", "Worst neighbour", "Excess", "Neighbours"];
    blocks.push(
      html(
        renderRows(
          `${metricName(record).label} of the best ${plural(peaks.length, "trial")} against their neighbours: the trials one step away on one numeric axis, all else equal; a step leads to the next number tried. ` +
            "Excess is how far the peak stands above the neighbours' mean, in standard deviations of all trials: near 0 is a plateau, above 1 a spike that the next sweep may not find again. Steps to trials without a value are left out.",
          columns.map(right),
          rows,
        ),
      ),
    );
  }
  return { id: "stability", title: "Stability", blocks };
}

function axesTable(record: SweepRecord): string {
  const names = axisNames(record.axes);
  const effects = axisEffects(record);
  const order = byEffect(effects).map(({ axis }) => axis);
  const rest = [...record.axes.keys()].filter((axis) => !order.includes(axis));
  const best = rankedTrials(record)[0];
  const rows = [...order, ...rest].map((axis) => {
    const { path, values } = record.axes[axis]!;
    return [
      names[axis]!,
      best === undefined ? "" : axisText(best.values[axis]),
      explainedText(effects[axis]!.explained),
      valuesText(values),
      { markup: `<code>${escapeHtml(path).replace(/[._]/g, "$&<wbr>")}</code>` },
    ];
  });
  return renderRows(
    "What was tried, the axis that matters most first. Explained is the share of the variance of the trials' results that lies between the values of the axis, less what as many values take up by chance (epsilon squared).",
    [left("Axis"), left("Best trial"), right("Explained"), prose("Values tried"), prose("Path")],
    rows,
  );
}

/** The values one by one where they are few; of many numbers how many and from where to where. */
function valuesText(values: readonly AxisValue[]): string {
  const numbers = sortedNumbers(values);
  if (numbers.length <= VALUES_NAMED) return listed(values);
  const others = values.filter((value) => typeof value !== "number");
  const span = `${formatWhole(numbers.length)} numbers from ${axisText(numbers[0])} to ${axisText(numbers[numbers.length - 1])}`;
  return others.length === 0 ? span : `${span}, ${listed(others)}`;
}

function listed(values: readonly AxisValue[]): string {
  const texts = values.slice(0, VALUES_NAMED).map(axisText);
  let named = texts[0] ?? "";
  let count = Math.min(1, texts.length);
  while (count < texts.length && named.length + texts[count]!.length < LETTERS_NAMED) named += `, ${texts[count++]!}`;
  return count < values.length ? `${named} and ${formatWhole(values.length - count)} more` : named;
}

function effectsTable(record: SweepRecord): string {
  const names = axisNames(record.axes);
  const text = (value: number): string => rankedText(record, value);
  const groups: RowGroup[] = byEffect(axisEffects(record)).map(({ axis, levels }) => ({
    label: names[axis]!,
    rows: levels.map((level) => [
      level.label,
      level.count === level.tried
        ? formatWhole(level.count)
        : `${formatWhole(level.count)} of ${formatWhole(level.tried)}`,
      ...[level.mean, level.lower, level.median, level.upper, level.best].map(text),
      level.bestTrial < 0 ? "" : String(level.bestTrial),
    ]),
  }));
  const columns = [
    left("Value"),
    ...["Trials", "Mean", "Lower quartile", "Median", "Upper quartile", "Best", "Best trial"].map(right),
  ];
  const caption = `${metricName(record).label} by value of each axis`;
  const rows = groups.reduce((sum, group) => sum + group.rows.length, 0);
  if (rows <= ROWS_OPEN) return renderTable({ caption: `${caption}.`, columns, groups });
  return renderDetails(caption, renderTable({ caption, columns, groups, kind: "plain" }));
}
