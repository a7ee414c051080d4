/** Results of stages on disk, by the hash of everything that went into them. Safe to delete, safe with several processes:
 *  an entry appears whole under its name or not at all, and one whose bytes do not fit its checksum counts as absent. */
import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";

export interface StageCache {
  /** What was written under this key; undefined when nothing was, or what there is was damaged. */
  read(key: string): unknown;
  /**
   * @param key   64 hex digits, as hashValue gives them
   * @param value plain data, typed arrays included
   * @throws the system's error where the folder cannot be written
   */
  write(key: string, value: unknown): void;
}

/** Beside the experiments, where the command is run. */
export const DEFAULT_CACHE = ".ballast/cache";

/** Bytes of a SHA-256. */
const CHECKSUM = 32;

/** @param folder made where it is missing, when something is first written */
export function openStageCache(folder: string): StageCache {
  const pathOf = (key: string) => join(folder, key.slice(0, 2), key);
  return {
    read(key) {
      const bytes = readEntry(pathOf(key));
      if (bytes === undefined || bytes.length < CHECKSUM) return undefined;
      const body = bytes.subarray(CHECKSUM);
      return checksum(body).equals(bytes.subarray(0, CHECKSUM)) ? deserialize(body) : undefined;
    },
    write(key, value) {
      const path = pathOf(key);
      const body = serialize(value);
      const temporary = `${path}.${randomUUID()}.tmp`;
      mkdirSync(dirname(path), { recursive: true });
      try {
        writeFileSync(temporary, Buffer.concat([checksum(body), body]), { flag: "wx" });
        renameSync(temporary, path);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw Object.assign(error as Error, { path });
      }
    },
  };
}

/** Keeps nothing. */
export const NO_CACHE: StageCache = { read: () => undefined, write: () => {} };

/**
 * A cache whose faults cost time and nothing else: what cannot be read counts as absent, and after a write that failed
 * nothing more is written.
 *
 * @param onFault told of the system's first error
 */
export function forgivingCache(cache: StageCache, onFault: (error: NodeJS.ErrnoException) => void): StageCache {
  let told = false;
  let writable = true;
  const forgive = (error: unknown) => {
    const fault = error as NodeJS.ErrnoException;
    if (fault.code === undefined) throw error;
    if (!told) onFault(fault);
    told = true;
  };
  return {
    read(key) {
      try {
        return cache.read(key);
      } catch (error) {
        forgive(error);
        return undefined;
      }
    },
    write(key, value) {
      if (!writable) return;
      try {
        cache.write(key, value);
      } catch (error) {
        writable = false;
        forgive(error);
      }
    },
  };
}

function readEntry(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function checksum(body: Uint8Array): Buffer {
  return createHash("sha256").update(body).digest();
}
