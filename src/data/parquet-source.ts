/** Long Parquet into market rows through DuckDB, the selection pushed down into the scan. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { type Fault, InputError } from "../core/errors.ts";
import { epochTime, isBarTime, parseBarTime } from "./calendar.ts";
import { timeCellFault } from "./csv-cells.ts";
import {
  doublesOf,
  sqlName,
  sqlPath,
  sqlText,
  streamChunks,
  textOf,
  timeOf,
  withDuckDb,
  wordsOf,
} from "./duckdb-session.ts";
import { type MarketColumns, resolveMarketColumns } from "./market-columns.ts";
import { createRowCollector, type MarketRows, type RowCollector, type RowFilter, spanOf } from "./market-rows.ts";
import type { TableFile } from "./table-file.ts";

const NUMERIC = /^(?:U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$/;
const WHOLE = /^U?(?:TINYINT|SMALLINT|INTEGER|BIGINT)$/;

/** Name and DuckDB type of a column, in file order. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: string;
}

/**
 * @throws InputError for a damaged file, one without rows, or one that lacks a required column or has it in a wrong type
 */
export async function readMarketParquet(file: TableFile, filter: RowFilter): Promise<MarketRows> {
  return withParquet(file, async (connection) => {
    const schema = await parquetColumns(connection, file);
    const columns = resolveMarketColumns(
      schema.map(({ name }) => name),
      file.name,
    );
    refuseWrongTypes(file, schema, columns);
    const numbers = [...columns.fields, ...columns.extras.filter(({ column }) => isNumeric(schema[column]!))];
    const collector = createRowCollector(numbers.length, filter, await rowCount(connection, file));
    const read = { file, schema, columns, numbers, filter };
    await collect(connection, read, collector);
    const { columns: values, ...rows } = collector.finish();
    return {
      ...rows,
      source: file.name,
      numbers: new Map(numbers.map(({ name }, k) => [name, values[k]!])),
      faults: labelFaults(file, rows, collector),
      notes: columns.extras
        .filter((extra) => !numbers.includes(extra))
        .map(({ name, column }) => `column "${name}" is not numeric (${schema[column]!.type}) and was ignored`),
      symbolsSeen: () => withParquet(file, (again) => distinctSymbols(again, file, schema[columns.symbol]!)),
      timesSeen: () => withParquet(file, (again) => wholeSpan(again, file, schema[columns.time]!)),
      locate: async (records) => records.map((record) => record + 1),
      unit: "row",
    };
  });
}

/** Runs `work`; whatever DuckDB says about the file's bytes becomes one line. */
export async function withParquet<T>(file: TableFile, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  return withDuckDb(work).catch((error: Error) => {
    if (
      error instanceof InputError ||
      !/^(?:Invalid|IO|Not implemented|Serialization|Conversion|Out of|TProtocol)/i.test(error.message)
    )
      throw error;
    throw InputError.of({ where: file.name, rule: "cannot be read as Parquet; it is damaged or cut short" });
  });
}

