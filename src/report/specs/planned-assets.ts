/** Planned and held weights of the assets that were furthest apart, one strip an asset, all on one scale. */
import type { TopLevelSpec } from "vega-lite";
import type { RunRecord } from "../../core/contracts.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import type { Columns } from "../columns.ts";
import { formatPercent, plural } from "../number-format.ts";
import { mergeRows, pick, sampleEvenly, sampleSeries } from "../sampling.ts";
import { tone } from "../theme.ts";
import { plannedWeights, trackPlan } from "../tracking.ts";
import { ASSET_AXIS, CROSSHAIR, HOVER_PARAM, lineLayer, TIME_X } from "./time-series.ts";

const ASSETS_SHOWN = 6;
const EVEN_POINTS = 160;
const POINTS = 50;
const STRIP_PX = 46;
/** Part of a strip that the scale fills. */
const FULL = 0.82;

/** @returns null when planned and held weights are the same throughout, or there is one bar */
export function plannedAssetsChart({ targets, account }: RunRecord): Chart | null {
  const { axes, heldWeights } = account;
  const { time, assets } = axes;
  const tracking = trackPlan(targets, account);
  if (tracking === null) return null;
  const { meanDeviation } = tracking;
  const ranked = Array.from(assets.keys())
    .filter((n) => meanDeviation[n]! > 0)
    .sort((a, b) => meanDeviation[b]! - meanDeviation[a]! || a - b);
  const shown = ranked.slice(0, Math.min(ASSETS_SHOWN, time.length));
  const plans = plannedWeights(targets, account, shown);
  const strips = shown.map((asset, k) => ({
    label: assets[asset]!,
    planned: plans[k]!,
    held: Float64Array.from(time, (_, t) => heldWeights[t * assets.length + asset]!),
  }));
  if (strips.length === 0) return null;
  const rows = mergeRows(
    sampleEvenly(time.length, EVEN_POINTS).rows,
    ...strips.map(({ planned, held }) =>
      sampleSeries(
        time,
        held.map((weight, t) => weight - planned[t]!),
        POINTS,
      ),
    ),
  );
  const columns: Record<string, Columns[string]> = {
    t: pick(time, rows, 15),
    // One name a strip for the axis; the rows they stand in mean nothing.
    asset: rows.map((_, i) => strips[i]?.label ?? null),
  };
  for (const [k, { planned, held }] of strips.entries()) {
    columns[`p${k}`] = pick(planned, rows, 4);
    columns[`h${k}`] = pick(held, rows, 4);
  }
  const series = strips.flatMap(({ planned, held }) => [planned, held]);
  const low = series.reduce((least, values) => values.reduce((a, b) => Math.min(a, b), least), 0);
  const high = series.reduce((most, values) => values.reduce((a, b) => Math.max(a, b), most), 0);
  const furthest = `${strips[0]!.label} by ${formatPercent(meanDeviation[ranked[0]!]!)} of equity on average`;
  return {
    id: "planned-assets",
    title: "Furthest from plan",
    description: `Line charts of planned and held weights of ${plural(strips.length, "asset")}, one strip each; furthest apart is ${furthest}.`,
    caption:
      `Weights planned and held at the close; every strip reaches from ${formatPercent(low)} to ${formatPercent(high)}. ` +
      `${strips.length < ranked.length ? `The ${strips.length} of ${plural(ranked.length, "asset")} furthest apart` : "Furthest apart"} ` +
      `on average come first, ${furthest}.`,
    legend: [
      { label: "planned", colour: tone("benchmark"), mark: "area" },
      { label: "held", colour: tone("accent"), mark: "line" },
    ],
    columns,
    views: singleView(spec(strips.length, low, high)),
    readout: {
      by: "nearest",
      title: { field: "t", label: "", style: "date" },
      fields: strips.flatMap(({ label }, k) => [
        { field: `p${k}`, label: `${label} planned`, style: "percent", colour: tone("benchmark") } as const,
        { field: `h${k}`, label: `${label} held`, style: "percent", colour: tone("accent") } as const,
      ]),
    },
  };
}

/** The strips lie on a scale of row numbers, over which a scale of names of the same height puts the labels. */
function spec(strips: number, low: number, high: number): TopLevelSpec {
  const numbers = Array.from({ length: strips }, (_, k) => k);
  const height = (weight: string, k: number): string =>
    `${k + (1 + FULL) / 2} - ${FULL} * (${weight} - ${low}) / ${high - low}`;
  const strip = (k: number) => [
    {
      mark: { type: "area", interpolate: "step-after", color: tone("benchmark"), opacity: 0.5 },
      encoding: { x: TIME_X, y: { field: `p${k}_y`, type: "quantitative" }, y2: { field: `zero${k}` } },
    },
    lineLayer(`h${k}_y`, tone("accent"), 1.25),
  ];
  return {
    data: ROWS,
    params: [HOVER_PARAM],
    height: STRIP_PX * strips,
    layer: [
      {
        transform: numbers.flatMap((k) => [
          { calculate: height(`datum.p${k}`, k), as: `p${k}_y` },
          { calculate: height(`datum.h${k}`, k), as: `h${k}_y` },
          { calculate: height("0", k), as: `zero${k}` },
        ]),
        encoding: { y: { type: "quantitative", scale: { domain: [strips, 0], nice: false }, axis: null } },
        layer: numbers.flatMap(strip),
      },
      {
        transform: [{ filter: "isValid(datum.asset)" }],
        mark: { type: "rule", color: tone("hairline") },
        encoding: {
          y: { field: "asset", type: "ordinal", sort: null, scale: { padding: 0 }, axis: ASSET_AXIS, bandPosition: 1 },
        },
      },
      CROSSHAIR,
    ],
    resolve: { scale: { y: "independent" } },
  } as unknown as TopLevelSpec;
}
