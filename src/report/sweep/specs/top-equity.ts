/** Equity of the best trials, one line each: logarithmic where none of them is ruined. */
import type { TopLevelSpec } from "vega-lite";
import type { SweepRecord } from "../../../core/sweep-record.ts";
import { type Chart, ROWS, singleView } from "../../chart.ts";
import type { Columns } from "../../columns.ts";
import { formatCurrency, plural } from "../../number-format.ts";
import { mergeRows, pick, pickAmounts, sampleSeries } from "../../sampling.ts";
import { CROSSHAIR, CURRENCY_AXIS, DASHED, DOTTED, HOVER_PARAM, lineLayer, SOLID } from "../../specs/time-series.ts";
import { bandTone } from "../../theme.ts";

const POINTS = 160;
/** Tones and strokes that can be told apart. */
const TONES = 5;
const STROKES = [
  { mark: "line", dash: SOLID },
  { mark: "dash", dash: DASHED },
  { mark: "dot", dash: DOTTED },
] as const;
const LINES_MOST = TONES * STROKES.length;

/** @returns null without a best trial or with fewer than two bars */
export function topEquityChart({ best, bars }: SweepRecord): Chart | null {
  const { time } = bars;
  const shown = best.slice(0, LINES_MOST);
  if (shown.length === 0 || time.length < 2) return null;
  const rows = mergeRows(...shown.map(({ equity }) => sampleSeries(time, equity, POINTS)));
  const lines = shown.map(({ trial }, k) => ({
    field: `e${k}`,
    label: `${k + 1}. trial ${trial}`,
    colour: bandTone(k % TONES),
    stroke: STROKES[Math.floor(k / TONES)]!,
  }));
  const columns: Record<string, Columns[string]> = { t: pick(time, rows, 15) };
  for (const [k, { equity }] of shown.entries()) columns[`e${k}`] = pickAmounts(equity, rows);
  const finals = shown.map(({ equity }) => equity[equity.length - 1]!).sort((a, b) => a - b);
  const ruined = shown.some(({ equity }) => equity.some((value) => value <= 0));
  const span = `between ${formatCurrency(finals[0]!)} and ${formatCurrency(finals[finals.length - 1]!)}`;
  return {
    id: "top-equity",
    title: `Equity of the best ${shown.length === 1 ? "trial" : plural(shown.length, "trial")}`,
    description: `Line chart of the equity of the best ${plural(shown.length, "trial")}, which ended ${span}.`,
    caption: `Account value at each close${ruined ? "" : ", logarithmic axis"}, in order of the ranking; they ended ${span}. Lines that run together are one strategy under several names.`,
    legend: lines.map(({ label, colour, stroke }) => ({ label, colour, mark: stroke.mark })),
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
      // Drawn from the last to the first, so that the best lies on top.
      layer: [
        ...lines
          .map(({ field, colour, stroke }, k) => lineLayer(field, colour, k === 0 ? 2 : 1.25, stroke.dash))
          .reverse(),
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
