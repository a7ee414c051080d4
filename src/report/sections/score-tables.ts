/** Tables of a training stage: how good each score was, how it turned over, how the bars were split, what was fitted. */
import type {
  CombinerEvent,
  FoldFit,
  ModelRecord,
  PeriodEvaluation,
  ScorerEvaluation,
} from "../../core/model-record.ts";
import { eventTable, spacedName } from "../event-table.ts";
import { formatDay, formatPercent, formatTime, formatValue, formatWhole, plural } from "../number-format.ts";
import { formatIc } from "../scorers.ts";
import type { Block } from "../section.ts";
import { left, prose, type RowGroup, renderDetails, renderRows, renderTable, right } from "../table.ts";

export type Period = "development" | "holdout";

/** More lines than this open on demand. */
const SPLITS_SHOWN = 16;

/**
 * ICs of one period, a group a horizon. @param note closes the caption; "" = nothing more to say
 *
 * @returns "" when no score has the period
 */
export function icTable(models: ModelRecord, period: Period, note: string): string {
  const groups = groupsOf(models, (one) => {
    const found = one[period];
    if (found === null) return null;
    const { ic, rankIc } = found;
    return [
      formatWhole(ic.dates),
      formatIc(ic.mean),
      formatValue(ic.tStatNeweyWest, "ratio"),
      formatIc(rankIc.mean),
      formatValue(rankIc.tStatNeweyWest, "ratio"),
      formatValue(rankIc.icir, "ratio"),
      formatPercent(rankIc.hitRatio),
    ];
  });
  if (groups.length === 0) return "";
  return renderTable({
    caption:
      `Information coefficients, ${period}: correlation of out-of-sample scores with the returns that followed, mean over dates. ` +
      `t is Newey-West's with lag horizon − 1; a mix is ${formatValue(models.alpha, "ratio")} of the short score and the rest of the long one.${note}`,
    columns: [
      left("Score"),
      right("Dates"),
      right("IC"),
      right("t"),
      right("Rank IC"),
      right("t"),
      right("ICIR"),
      right("Above 0"),
    ],
    groups,
  });
}

/** Spread, turnover and stability of one period. @returns "" when no score has the period */
export function spreadTable(models: ModelRecord, period: Period): string {
  const groups = groupsOf(models, (one) => {
    const found = one[period];
    if (found === null) return null;
    const { quantiles, rankAutocorrelation, fit } = found;
    const spread = quantiles?.spread;
    return [
      formatPercent(spread?.mean ?? Number.NaN),
      formatValue(spread?.tStatNeweyWest ?? Number.NaN, "ratio"),
      formatPercent(endTurnover(found)),
      formatIc(rankAutocorrelation),
      fit === null ? "–" : formatPercent(fit.signHit),
      fit === null ? "–" : formatIc(fit.rmse),
    ];
  });
  if (groups.length === 0) return "";
  return renderTable({
    caption:
      `Quantiles and stability, ${period}: mean return of the highest less the lowest quantile over the horizon, share of those two that changes a bar, ` +
      `correlation of ranks with those of the bar before; for models how often the sign of a prediction was right, and its root mean square error.`,
    columns: [
      left("Score"),
      right("High − low"),
      right("t"),
      right("Turnover a bar"),
      right("Rank autocorr."),
      right("Sign right"),
      right("RMSE"),
    ],
    groups,
  });
}

/** Of the lowest and the highest quantile, mean. */
export function endTurnover({ quantiles }: PeriodEvaluation): number {
  if (quantiles === null) return Number.NaN;
  return (quantiles.turnover[0]! + quantiles.turnover.at(-1)!) / 2;
}

/** Every score against a horizon's returns: its own score for it, then its mix. */
function groupsOf(models: ModelRecord, cells: (one: ScorerEvaluation) => readonly string[] | null): RowGroup[] {
  return models.horizons.flatMap((horizon) => {
    const rows = models.evaluations
      .filter((one) => one.horizon === horizon.name)
      .flatMap((one) => {
        const found = cells(one);
        return found === null ? [] : [[one.score === "mix" ? `${one.label}, mix` : one.label, ...found]];
      });
    return rows.length === 0 ? [] : [{ label: `Returns over ${plural(horizon.horizonBars, "bar")}`, rows }];
  });
}

