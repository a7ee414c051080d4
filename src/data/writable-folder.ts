/** Folders that something is to be written into: looked at beforehand, and made with the true reason where that fails. */
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** @throws the system's error, its path `folder`, where it cannot be made or nothing written into it */
export function checkWritable(folder: string): void {
  let place = resolve(folder);
  while (!existsSync(place)) place = dirname(place);
  try {
    if (!statSync(place).isDirectory()) throw Object.assign(new Error(), { code: fileInTheWay(place, folder) });
    accessSync(place, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw Object.assign(new Error(`${code}: ${folder} cannot be written`), { code, path: folder });
  }
}

/**
 * Makes a folder and those above it; nothing where it is there already. Node's own way says ENOENT of a file system that
 * is read-only, and never ends where the kernel says so.
 *
 * @throws the system's error, its path `folder`
 */
export function makeFolder(folder: string): void {
  try {
    if (!existsSync(folder)) makeMissing(resolve(folder));
    else if (!statSync(folder).isDirectory())
      throw Object.assign(new Error("a file is in the way"), { code: "EEXIST" });
  } catch (error) {
    throw Object.assign(error as Error, { path: folder });
  }
}

function makeMissing(folder: string): void {
  const above = dirname(folder);
  if (!existsSync(above)) makeMissing(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    // another process may have been faster
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !existsSync(folder)) throw error;
  }
}

function fileInTheWay(place: string, folder: string): string {
  return place === resolve(folder) ? "EEXIST" : "ENOTDIR";
}
