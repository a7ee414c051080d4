/** Running sum of rank ICs of every score, one horizon; it begins again at the holdout. */
import type { TopLevelSpec } from "vega-lite";
import type { HorizonRecord, ModelRecord, ScorerEvaluation } from "../../core/model-record.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import type { Columns } from "../columns.ts";
import { formatDay, formatValue } from "../number-format.ts";
import { mergeRows, pick, sampleEvenly } from "../sampling.ts";
import { horizonTitle, ownEvaluation, scorersOf } from "../scorers.ts";
import { holdoutRule } from "./holdout-rule.ts";
import { lineLook } from "./line-looks.ts";
import { CROSSHAIR, HOVER_PARAM, lineLayer, ZERO_RULE } from "./time-series.ts";

const POINTS = 240;

/** @returns null when no score of the horizon has two dates with an IC */
export function cumulativeIcChart(models: ModelRecord, horizon: HorizonRecord): Chart | null {
  const { axes, holdoutBar } = models;
  const { time } = axes;
  const lines = scorersOf(models).flatMap((scorer, k) => {
    const own = ownEvaluation(models, scorer, horizon.name);
    if (own === undefined || own.bars.length < 2) return [];
    const sums = runningSums(own, time.length, holdoutBar);
    return [{ field: `c${k}`, label: scorer.label, sums, ...lineLook(k) }];
  });
  if (lines.length === 0) return null;
  const first = Math.min(...lines.map(({ sums }) => sums.findIndex(Number.isFinite)));
  const last = Math.max(...lines.map(({ sums }) => sums.findLastIndex(Number.isFinite)));
  const even = sampleEvenly(last - first + 1, POINTS).rows.map((row) => first + row);
  const rows = mergeRows(even, ...lines.map(({ sums }) => edges(sums)));
  const columns: Record<string, Columns[string]> = { t: pick(time, rows, 15) };
  for (const { field, sums } of lines) columns[field] = pick(sums, rows, 4);
  const end = (holdoutBar ?? time.length) - 1;
  const ahead = lines
    .map(({ label, sums }) => ({ label, sum: sums[sums.findLastIndex((x, t) => t <= end && x === x)] ?? Number.NaN }))
    .reduce((best, other) => (other.sum > best.sum ? other : best));
  const held =
    holdoutBar === null
      ? ""
      : ` At the dashed line, ${formatDay(time[holdoutBar] ?? Number.NaN)}, the holdout begins and the sums start again from zero.`;
  return {
    id: `cumulative-ic-${horizon.name}`,
    title: `Cumulative rank IC, ${horizonTitle(horizon)}`,
    description: `Line chart of the running sum of daily rank ICs of ${lines.length} scores; ${ahead.label} ended development highest.`,
    caption:
      `Running sum of each date's rank correlation of scores and the ${horizon.horizonBars}-bar returns that followed, out of sample: a straight ` +
      `rise is a steady edge. Highest at the end of development: ${ahead.label}, ${formatValue(ahead.sum, "ratio")}.${held}`,
    legend: lines.map(({ label, colour, mark }) => ({ label, colour, mark })),
    columns,
    views: singleView({
      data: ROWS,
      params: [HOVER_PARAM],
      height: 230,
      encoding: { y: { type: "quantitative", axis: { format: "~f", tickCount: 5 } } },
      layer: [
        ZERO_RULE,
        ...holdoutRule(holdoutBar === null ? undefined : time[holdoutBar]),
        ...lines.map(({ field, colour, dash }) => lineLayer(field, colour, 1.4, dash)),
        CROSSHAIR,
      ],
    } as unknown as TopLevelSpec),
    readout: {
      by: "nearest",
      title: { field: "t", label: "", style: "date" },
      fields: lines.map(({ field, label, colour }) => ({ field, label, colour, style: "ratio" })),
    },
  };
}

/** [T] from the first IC of each period to its last; a date between without one keeps the sum. */
function runningSums({ bars, rankIc }: ScorerEvaluation, T: number, holdoutBar: number | null): Float64Array {
  const sums = new Float64Array(T).fill(Number.NaN);
  let sum = 0;
  for (const [d, bar] of bars.entries()) {
    const before = bars[d - 1];
    const goesOn = before !== undefined && !(holdoutBar !== null && before < holdoutBar && bar >= holdoutBar);
    if (goesOn) sums.fill(sum, before, bar);
    else sum = 0;
    if (Number.isFinite(rankIc[d]!)) sum += rankIc[d]!;
    sums[bar] = sum;
  }
  return sums;
}

/** Bars at which the line begins and ends, and one of each gap so that it breaks there. */
function edges(sums: Float64Array): number[] {
  const has = (t: number) => sums[t] === sums[t];
  const rows: number[] = [];
  const first = sums.findIndex((_, t) => has(t));
  const last = sums.findLastIndex((_, t) => has(t));
  for (let t = first + 1; t <= last; t++) if (has(t) !== has(t - 1)) rows.push(t - 1, t);
  return rows;
}
