/** What followed low and high scores: mean returns by quantile of every score, both horizons on one scale. */
import type { TopLevelSpec } from "vega-lite";
import type { HorizonRecord, ModelRecord } from "../../core/model-record.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import { formatValue, formatWhole, plural } from "../number-format.ts";
import { significant } from "../sampling.ts";
import { ownEvaluation, type Scorer, scorersOf } from "../scorers.ts";
import { bandTone, tone } from "../theme.ts";

interface Bar {
  readonly scorer: number;
  readonly label: string;
  readonly group: number;
  readonly horizon: HorizonRecord;
  readonly quantile: number;
  /** Fraction a bar. */
  readonly value: number;
  readonly raw: number;
}

/** Development alone. @returns null when no score has quantiles there */
export function quantileReturnsChart(models: ModelRecord): Chart | null {
  const scorers = scorersOf(models);
  const bars = models.horizons.flatMap((horizon, group) =>
    scorers.flatMap((scorer, k) => barsOf(models, scorer, k, horizon, group)),
  );
  if (bars.length === 0) return null;
  const quantiles = Math.max(...bars.map(({ quantile }) => quantile)) + 1;
  const horizons = models.horizons.map(({ horizonBars }) => plural(horizonBars, "bar")).join(", right ");
  return {
    id: "quantile-returns",
    title: "Returns by quantile of score",
    description: `Bar chart of mean returns by quantile of score, ${plural(quantiles, "quantile")}, ${plural(scorers.length, "score")}.`,
    caption:
      `Mean forward return of each quantile of score, lowest scores first, less the date's mean, divided by the bars of the horizon; in basis points a bar` +
      `${models.horizons.length > 1 ? `; left the returns of ${horizons}` : ""}.${models.holdoutBar === null ? "" : " Development only."} A score that works rises from left to right.`,
    legend: scorers.map(({ label }, k) => ({ label, colour: bandTone(k), mark: "area" })),
    columns: {
      place: bars.map(({ group, quantile }) => group * (quantiles + 1) + quantile),
      scorer: bars.map(({ scorer }) => scorer),
      points: bars.map(({ value }) => significant(1e4 * value, 5)),
      title: bars.map(
        ({ horizon, quantile }) =>
          `quantile ${formatWhole(quantile + 1)} of ${formatWhole(quantiles)}, ${plural(horizon.horizonBars, "bar")}`,
      ),
      label: bars.map(({ label }) => label),
      excess: bars.map(({ value }) => `${formatValue(1e4 * value, "ratio")} bp a bar`),
      raw: bars.map(({ raw }) => significant(raw, 6)),
    },
    views: singleView(spec(scorers.length, quantiles, models.horizons.length)),
    readout: {
      by: "mark",
      title: { field: "label", label: "", style: "text" },
      fields: [
        { field: "title", label: "", style: "text" },
        { field: "excess", label: "above the date's mean", style: "text" },
        { field: "raw", label: "mean return", style: "percent" },
      ],
    },
  };
}

function barsOf(models: ModelRecord, scorer: Scorer, k: number, horizon: HorizonRecord, group: number): Bar[] {
  const quantiles = ownEvaluation(models, scorer, horizon.name)?.development.quantiles;
  return (quantiles?.demeanedReturns ?? []).flatMap((value, quantile) =>
    Number.isFinite(value)
      ? [
          {
            scorer: k,
            label: scorer.label,
            group,
            horizon,
            quantile,
            value: value / horizon.horizonBars,
            raw: quantiles!.meanReturns[quantile]!,
          },
        ]
      : [],
  );
}

function spec(scorers: number, quantiles: number, groups: number): TopLevelSpec {
  const numbers = Array.from({ length: scorers }, (_, k) => k);
  return {
    data: ROWS,
    height: 200,
    layer: [
      {
        mark: { type: "bar" },
        encoding: {
          x: {
            field: "place",
            type: "ordinal",
            scale: {
              domain: Array.from({ length: groups * (quantiles + 1) - 1 }, (_, place) => place),
              paddingInner: 0.16,
              paddingOuter: 0,
            },
            axis: {
              domain: false,
              ticks: false,
              labelAngle: 0,
              labelFlush: false,
              labelExpr: `datum.value % ${quantiles + 1} === ${quantiles} ? '' : datum.value % ${quantiles + 1} + 1`,
            },
          },
          xOffset: { field: "scorer", type: "ordinal", scale: { domain: numbers } },
          y: { field: "points", type: "quantitative", axis: { format: "~f", tickCount: 5 } },
          color: {
            field: "scorer",
            type: "ordinal",
            scale: { domain: numbers, range: numbers.map(bandTone) },
            legend: null,
          },
        },
      },
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: "rule", color: tone("muted"), strokeWidth: 0.75 },
        encoding: { y: { field: "zero", type: "quantitative" } },
      },
    ],
  } as unknown as TopLevelSpec;
}
