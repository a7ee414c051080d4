/** How much of the universe takes part: assets by state as shares of those listed, and the mean multiplier. */
import type { TopLevelSpec } from "vega-lite";
import type { RunRecord } from "../../core/contracts.ts";
import { NOT_LISTED, SELECTOR_STATES, type SelectionRecord } from "../../core/selection-record.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import type { Columns } from "../columns.ts";
import { formatDay, formatPercent, formatWhole } from "../number-format.ts";
import { mergeRows, pick, sampleEvenly, sampleSeries } from "../sampling.ts";
import { stateTone, tone } from "../theme.ts";
import { CROSSHAIR, HOVER_PARAM, TIME_X } from "./time-series.ts";

const POINTS = 240;
/** Bottom up, so that the edge of what takes part lies between the second and the third. */
const STACKED: readonly number[] = (["ACTIVE", "RE_ENTRY", "UNDERPERFORMING", "COOLDOWN"] as const).map((name) =>
  SELECTOR_STATES.indexOf(name),
);

/** @returns null without a selector, or with fewer than two bars on which anything is listed */
export function selectorSharesChart({ selection }: RunRecord): Chart | null {
  if (selection === null) return null;
  const { time } = selection.axes;
  const { counts, multiplier } = participation(selection);
  const known = multiplier.filter((value) => value === value);
  if (known.length < 2) return null;
  const least = multiplier.reduce((low, value, t) => (value < (multiplier[low] ?? Infinity) ? t : low), -1);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const { rows: even } = sampleEvenly(time.length, POINTS);
  const rows = mergeRows(even, sampleSeries(time, multiplier, POINTS));
  const columns: Record<string, Columns[string]> = {
    t: pick(time, rows, 15),
    multiplier: pick(multiplier, rows, 5),
  };
  for (const state of STACKED) columns[`s${state}`] = rows.map((t) => counts[state]![t]!);
  return {
    id: "selector-shares",
    title: "Who takes part",
    description:
      `Stacked area chart of the share of listed assets in each selector state, with the mean multiplier: ` +
      `${formatPercent(mean)} on average, least ${formatPercent(multiplier[least]!)} on ${formatDay(time[least]!)}.`,
    caption:
      `Share of listed assets in each state after the close. The line is the mean multiplier over listed assets, the part of an ` +
      `equal split that takes part: ${formatPercent(mean)} on average, least ${formatPercent(multiplier[least]!)} on ${formatDay(time[least]!)}.` +
      (rows.length < time.length ? ` Drawn at ${formatWhole(rows.length)} of ${formatWhole(time.length)} bars.` : ""),
    legend: [
      ...STACKED.map((state) => ({ label: SELECTOR_STATES[state]!, colour: stateTone(state), mark: "area" }) as const),
      { label: "mean multiplier", colour: tone("ink"), mark: "line" },
    ],
    columns,
    views: singleView(SPEC),
    readout: {
      by: "nearest",
      title: { field: "t", label: "", style: "date" },
      fields: [
        ...STACKED.map(
          (state) =>
            ({ field: `s${state}`, label: SELECTOR_STATES[state]!, style: "count", colour: stateTone(state) }) as const,
        ),
        { field: "multiplier", label: "mean multiplier", style: "percent", colour: tone("ink") },
      ],
    },
  };
}

interface Participation {
  /** [state][T] assets in it. */
  readonly counts: readonly Float64Array[];
  /** [T] over listed assets; NaN when there are none. */
  readonly multiplier: Float64Array;
}

function participation({ axes, state, multiplier }: SelectionRecord): Participation {
  const T = axes.time.length;
  const N = axes.assets.length;
  const counts = SELECTOR_STATES.map(() => new Float64Array(T));
  const mean = new Float64Array(T);
  for (let t = 0; t < T; t++) {
    let listed = 0;
    let sum = 0;
    for (let i = t * N; i < (t + 1) * N; i++) {
      if (state[i] === NOT_LISTED) continue;
      counts[state[i]!]![t]!++;
      listed++;
      sum += multiplier[i]!;
    }
    mean[t] = listed === 0 ? Number.NaN : sum / listed;
  }
  return { counts, multiplier: mean };
}

const FIELDS = STACKED.map((state) => `s${state}`);

const SPEC = {
  data: ROWS,
  params: [HOVER_PARAM],
  height: 170,
  layer: [
    {
      transform: [
        { fold: FIELDS, as: ["state", "assets"] },
        { calculate: `indexof(${JSON.stringify(FIELDS)}, datum.state)`, as: "rank" },
      ],
      mark: { type: "area", interpolate: "step-after" },
      encoding: {
        x: TIME_X,
        y: { field: "assets", type: "quantitative", stack: "normalize", axis: { format: "~%", tickCount: 4 } },
        order: { field: "rank", type: "quantitative" },
        color: {
          field: "state",
          type: "nominal",
          scale: { domain: FIELDS, range: STACKED.map(stateTone) },
          legend: null,
        },
      },
    },
    ...[
      { color: tone("paper"), strokeWidth: 3.5, opacity: 0.75 },
      { color: tone("ink"), strokeWidth: 1.5, opacity: 1 },
    ].map((stroke) => ({
      mark: { type: "line", interpolate: "step-after", invalid: "break-paths-show-domains", ...stroke },
      encoding: { x: TIME_X, y: { field: "multiplier", type: "quantitative" } },
    })),
    CROSSHAIR,
  ],
} as unknown as TopLevelSpec;
