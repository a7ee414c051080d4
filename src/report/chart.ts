/** What a chart is to the rest of the report: Vega-Lite specs without data, the columns they draw, and the words that
 *  go around them. Spec files make these; compile-chart turns them into Vega and SVG. */
import type { Spec } from "vega";
import type { TopLevelSpec } from "vega-lite";
import type { Columns } from "./columns.ts";
import type { NumberStyle } from "./number-format.ts";

/** The table every spec draws from. */
export const ROWS = { name: "rows", format: { parse: null } } as const;

/** The variable through which the page tells a spec which row's `t` the reader points at. */
export const HOVER = "hover";

export interface LegendEntry {
  readonly label: string;
  /** CSS colour, usually a theme variable. */
  readonly colour: string;
  readonly mark: "line" | "dash" | "dot" | "area";
}

/** One line of the tooltip. */
export interface ReadoutField {
  readonly field: string;
  readonly label: string;
  readonly style: NumberStyle;
  readonly colour?: string;
}

/** How pointing at the chart is answered: by the row nearest in `t`, or by the mark under the pointer. */
export interface Readout {
  readonly by: "nearest" | "mark";
  readonly title: ReadoutField;
  /** Leaves out fields that are 0, where most are. */
  readonly omitZero?: boolean;
  readonly fields: readonly ReadoutField[];
}

/** One way to draw the same rows; a chart with several gets a switch. */
export interface ChartView {
  readonly key: string;
  readonly label: string;
  readonly spec: TopLevelSpec;
}

export interface Chart {
  /** Distinct within a report; part of element ids. */
  readonly id: string;
  readonly title: string;
  /** What the picture says, for those who cannot see it. */
  readonly description: string;
  /** Caption under the figure, plain text. */
  readonly caption: string;
  readonly legend: readonly LegendEntry[];
  readonly columns: Columns;
  /** The first is shown at the start and drawn as SVG. */
  readonly views: readonly [ChartView, ...ChartView[]];
  readonly readout: Readout;
}

/** A chart with one way to draw it. */
export function singleView(spec: TopLevelSpec): readonly [ChartView] {
  return [{ key: "only", label: "", spec }];
}

/** What the page needs to bring a chart to life; plain JSON. */
export interface LiveChart {
  readonly id: string;
  readonly columns: Columns;
  readonly views: readonly { readonly key: string; readonly spec: Spec }[];
  readonly readout: Readout;
}
