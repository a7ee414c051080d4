/** What one model goes by: a dot a fold and a tick at the mean for every feature, by each measure the model has. */
import type { TopLevelSpec } from "vega-lite";
import type { FoldFit, ModelRecord } from "../../core/model-record.ts";
import { type Chart, type ChartView, ROWS } from "../chart.ts";
import { formatWhole, plural } from "../number-format.ts";
import { significant } from "../sampling.ts";
import { tone } from "../theme.ts";
import { NAME_AXIS } from "./name-axis.ts";
import { ZERO_RULE } from "./time-series.ts";

const FEATURES_SHOWN = 24;
const ROW_PX = 19;

type MeasureKey = "coefficients" | "gain" | "permutation" | "shap";

interface Measure {
  readonly key: MeasureKey;
  readonly label: string;
  readonly about: string;
  /** What features are put in order of the mean size of. */
  readonly noun: string;
}

/** The first a model has is shown first, and puts the features in order. */
const MEASURES: readonly Measure[] = [
  {
    key: "coefficients",
    label: "Coefficients",
    noun: "coefficient",
    about: "label per standard deviation of the feature",
  },
  {
    key: "shap",
    label: "Mean |SHAP|",
    noun: "SHAP value",
    about: "mean absolute SHAP value over test rows, in units of the label",
  },
  { key: "gain", label: "Gain", noun: "gain", about: "mean gain of the splits on the feature" },
  {
    key: "permutation",
    label: "Permutation",
    noun: "rank IC lost",
    about: "rank IC lost on test dates when the feature is shuffled",
  },
];

/** Folds of the holdout are left out. @returns null when no fold of the model says anything about its features */
export function featureImportanceChart(models: ModelRecord, model: string): Chart | null {
  const fits = models.fits.filter((fit) => fit.model === model && !fit.holdout);
  const measures = MEASURES.filter(({ key }) => fits.some((fit) => fit[key] !== null));
  if (measures.length === 0 || models.features.length === 0) return null;
  const order = bySize(fits, measures[0]!.key, models.features.length);
  const shown = order.slice(0, FEATURES_SHOWN);
  const dots = measures.flatMap(({ key }, m) =>
    shown.flatMap((f, place) => [...fits.flatMap((fit) => dot(models, fit, m, f, place, fit[key]?.[f] ?? Number.NaN))]),
  );
  if (dots.length === 0) return null;
  const cut =
    shown.length < order.length
      ? ` The ${formatWhole(shown.length)} of ${formatWhole(order.length)} features with the largest are shown.`
      : "";
  return {
    id: `importance-${models.models.indexOf(model)}`,
    title: `What ${model} goes by`,
    description: `Dot plot of the importance of ${plural(shown.length, "feature")} to ${model}, a dot a fold; ${models.features[shown[0]!]} comes first.`,
    caption:
      `A dot a fold of development, a tick at their mean; features in order of mean absolute ${measures[0]!.noun}. ` +
      `${measures.map(({ label, about }) => `${label}: ${about}`).join(". ")}.${cut}`,
    legend: models.horizons.map(({ name, horizonBars }, k) => ({
      label: `${name}, ${plural(horizonBars, "bar")}`,
      colour: horizonTone(k),
      mark: "area",
    })),
    columns: {
      measure: dots.map(({ measure }) => measure),
      feature: dots.map(({ feature }) => feature),
      place: dots.map(({ place }) => place),
      horizon: dots.map(({ horizon }) => horizon),
      value: dots.map(({ value }) => significant(value, 5)),
      fold: dots.map(({ fold }) => fold),
      shown: dots.map(({ value }) => String(significant(value, 3)).replace("-", "−")),
    },
    views: measures.map(({ key, label }, m) => ({
      key,
      label,
      spec: spec(m, shown.length, models.horizons.length),
    })) as unknown as readonly [ChartView, ...ChartView[]],
    readout: {
      by: "mark",
      title: { field: "feature", label: "", style: "text" },
      fields: [
        { field: "fold", label: "", style: "text" },
        { field: "shown", label: "value", style: "text" },
      ],
    },
  };
}

interface Dot {
  readonly measure: number;
  readonly feature: string;
  readonly place: number;
  readonly horizon: number;
  readonly value: number;
  readonly fold: string;
}

function dot(models: ModelRecord, fit: FoldFit, measure: number, f: number, place: number, value: number): Dot[] {
  if (!Number.isFinite(value)) return [];
  const horizon = models.horizons.findIndex(({ name }) => name === fit.horizon);
  return [
    { measure, feature: models.features[f]!, place, horizon, value, fold: `fold ${fit.fold + 1}, ${fit.horizon}` },
  ];
}

/** Positions of the features, largest mean absolute value first; ties in the order of the features. */
function bySize(fits: readonly FoldFit[], key: MeasureKey, features: number): number[] {
  const sizes = Array.from({ length: features }, (_, f) => {
    const values = fits.flatMap((fit) => fit[key]?.[f] ?? []).filter(Number.isFinite);
    return values.length === 0 ? 0 : values.reduce((sum, x) => sum + Math.abs(x), 0) / values.length;
  });
  return Array.from(sizes.keys()).sort((a, b) => sizes[b]! - sizes[a]! || a - b);
}

function horizonTone(k: number): string {
  return k === 0 ? tone("accent") : "var(--band-1)";
}

function spec(measure: number, features: number, horizons: number): TopLevelSpec {
  const numbers = Array.from({ length: horizons }, (_, k) => k);
  const y = {
    field: "feature",
    type: "ordinal",
    sort: { field: "place", op: "min" },
    axis: { ...NAME_AXIS, grid: true },
  };
  const color = {
    field: "horizon",
    type: "ordinal",
    scale: { domain: numbers, range: numbers.map(horizonTone) },
    legend: null,
  };
  const yOffset = { field: "horizon", type: "ordinal", scale: { domain: numbers } };
  const axis = {
    labelExpr: "format(datum.value, '~r')",
    tickCount: { expr: "max(3, floor(width / 130))" },
    grid: false,
  };
  return {
    data: ROWS,
    height: ROW_PX * features,
    transform: [{ filter: `datum.measure === ${measure}` }],
    layer: [
      { ...ZERO_RULE, encoding: { x: { field: "zero", type: "quantitative", axis } } },
      {
        mark: { type: "point", filled: true, size: 26, opacity: 0.45 },
        encoding: { x: { field: "value", type: "quantitative", axis }, y, yOffset, color },
      },
      {
        mark: { type: "tick", thickness: 2.5, height: 8, opacity: 1 },
        encoding: {
          x: { aggregate: "mean", field: "value", type: "quantitative", axis },
          y,
          yOffset,
          color,
        },
      },
    ],
  } as unknown as TopLevelSpec;
}
