/** What was chosen walk-forward, and what a look at the holdout showed, as files for other programs. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Axes } from "../core/panel.ts";
import type { SweepRecord } from "../core/sweep-record.ts";
import type { WalkForwardRecord } from "../core/walk-forward-record.ts";
import { writeAtomically } from "../data/atomic-file.ts";
import { formatBarTime } from "../data/calendar.ts";
import { type TableColumn, writeTable, writeWideCsv } from "../data/csv-writer.ts";
import { jsonForm } from "./json-form.ts";

/**
 * walk_forward.csv, a line a window, and walk_forward_equity.csv, a line a bar out of sample.
 *
 * Ends of training and test are their last bars. Empty: the trial and the values of its axes where nothing was chosen, an
 * axis that does not apply, a metric that is undefined. Without a record, files of an earlier run are taken away.
 *
 * @param out folder, which exists
 */
export async function writeWalkForward(
  out: string,
  { axes, bars, trials }: SweepRecord,
  record: WalkForwardRecord | null,
): Promise<void> {
  const [windowsPath, equityPath] = [join(out, "walk_forward.csv"), join(out, "walk_forward_equity.csv")];
  if (record === null) {
    for (const path of [windowsPath, equityPath]) rmSync(path, { force: true });
    return;
  }
  const { windows, rankBy } = record;
  const dateOf = formatBarTime(bars.time);
  const dates = (bar: (window: (typeof windows)[number]) => number) =>
    windows.map((window) => dateOf(bars.time[bar(window)]!));
  const byIndex = new Map(trials.map((trial) => [trial.index, trial]));
  const columns: TableColumn[] = [
    ["window", windows.map((_, k) => k + 1)],
    ["train_start", dates(({ train }) => train.from)],
    ["train_end", dates(({ train }) => train.to - 1)],
    ["test_start", dates(({ test }) => test.from)],
    ["test_end", dates(({ test }) => test.to - 1)],
    ["choice", windows.map(({ choice }) => choice)],
    ["trial", windows.map(({ trial }) => (trial < 0 ? Number.NaN : trial))],
    ["id", windows.map(({ trial }) => byIndex.get(trial)?.id ?? "")],
    ...axes.map(
      ({ path }, a): TableColumn => [path, windows.map(({ trial }) => String(byIndex.get(trial)?.values[a] ?? ""))],
    ),
    [`train_${rankBy}`, windows.map(({ trainMetric }) => trainMetric)],
    [`test_${rankBy}`, windows.map(({ testMetric }) => testMetric)],
    ["test_rank", windows.map(({ testRank }) => testRank)],
    ["tested", windows.map(({ tested }) => tested)],
  ];
  await writeTable(windowsPath, columns);
  await writeForwardEquity(equityPath, bars, record);
}

/** From the close before the first test bar on. */
async function writeForwardEquity(path: string, { time }: Axes, record: WalkForwardRecord): Promise<void> {
  const { firstBar, stitched, spliced, hindsight, median } = record;
  const accounts = [stitched, spliced, hindsight, median];
  const values = new Float64Array(accounts.length * stitched.equity.length);
  for (const [k, { equity }] of accounts.entries())
    for (let t = 0; t < equity.length; t++) values[t * accounts.length + k] = equity[t]!;
  const names = ["stitched", "spliced", `best_in_hindsight_trial_${hindsight.trial}`, `median_trial_${median.trial}`];
  await writeWideCsv(path, time.subarray(firstBar - 1), names, values);
}

/**
 * holdout.json: which config looked, as the how manieth, and its metrics before the holdout and in it. Where nobody
 * looked, that of an earlier run is taken away.
 *
 * @param out folder, which exists
 */
export async function writeHoldout(out: string, record: SweepRecord): Promise<void> {
  const path = join(out, "holdout.json");
  const facts = holdoutFacts(record);
  if (facts === null) return rmSync(path, { force: true });
  const value = jsonForm({ sweep: record.id, ...facts });
  await writeAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** The look without its series; null where none was taken. */
export function holdoutFacts({ axes, trials, holdout }: SweepRecord): Readonly<Record<string, unknown>> | null {
  if (holdout === null) return null;
  const { time, equity: _equity, firstBar, ...facts } = holdout;
  const values = trials.find(({ index }) => index === holdout.trial)?.values ?? [];
  return {
    ...facts,
    firstBar: formatBarTime(time)(time[firstBar]!),
    values: Object.fromEntries(axes.map(({ path }, a) => [path, values[a] ?? null])),
  };
}
