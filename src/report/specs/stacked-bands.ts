/** Shares of many assets over time as stacked areas: the largest on average by name, the rest as one band. */
import type { TopLevelSpec } from "vega-lite";
import type { Axes, Floats } from "../../core/panel.ts";
import { ROWS } from "../chart.ts";
import type { Columns } from "../columns.ts";
import { plural } from "../number-format.ts";
import { pick, sampleEvenly } from "../sampling.ts";
import { BANDS_LIGHT, bandTone, tone } from "../theme.ts";
import { CROSSHAIR, HOVER_PARAM, TIME_X } from "./time-series.ts";

const NAMED_BANDS = BANDS_LIGHT.length - 1;
const OTHER = "other";
const POINTS = 260;

export interface Band {
  readonly field: string;
  readonly label: string;
  readonly colour: string;
}

export interface StackedBands {
  readonly bands: readonly Band[];
  readonly columns: Columns;
  /** Assets with any share, by mean absolute share, largest first; ties in the order of the axes. */
  readonly order: readonly number[];
  /** How many of them are in the last band; 0 = all have their own. */
  readonly unnamed: number;
  /** Rows between two that are drawn. */
  readonly stride: number;
}

/**
 * @param time   [R] of the rows
 * @param shares [R*N] fractions; what is not finite takes no room
 * @returns null when there is no share at all
 */
export function stackedBands(time: Floats, shares: Floats, { assets }: Axes): StackedBands | null {
  const N = assets.length;
  const order = bySize(shares, N);
  if (order.length === 0) return null;
  const named = order.length <= NAMED_BANDS ? order : order.slice(0, NAMED_BANDS);
  const rest = order.slice(named.length);
  const { rows, stride } = sampleEvenly(time.length, POINTS);
  const columns: Record<string, Columns[string]> = { t: pick(time, rows, 15) };
  const bands: Band[] = named.map((asset, k) => ({ field: `w${k}`, label: assets[asset]!, colour: bandTone(k) }));
  named.forEach((asset, k) => {
    columns[`w${k}`] = rows.map((t) => rounded(shares[t * N + asset]!));
  });
  if (rest.length > 0) {
    columns[OTHER] = rows.map((t) => rounded(rest.reduce((sum, asset) => sum + finiteOr0(shares[t * N + asset]!), 0)));
    bands.push({ field: OTHER, label: plural(rest.length, "other"), colour: bandTone(NAMED_BANDS) });
  }
  return { bands, columns, order, unnamed: rest.length, stride };
}

export function stackedSpec(bands: readonly Band[], height: number): TopLevelSpec {
  return {
    data: ROWS,
    params: [HOVER_PARAM],
    height,
    layer: [
      {
        transform: [
          { fold: bands.map((band) => band.field), as: ["asset", "share"] },
          { calculate: `indexof(${JSON.stringify(bands.map((band) => band.field))}, datum.asset)`, as: "rank" },
        ],
        mark: { type: "area", strokeWidth: 0.4, stroke: tone("paper") },
        encoding: {
          x: TIME_X,
          y: { field: "share", type: "quantitative", stack: "zero", axis: { format: "~%", tickCount: 5 } },
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

function bySize(shares: Floats, assets: number): number[] {
  const sums = new Float64Array(assets);
  for (let i = 0; i < shares.length; i++) sums[i % assets]! += Math.abs(finiteOr0(shares[i]!));
  return Array.from({ length: assets }, (_, n) => n)
    .filter((n) => sums[n]! > 0)
    .sort((a, b) => sums[b]! - sums[a]! || a - b);
}

function rounded(value: number): number {
  return Math.round(finiteOr0(value) * 1e5) / 1e5;
}

function finiteOr0(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
