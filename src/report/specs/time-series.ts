/** What all charts over time share: the axis of bars and the crosshair that follows the reader. */
import { HOVER } from "../chart.ts";
import { tone } from "../theme.ts";

/** The horizontal encoding of column `t`, UTC milliseconds. */
export const TIME_X = {
  field: "t",
  type: "temporal",
  scale: { type: "utc", nice: false },
  axis: { tickCount: { expr: "max(4, floor(width / 90))" } },
} as const;

/** The variable the page sets to the `t` of the row pointed at; null = none. */
export const HOVER_PARAM = { name: HOVER, value: null } as const;

/** Vertical hairline through the row pointed at. */
export const CROSSHAIR = {
  transform: [{ filter: `datum.t === ${HOVER}` }],
  mark: { type: "rule", color: tone("muted"), strokeWidth: 1 },
  encoding: { x: TIME_X },
} as const;

/** A dot on `field` at the row pointed at. */
export function crosshairDot(field: string, colour: string) {
  return {
    transform: [{ filter: `datum.t === ${HOVER} && isValid(datum['${field}'])` }],
    mark: { type: "point", filled: true, size: 42, opacity: 1, color: colour, stroke: tone("paper"), strokeWidth: 1.5 },
    encoding: { x: TIME_X, y: { field, type: "quantitative" } },
  } as const;
}

/** Pixels drawn and left out. */
export const SOLID: readonly number[] = [];
export const DASHED: readonly number[] = [5, 3];
export const DOTTED: readonly number[] = [1.5, 2.5];

/** One line over time; it breaks where the column is null. */
export function lineLayer(field: string, colour: string, strokeWidth: number, strokeDash = SOLID) {
  return {
    mark: {
      type: "line",
      color: colour,
      strokeWidth,
      ...(strokeDash.length === 0 ? {} : { strokeDash }),
      strokeJoin: "round",
      invalid: "break-paths-show-domains",
    },
    encoding: { x: TIME_X, y: { field, type: "quantitative" } },
  } as const;
}

/** Hairline at y = 0. */
export const ZERO_RULE = {
  data: { values: [{ zero: 0 }] },
  mark: { type: "rule", color: tone("muted"), strokeWidth: 0.75, opacity: 0.7 },
  encoding: { y: { field: "zero", type: "quantitative" } },
} as const;

/** Axis of amounts: 250k, 1.2M, 3B. */
export const CURRENCY_AXIS = {
  format: "~s",
  labelExpr: "datum.value === 0 ? '0' : replace(datum.label, 'G', 'B')",
} as const;

/** Axis of assets by name, one row each, cut where they are too long for the width. */
export const ASSET_AXIS = {
  domain: false,
  ticks: false,
  labelLimit: { expr: "width < 480 ? 70 : 140" },
} as const;
