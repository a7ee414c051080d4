/** Puts a finished run into the registry. Its files are written by then, so that nothing is lost where that fails. */
import { resolve } from "node:path";
import { InputError } from "../core/errors.ts";
import type { ExperimentRun } from "../experiment/pipeline.ts";
import { recordRuns } from "../experiment/registry.ts";
import { useRegistry } from "../experiment/registry-file.ts";
import { type FolderMarks, writtenArtifacts } from "../experiment/run-artifacts.ts";
import { runEntry } from "../experiment/run-entry.ts";
import { printWarning } from "./output.ts";

export interface RecordedWhere {
  readonly registry: string;
  /** Folder of the run's files, and what was in it before. */
  readonly out: string;
  readonly before: FolderMarks;
  readonly startedAt: string;
}

/** A registry or folder that cannot be read or written is a warning. */
export function recordFinishedRun(run: ExperimentRun, { registry, out, before, startedAt }: RecordedWhere): void {
  try {
    const entry = runEntry(run, {
      startedAt,
      finishedAt: new Date().toISOString(),
      workingFolder: process.cwd(),
      out: resolve(out),
      artifacts: writtenArtifacts(out, before),
    });
    useRegistry(registry, "record", (database) => recordRuns(database, [entry]));
  } catch (error) {
    const expected = error instanceof InputError || (error as NodeJS.ErrnoException).code !== undefined;
    if (!expected) throw error;
    printWarning(`the run was not recorded: ${(error as Error).message}`);
  }
}
