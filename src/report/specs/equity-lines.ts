/** Equity of several accounts on the same bars, one line each, on a logarithmic axis where none of them is ruined. */
import type { TopLevelSpec } from "vega-lite";
import type { Floats } from "../../core/panel.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import type { Columns } from "../columns.ts";
import { formatCurrency } from "../number-format.ts";
import { mergeRows, pick, pickAmounts, sampleSeries } from "../sampling.ts";
import { holdoutRule } from "./holdout-rule.ts";
import { lineLook } from "./line-looks.ts";
import { CROSSHAIR, CURRENCY_AXIS, HOVER_PARAM, lineLayer } from "./time-series.ts";

const POINTS = 160;

export interface EquityLine {
  readonly label: string;
  /** [T] */
  readonly equity: Float64Array;
}

export interface EquityLinesWords {
  readonly id: string;
  readonly title: string;
  /** What there are several of: "weighting methods". */
  readonly nouns: string;
  /** Closes the caption. */
  readonly note?: string;
}

/**
 * @param holdoutBar first bar of the holdout, which the words leave alone; undefined = none
 * @returns null with no account, or a single bar
 */
export function equityLinesChart(
  accounts: readonly EquityLine[],
  time: Floats,
  { id, title, nouns, note = "" }: EquityLinesWords,
  holdoutBar?: number,
): Chart | null {
  if (accounts.length === 0 || time.length < 2) return null;
  const rows = mergeRows(...accounts.map(({ equity }) => sampleSeries(time, equity, POINTS)));
  const lines = accounts.map(({ label }, k) => ({ field: `e${k}`, label, ...lineLook(k) }));
  const columns: Record<string, Columns[string]> = { t: pick(time, rows, 15) };
  for (const [k, { equity }] of accounts.entries()) columns[`e${k}`] = pickAmounts(equity, rows);
  const last = (equity: Float64Array) => equity[(holdoutBar ?? equity.length) - 1] ?? Number.NaN;
  const best = accounts.reduce((most, other) => (last(other.equity) > last(most.equity) ? other : most));
  const ended = `ended${holdoutBar === undefined ? "" : " development"}${accounts.length === 1 ? "" : " highest"}`;
  const ruined = accounts.some(({ equity }) => equity.some((value) => value <= 0));
  return {
    id,
    title,
    description: `Line chart of the equity of ${accounts.length} ${nouns}; ${best.label} ${ended}.`,
    caption: `Account value at each close${ruined ? "" : ", logarithmic axis"}; ${best.label} ${ended}, at ${formatCurrency(last(best.equity))}.${note}`,
    legend: lines.map(({ label, colour, mark }) => ({ label, colour, mark })),
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
      layer: [
        ...holdoutRule(holdoutBar === undefined ? undefined : time[holdoutBar]),
        ...lines.map(({ field, colour, dash }) => lineLayer(field, colour, 1.25, dash)),
        CROSSHAIR,
      ],
    } as unknown as TopLevelSpec),
    readout: {
      by: "nearest",
      title: { field: "t", label: "", style: "date" },
      fields: lines.map(({ field, label, colour }) => ({ field, label, colour, style: "currency" })),
    },
  };
}
