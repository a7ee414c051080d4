/** A table as Parquet through DuckDB. The file holds no time of writing: equal tables give equal bytes under one version
 *  of DuckDB, whose name and version the file's metadata carry. */
import { randomUUID } from "node:crypto";
import { realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { DuckDBAppender } from "@duckdb/node-api";
import { InputError } from "../core/errors.ts";
import { sqlName, sqlText, withDuckDb } from "./duckdb-session.ts";

/** A named column; all of a table have the same length. NaN and null become NULL. */
export type ParquetWriteColumn =
  | { readonly name: string; readonly type: "INTEGER" | "DOUBLE"; readonly values: readonly number[] }
  | { readonly name: string; readonly type: "VARCHAR"; readonly values: readonly (string | null)[] }
  | { readonly name: string; readonly type: "BOOLEAN"; readonly values: readonly (boolean | null)[] };

/** How DuckDB's message ends where the system refused, and what the system calls it. */
const REFUSALS = [
  ["No space left on device", "ENOSPC"],
  ["Disk quota exceeded", "EDQUOT"],
  ["Permission denied", "EACCES"],
  ["Read-only file system", "EROFS"],
  ["Input/output error", "EIO"],
  ["File name too long", "ENAMETOOLONG"],
] as const;

/**
 * Writes to a temporary name beside `path` and renames, so that a reader sees the old file or the new one.
 *
 * @param columns at least one; names distinct whatever their letter case
 * @throws InputError when the folder does not exist; an error with the system's code and `path` when it cannot be written
 */
export async function writeParquet(path: string, columns: readonly ParquetWriteColumn[]): Promise<void> {
  const folder = await stat(dirname(path)).catch(() => null);
  if (folder === null || !folder.isDirectory())
    throw InputError.of({ where: path, rule: `there is no folder ${dirname(path)}` });
  const target = await realpath(path).catch(() => path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    await withDuckDb(async (connection) => {
      // One thread, so that row groups fall the same way every time.
      await connection.run("SET threads = 1");
      const types = columns.map(({ name, type }) => `${sqlName(name)} ${type}`);
      await connection.run(`CREATE TABLE rows (${types.join(", ")})`);
      const appender = await connection.createAppender("rows");
      for (let row = 0; row < columns[0]!.values.length; row++) {
        for (const column of columns) appendCell(appender, column, row);
        appender.endRow();
      }
      appender.closeSync();
      await connection.run(`COPY rows TO ${sqlText(temporary)} (FORMAT parquet, COMPRESSION zstd)`);
    });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw refusal(error as Error, path);
  }
}

/** The error as Node tells of one from the system; DuckDB puts its kind into the message alone. */
function refusal(error: Error, path: string): Error {
  const code = REFUSALS.find(([words]) => error.message.trimEnd().endsWith(words))?.[1];
  return code === undefined ? Object.assign(error, { path }) : Object.assign(error, { code, path });
}

function appendCell(appender: DuckDBAppender, column: ParquetWriteColumn, row: number): void {
  const value = column.values[row]!;
  if (value === null || value !== value) appender.appendNull();
  else if (column.type === "INTEGER") appender.appendInteger(value as number);
  else if (column.type === "DOUBLE") appender.appendDouble(value as number);
  else if (column.type === "BOOLEAN") appender.appendBoolean(value as boolean);
  else appender.appendVarchar(value as string);
}
