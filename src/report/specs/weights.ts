/** Held weights over time as stacked areas: longs above zero, shorts below, the largest assets by name. */
import type { TopLevelSpec } from "vega-lite";
import type { RunRecord } from "../../core/contracts.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import type { Columns } from "../columns.ts";
import { formatPercent, plural } from "../number-format.ts";
import { pick, sampleEvenly } from "../sampling.ts";
import { BANDS_LIGHT, bandTone, tone } from "../theme.ts";
import { CROSSHAIR, HOVER_PARAM, TIME_X } from "./time-series.ts";

const NAMED_BANDS = BANDS_LIGHT.length - 1;
const OTHER = "other";
const POINTS = 260;

/** @returns null when nothing was ever held */
export function weightsChart(record: RunRecord): Chart | null {
  const { axes, heldWeights } = record.account;
  const N = axes.assets.length;
  const T = axes.time.length;
  const order = bySize(record);
  if (order.length === 0) return null;
  const named = order.length <= NAMED_BANDS ? order : order.slice(0, NAMED_BANDS);
  const rest = order.slice(named.length);
  const { rows, stride } = sampleEvenly(T, POINTS);

  const columns: Record<string, Columns[string]> = { t: pick(axes.time, rows, 15) };
  const bands = named.map((asset, k) => ({ field: `w${k}`, label: axes.assets[asset]!, colour: bandTone(k) }));
  named.forEach((asset, k) => {
    columns[`w${k}`] = rows.map((t) => weight(heldWeights[t * N + asset]!));
  });
  if (rest.length > 0) {
    columns[OTHER] = rows.map((t) =>
      weight(rest.reduce((sum, asset) => sum + finiteOr0(heldWeights[t * N + asset]!), 0)),
    );
    bands.push({ field: OTHER, label: `${rest.length} others`, colour: bandTone(NAMED_BANDS) });
  }
  const largest = axes.assets[order[0]!]!;
  // Like the exposure metric: the first bar holds the initial cash alone.
  const meanGross = mean(record.account.grossExposure.subarray(1));
  return {
    id: "weights",
    title: "Held weights",
    description:
      `Stacked area chart of the weights held in ${order.length} assets; the largest on average is ${largest}, ` +
      `mean gross exposure ${formatPercent(meanGross)}.`,
    caption:
      `Share of equity at the close${stride > 1 ? `, every ${stride} bars` : ""}; ` +
      `${heldWeights.some((value) => value < 0) ? "shorts lie below zero" : "the gap to 100% is cash"}. ` +
      `Mean gross exposure ${formatPercent(meanGross)}, ${plural(Math.round(meanCount(record)), "asset")} held on average.` +
      (rest.length > 0 ? ` Assets by mean absolute weight; the ${rest.length} smallest are one band.` : ""),
    legend: bands.map((band) => ({ label: band.label, colour: band.colour, mark: "area" })),
    columns,
    views: singleView(spec(bands)),
    readout: {
      by: "nearest",
      title: { field: "t", label: "", style: "date" },
      omitZero: true,
      fields: bands.map((band) => ({ ...band, style: "percent" })),
    },
  };
}

function spec(bands: readonly { readonly field: string; readonly colour: string }[]): TopLevelSpec {
  return {
    data: ROWS,
    params: [HOVER_PARAM],
    height: 240,
    layer: [
      {
        transform: [
          { fold: bands.map((band) => band.field), as: ["asset", "weight"] },
          { calculate: `indexof(${JSON.stringify(bands.map((band) => band.field))}, datum.asset)`, as: "rank" },
        ],
        mark: { type: "area", strokeWidth: 0.4, stroke: tone("paper") },
        encoding: {
          x: TIME_X,
          y: { field: "weight", type: "quantitative", stack: "zero", axis: { format: "~%", tickCount: 5 } },
          order: { field: "rank", type: "quantitative" },
          color: {
            field: "asset",
            type: "nominal",
            scale: { domain: bands.map((band) => band.field), range: bands.map((band) => band.colour) },
            legend: null,
          },
        },
      },
      CROSSHAIR,
    ],
  } as unknown as TopLevelSpec;
}

/** Assets ever held, by mean absolute weight, largest first; ties in the order of the axes. */
function bySize(record: RunRecord): number[] {
  const { axes, heldWeights } = record.account;
  const N = axes.assets.length;
  const sums = new Float64Array(N);
  for (let i = 0; i < heldWeights.length; i++) sums[i % N]! += Math.abs(finiteOr0(heldWeights[i]!));
  return Array.from({ length: N }, (_, n) => n)
    .filter((n) => sums[n]! > 0)
    .sort((a, b) => sums[b]! - sums[a]! || a - b);
}

/** Assets held at a bar, on average over the bars after the first. */
function meanCount(record: RunRecord): number {
  const { axes, heldWeights } = record.account;
  let held = 0;
  for (let i = axes.assets.length; i < heldWeights.length; i++) if (Math.abs(finiteOr0(heldWeights[i]!)) > 0) held++;
  return held / Math.max(1, axes.time.length - 1);
}

function weight(value: number): number {
  return Math.round(finiteOr0(value) * 1e5) / 1e5;
}

/** A stack has no gaps: an asset without a weight takes no room in it. */
function finiteOr0(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