/** Where each fold learnt and was tested; folded away where there are many. */
export function splitsTable(models: ModelRecord): string {
  const folds = models.horizons.reduce((sum, { splits }) => sum + splits.length, 0);
  const dayOf = (bar: number) => (bar < 0 ? "none" : formatDay(models.axes.time[bar] ?? Number.NaN));
  const groups = models.horizons.map(
    (horizon): RowGroup => ({
      label: `Returns over ${plural(horizon.horizonBars, "bar")}`,
      rows: horizon.splits.map((split) => [
        split.holdout ? "holdout" : formatWhole(split.fold + 1),
        dayOf(split.trainStart),
        dayOf(split.trainEnd),
        formatWhole(split.trainRows),
        formatWhole(split.purgedRows),
        formatWhole(split.embargoedRows),
        dayOf(split.testStart),
        dayOf(split.testEnd),
        formatWhole(split.testRows),
      ]),
    }),
  );
  const caption = "Walk-forward splits. Purged bars have labels that end at or after the start of the test.";
  const few = folds <= SPLITS_SHOWN;
  const table = renderTable({
    caption,
    columns: [
      left("Fold"),
      left("Train from"),
      left("to"),
      right("Bars"),
      right("Purged"),
      right("Embargo"),
      left("Test from"),
      left("to"),
      right("Bars"),
    ],
    groups: groups.filter(({ rows }) => rows.length > 0),
    kind: few ? "numbered" : "plain",
  });
  return few ? table : renderDetails(`${plural(folds, "walk-forward split")}`, table);
}

/** What every fit learnt from, and what tuning chose; on demand. @returns "" without a fit */
export function fitsTable({ fits }: ModelRecord): string {
  if (fits.length === 0) return "";
  const tuned = fits.some(({ trials }) => trials.length > 0);
  const boosted = fits.some(({ rounds }) => rounds !== null);
  const columns = [
    left("Model"),
    left("Horizon"),
    left("Fold"),
    right("Rows"),
    ...(boosted ? [right("Rounds")] : []),
    ...(tuned ? [right("Tried"), left("Chosen"), right("Inner rank IC")] : []),
  ];
  const rows = fits.map((fit) => [
    fit.model,
    fit.horizon,
    fit.holdout ? "holdout" : formatWhole(fit.fold + 1),
    formatWhole(fit.trainingRows),
    ...(boosted ? [fit.rounds === null ? "" : formatWhole(fit.rounds.kept)] : []),
    ...(tuned ? tuningCells(fit) : []),
  ]);
  const title = `${plural(fits.length, "fit")}${tuned ? ", and what tuning chose" : ""}`;
  return renderDetails(title, renderRows(title, columns, rows, "plain"));
}

function tuningCells({ trials, chosenTrial }: FoldFit): readonly string[] {
  const chosen = trials[chosenTrial];
  if (chosen === undefined) return ["", "", ""];
  const words = Object.entries(chosen.parameters).map(([name, value]) => `${name} ${value}`);
  return [formatWhole(trials.length), words.join(", "), formatIc(chosen.meanRankIc)];
}

/** What combiners said: fallbacks, what stacking learnt, when conditional changed sides. */
export function combinerEventBlocks({ combinerEvents, axes }: ModelRecord): Block[] {
  if (combinerEvents.length === 0) return [];
  const events = combinerEvents.map((event) => ({
    kind: event.kind,
    bar: event.kind === "fallback" ? event.fromBar : event.bar,
    event,
  }));
  return eventTable(events, axes.time, {
    noun: "ensemble event",
    name: (kind) => kind,
    columns: [left("Combiner"), left("Horizon"), prose("Detail")],
    cells: ({ event }) => [event.combiner, event.horizon, eventDetail(event, (bar) => formatTime(axes.time[bar]!))],
  });
}

function eventDetail(event: CombinerEvent, dateOf: (bar: number) => string): string {
  switch (event.kind) {
    case "fallback": {
      const { reason, fromBar, toBar, maturedBars, neededBars } = event;
      const matured =
        neededBars === 0 ? "" : `, ${formatWhole(maturedBars)} of ${formatWhole(neededBars)} bars matured`;
      return `${spacedName(reason)} for ${plural(toBar - fromBar + 1, "bar")}, to ${dateOf(toBar)}${matured}`;
    }
    case "fit": {
      const [scoreRanking, scoreModel, rankRanking, rankModel] = event.coefficients.map(coefficient);
      return (
        `from ${plural(event.samples, "row")} of ${plural(event.maturedBars, "matured bar")}: score ranking ${scoreRanking}, ` +
        `score model ${scoreModel}, rank ranking ${rankRanking}, rank model ${rankModel}`
      );
    }
    case "switch":
      return `favours the ${event.favours} from here on, the model's trailing IC is ${formatIc(event.trailingIc)}`;
  }
}

function coefficient(value: number): string {
  return String(Number(value.toPrecision(3))).replace("-", "−");
}
