/** Puts a finished run into the registry. Its files are written by then, so that nothing is lost where that fails. */
import { resolve } from "node:path";
import { expectedFailure } from "../core/system-failure.ts";
import type { ExperimentRun } from "../experiment/pipeline.ts";
import { recordRuns } from "../experiment/registry.ts";
import { useRegistry } from "../experiment/registry-file.ts";
import { writtenArtifacts } from "../experiment/run-artifacts.ts";
import { type RunEntry, runEntry } from "../experiment/run-entry.ts";
import { printWarning } from "./output.ts";
import type { ResultFolder } from "./result-folder.ts";

export function recordFinishedRun(run: ExperimentRun, folder: ResultFolder, registry: string, startedAt: string): void {
  recordEntries(registry, folder, "the run was not recorded", () => [
    runEntry(run, {
      startedAt,
      finishedAt: new Date().toISOString(),
      workingFolder: process.cwd(),
      out: resolve(folder.out),
      artifacts: writtenArtifacts(folder.out, folder.before),
    }),
  ]);
}

/** A registry or folder that cannot be read or written is a warning that begins with `failure`. */
export function recordEntries(
  registry: string,
  { out, fault }: ResultFolder,
  failure: string,
  entries: () => readonly RunEntry[],
): void {
  try {
    const made = entries();
    useRegistry(registry, "record", (database) => recordRuns(database, made));
  } catch (error) {
    const said = expectedFailure(error);
    if (said === undefined) throw error;
    printWarning(`${failure}: ${said}${fault === null ? `; its files are all in ${out}` : ""}`);
  }
}
