/** Text out under its final name only when it is whole: a reader sees the old file or the new one, never a part.
 *  Devices and pipes cannot be replaced, so they are written to as they are. */
import { randomUUID } from "node:crypto";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
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
  const target = await finalTarget(path);
  if (!target.replaceable) return writeThrough(path, text);
  const temporary = join(dirname(target.path), `.${basename(target.path)}.${randomUUID()}.tmp`);
  const handle = await openNew(temporary, path);
  try {
    await writeAll(handle, text);
    await rename(temporary, target.path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw Object.assign(error as Error, { path });
  }
}

/** Where the name leads: a link is followed, and a device or pipe is written to, never replaced. */
async function finalTarget(path: string): Promise<{ readonly path: string; readonly replaceable: boolean }> {
  try {
    const real = await realpath(path);
    const status = await stat(real);
    return { path: real, replaceable: status.isFile() || status.isDirectory() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { path, replaceable: true };
    throw Object.assign(error as Error, { path });
  }
}

async function writeThrough(path: string, text: string | Iterable<string>): Promise<void> {
  try {
    await writeAll(await open(path, "w"), text);
  } catch (error) {
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
