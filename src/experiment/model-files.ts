/** The training stage's files of a run: predictions, splits, ICs, importances, and every fitted model. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IcStatistics, ModelRecord, PeriodEvaluation } from "../core/model-record.ts";
import type { Axes } from "../core/panel.ts";
import { writeAtomically } from "../data/atomic-file.ts";
import { formatBarTime } from "../data/calendar.ts";
import { writeTable, writeWideCsv } from "../data/csv-writer.ts";
import { TREE_KINDS } from "../models/tree-model.ts";
import type { ModelScores } from "./scores.ts";

/** What result.json says of the models. */
export function modelSummary(record: ModelRecord): unknown {
  const { axes, features, labelKind, alpha, holdoutBar, horizons, models, combiners, traded } = record;
  const timeOf = formatBarTime(axes.time);
  const fallbacks: Record<string, number> = {};
  for (const event of record.combinerEvents) {
    if (event.kind !== "fallback") continue;
    const name = `${event.combiner} ${event.horizon} ${event.reason}`;
    fallbacks[name] = (fallbacks[name] ?? 0) + event.toBar - event.fromBar + 1;
  }
  return {
    models,
    combiners,
    traded,
    features,
    label: labelKind,
    alpha,
    holdoutStart: holdoutBar === null ? null : timeOf(axes.time[holdoutBar]!),
    horizons: horizons.map(({ name, horizonBars, splits }) => ({ name, bars: horizonBars, folds: splits.length })),
    fits: record.fits.length,
    rankIc: record.evaluations.map(({ name, score, horizon, development, holdout }) => ({
      scorer: name,
      score,
      horizon,
      development: shortOf(development),
      holdout: holdout === null ? null : shortOf(holdout),
    })),
    fallbackBars: fallbacks,
  };
}

function shortOf({ rankIc }: PeriodEvaluation): unknown {
  const { dates, mean, icir, tStatNeweyWest } = rankIc;
  return { dates, mean, icir, tStatNeweyWest };
}

/** @param out the run's folder; its `models` and `model_scores` are replaced */
export async function writeModels(
  out: string,
  axes: Axes,
  record: ModelRecord,
  { trained }: ModelScores,
): Promise<void> {
  const wide = (name: string, values: Parameters<typeof writeWideCsv>[3]) =>
    writeWideCsv(join(out, name), axes.time, axes.assets, values);
  emptied(join(out, "model_scores"));
  for (const { name: horizon, scores } of trained.horizons)
    for (const [model, values] of scores) await wide(`model_scores/${model}_${horizon}.csv`, values);
  await writeSplits(join(out, "splits.csv"), record);
  await writeIc(join(out, "ic.csv"), record);
  await writeIcSummary(join(out, "ic_summary.csv"), record);
  await writeImportance(join(out, "importance.csv"), record);
  emptied(join(out, "models"));
  for (const { model, horizon, split, result } of trained.folds) {
    const path = join(out, "models", `${model}-${horizon}-${split.fold}`);
    await writeAtomically(`${path}.json`, `${JSON.stringify(result.model)}\n`);
    if (isTree(model)) writeFileSync(`${path}.ubj`, Buffer.from(`${result.model.model}`, "base64"));
  }
}

/** Trees are saved as XGBoost's own file as well, which any of its languages reads. */
function isTree(model: string): boolean {
  return TREE_KINDS.some((kind) => kind === model);
}

