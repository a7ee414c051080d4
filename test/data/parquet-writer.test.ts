import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { systemFailure } from "../../src/core/system-failure.ts";
import { sqlText, withDuckDb } from "../../src/data/duckdb-session.ts";
import { type ParquetWriteColumn, writeParquet } from "../../src/data/parquet-writer.ts";
import { tempDir } from "../support/files.ts";

const COLUMNS: readonly ParquetWriteColumn[] = [
  { name: 'a "b".c', type: "INTEGER", values: [1, Number.NaN, -3] },
  { name: "open", type: "DOUBLE", values: [0.1, Number.NaN, Infinity] },
  { name: "text", type: "VARCHAR", values: ["x'y", null, ""] },
  { name: "flag", type: "BOOLEAN", values: [true, null, false] },
];

async function readBack(path: string): Promise<{ names: unknown[]; types: unknown[]; rows: unknown[][] }> {
  return withDuckDb(async (connection) => {
    const table = `read_parquet(${sqlText(path)})`;
    const schema = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table}`)).getRows();
    const rows = (await connection.runAndReadAll(`SELECT * FROM ${table}`)).getRows();
    return { names: schema.map(([name]) => name), types: schema.map(([, type]) => type), rows };
  });
}

describe("a table written as Parquet", () => {
  it("reads back with its names, types and rows in order, NaN and null as NULL", async () => {
    const path = join(tempDir(), "table.parquet");
    await writeParquet(path, COLUMNS);
    expect(await readBack(path)).toEqual({
      names: ['a "b".c', "open", "text", "flag"],
      types: ["INTEGER", "DOUBLE", "VARCHAR", "BOOLEAN"],
      rows: [
        [1, 0.1, "x'y", true],
        [null, null, null, null],
        [-3, Infinity, "", false],
      ],
    });
  });

  it("has equal bytes for equal tables, beyond one row group too", async () => {
    const folder = tempDir();
    const values = Array.from({ length: 300_000 }, (_, k) => Math.sin(k));
    for (const name of ["one", "two"]) await writeParquet(join(folder, name), [{ name: "x", type: "DOUBLE", values }]);
    expect(readFileSync(join(folder, "one")).equals(readFileSync(join(folder, "two")))).toBe(true);
  });

  it("has its columns without any row", async () => {
    const path = join(tempDir(), "empty.parquet");
    await writeParquet(path, [{ name: "x", type: "DOUBLE", values: [] }]);
    expect(await readBack(path)).toEqual({ names: ["x"], types: ["DOUBLE"], rows: [] });
  });

  it("takes the place of an older file and leaves no other behind, whatever the folder is called", async () => {
    const folder = join(tempDir(), "it's [a] *");
    mkdirSync(folder);
    const path = join(folder, "table.parquet");
    await writeParquet(path, COLUMNS);
    await writeParquet(path, COLUMNS.slice(0, 1));
    expect(readdirSync(folder)).toEqual(["table.parquet"]);
    expect(readFileSync(path).subarray(0, 4).toString()).toBe("PAR1");
  });

  it("refuses a folder that is not there, by name", async () => {
    const path = join(tempDir(), "none", "table.parquet");
    await expect(writeParquet(path, COLUMNS)).rejects.toThrow(/there is no folder .*none/);
  });

  it.skipIf(!existsSync("/sys"))("names the file and says in words what the system refused", async () => {
    // nobody can make a file there
    const error = await writeParquet("/sys/table.parquet", COLUMNS).catch((thrown: unknown) => thrown);
    expect(systemFailure(error)).toMatch(/^\/sys\/table\.parquet: (permission denied|the file system is read-only)$/);
  });

  it("leaves nothing behind when it fails", async () => {
    const folder = tempDir();
    const twice = [COLUMNS[1]!, { ...COLUMNS[1]!, name: "OPEN" }];
    await expect(writeParquet(join(folder, "table.parquet"), twice)).rejects.toThrow(/OPEN/i);
    expect(readdirSync(folder)).toEqual([]);
  });
});
