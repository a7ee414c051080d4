/** Text out under its final name only when it is whole: a reader sees the old file or the new one, never a part. */
import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { InputError } from "../core/errors.ts";

/** Characters gathered before they are handed to the file. */
const BLOCK = 1 << 18;

/**
 * Writes to a temporary name beside `path` and renames; of writers at the same time the last to finish wins.
 *
 * @param text all of it, or pieces to be written one after another
 * @throws InputError when the folder does not exist; the system's own error, naming `path`, when it cannot be written
 */
export async function writeAtomically(path: string, text: string | Iterable<string>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  const handle = await openNew(temporary, path);
  try {
    await writeAll(handle, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw Object.assign(error as Error, { path });
  }
}

async function openNew(temporary: string, path: string): Promise<FileHandle> {
  try {
    return await open(temporary, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw InputError.of({ where: path, rule: `there is no folder ${dirname(path)}` });
    throw Object.assign(error as Error, { path });
  }
}

async function writeAll(handle: FileHandle, text: string | Iterable<string>): Promise<void> {
  try {
    let block = "";
    for (const piece of typeof text === "string" ? [text] : text) {
      block += piece;
      if (block.length < BLOCK) continue;
      await handle.appendFile(block);
      block = "";
    }
    if (block !== "") await handle.appendFile(block);
  } finally {
    await handle.close();
  }
}
