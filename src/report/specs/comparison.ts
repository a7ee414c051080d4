/** Equity of several weighting methods, one line each, on a logarithmic axis where none of them is ruined. */
import type { TopLevelSpec } from "vega-lite";
import type { RunRecord } from "../../core/contracts.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import type { Columns } from "../columns.ts";
import { formatCurrency } from "../number-format.ts";
import { mergeRows, pick, pickAmounts, sampleSeries } from "../sampling.ts";
import { bandTone } from "../theme.ts";
import { CROSSHAIR, CURRENCY_AXIS, DASHED, DOTTED, HOVER_PARAM, lineLayer, SOLID } from "./time-series.ts";

const POINTS = 160;
/** The first bands are far enough apart for thin lines; after them the stroke changes. */
const TONES = 5;
const STROKES = [
  { mark: "line", dash: SOLID },
  { mark: "dash", dash: DASHED },
  { mark: "dot", dash: DOTTED },
] as const;

/** @returns null when there is nothing to compare */
export function comparisonChart({ comparison, account }: RunRecord): Chart | null {
  const { time } = account.axes;
  if (comparison.length === 0 || time.length < 2) return null;
  const rows = mergeRows(...comparison.map(({ equity }) => sampleSeries(time, equity, POINTS)));
  const lines = comparison.map(({ label }, k) => ({ field: `e${k}`, label, colour: bandTone(k % TONES) }));
  const columns: Record<string, Columns[string]> = { t: pick(time, rows, 15) };
  for (const [k, { equity }] of comparison.entries()) columns[`e${k}`] = pickAmounts(equity, rows);
  const last = (equity: Float64Array) => equity[equity.length - 1]!;
  const best = comparison.reduce((most, other) => (last(other.equity) > last(most.equity) ? other : most));
  const ruined = comparison.some(({ equity }) => equity.some((value) => value <= 0));
  return {
    id: "comparison",
    title: "Equity by method",
    description: `Line chart of the equity of ${comparison.length} weighting methods; ${best.label} ended highest.`,
    caption: `Account value at each close${ruined ? "" : ", logarithmic axis"}; ${best.label} ended highest, at ${formatCurrency(last(best.equity))}.`,
    legend: lines.map(({ label, colour }, k) => ({ label, colour, mark: strokeOf(k).mark })),
    columns,
    views: singleView({
      data: ROWS,
      params: [HOVER_PARAM],
      height: 280,
      encoding: {
        y: {
          type: "quantitative",
          scale: ruined ? { zero: true } : { type: "log", nice: false },
          axis: { ...CURRENCY_AXIS, tickCount: 5 },
        },
      },
      layer: [...lines.map(({ field, colour }, k) => lineLayer(field, colour, 1.25, strokeOf(k).dash)), CROSSHAIR],
    } as unknown as TopLevelSpec),
    readout: {
      by: "nearest",
      title: { field: "t", label: "", style: "date" },
      fields: lines.map((line) => ({ ...line, style: "currency" })),
    },
  };
}

/** Of the k-th line; tones and strokes together repeat after fifteen. */
function strokeOf(k: number): (typeof STROKES)[number] {
  return STROKES[Math.floor(k / TONES) % STROKES.length]!;
}
