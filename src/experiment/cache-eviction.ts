/** Keeps a cache within its limit: what was neither read nor written for longest goes first. Only files that are named
 *  like a cache's own are ever touched, so that a folder given by mistake loses nothing. */
import { readdirSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";

/** A cache above its limit is cut to this share of it, so that the next entry does not begin all over. */
const KEPT_SHARE = 0.9;

/** A temporary file that was not touched for so long is of a process that was killed. */
const ABANDONED_MS = 3_600_000;

const FOLDER = /^[0-9a-f]{2}$/;
const ENTRY = /^[0-9a-f]{64}$/;
const TEMPORARY = /^[0-9a-f]{64}\..+\.tmp$/;

const UNITS = [
  [1e3, "kB"],
  [1e6, "MB"],
  [1e9, "GB"],
] as const;

interface CacheFile {
  readonly path: string;
  /** Key of an entry; null for a temporary file. */
  readonly key: string | null;
  readonly bytes: number;
  /** Since the epoch, when it was last written or touched. */
  readonly usedMs: number;
}

/**
 * Other processes may do the same at the same time: a file that is gone, or was used since it was looked at, is passed over.
 *
 * @param keep keys whose entries stay, however much there is
 * @returns bytes of what is left
 * @throws the system's error where the folder cannot be read or changed
 */
export function evictLeastRecent(folder: string, limitBytes: number, keep: ReadonlySet<string>): number {
  const now = Date.now();
  const files = cacheFiles(folder);
  let left = files.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const file of files)
    if (file.key === null && now - file.usedMs > ABANDONED_MS && removeUnused(file)) left -= file.bytes;
  if (left <= limitBytes) return left;
  const entries = files.filter(({ key }) => key !== null && !keep.has(key));
  entries.sort((a, b) => a.usedMs - b.usedMs || (a.path < b.path ? -1 : 1));
  for (const file of entries) {
    if (left <= KEPT_SHARE * limitBytes) break;
    if (removeUnused(file)) left -= file.bytes;
  }
  return left;
}

/** "812.0 kB", "25.1 MB": thousands, with one decimal. */
export function bytesText(bytes: number): string {
  const unit = UNITS.findLast(([size]) => bytes >= size) ?? UNITS[0];
  return `${(bytes / unit[0]).toFixed(1)} ${unit[1]}`;
}

function cacheFiles(folder: string): CacheFile[] {
  const files: CacheFile[] = [];
  for (const name of namesIn(folder).filter((each) => FOLDER.test(each)))
    for (const file of namesIn(join(folder, name))) {
      const key = ENTRY.test(file) ? file : null;
      if (key === null && !TEMPORARY.test(file)) continue;
      const path = join(folder, name, file);
      const status = statSync(path, { throwIfNoEntry: false });
      if (status?.isFile()) files.push({ path, key, bytes: status.size, usedMs: status.mtimeMs });
    }
  return files;
}

/** None where the folder is gone by now. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

/** @returns whether it takes no more room: false for a file that was used in the meantime */
function removeUnused({ path, usedMs }: CacheFile): boolean {
  if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? usedMs) !== usedMs) return false;
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return true;
}
