/** Results of stages on disk, by the hash of everything that went into them. Safe to delete, safe with several processes:
 *  an entry appears whole under its name or not at all, and one whose bytes do not fit its checksum counts as absent. */
import { createHash, randomUUID } from "node:crypto";
import { closeSync, fstatSync, futimesSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { makeFolder } from "../data/writable-folder.ts";
import { bytesText, evictLeastRecent } from "./cache-eviction.ts";

export interface StageCache {
  /** What was written under this key; undefined when nothing was, or what there is was damaged. */
  read(key: string): unknown;
  /**
   * @param key   64 hex digits, as hashValue gives them
   * @param value plain data, typed arrays included
   * @throws the system's error, its path the folder, where that cannot be written
   */
  write(key: string, value: unknown): void;
  /** What is wrong with the entries so far, a sentence each. */
  warnings?(): readonly string[];
}

/** Beside the experiments, where the command is run. */
export const DEFAULT_CACHE = ".ballast/cache";

/** A hundred thousand trials of ten years of daily bars. */
export const DEFAULT_CACHE_LIMIT = 2e9;

/** Tells an entry of this layout, and of this runtime's way to write values, from any other. */
const MARK = Buffer.from([...Buffer.from("BLSC"), 1, serialize(null)[1]!, 0, 0]);
/** Of the mark, what every layout begins with. */
const NAME = 4;

/** Bytes of a SHA-256. */
const CHECKSUM = 32;

/** How long an entry that is read keeps its time: the order of eviction need not be finer. */
const TOUCH_AFTER_MS = 600_000;

/** The folder is looked through when this share of the limit was written: between, it may be above it by as much. */
const SHARE_BETWEEN_LOOKS = 1 / 16;

/**
 * @param folder     made where it is missing, when something is first written
 * @param limitBytes what was neither read nor written for longest goes where there is more; nothing that this cache
 *                   itself has read or written
 */
export function openStageCache(folder: string, limitBytes = DEFAULT_CACHE_LIMIT): StageCache {
  const pathOf = (key: string) => join(folder, key.slice(0, 2), key);
  const used = new Set<string>();
  const damaged = new Set<string>();
  let untilLook = 0;
  let bytesLeft = 0;
  return {
    read(key) {
      const path = pathOf(key);
      const bytes = inFolder(folder, () => readEntry(path));
      if (bytes === undefined) return undefined;
      const body = bodyOf(bytes);
      if (body === "damaged") damaged.add(path);
      if (typeof body === "string") return undefined;
      used.add(key);
      return deserialize(body);
    },
    write(key, value) {
      const body = serialize(value);
      const bytes = Buffer.concat([MARK, checksum(body), body]);
      used.add(key);
      inFolder(folder, () => writeEntry(pathOf(key), bytes));
      untilLook -= bytes.length;
      if (untilLook > 0) return;
      bytesLeft = inFolder(folder, () => evictLeastRecent(folder, limitBytes, used));
      untilLook = limitBytes * SHARE_BETWEEN_LOOKS;
    },
    warnings: () => [
      ...damagedWords([...damaged]),
      ...(bytesLeft <= limitBytes
        ? []
        : [
            `the cache ${folder} holds ${bytesText(bytesLeft)}, above its limit of ${bytesText(limitBytes)}: what this run itself has read or written stays`,
          ]),
    ],
  };
}

/** Keeps nothing. */
export const NO_CACHE: StageCache = { read: () => undefined, write: () => {} };

function damagedWords(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const [many, rest] = paths.length === 1 ? ["entry", ""] : ["entries", ", the first of them"];
  return [`${paths.length} damaged ${many} of the cache computed again${rest}: ${paths[0]}`];
}

/** Faults of the system name the cache, not one of its entries. */
function inFolder<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw Object.assign(error as Error, { path: folder });
  }
}

/** The value's bytes; "absent" for an entry of another layout. */
function bodyOf(bytes: Buffer): Buffer | "damaged" | "absent" {
  const mark = bytes.subarray(0, MARK.length);
  if (!mark.equals(MARK))
    return bytes.length > MARK.length && mark.subarray(0, NAME).equals(MARK.subarray(0, NAME)) ? "absent" : "damaged";
  const body = bytes.subarray(MARK.length + CHECKSUM);
  return checksum(body).equals(bytes.subarray(MARK.length, MARK.length + CHECKSUM)) ? body : "damaged";
}

function readEntry(path: string): Buffer | undefined {
  const handle = openEntry(path);
  if (handle === undefined) return undefined;
  try {
    const now = Date.now();
    if (now - fstatSync(handle).mtimeMs > TOUCH_AFTER_MS) touch(handle, new Date(now));
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}

function openEntry(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** An entry of somebody else's, or on a disk that is read-only or full, can be read and keeps its time. */
function touch(handle: number, now: Date): void {
  try {
    futimesSync(handle, now, now);
  } catch (error) {
    if (!["EPERM", "EACCES", "EROFS", "ENOSPC"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

function writeEntry(path: string, bytes: Buffer): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const put = () => {
    writeFileSync(temporary, bytes, { flag: "wx" });
    renameSync(temporary, path);
  };
  try {
    put();
  } catch (error) {
    rmSync(temporary, { force: true });
    // the first entry of its folder, or somebody has just deleted the cache
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    makeFolder(dirname(path));
    try {
      put();
    } catch (again) {
      rmSync(temporary, { force: true });
      throw again;
    }
  }
}

function checksum(body: Uint8Array): Buffer {
  return createHash("sha256").update(body).digest();
}
