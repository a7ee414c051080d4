/** Mean rank IC by score and fold as a heatmap, one horizon: is an edge everywhere, or of one lucky stretch? */
import type { TopLevelSpec } from "vega-lite";
import type { HorizonRecord, ModelRecord, SplitLine } from "../../core/model-record.ts";
import type { Floats } from "../../core/panel.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import { formatDay, plural } from "../number-format.ts";
import { significant } from "../sampling.ts";
import { formatIc, horizonTitle, ownEvaluation, scorersOf } from "../scorers.ts";
import { divergingGround, divergingText } from "../theme.ts";
import { colourReach, colourStep, stepColour } from "./diverging-cells.ts";
import { NAME_AXIS } from "./name-axis.ts";

const ROW_PX = 27;
/** No IC within ±0.01 has full colour. */
const LEAST_REACH = 0.01;

interface Cell {
  readonly score: string;
  readonly order: number;
  readonly fold: number;
  readonly holdout: boolean;
  readonly mean: number;
  readonly t: number;
  readonly dates: number;
}

/** @returns null when no fold of the horizon has an IC */
export function foldIcChart(models: ModelRecord, horizon: HorizonRecord): Chart | null {
  const cells = scorersOf(models).flatMap((scorer, order) =>
    (ownEvaluation(models, scorer, horizon.name)?.folds ?? []).map(
      ({ fold, holdout, rankIc }): Cell => ({
        score: scorer.label,
        order,
        fold,
        holdout,
        mean: rankIc.mean,
        t: rankIc.tStatNeweyWest,
        dates: rankIc.dates,
      }),
    ),
  );
  const known = cells.filter(({ mean }) => mean === mean);
  if (known.length === 0) return null;
  const reach = colourReach(
    known.map(({ mean }) => mean),
    LEAST_REACH,
  );
  const scores = new Set(known.map(({ score }) => score)).size;
  const folds = horizon.splits.length;
  const { time } = models.axes;
  const spans = new Map(horizon.splits.map((split) => [split.fold, spanOf(split, time)]));
  return {
    id: `fold-ic-${horizon.name}`,
    title: `Rank IC by fold, ${horizonTitle(horizon)}`,
    description: `Heatmap of the mean rank IC of ${plural(scores, "score")} in ${plural(folds, "fold")}.`,
    caption:
      `Mean rank IC over the test dates of each fold, in hundredths: blue above zero, orange below, full colour from ±${(100 * reach).toFixed(1)}.` +
      (horizon.splits.some(({ holdout }) => holdout) ? " H is the holdout." : "") +
      (known.length < cells.length ? " An empty cell has no date whose label ends in its period." : ""),
    legend: [],
    columns: {
      score: known.map(({ score }) => score),
      order: known.map(({ order }) => order),
      fold: known.map(({ fold }) => fold),
      held: known.map(({ holdout }) => (holdout ? 1 : 0)),
      hundredths: known.map(({ mean }) => significant(100 * mean, 4)),
      step: known.map(({ mean }) => colourStep(mean, reach)),
      span: known.map(({ fold, holdout }) => `${holdout ? "holdout" : `fold ${fold + 1}`}, ${spans.get(fold) ?? ""}`),
      mean: known.map(({ mean }) => formatIc(mean)),
      tstat: known.map(({ t }) => significant(t, 4)),
      dates: known.map(({ dates }) => dates),
    },
    views: singleView(
      spec(
        scores,
        folds,
        horizon.splits.findIndex(({ holdout }) => holdout),
      ),
    ),
    readout: {
      by: "mark",
      title: { field: "score", label: "", style: "text" },
      fields: [
        { field: "span", label: "", style: "text" },
        { field: "mean", label: "mean rank IC", style: "text" },
        { field: "tstat", label: "t, Newey-West", style: "ratio" },
        { field: "dates", label: "dates", style: "count" },
      ],
    },
  };
}

function spanOf({ testStart, testEnd }: SplitLine, time: Floats): string {
  const day = (bar: number) => formatDay(time[bar] ?? Number.NaN);
  return `${day(testStart)} to ${day(testEnd)}`;
}

/** Cells too narrow for a number have none. @param holdout fold of the holdout; -1 = none */
function spec(scores: number, folds: number, holdout: number): TopLevelSpec {
  const printed = `width / ${folds} > 30`;
  return {
    data: ROWS,
    height: ROW_PX * scores,
    encoding: {
      x: {
        field: "fold",
        type: "ordinal",
        scale: { domain: Array.from({ length: folds }, (_, fold) => fold), paddingInner: 0.05, paddingOuter: 0 },
        axis: {
          orient: "top",
          domain: false,
          ticks: false,
          labelAngle: 0,
          labelFlush: false,
          labelOverlap: true,
          labelExpr: `datum.value === ${holdout} ? 'H' : datum.value + 1`,
        },
      },
      y: {
        field: "score",
        type: "ordinal",
        sort: { field: "order", op: "min" },
        scale: { paddingInner: 0.08, paddingOuter: 0 },
        axis: NAME_AXIS,
      },
    },
    layer: [
      { mark: { type: "rect", cornerRadius: 2 }, encoding: { color: stepColour(divergingGround) } },
      {
        mark: {
          type: "text",
          fontSize: { expr: `width / ${folds} > 44 ? 11 : 9` },
          text: { expr: `${printed} ? format(datum.hundredths, '.1f') : ''` },
        },
        encoding: { color: stepColour(divergingText) },
      },
    ],
    resolve: { scale: { color: "independent" } },
  } as unknown as TopLevelSpec;
}
