/** Planned against executed weights of the whole book: how far apart they are, and the exposure of either. */
import type { TopLevelSpec } from "vega-lite";
import type { RunRecord } from "../../core/contracts.ts";
import { type Chart, ROWS } from "../chart.ts";
import { formatDay, formatPercent } from "../number-format.ts";
import { mergeRows, pick, sampleSeries } from "../sampling.ts";
import { tone } from "../theme.ts";
import { trackPlan } from "../tracking.ts";
import { CROSSHAIR, crosshairDot, DASHED, HOVER_PARAM, lineLayer, TIME_X } from "./time-series.ts";

const POINTS = 260;

/** @returns a chart with the views `deviation` and `exposure`; null when nothing was decided before the last bar */
export function plannedExecutedChart({ targets, account }: RunRecord): Chart | null {
  const { time } = account.axes;
  const tracking = trackPlan(targets, account);
  if (tracking === null) return null;
  const { deviation, plannedGross } = tracking;
  const most = deviation.reduce((best, value, t) => (value > deviation[best]! ? t : best), 0);
  const mean = deviation.reduce((sum, value) => sum + value, 0) / deviation.length;
  const rows = mergeRows(
    ...[deviation, plannedGross, account.grossExposure].map((series) => sampleSeries(time, series, POINTS)),
  );
  const summary =
    `${formatPercent(mean)} of equity on average, most on ${formatDay(time[most]!)} ` +
    `with ${formatPercent(deviation[most]!)}`;
  return {
    id: "planned-executed",
    title: "Planned against held",
    description: `Area chart of the sum of absolute differences between planned and held weights: ${summary}.`,
    caption:
      `Deviation: |held − planned| at the close, summed over assets: ${summary}. Planned is what was last decided before the ` +
      `bar, and nothing once an asset is delisted; drift, costs, thresholds, slices to come, orders not filled and stops set it apart from what is held. ` +
      `Exposure: the sum of absolute weights of either.`,
    legend: [
      { label: "deviation", colour: tone("loss"), mark: "area" },
      { label: "planned exposure", colour: tone("muted"), mark: "dash" },
      { label: "held exposure", colour: tone("accent"), mark: "line" },
    ],
    columns: {
      t: pick(time, rows, 15),
      deviation: pick(deviation, rows, 4),
      planned: pick(plannedGross, rows, 5),
      held: pick(account.grossExposure, rows, 5),
    },
    views: [
      { key: "deviation", label: "Deviation", spec: DEVIATION },
      { key: "exposure", label: "Exposure", spec: EXPOSURE },
    ],
    readout: {
      by: "nearest",
      title: { field: "t", label: "", style: "date" },
      fields: [
        { field: "deviation", label: "deviation", style: "percent", colour: tone("loss") },
        { field: "planned", label: "planned exposure", style: "percent", colour: tone("muted") },
        { field: "held", label: "held exposure", style: "percent", colour: tone("accent") },
      ],
    },
  };
}

const SHARE_Y = { y: { type: "quantitative", axis: { format: "~%", tickCount: 4 } } } as const;

const DEVIATION = {
  data: ROWS,
  params: [HOVER_PARAM],
  height: 140,
  encoding: SHARE_Y,
  layer: [
    {
      mark: { type: "area", color: tone("loss"), opacity: 0.18 },
      encoding: { x: TIME_X, y: { field: "deviation", type: "quantitative" } },
    },
    lineLayer("deviation", tone("loss"), 1.25),
    CROSSHAIR,
    crosshairDot("deviation", tone("loss")),
  ],
} as unknown as TopLevelSpec;

const EXPOSURE = {
  data: ROWS,
  params: [HOVER_PARAM],
  height: 140,
  encoding: SHARE_Y,
  layer: [
    lineLayer("held", tone("accent"), 1.5),
    lineLayer("planned", tone("muted"), 1.25, DASHED),
    CROSSHAIR,
    crosshairDot("planned", tone("muted")),
    crosshairDot("held", tone("accent")),
  ],
} as unknown as TopLevelSpec;
