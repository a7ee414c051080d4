/** Takes away the files of a run, and nothing that is not the run's byte for byte. */
import { readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../core/errors.ts";
import type { SavedRun } from "./registry-queries.ts";
import { readArtifact, TIMINGS } from "./run-artifacts.ts";
import type { RunKind } from "./run-entry.ts";

/** Its provenance says whose folder it is. */
const MARKS: Readonly<Record<RunKind, string>> = { run: "result.json", sweep: "report.html", trial: "result.json" };

/**
 * Paths of the run's files that still have their recorded bytes, and of the timings beside them.
 *
 * @throws InputError when the run's folder is not, or no longer, its own
 */
export function ownFiles({ id, kind, out, artifacts }: SavedRun): readonly string[] {
  const mark = artifacts.find(({ name }) => name === MARKS[kind]);
  if (out === null || mark === undefined) throw InputError.of({ where: id, rule: "has no files of its own" });
  if (readArtifact(out, mark.name)?.sha256 !== mark.sha256)
    throw InputError.of({ where: out, rule: `is not, or no longer, the folder of ${id}: remove it without --files` });
  const own = artifacts.filter(({ name, sha256 }) => readArtifact(out, name)?.sha256 === sha256);
  const timings = readArtifact(out, TIMINGS) === null ? [] : [TIMINGS];
  return [...own.map(({ name }) => name), ...timings].map((name) => join(out, name));
}

/**
 * Deletes files of one folder, and the folder when that leaves it empty.
 *
 * @returns names of what is left in it
 */
export function deleteFiles(folder: string, files: readonly string[]): readonly string[] {
  for (const file of files) unlinkSync(file);
  const left = readdirSync(folder);
  if (left.length === 0) rmdirSync(folder);
  return left;
}