function emptied(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** One line a fold of each horizon; empty cells where there is no such bar. */
export async function writeSplits(path: string, { axes, horizons }: ModelRecord): Promise<void> {
  const dateOf = dates(axes);
  const lines = horizons.flatMap(({ name, horizonBars, splits }) =>
    splits.map((split) => ({ ...split, name, horizonBars })),
  );
  await writeTable(path, [
    ["horizon", lines.map(({ name }) => name)],
    ["horizon_bars", lines.map(({ horizonBars }) => horizonBars)],
    ["fold", lines.map(({ fold }) => fold)],
    ["period", lines.map(({ holdout }) => periodOf(holdout))],
    ["train_start", lines.map(({ trainStart }) => dateOf(trainStart))],
    ["train_end", lines.map(({ trainEnd }) => dateOf(trainEnd))],
    ["train_bars", lines.map(({ trainRows }) => trainRows)],
    ["purged_bars", lines.map(({ purgedRows }) => purgedRows)],
    ["embargoed_bars", lines.map(({ embargoedRows }) => embargoedRows)],
    ["test_start", lines.map(({ testStart }) => dateOf(testStart))],
    ["test_end", lines.map(({ testEnd }) => dateOf(testEnd))],
    ["test_bars", lines.map(({ testRows }) => testRows)],
  ]);
}

/** One line a scorer, score, horizon and date. */
export async function writeIc(path: string, { axes, evaluations, holdoutBar }: ModelRecord): Promise<void> {
  const dateOf = dates(axes);
  const lines = evaluations.flatMap(({ name, score, horizon, bars, ic, rankIc }) =>
    bars.map((bar, i) => ({ name, score, horizon, bar, ic: ic[i]!, rankIc: rankIc[i]! })),
  );
  await writeTable(path, [
    ["scorer", lines.map(({ name }) => name)],
    ["score", lines.map(({ score }) => score)],
    ["horizon", lines.map(({ horizon }) => horizon)],
    ["date", lines.map(({ bar }) => dateOf(bar))],
    ["period", lines.map(({ bar }) => periodOf(holdoutBar !== null && bar >= holdoutBar))],
    ["ic", lines.map(({ ic }) => ic)],
    ["rank_ic", lines.map(({ rankIc }) => rankIc)],
  ]);
}

/** One line a scorer, score, horizon, period and measure. */
export async function writeIcSummary(path: string, { evaluations }: ModelRecord): Promise<void> {
  const lines = evaluations.flatMap(({ kind, name, score, horizon, horizonBars, development, holdout }) =>
    Object.entries({ development, holdout }).flatMap(([period, of]) =>
      of === null
        ? []
        : Object.entries({ ic: of.ic, rank_ic: of.rankIc }).map(([measure, statistics]) => ({
            texts: [kind, name, score, horizon, period, measure],
            horizonBars,
            statistics,
            autocorrelation: of.rankAutocorrelation,
            spread: of.quantiles?.spread.mean ?? Number.NaN,
          })),
    ),
  );
  const text = (i: number) => lines.map(({ texts }) => texts[i]!);
  const number = (of: (statistics: IcStatistics) => number) => lines.map(({ statistics }) => of(statistics));
  await writeTable(path, [
    ["kind", text(0)],
    ["scorer", text(1)],
    ["score", text(2)],
    ["horizon", text(3)],
    ["horizon_bars", lines.map(({ horizonBars }) => horizonBars)],
    ["period", text(4)],
    ["measure", text(5)],
    ["dates", number(({ dates: count }) => count)],
    ["mean", number(({ mean }) => mean)],
    ["deviation", number(({ deviation }) => deviation)],
    ["icir", number(({ icir }) => icir)],
    ["t", number(({ tStat }) => tStat)],
    ["t_newey_west", number(({ tStatNeweyWest }) => tStatNeweyWest)],
    ["share_positive", number(({ hitRatio }) => hitRatio)],
    ["quantile_spread", lines.map(({ spread }) => spread)],
    ["rank_autocorrelation", lines.map(({ autocorrelation }) => autocorrelation)],
  ]);
}

/** One line a fit and feature; empty cells where a model has no such number. */
async function writeImportance(path: string, { features, fits }: ModelRecord): Promise<void> {
  const lines = fits.flatMap((fit) => features.map((feature, f) => ({ fit, feature, f })));
  const column = (name: "coefficients" | "rawCoefficients" | "gain" | "permutation" | "shap") =>
    lines.map(({ fit, f }) => fit[name]?.[f] ?? Number.NaN);
  await writeTable(path, [
    ["model", lines.map(({ fit }) => fit.model)],
    ["horizon", lines.map(({ fit }) => fit.horizon)],
    ["fold", lines.map(({ fit }) => fit.fold)],
    ["period", lines.map(({ fit }) => periodOf(fit.holdout))],
    ["feature", lines.map(({ feature }) => feature)],
    ["coefficient", column("coefficients")],
    ["raw_coefficient", column("rawCoefficients")],
    ["gain", column("gain")],
    ["permutation", column("permutation")],
    ["mean_abs_shap", column("shap")],
  ]);
}

function periodOf(holdout: boolean): string {
  return holdout ? "holdout" : "development";
}

/** -1 has no date. */
function dates({ time }: Axes): (bar: number) => string {
  const timeOf = formatBarTime(time);
  return (bar) => (bar < 0 ? "" : timeOf(time[bar]!));
}
