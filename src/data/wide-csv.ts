/** Wide tables `date,<name>...` of returns, weights or scores: one line a bar, one column a series. Not for prices:
 *  values may be negative or zero, and an empty or nan cell is missing. CSV (also .gz) or Parquet, rows in any order. */
import { type Fault, InputError } from "../core/errors.ts";
import { type Axes, createAxes } from "../core/panel.ts";
import { formatTime, parseBarTime } from "./calendar.ts";
import { brokenRecord } from "./csv-careful.ts";
import { numberCellFault, parseOptionalNumberCell, timeCellFault } from "./csv-cells.ts";
import { csvRecords, scanRecords } from "./csv-records.ts";
import { csvTable } from "./csv-source.ts";
import { doublesOf, streamChunks, timeOf, withDuckDb } from "./duckdb-session.ts";
import { cutFaults } from "./fault-list.ts";
import { openTableFile, type TableFile } from "./table-file.ts";
import { readWideParquet } from "./wide-parquet.ts";
import { type WideRows, wideNames } from "./wide-rows.ts";

export interface WidePanel {
  /** Bars sorted by time; columns in the file's order. */
  readonly axes: Axes;
  /** [T*N] row-major; NaN = empty cell. */
  readonly values: Float64Array;
  /** Line (Parquet: row) of the file that bar t stands on, from 1. */
  lineOf(t: number): number;
}

/**
 * @throws InputError naming file, line and column of a cell that is no number, an infinity, a date that cannot be read
 *         or stands twice, a column named twice or not at all, a ragged row; and for a file without rows or columns
 */
export async function loadWide(path: string): Promise<WidePanel> {
  const file = await openTableFile(path);
  const rows = file.format === "parquet" ? await readWideParquet(file) : await readWideCsv(file);
  return sortedPanel(file, rows);
}

async function readWideCsv(file: TableFile): Promise<WideRows> {
  let names: readonly string[] | undefined;
  let hasRows = false;
  for await (const { line, cells } of csvRecords(file)) {
    if (names !== undefined) {
      hasRows = true;
      break;
    }
    names = wideNames(cells, `${file.name}:${line}`);
  }
  if (names === undefined) throw InputError.of({ where: file.name, rule: "is empty" });
  if (!hasRows) throw InputError.of({ where: file.name, rule: "has a header but no rows" });
  return (await readFast(file, names)) ?? readCarefully(file, names);
}

/** @returns undefined when DuckDB refuses the file, does not see all of its rows or may read 1_000 as a number, or
 *           when a date cannot be read */
async function readFast(file: TableFile, names: readonly string[]): Promise<WideRows | undefined> {
  const types = ["c0: 'VARCHAR'", ...names.map((_, k) => `c${k + 1}: 'DOUBLE'`)];
  const cells = names.map((_, k) => `coalesce(c${k + 1}, 'nan'::DOUBLE)`);
  const times: number[] = [];
  const chunks: Float64Array[][] = [];
  try {
    await withDuckDb(async (connection) => {
      for await (const chunk of streamChunks(connection, `SELECT c0, ${cells} FROM ${csvTable(file, types)}`)) {
        for (let row = 0; row < chunk.rowCount; row++) {
          const time = timeOf(chunk, 0, row);
          times.push(typeof time === "string" ? Number.NaN : time);
        }
        chunks.push(names.map((_, k) => doublesOf(chunk, k + 1).slice(0, chunk.rowCount)));
      }
    });
  } catch {
    return undefined;
  }
  if (times.some(Number.isNaN)) return undefined;
  const columns = names.map((_, k) => joined(chunks.map((chunk) => chunk[k]!)));
  const lines: number[] = [];
  const scan = await scanRecords(file, (_, line) => lines.push(line));
  if (scan.records !== times.length || scan.hasDigitGroups) return undefined;
  return { names, times, columns, lines, unit: "line" };
}

async function readCarefully(file: TableFile, names: readonly string[]): Promise<WideRows> {
  const times: number[] = [];
  const lines: number[] = [];
  const columns = names.map(() => [] as number[]);
  const faults: Fault[] = [];
  let header = true;
  for await (const row of csvRecords(file)) {
    if (header) {
      header = false;
      continue;
    }
    const where = `${file.name}:${row.line}`;
    const broken = brokenRecord(row, names.length + 1);
    if (broken !== undefined) {
      faults.push({ where, ...broken });
      continue;
    }
    const time = parseBarTime(row.cells[0]!.trim());
    if (time === undefined) faults.push(timeCellFault(`${where} date`, row.cells[0]!));
    times.push(time ?? Number.NaN);
    lines.push(row.line);
    names.forEach((name, k) => {
      const text = row.cells[k + 1]!;
      const value = parseOptionalNumberCell(text);
      if (value === undefined) faults.push(numberCellFault(`${where} ${name}`, text));
      columns[k]!.push(value ?? Number.NaN);
    });
  }
  refuse(file, faults);
  return { names, times, columns: columns.map((values) => Float64Array.from(values)), lines, unit: "line" };
}

function sortedPanel(file: TableFile, { names, times, columns, lines, unit }: WideRows): WidePanel {
  const place = (row: number): string =>
    unit === "line" ? `${file.name}:${lines[row]}` : `${file.name} row ${lines[row]}`;
  const order = [...times.keys()].sort((a, b) => times[a]! - times[b]! || a - b);
  const width = names.length;
  const values = new Float64Array(order.length * width);
  const faults: Fault[] = [];
  for (let n = 0; n < width; n++) {
    const column = columns[n]!;
    for (let t = 0; t < order.length; t++) {
      const value = column[order[t]!]!;
      values[t * width + n] = value;
      if (value === Infinity || value === -Infinity)
        faults.push({ where: `${place(order[t]!)} ${names[n]}`, rule: "must be finite", got: value });
    }
  }
  for (let t = 1; t < order.length; t++) {
    const [first, second] = [order[t - 1]!, order[t]!];
    if (times[first] !== times[second]) continue;
    const date = formatTime(times[second]!);
    faults.push({
      where: `${place(second)} ${date}`,
      rule: `is a second row for this date, the first is ${unit} ${lines[first]}`,
    });
  }
  refuse(file, faults);
  const axes = createAxes(
    order.map((row) => times[row]!),
    names,
  );
  return { axes, values, lineOf: (t) => lines[order[t]!]! };
}

function refuse(file: TableFile, faults: readonly Fault[]): void {
  if (faults.length > 0) throw new InputError(cutFaults(faults, faults.length, file.name));
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
