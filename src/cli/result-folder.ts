/** The folder that results are written to, and what is in it where the writing failed. */
import { basename } from "node:path";
import { expectedFailure } from "../core/system-failure.ts";
import { makeFolder } from "../data/writable-folder.ts";
import { type FolderMarks, folderMarks, writtenNames } from "../experiment/run-artifacts.ts";

export interface ResultFolder {
  readonly out: string;
  /** What was in it before. */
  readonly before: FolderMarks;
  /** What kept a file from being written; null when all are there. */
  readonly fault: Error | null;
}

/** @param write writes the files into the folder, which is there */
export async function fillResultFolder(out: string, write: () => Promise<void>): Promise<ResultFolder> {
  let before: FolderMarks = new Map();
  try {
    makeFolder(out);
    before = folderMarks(out);
    await write();
    return { out, before, fault: null };
  } catch (error) {
    if (expectedFailure(error) === undefined) throw error;
    return { out, before, fault: error as Error };
  }
}

/** What is there and what is not, in a sentence; "" where all is. */
export function unsavedNote({ out, before, fault }: ResultFolder): string {
  if (fault === null) return "";
  const { path } = fault as NodeJS.ErrnoException;
  const written = writtenNames(out, before);
  const there = written.length === 0 ? "no file of this run" : written.join(", ");
  return `not all files were written, the first to fail is ${basename(path ?? out)}; in ${out}: ${there}`;
}
