/** The files of a sweep. Everything but timings.json is the same bytes for the same experiment, data and seed. */
import { join } from "node:path";
import { writeAtomically } from "../data/atomic-file.ts";
import { jsonForm } from "../experiment/json-form.ts";
import { writeLeaderboard } from "../experiment/leaderboard-files.ts";
import { TIMINGS } from "../experiment/run-artifacts.ts";
import { writeHoldout, writeWalkForward } from "../experiment/walk-forward-files.ts";
import { renderSweepReport } from "../report/sweep/sweep-report.ts";
import type { SweepRun } from "../sweep/run-sweep.ts";
import type { SweepNotes } from "../sweep/sweep-notes.ts";
import { fillResultFolder, type ResultFolder } from "./result-folder.ts";

export interface SavedSweep extends ResultFolder {
  readonly leaderboard: string;
  readonly report: string;
  /** Of the run, the report now among them. */
  readonly notes: SweepNotes;
}

/** @param out folder, made where it is missing */
export async function saveSweep({ record, notes }: SweepRun, out: string): Promise<SavedSweep> {
  const [leaderboard, report] = [join(out, "leaderboard.csv"), join(out, "report.html")];
  const timings = [...notes.timings];
  const folder = await fillResultFolder(out, async () => {
    await writeLeaderboard(out, record);
    await writeWalkForward(out, record, record.walkForward);
    await writeHoldout(out, record);
    await writeAtomically(join(out, "experiment.yaml"), record.config);
    const started = performance.now();
    await writeAtomically(report, await renderSweepReport(record));
    timings.push({ stage: "report", ms: performance.now() - started });
    const { timings: stages, ...rest } = { ...notes, timings };
    await writeAtomically(join(out, TIMINGS), `${JSON.stringify(jsonForm({ stages, ...rest }), null, 2)}\n`);
  });
  return { ...folder, leaderboard, report, notes: { ...notes, timings } };
}
