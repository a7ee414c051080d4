/** Long CSV into market rows record by record: slower than DuckDB, but every cell it cannot read becomes a fault with
 *  its line, and it reads what DuckDB will not (quoted newlines, mixed line ends). */
import type { Fault } from "../core/errors.ts";
import { parseBarTime } from "./calendar.ts";
import { numberCellFault, parseNumberCell, parseOptionalNumberCell, timeCellFault } from "./csv-cells.ts";
import type { CsvLayout } from "./csv-layout.ts";
import { type CsvRecord, csvRecords } from "./csv-records.ts";
import { type MarketRows, type RowFault, type RowFilter, spanOf } from "./market-rows.ts";
import type { TableFile } from "./table-file.ts";

/** Rows come out as the fast reader would give them; faults stand in `faults`, not in an exception. */
export async function readCsvCarefully(file: TableFile, layout: CsvLayout, filter: RowFilter): Promise<MarketRows> {
  const { time, symbol, fields, extras } = layout.columns;
  const times = createInterner<number>();
  const timeIn = createTimeReader();
  const symbols = createInterner<string>();
  const timeCode: number[] = [];
  const symbolCode: number[] = [];
  const record: number[] = [];
  const lines: number[] = [];
  const numbers = new Map([...fields, ...extras].map(({ name }) => [name, [] as number[]]));
  const faults: RowFault[] = [];
  const textIn = new Map<string, { text: string; line: number }>();
  let position = -1;

  for await (const row of csvRecords(file)) {
    if (lines.length === 0 && position === -1) {
      position = 0;
      continue;
    }
    const at = position++;
    lines.push(row.line);
    const report = (fault: Fault): void => void faults.push({ record: at, fault });
    const where = `${file.name}:${row.line}`;
    const broken = brokenRecord(row, layout.names.length);
    if (broken !== undefined) {
      report({ where, ...broken });
      continue;
    }
    const name = row.cells[symbol]!.trim();
    const label = timeIn(row.cells[time]!.trim());
    symbols.see(name);
    if (label !== undefined) times.see(label);
    if (filter.symbols !== undefined && name !== "" && !filter.symbols.has(name)) continue;
    if (label !== undefined && !(label >= filter.from && label <= filter.to)) continue;
    const place = name === "" ? where : `${where} ${name}`;
    if (label === undefined) report(timeCellFault(`${place} ${layout.names[time]!.trim()}`, row.cells[time]!));
    if (name === "") report({ where, rule: `the ${layout.names[symbol]!.trim()} is empty` });
    for (const field of fields) {
      const text = row.cells[field.column]!;
      const value = parseNumberCell(text);
      if (value === undefined) report(numberCellFault(`${place} ${field.name}`, text));
      numbers.get(field.name)!.push(value ?? Number.NaN);
    }
    for (const extra of extras) {
      const text = row.cells[extra.column]!;
      const value = parseOptionalNumberCell(text);
      if (value === undefined && !textIn.has(extra.name)) textIn.set(extra.name, { text, line: row.line });
      numbers.get(extra.name)!.push(value ?? Number.NaN);
    }
    timeCode.push(times.see(label ?? Number.NaN));
    symbolCode.push(symbols.see(name));
    record.push(at);
  }

  for (const name of textIn.keys()) numbers.delete(name);
  return {
    source: file.name,
    count: record.length,
    times: times.labels,
    symbols: symbols.labels,
    timeCode: Int32Array.from(timeCode),
    symbolCode: Int32Array.from(symbolCode),
    record: Int32Array.from(record),
    numbers: new Map([...numbers].map(([name, values]) => [name, Float64Array.from(values)])),
    faults,
    notes: [...textIn.keys()].map((name) => `column "${name}" is not numeric and was ignored`),
    symbolsSeen: async () => new Set(symbols.labels),
    timesSeen: async () => spanOf(times.labels),
    locate: async (records) => records.map((at) => lines[at] ?? 0),
    unit: "line",
  };
}

/** What makes a record unusable as a whole. A single empty cell too many is a trailing comma and does no harm. */
export function brokenRecord(row: CsvRecord, columns: number): Omit<Fault, "where"> | undefined {
  if (row.malformed) return { rule: "a quoted cell is never closed, or text follows its closing quote" };
  if (row.cells.some((cell) => cell.includes("\uFFFD"))) return { rule: "is not UTF-8 text" };
  if (row.cells.some((cell) => cell.includes("\0"))) return { rule: "holds a NUL byte" };
  const surplus = row.cells.length - columns;
  if (surplus === 0 || (surplus === 1 && row.cells.at(-1) === "")) return undefined;
  return { rule: `has ${row.cells.length} cells where the header has ${columns}` };
}

/** parseBarTime that remembers: in a long table every date stands once per symbol. */
function createTimeReader(): (text: string) => number | undefined {
  const known = new Map<string, number>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const time = parseBarTime(text);
    if (time !== undefined) known.set(text, time);
    return time;
  };
}

/** Codes in order of first appearance; NaN equals itself here. */
function createInterner<K>(): { see(label: K): number; readonly labels: readonly K[] } {
  const codes = new Map<K, number>();
  const labels: K[] = [];
  return {
    labels,
    see(label) {
      const known = codes.get(label);
      if (known !== undefined) return known;
      codes.set(label, labels.length);
      labels.push(label);
      return labels.length - 1;
    },
  };
}
