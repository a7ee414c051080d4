/** IC decay: the same scores against the returns of shorter and longer horizons, one line a score. */
import type { TopLevelSpec } from "vega-lite";
import type { HorizonRecord, ModelRecord } from "../../core/model-record.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import { plural } from "../number-format.ts";
import { significant } from "../sampling.ts";
import { formatIc, horizonTitle, ownEvaluation, scorersOf } from "../scorers.ts";
import { lineLook } from "./line-looks.ts";
import { ZERO_RULE } from "./time-series.ts";

/** Development alone. @returns null when no score has ICs at two horizons */
export function icDecayChart(models: ModelRecord, horizon: HorizonRecord): Chart | null {
  const lines = scorersOf(models).map((scorer, k) => {
    const decay = ownEvaluation(models, scorer, horizon.name)?.development.decay ?? [];
    return {
      k,
      label: scorer.label,
      points: decay.filter(({ rankIc }) => Number.isFinite(rankIc.mean)),
      ...lineLook(k),
    };
  });
  const drawn = lines.filter(({ points }) => points.length > 1);
  if (drawn.length === 0) return null;
  const points = drawn.flatMap((line) => line.points.map((point) => ({ ...line, ...point })));
  return {
    id: `ic-decay-${horizon.name}`,
    title: `IC decay, scores for ${horizonTitle(horizon)}`,
    description: `Line chart of the mean rank IC of ${plural(drawn.length, "score")} against returns of several horizons.`,
    caption: `Mean rank IC of the ${horizon.name} score against returns over 1 bar and more, from the next open.${models.holdoutBar === null ? "" : " Development only; a label that would end in the holdout counts for nobody."}`,
    legend: drawn.map(({ label, colour, mark }) => ({ label, colour, mark })),
    columns: {
      bars: points.map(({ horizonBars }) => horizonBars),
      line: points.map(({ k }) => k),
      ic: points.map(({ rankIc }) => significant(rankIc.mean, 5)),
      label: points.map(({ label }) => label),
      horizon: points.map(({ horizonBars }) => plural(horizonBars, "bar")),
      mean: points.map(({ rankIc }) => formatIc(rankIc.mean)),
      tstat: points.map(({ rankIc }) => significant(rankIc.tStatNeweyWest, 4)),
    },
    views: singleView(spec(drawn)),
    readout: {
      by: "mark",
      title: { field: "label", label: "", style: "text" },
      fields: [
        { field: "horizon", label: "horizon", style: "text" },
        { field: "mean", label: "mean rank IC", style: "text" },
        { field: "tstat", label: "t, Newey-West", style: "ratio" },
      ],
    },
  };
}

function spec(
  lines: readonly { readonly k: number; readonly colour: string; readonly dash: readonly number[] }[],
): TopLevelSpec {
  const x = {
    field: "bars",
    type: "ordinal",
    axis: { ticks: false, labelAngle: 0, labelFlush: false },
    scale: { paddingOuter: 0.1 },
  };
  const y = { field: "ic", type: "quantitative", axis: { format: "~f", tickCount: 5 }, scale: { zero: true } };
  return {
    data: ROWS,
    height: 190,
    layer: [
      ...lines.flatMap(({ k, colour, dash }) => [
        {
          transform: [{ filter: `datum.line === ${k}` }],
          mark: { type: "line", color: colour, strokeWidth: 1.4, ...(dash.length === 0 ? {} : { strokeDash: dash }) },
          encoding: { x, y },
        },
        {
          transform: [{ filter: `datum.line === ${k}` }],
          mark: { type: "point", filled: true, size: 42, opacity: 1, color: colour },
          encoding: { x, y },
        },
      ]),
      ZERO_RULE,
    ],
  } as unknown as TopLevelSpec;
}
