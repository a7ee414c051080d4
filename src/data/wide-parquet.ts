/** Wide Parquet: a time column, then one numeric column a series. */
import { InputError } from "../core/errors.ts";
import { epochTime, isBarTime } from "./calendar.ts";
import { timeCellFault } from "./csv-cells.ts";
import { doublesOf, sqlName, streamChunks, timeOf } from "./duckdb-session.ts";
import { isNumeric, parquetColumns, parquetTable, timeExpression, withParquet } from "./parquet-source.ts";
import type { TableFile } from "./table-file.ts";
import { type WideRows, wideNames } from "./wide-rows.ts";

/** @throws InputError for a damaged file, a column that is not numeric, or a time that cannot be read */
export async function readWideParquet(file: TableFile): Promise<WideRows> {
  return withParquet(file, async (connection) => {
    const schema = await parquetColumns(connection, file);
    const names = wideNames(
      schema.map(({ name }) => name),
      file.name,
    );
    const time = timeExpression(schema[0]!);
    if (time === undefined)
      throw InputError.of({ where: `${file.name} ${schema[0]!.name}`, rule: "is not a time", got: schema[0]!.type });
    for (const column of schema.slice(1))
      if (!isNumeric(column))
        throw InputError.of({
          where: `${file.name} ${column.name}`,
          rule: "must be a numeric column",
          got: column.type,
        });
    const cells = schema.slice(1).map(({ name }) => `coalesce(${sqlName(name)}::DOUBLE, 'nan'::DOUBLE)`);
    const label = time.kind === "text" ? sqlName(schema[0]!.name) : time.sql;
    const sql = `SELECT ${label}, ${cells} FROM ${parquetTable(file)}`;
    const times: number[] = [];
    const columns: number[][] = names.map(() => []);
    for await (const chunk of streamChunks(connection, sql)) {
      for (let row = 0; row < chunk.rowCount; row++) {
        const raw = time.kind === "text" ? timeOf(chunk, 0, row) : doublesOf(chunk, 0)[row]!;
        const read = typeof raw === "string" ? raw : readTime(raw, time.kind);
        if (typeof read === "string")
          throw InputError.of(timeCellFault(`${file.name} row ${times.length + 1} date`, read));
        times.push(read);
      }
      names.forEach((_, k) => {
        for (const value of doublesOf(chunk, k + 1)) columns[k]!.push(value);
      });
    }
    if (times.length === 0) throw InputError.of({ where: file.name, rule: "has no rows" });
    const lines = times.map((_, row) => row + 1);
    return { names, times, columns: columns.map((values) => Float64Array.from(values)), lines, unit: "row" };
  });
}

/** A number as a bar's time, or the text to complain about. */
function readTime(raw: number, kind: string): number | string {
  if (raw !== raw) return "";
  if (kind === "epoch") return epochTime(raw) ?? String(raw);
  return isBarTime(raw) ? raw : "beyond year 9999";
}
