/** The files of a run by their content: which ones a run wrote, and what was in them. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Artifact } from "./run-entry.ts";

/** Wall times: the one file that differs between reruns. */
export const TIMINGS = "timings.json";

/** From what is decided first to what is made of all the rest; unnamed tables stand before the results. */
const BEFORE = ["config.yaml", "selection.csv", "targets.csv"];
const AFTER = ["fills.csv", "weights.csv", "ledger.csv", "equity.csv", "trades.csv", "trades_fifo.csv"];
const LAST = ["result.json", "report.html"];

/** File name -> a mark that changes whenever the file is written. */
export type FolderMarks = ReadonlyMap<string, string>;

/** The files in a folder, not below it; none where there is no folder yet. */
export function folderMarks(folder: string): FolderMarks {
  const marks = new Map<string, string>();
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return marks;
  for (const name of readdirSync(folder)) {
    const status = statSync(join(folder, name), { bigint: true, throwIfNoEntry: false });
    if (status?.isFile()) marks.set(name, `${status.ino} ${status.mtimeNs} ${status.size}`);
  }
  return marks;
}

/**
 * Names of the files written since `before` was taken: a folder may hold older files of another run. In the order in
 * which they come about, timings left out.
 */
export function writtenNames(folder: string, before: FolderMarks = new Map()): string[] {
  const written = [...folderMarks(folder)].filter(([name, mark]) => name !== TIMINGS && before.get(name) !== mark);
  return written.map(([name]) => name).sort(compareArtifacts);
}

/** The same as artifacts. */
export function writtenArtifacts(folder: string, before: FolderMarks = new Map()): Artifact[] {
  return writtenNames(folder, before).map((name) => readArtifact(folder, name)!);
}

/** Order in which files come about, by name where that says nothing. */
export function compareArtifacts(a: string, b: string): number {
  return place(a) - place(b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** What a file holds now; null where it is none. */
export function readArtifact(folder: string, name: string): Artifact | null {
  const path = join(folder, name);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null;
  const content = readFileSync(path);
  return { name, sha256: createHash("sha256").update(content).digest("hex"), bytes: content.length };
}

function place(name: string): number {
  const order = [...BEFORE, "", ...AFTER, ...LAST];
  const at = order.indexOf(name);
  return at < 0 ? BEFORE.length : at;
}
