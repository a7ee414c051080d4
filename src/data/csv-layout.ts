/** What the head of a long CSV tells before the file is read: its columns, which extras are numeric, how many rows
 *  to make room for. */
import { InputError } from "../core/errors.ts";
import { parseOptionalNumberCell } from "./csv-cells.ts";
import { csvRecords } from "./csv-records.ts";
import { type MarketColumns, resolveMarketColumns } from "./market-columns.ts";
import type { TableFile } from "./table-file.ts";

/** Records looked at to tell numeric extra columns from text. */
const SAMPLE_RECORDS = 200;
/** How far price tables shrink under gzip, roughly. */
const GZIP_RATIO = 4;
/** Room made beforehand stays under half a gigabyte of address space; larger files grow into it. */
const MOST_ROWS_EXPECTED = 8_000_000;

export interface CsvLayout {
  readonly names: readonly string[];
  readonly columns: MarketColumns;
  /** Extra columns whose sampled cells are all numbers or empty. */
  readonly numericExtras: readonly { readonly name: string; readonly column: number }[];
  /** From the file's size and the sampled rows; a little too high rather than too low. */
  readonly expectedRows: number;
}

/** @throws InputError for a header that lacks a required column, or a file without rows */
export async function readLayout(file: TableFile): Promise<CsvLayout> {
  let names: readonly string[] = [];
  let columns: MarketColumns | undefined;
  const isText = new Set<number>();
  let records = 0;
  let letters = 0;
  for await (const { line, cells } of csvRecords(file)) {
    if (columns === undefined) {
      names = cells;
      if (cells.some((cell) => cell.includes("\r")))
        throw InputError.of({ where: `${file.name}:${line}`, rule: "lines must end in LF or CRLF, not in CR alone" });
      if (cells.some((cell) => cell.includes("\uFFFD")))
        throw InputError.of({ where: `${file.name}:${line}`, rule: "is not UTF-8 text" });
      columns = resolveMarketColumns(cells, `${file.name}:${line}`);
      continue;
    }
    for (const { column } of columns.extras)
      if (parseOptionalNumberCell(cells[column] ?? "") === undefined) isText.add(column);
    letters += cells.reduce((sum, cell) => sum + cell.length + 1, 0);
    if (++records === SAMPLE_RECORDS) break;
  }
  if (columns === undefined) throw InputError.of({ where: file.name, rule: "is empty" });
  if (records === 0) throw InputError.of({ where: file.name, rule: "has a header but no rows" });
  const inflation = file.format === "csv.gz" ? GZIP_RATIO : 1;
  const expectedRows = Math.min(MOST_ROWS_EXPECTED, Math.ceil((1.1 * inflation * file.bytes * records) / letters));
  return { names, columns, numericExtras: columns.extras.filter(({ column }) => !isText.has(column)), expectedRows };
}
