/** SQLite files of ballast's own: opened for one piece of work and closed again, their faults told in a person's words.
 *  Several processes may use one at once: readers never wait, writers wait for one another. */
import { existsSync, statfsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { InputError } from "../core/errors.ts";
import { makeFolder } from "../data/writable-folder.ts";
import { migrate, type StoreKind, storeVersion } from "./store-version.ts";

/** How long a writer waits for the others. */
const BUSY_MS = 30_000;

/** SQLite takes 32 KiB for what its connections share and a page or two of log; with less it reports only an I/O error. */
const LEAST_ROOM = 65_536;

/** SQLite's primary result codes. */
const BUSY = 5;
const READONLY = 8;
const IO_ERROR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;

/** read, change: the file must exist; record: made where it is missing, its folder too. */
export type StoreAccess = "read" | "change" | "record";

/**
 * Opens a file of a kind, hands it to `work` and closes it.
 *
 * @throws InputError when there is none, it cannot be read or written, is of another kind or of a newer version;
 *         an error with code ENOSPC when the disk is full
 */
export function useStore<T>(
  kind: StoreKind,
  path: string,
  access: StoreAccess,
  work: (database: DatabaseSync) => T,
): T {
  try {
    const database = openStore(kind, path, access);
    try {
      return work(database);
    } finally {
      database.close();
    }
  } catch (error) {
    throw storeFault(error, path, kind);
  }
}

/** All of `work` or nothing of it. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // a full disk may have rolled it back already
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function openStore(kind: StoreKind, path: string, access: StoreAccess): DatabaseSync {
  // ":memory:" and the like would keep nothing
  if (path.trim() === "" || path.startsWith(":"))
    throw InputError.of({ where: kind.option, rule: "must be the path of a file", got: path });
  const file = resolve(path);
  if (existsSync(file)) checkFile(kind, file, path, access);
  else if (access === "record") makeFolder(dirname(file));
  else throw InputError.of({ where: path, rule: kind.missing });
  if (access === "read") return openForReading(kind, file, path);
  const database = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    migrate(database, path, kind);
    preferWal(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function checkFile({ noun }: StoreKind, file: string, path: string, access: StoreAccess): void {
  const status = statSync(file);
  if (status.isDirectory()) throw InputError.of({ where: path, rule: `is a directory, not ${noun}` });
  if (!status.isFile()) throw InputError.of({ where: path, rule: `is no plain file, ${noun} was expected` });
  // between making a file and filling it another process sees an empty one, so that recording takes it for a new one
  if (status.size === 0 && access !== "record")
    throw InputError.of({ where: path, rule: "is empty: nothing was ever recorded in it" });
}

/** From a read-only folder or full disk too, where SQLite can share nothing with other processes: as long as nothing
 *  waits in its log, the file is whole. */
function openForReading(kind: StoreKind, file: string, path: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    migrate(database, path, kind);
    return database;
  } catch (error) {
    database.close();
    const code = resultCode(error);
    const sharing = code === READONLY || code === CANNOT_OPEN || code === IO_ERROR;
    if (!sharing || hasLog(file)) throw error;
  }
  const url = pathToFileURL(file);
  url.searchParams.set("immutable", "1");
  const still = new DatabaseSync(url, { readOnly: true });
  try {
    storeVersion(still, path, kind);
    return still;
  } catch (error) {
    still.close();
    throw error;
  }
}

/** Whether writes wait in the log beside the file. */
function hasLog(file: string): boolean {
  const status = statSync(`${file}-wal`, { throwIfNoEntry: false });
  return status !== undefined && status.size > 0;
}

/** Readers beside a writer. SQLite refuses the change while others are at work: the next to open then makes it. */
function preferWal(database: DatabaseSync): void {
  try {
    database.exec("PRAGMA journal_mode = WAL");
  } catch (error) {
    if (resultCode(error) !== BUSY) throw error;
  }
}

/** SQLite's primary result code; undefined for any other error. */
function resultCode(error: unknown): number | undefined {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === "ERR_SQLITE_ERROR" && typeof errcode === "number" ? errcode & 0xff : undefined;
}

function storeFault(error: unknown, path: string, { noun }: StoreKind): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC") return fullDisk(path, error);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return InputError.of({ where: path, rule: "cannot be written: its folder is read-only" });
  if (code === "ENOTDIR" || code === "EEXIST")
    return InputError.of({ where: path, rule: "a part of the path is a file, not a folder" });
  const rule = (): string | undefined => {
    switch (resultCode(error)) {
      case BUSY:
        return `is in use: another process has held it for ${BUSY_MS / 1000} seconds`;
      case READONLY:
        return "cannot be written: the file or its folder is read-only";
      case IO_ERROR:
        return `cannot be read or written: ${message}`;
      case CORRUPT:
        return `is damaged: ${message}`;
      case CANNOT_OPEN:
        return "cannot be opened: permission denied, or its folder is read-only";
      case NOT_A_DATABASE:
        return `is not ${noun}: the file is not an SQLite database`;
    }
    return undefined;
  };
  const full = resultCode(error) === FULL || (resultCode(error) === IO_ERROR && roomAt(path) < LEAST_ROOM);
  if (full) return fullDisk(path, error);
  const said = rule();
  return said === undefined ? error : InputError.of({ where: path, rule: said });
}

/** Bytes free where the file is. */
function roomAt(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(resolve(path)));
  return bavail * bsize;
}

/** In the form in which the system itself says so. */
function fullDisk(path: string, cause: unknown): Error {
  return Object.assign(new Error(`${path}: the disk is full`, { cause }), { code: "ENOSPC", path });
}