export async function parquetColumns(connection: DuckDBConnection, file: TableFile): Promise<ParquetColumn[]> {
  const result = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${parquetTable(file)}`);
  return result.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
}

/** Whether its cells cast to doubles; BOOLEAN and lists do not count. */
export function isNumeric(column: ParquetColumn): boolean {
  return NUMERIC.test(column.type);
}

/** A `read_parquet` call that guesses nothing. */
export function parquetTable(file: TableFile, options = ""): string {
  return `read_parquet(${sqlPath(file.path)}, hive_partitioning = false${options})`;
}

/**
 * How a time column is read: `sql` gives UTC ms as DOUBLE (NaN for NULL), the raw number of an epoch column likewise
 * (`epoch`), or, for text, its hash.
 */
export function timeExpression(column: ParquetColumn): { sql: string; kind: "ms" | "epoch" | "text" } | undefined {
  const name = sqlName(column.name);
  if (column.type === "DATE")
    return { sql: `coalesce((${name} - DATE '1970-01-01')::DOUBLE * 86400000, 'nan'::DOUBLE)`, kind: "ms" };
  if (/^TIMESTAMP/.test(column.type))
    return {
      sql: `coalesce(epoch_ms(${name}${column.type.includes("_") ? "::TIMESTAMP" : ""})::DOUBLE, 'nan')`,
      kind: "ms",
    };
  if (WHOLE.test(column.type)) return { sql: `coalesce(${name}::DOUBLE, 'nan')`, kind: "epoch" };
  if (column.type === "VARCHAR") return { sql: `hash(${name})`, kind: "text" };
  return undefined;
}

interface ParquetRead {
  readonly file: TableFile;
  readonly schema: readonly ParquetColumn[];
  readonly columns: MarketColumns;
  readonly numbers: readonly { readonly column: number }[];
  readonly filter: RowFilter;
}

async function collect(connection: DuckDBConnection, read: ParquetRead, collector: RowCollector): Promise<void> {
  const { file, schema, columns, numbers, filter } = read;
  const time = timeExpression(schema[columns.time]!)!;
  const symbol = `${sqlName(schema[columns.symbol]!.name)}::VARCHAR`;
  const where = conditions(time, symbol, filter);
  const record = where === "" ? "" : ", file_row_number::DOUBLE";
  const cells = numbers.map(({ column }) => `, coalesce(${sqlName(schema[column]!.name)}::DOUBLE, 'nan'::DOUBLE)`);
  const sql = `SELECT ${time.sql}, ${time.kind === "text" ? sqlName(schema[columns.time]!.name) : "NULL"}, hash(${symbol}),
    ${symbol}${cells.join("")}${record} FROM ${parquetTable(file, where === "" ? "" : ", file_row_number = true")} ${where}`;
  let rows = 0;
  for await (const chunk of streamChunks(connection, sql)) {
    const timeAt = (row: number): number | string => {
      if (time.kind === "text") return timeOf(chunk, 1, row);
      const value = doublesOf(chunk, 0)[row]!;
      if (value !== value) return "";
      if (time.kind === "ms") return isBarTime(value) ? value : "beyond year 9999";
      return epochTime(value) ?? String(value);
    };
    collector.append({
      count: chunk.rowCount,
      timeWords: wordsOf(chunk, 0),
      symbolWords: wordsOf(chunk, 2),
      timeAt,
      symbolAt: (row) => textOf(chunk, 3, row),
      numbers: numbers.map((_, k) => doublesOf(chunk, 4 + k)),
      record: record === "" ? rows : doublesOf(chunk, 4 + numbers.length),
    });
    rows += chunk.rowCount;
  }
}

/** Rows without a readable label are kept, so that they can be named; the collector filters what SQL cannot. */
function conditions(time: { sql: string; kind: string }, symbol: string, filter: RowFilter): string {
  const parts: string[] = [];
  if (filter.symbols !== undefined)
    parts.push(`(${symbol} IS NULL OR trim(${symbol}) IN ('', ${[...filter.symbols].map(sqlText).join(", ")}))`);
  if (time.kind === "ms" && filter.from > Number.NEGATIVE_INFINITY) parts.push(`${time.sql} >= ${filter.from}`);
  if (time.kind === "ms" && filter.to < Number.POSITIVE_INFINITY)
    parts.push(`(${time.sql} <= ${filter.to} OR isnan(${time.sql}))`);
  return parts.length === 0 ? "" : `WHERE ${parts.join(" AND ")}`;
}

function refuseWrongTypes(file: TableFile, schema: readonly ParquetColumn[], columns: MarketColumns): void {
  const faults: Fault[] = [];
  const time = schema[columns.time]!;
  if (timeExpression(time) === undefined)
    faults.push({
      where: `${file.name} ${time.name}`,
      rule: "must be a date, timestamp, whole number or text",
      got: time.type,
    });
  for (const { column } of columns.fields) {
    const { name, type } = schema[column]!;
    if (!isNumeric(schema[column]!))
      faults.push({ where: `${file.name} ${name}`, rule: "must be a numeric column", got: type });
  }
  if (faults.length > 0) throw new InputError(faults);
}

function labelFaults(
  file: TableFile,
  rows: Pick<MarketRows, "count" | "times" | "symbols" | "timeCode" | "symbolCode" | "record">,
  collector: RowCollector,
): MarketRows["faults"] {
  const empty = rows.symbols.indexOf("");
  if (collector.badTimes.size === 0 && empty < 0) return [];
  const faults: { record: number; fault: Fault }[] = [];
  for (let row = 0; row < rows.count; row++) {
    const record = rows.record[row]!;
    const where = `${file.name} row ${record + 1}`;
    const text = collector.badTimes.get(rows.timeCode[row]!);
    const symbol = rows.symbols[rows.symbolCode[row]!];
    if (text !== undefined) faults.push({ record, fault: timeCellFault(`${where} ${symbol}`.trimEnd(), text) });
    if (rows.symbolCode[row] === empty) faults.push({ record, fault: { where, rule: "the symbol is empty" } });
  }
  return faults;
}

async function rowCount(connection: DuckDBConnection, file: TableFile): Promise<number> {
  const result = await connection.runAndReadAll(`SELECT num_rows FROM parquet_file_metadata(${sqlPath(file.path)})`);
  return Number(result.getRows()[0]?.[0] ?? 0);
}

async function distinctSymbols(
  connection: DuckDBConnection,
  file: TableFile,
  column: ParquetColumn,
): Promise<Set<string>> {
  const sql = `SELECT DISTINCT trim(${sqlName(column.name)}::VARCHAR) FROM ${parquetTable(file)}`;
  const result = await connection.runAndReadAll(sql);
  return new Set(result.getRows().flatMap(([symbol]) => (symbol === null ? [] : [String(symbol)])));
}

async function wholeSpan(
  connection: DuckDBConnection,
  file: TableFile,
  column: ParquetColumn,
): Promise<readonly [number, number]> {
  const { sql, kind } = timeExpression(column)!;
  const result = await connection.runAndReadAll(
    `SELECT DISTINCT ${kind === "text" ? sqlName(column.name) : sql} FROM ${parquetTable(file)}`,
  );
  const times = result.getRows().map(([label]) => {
    if (kind === "text") return parseBarTime(String(label)) ?? Number.NaN;
    if (kind === "ms") return isBarTime(Number(label)) ? Number(label) : Number.NaN;
    return epochTime(Number(label)) ?? Number.NaN;
  });
  return spanOf(times);
}
