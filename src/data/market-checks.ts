/** The boundary checks of a market table, made once after it is read: what a price row may not say.
 *  Empty cells break no rule; a rule between two cells holds when either is empty. */
import { type Fault, InputError } from "../core/errors.ts";
import { PRICE_FIELDS } from "../core/ohlcv.ts";
import { formatTime } from "./calendar.ts";
import { cutFaults, FAULTS_SHOWN } from "./fault-list.ts";
import type { MarketRows } from "./market-rows.ts";

/** One row that breaks a rule. */
export interface RowIssue {
  readonly row: number;
  /** bracket: low and high do not enclose open and close. The others make the row unusable. */
  readonly kind: "price" | "volume" | "extra" | "bracket" | "duplicate";
  /** Column at fault; "" when the row as a whole is. */
  readonly column: string;
  readonly value: number;
  /** The rule that is broken; for a duplicate, the row that was there first. */
  readonly rule: string;
  readonly firstRow: number;
}

/** Prices must be positive and finite, volume finite and >= 0, extras finite, low <= open, close <= high. */
export function findValueIssues(rows: MarketRows): RowIssue[] {
  const issues: RowIssue[] = [];
  const [open, high, low, close] = PRICE_FIELDS.map((field) => rows.numbers.get(field)!);
  for (const row of suspectRows(open!, high!, low!, close!)) {
    const before = issues.length;
    for (const column of PRICE_FIELDS) {
      const value = rows.numbers.get(column)![row]!;
      if (value <= 0 || value === Infinity)
        issues.push({ row, kind: "price", column, value, rule: "must be a positive price", firstRow: -1 });
    }
    const broken = brokenBracket(open![row]!, high![row]!, low![row]!, close![row]!);
    if (broken !== undefined && issues.length === before)
      issues.push({ row, kind: "bracket", firstRow: -1, ...broken });
  }
  for (const [column, values] of rows.numbers) {
    if ((PRICE_FIELDS as readonly string[]).includes(column)) continue;
    const isVolume = column === "volume";
    const rule = isVolume ? "must be a volume of at least 0" : "must be finite";
    for (const row of rowsOutside(values, isVolume ? 0 : -Number.MAX_VALUE))
      issues.push({ row, kind: isVolume ? "volume" : "extra", column, value: values[row]!, rule, firstRow: -1 });
  }
  return issues;
}

/** Rows that are not plainly sound, those with an empty price among them: one pass over what is almost always clean. */
function suspectRows(open: Float64Array, high: Float64Array, low: Float64Array, close: Float64Array): number[] {
  const found: number[] = [];
  for (let row = 0; row < close.length; row++) {
    const o = open[row]!;
    const h = high[row]!;
    const l = low[row]!;
    const c = close[row]!;
    if (!(l > 0 && h < Infinity && l <= o && l <= c && h >= o && h >= c)) found.push(row);
  }
  return found;
}

function rowsOutside(values: Float64Array, least: number): number[] {
  const found: number[] = [];
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value < least || value === Infinity) found.push(row);
  }
  return found;
}

/**
 * Rows whose cell an earlier row of the file has taken.
 *
 * @param cell [rows] position on the axes, -1 = takes no part
 */
export function findDuplicates(rows: MarketRows, cell: Int32Array, cells: number): RowIssue[] {
  const issues: RowIssue[] = [];
  const taken = new Int32Array(cells);
  for (let row = 0; row < rows.count; row++) {
    const at = cell[row]!;
    if (at < 0) continue;
    if (taken[at] === 0) taken[at] = row + 1;
    else {
      const firstRow = taken[at]! - 1;
      issues.push({ row, kind: "duplicate", column: "", value: Number.NaN, rule: "is a second row", firstRow });
    }
  }
  return issues;
}

/** @throws InputError with the first five faults in file order and a count of the rest; returns when there are none */
export async function refuseIssues(rows: MarketRows, issues: readonly RowIssue[]): Promise<void> {
  const all = [
    ...rows.faults.map(({ record, fault }) => ({ record, fault, issue: undefined })),
    ...issues.map((issue) => ({ record: rows.record[issue.row]!, fault: undefined, issue })),
  ].sort((a, b) => a.record - b.record);
  if (all.length === 0) return;
  const shown = all.slice(0, FAULTS_SHOWN);
  const lineOf = await locateRows(
    rows,
    shown.flatMap(({ issue }) => (issue === undefined ? [] : [issue.row, Math.max(issue.firstRow, 0)])),
  );
  const faults = shown.map(({ fault, issue }) => fault ?? issueFault(rows, issue!, lineOf));
  throw new InputError(cutFaults(faults, all.length, rows.source));
}

/** Line (CSV) or row (Parquet) of each given row. */
export async function locateRows(rows: MarketRows, wanted: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const records = [...new Set(wanted.map((row) => rows.record[row]!))].sort((a, b) => a - b);
  const places = records.length === 0 ? [] : await rows.locate(records);
  const placeOf = new Map(records.map((record, k) => [record, places[k]!]));
  return new Map(wanted.map((row) => [row, placeOf.get(rows.record[row]!)!]));
}

function issueFault(rows: MarketRows, issue: RowIssue, lineOf: ReadonlyMap<number, number>): Fault {
  const line = lineOf.get(issue.row)!;
  const symbol = rows.symbols[rows.symbolCode[issue.row]!]!;
  const where = rows.unit === "line" ? `${rows.source}:${line} ${symbol}` : `${rows.source} row ${line} ${symbol}`;
  if (issue.kind === "bracket") return { where, rule: issue.rule };
  if (issue.kind === "duplicate") {
    const time = rows.times[rows.timeCode[issue.row]!]!;
    const date = formatTime(time);
    return {
      where: `${where} ${date}`,
      rule: `is a second row for this bar, the first is ${rows.unit} ${lineOf.get(issue.firstRow)}`,
    };
  }
  return { where: `${where} ${issue.column}`, rule: issue.rule, got: issue.value };
}

/** The side that is broken, as a sentence with both numbers, low before high; undefined when none is. */
function brokenBracket(
  open: number,
  high: number,
  low: number,
  close: number,
): Pick<RowIssue, "column" | "value" | "rule"> | undefined {
  const below = close !== close || open < close ? `open ${open}` : `close ${close}`;
  const above = close !== close || open > close ? `open ${open}` : `close ${close}`;
  const isHigh = high < open || high < close;
  const highRule = `high ${high} is below ${above}`;
  if (low > open || low > close) {
    const rule = `low ${low} is above ${below}`;
    return { column: "low", value: low, rule: isHigh ? `${rule} and ${highRule}` : rule };
  }
  if (isHigh) return { column: "high", value: high, rule: highRule };
  return low > high ? { column: "low", value: low, rule: `low ${low} is above high ${high}` } : undefined;
}
