/** Long CSV into market rows through DuckDB's streaming reader. Any file it stumbles over (text in a price cell,
 *  ragged rows, quoted newlines, mixed line ends) goes to the careful reader, which either reads it or says why not. */
import { readCsvCarefully } from "./csv-careful.ts";
import { type CsvLayout, readLayout } from "./csv-layout.ts";
import { linesOfRecords, scanRecords } from "./csv-records.ts";
import { doublesOf, sqlPath, streamChunks, textOf, timeOf, withDuckDb, wordsOf } from "./duckdb-session.ts";
import { createRowCollector, type MarketRows, type RowCollector, type RowFilter } from "./market-rows.ts";
import type { TableFile } from "./table-file.ts";

/**
 * @throws InputError for a header that lacks a required column, a file without rows, or a file too damaged to read
 */
export async function readMarketCsv(file: TableFile, filter: RowFilter): Promise<MarketRows> {
  const layout = await readLayout(file);
  const collector = await readFast(file, layout, filter);
  if (collector === undefined || collector.badTimes.size > 0 || collector.symbolsSeen.has(""))
    return readCsvCarefully(file, layout, filter);
  const { columns, ...rows } = collector.finish();
  if (layout.columns.fields.some((_, k) => columns[k]!.includes(Number.POSITIVE_INFINITY)))
    return readCsvCarefully(file, layout, filter);
  const named = [...layout.columns.fields, ...layout.numericExtras];
  return {
    ...rows,
    source: file.name,
    numbers: new Map(named.map(({ name }, k) => [name, columns[k]!])),
    faults: [],
    notes: layout.columns.extras
      .filter((extra) => !layout.numericExtras.includes(extra))
      .map(({ name }) => `column "${name}" is not numeric and was ignored`),
    symbolsSeen: async () => collector.symbolsSeen,
    timesSeen: async () => collector.timesSeen,
    locate: (records) => linesOfRecords(file, records),
    unit: "line",
  };
}

/** @returns undefined when DuckDB refuses the file, does not see all of its rows, or may read 1_000 as a number */
async function readFast(file: TableFile, layout: CsvLayout, filter: RowFilter): Promise<RowCollector | undefined> {
  const { time, symbol, fields } = layout.columns;
  const numbers = [...fields, ...layout.numericExtras];
  const collector = createRowCollector(numbers.length, filter, layout.expectedRows);
  const isNumber = new Set(numbers.map(({ column }) => column));
  const types = layout.names.map((_, k) => `c${k}: '${isNumber.has(k) ? "DOUBLE" : "VARCHAR"}'`);
  const fieldColumns = new Set(fields.map(({ column }) => column));
  // A literal NaN in a price cell is a fault and an empty cell is not: pass the former on as an infinity.
  const cell = (k: number): string =>
    fieldColumns.has(k)
      ? `coalesce(CASE WHEN isnan(c${k}) THEN 'inf'::DOUBLE ELSE c${k} END, 'nan'::DOUBLE)`
      : `coalesce(c${k}, 'nan'::DOUBLE)`;
  const sql = `SELECT hash(c${time}), c${time}, hash(c${symbol}), c${symbol}, ${numbers.map((n) => cell(n.column))}
    FROM ${csvTable(file, types)}`;
  // DuckDB may leave rows out without a word where line ends are mixed: count them by other means meanwhile.
  const expected = scanRecords(file, () => {}).catch(() => undefined);
  let record = 0;
  try {
    await withDuckDb(async (connection) => {
      for await (const chunk of streamChunks(connection, sql)) {
        collector.append({
          count: chunk.rowCount,
          timeWords: wordsOf(chunk, 0),
          symbolWords: wordsOf(chunk, 2),
          timeAt: (row) => timeOf(chunk, 1, row),
          symbolAt: (row) => textOf(chunk, 3, row),
          numbers: numbers.map((_, k) => doublesOf(chunk, 4 + k)),
          record,
        });
        record += chunk.rowCount;
      }
    });
  } catch {
    // Its message names neither column nor rule; the careful reader finds both, or reads the file after all.
    record = -1;
  }
  // A damaged file fails both; the careful reader says so.
  const scan = await expected;
  return scan?.records === record && !scan.hasDigitGroups ? collector : undefined;
}

/** A `read_csv` call that guesses nothing. @param types one `name: 'TYPE'` per column of the file */
export function csvTable(file: TableFile, types: readonly string[]): string {
  return `read_csv(${sqlPath(file.path)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
    comment = '', nullstr = '', hive_partitioning = false, columns = {${types.join(", ")}})`;
}
