/** The files of a model comparison. Everything but report.html and timings.json, which tell how long fits took, is the
 *  same bytes for the same config, data and seed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelComparison } from "../core/model-comparison.ts";
import { writeAtomically } from "../data/atomic-file.ts";
import { formatBarTime } from "../data/calendar.ts";
import { writeTable } from "../data/csv-writer.ts";
import type { ComparisonRun } from "./compare-models.ts";
import { jsonForm } from "./json-form.ts";
import { writeIc, writeIcSummary, writeSplits } from "./model-files.ts";

/** What comparison.json holds, and `models compare --json` prints. */
export function comparisonSummary(comparison: ModelComparison): Readonly<Record<string, unknown>> {
  const { id, name, synthetic, periodsPerYear, models, scorers, against, differences, firstBar, backtests } =
    comparison;
  const { axes, holdoutBar } = models;
  const timeOf = formatBarTime(axes.time);
  const dateOf = (bar: number | null) => (bar === null ? null : timeOf(axes.time[bar]!));
  return {
    id,
    name,
    synthetic,
    start: dateOf(0),
    end: dateOf(axes.time.length - 1),
    holdoutStart: dateOf(holdoutBar),
    bars: axes.time.length,
    assets: axes.assets.length,
    periodsPerYear,
    features: models.features,
    label: models.labelKind,
    alpha: models.alpha,
    horizons: models.horizons.map(({ name: horizon, horizonBars, splits }) => ({
      name: horizon,
      bars: horizonBars,
      folds: splits.length,
    })),
    against: against.name,
    scorers,
    evaluations: models.evaluations.map(({ bars: _bars, ic: _ic, rankIc: _rankIc, ...rest }) => rest),
    differences,
    firstDecision: dateOf(firstBar),
    backtests: backtests.map(({ equity: _equity, ...rest }) => rest),
    warnings: comparison.warnings,
    provenance: comparison.provenance,
  };
}

/**
 * Writes a comparison's folder, made where it is missing.
 *
 * @param html the rendered report
 * @returns path of the report
 */
export async function writeComparison(
  { comparison, notes }: ComparisonRun,
  out: string,
  html: string,
): Promise<string> {
  const { models, backtests } = comparison;
  const timeOf = formatBarTime(models.axes.time);
  mkdirSync(out, { recursive: true });
  const json = jsonForm(comparisonSummary(comparison));
  await writeAtomically(join(out, "config.yaml"), comparison.config);
  await writeAtomically(join(out, "comparison.json"), `${JSON.stringify(json, null, 2)}\n`);
  await writeSplits(join(out, "splits.csv"), models);
  await writeIc(join(out, "ic.csv"), models);
  await writeIcSummary(join(out, "ic_summary.csv"), models);
  await writeTable(join(out, "equity.csv"), [
    ["date", Array.from(models.axes.time, timeOf)],
    ...backtests.map(({ name, equity }) => [name, equity] as const),
  ]);
  const report = join(out, "report.html");
  await writeAtomically(report, html);
  writeFileSync(join(out, "timings.json"), `${JSON.stringify(jsonForm(notes), null, 2)}\n`);
  return report;
}
