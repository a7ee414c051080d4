/** A long market table in memory before it becomes panels: one entry a row, labels as codes, numbers as doubles.
 *  Readers fill it, checks and repairs look at it, panels are scattered from it. */
import type { Fault } from "../core/errors.ts";
import type { Floats } from "../core/panel.ts";
import { createLabelCodes } from "./label-codes.ts";

/** Fault of one row, ordered by it. */
export interface RowFault {
  /** Position among the file's data records. */
  readonly record: number;
  readonly fault: Fault;
}

export interface MarketRows {
  readonly source: string;
  readonly count: number;
  /** Labels by code, in order of first appearance; two codes may share a time when its text was written two ways. */
  readonly times: readonly number[];
  readonly symbols: readonly string[];
  readonly timeCode: Int32Array;
  readonly symbolCode: Int32Array;
  /** Position of each row among the file's data records, from 0. */
  readonly record: Int32Array;
  /** open, high, low, close, volume (absent when the file has none) and the extras; NaN = empty cell. */
  readonly numbers: ReadonlyMap<string, Float64Array>;
  /** Cells no reader could make sense of; such rows hold NaN there. */
  readonly faults: readonly RowFault[];
  readonly notes: readonly string[];
  /** Every symbol of the file, selected or not, when the reader saw them all; empty when nobody asked. */
  readonly symbolsSeen: () => Promise<ReadonlySet<string>>;
  /** First and last bar of the whole file, selected or not; NaN for a file without rows. */
  readonly timesSeen: () => Promise<readonly [first: number, last: number]>;
  /** CSV: physical line from 1. Parquet: row from 1. */
  readonly locate: (records: readonly number[]) => Promise<number[]>;
  /** "line" or "row", as messages say it. */
  readonly unit: "line" | "row";
}

/** Which rows a load keeps. */
export interface RowFilter {
  /** undefined keeps every symbol. */
  readonly symbols: ReadonlySet<string> | undefined;
  /** UTC ms, both ends included. */
  readonly from: number;
  readonly to: number;
}

/** A batch of rows as a columnar reader hands it over; arrays may be reused after `append` returns. */
export interface RowBatch {
  readonly count: number;
  /** [2*count] words of a key that is equal iff the time label is. */
  readonly timeWords: Uint32Array;
  readonly symbolWords: Uint32Array;
  /** The label of a row in UTC ms, asked for once per distinct key; the text itself when it cannot be read. */
  readonly timeAt: (row: number) => number | string;
  /** Likewise; "" when the row has no symbol. */
  readonly symbolAt: (row: number) => string;
  readonly numbers: readonly Float64Array[];
  /** Position of the first row among the file's records, or one position a row. */
  readonly record: number | Float64Array;
}

/** Rows collected batch by batch, filtered by their codes. */
export interface RowCollector {
  append(batch: RowBatch): void;
  /** The collected columns, trimmed to length; call once. */
  finish(): Pick<MarketRows, "count" | "times" | "symbols" | "timeCode" | "symbolCode" | "record"> & {
    readonly columns: readonly Float64Array[];
  };
  /** Text of each time label that could not be read, by code; such labels are NaN in `times`. */
  readonly badTimes: ReadonlyMap<number, string>;
  readonly symbolsSeen: ReadonlySet<string>;
  readonly timesSeen: readonly [first: number, last: number];
}

/**
 * @param fields       how many numbers a row has
 * @param expectedRows room made beforehand; a guess too high costs nothing but address space, one too low a copy
 */
export function createRowCollector(fields: number, filter: RowFilter, expectedRows: number): RowCollector {
  const keepAll = filter.symbols === undefined && filter.from === -Infinity && filter.to === Infinity;
  const timeCodes = createLabelCodes();
  const symbolCodes = createLabelCodes();
  const times: number[] = [];
  const symbols: string[] = [];
  const keepTime: boolean[] = [];
  const keepSymbol: boolean[] = [];
  const badTimes = new Map<number, string>();
  let capacity = Math.max(1024, expectedRows);
  let count = 0;
  let timeCode = new Int32Array(capacity);
  let symbolCode = new Int32Array(capacity);
  let record = new Int32Array(capacity);
  let columns = Array.from({ length: fields }, () => new Float64Array(capacity));
  const recordOf = (batch: RowBatch, row: number): number =>
    typeof batch.record === "number" ? batch.record + row : batch.record[row]!;

  const reserve = (rows: number): void => {
    if (count + rows <= capacity) return;
    while (count + rows > capacity) capacity *= 2;
    timeCode = enlarged(timeCode, new Int32Array(capacity));
    symbolCode = enlarged(symbolCode, new Int32Array(capacity));
    record = enlarged(record, new Int32Array(capacity));
    columns = columns.map((column) => enlarged(column, new Float64Array(capacity)));
  };

  return {
    badTimes,
    get symbolsSeen() {
      return new Set(symbols);
    },
    get timesSeen() {
      return spanOf(times);
    },
    append(batch) {
      reserve(batch.count);
      timeCodes.encode(batch.timeWords, batch.count, timeCode, count, (row) => {
        const label = batch.timeAt(row);
        if (typeof label === "string") badTimes.set(times.length, label);
        const time = typeof label === "string" ? Number.NaN : label;
        times.push(time);
        keepTime.push(time !== time || (time >= filter.from && time <= filter.to));
      });
      symbolCodes.encode(batch.symbolWords, batch.count, symbolCode, count, (row) => {
        const symbol = batch.symbolAt(row);
        symbols.push(symbol);
        keepSymbol.push(symbol === "" || filter.symbols === undefined || filter.symbols.has(symbol));
      });
      if (keepAll && typeof batch.record === "number") {
        for (let row = 0; row < batch.count; row++) record[count + row] = batch.record + row;
        for (let f = 0; f < fields; f++) columns[f]!.set(batch.numbers[f]!.subarray(0, batch.count), count);
        count += batch.count;
        return;
      }
      const at = count;
      for (let row = 0; row < batch.count; row++) {
        const time = timeCode[at + row]!;
        const symbol = symbolCode[at + row]!;
        if (!keepTime[time] || !keepSymbol[symbol]) continue;
        timeCode[count] = time;
        symbolCode[count] = symbol;
        record[count] = recordOf(batch, row);
        for (let f = 0; f < fields; f++) columns[f]![count] = batch.numbers[f]![row]!;
        count++;
      }
    },
    finish: () => ({
      count,
      times,
      symbols,
      timeCode: timeCode.subarray(0, count),
      symbolCode: symbolCode.subarray(0, count),
      record: record.subarray(0, count),
      columns: columns.map((column) => column.subarray(0, count)),
    }),
  };
}

/** Earliest and latest of some labels, NaN ones aside; NaN for none. */
export function spanOf(times: readonly number[] | Floats): readonly [number, number] {
  let first = Number.NaN;
  let last = Number.NaN;
  for (let k = 0; k < times.length; k++) {
    const time = times[k]!;
    if (time !== time) continue;
    if (!(time >= first)) first = time;
    if (!(time <= last)) last = time;
  }
  return [first, last];
}

function enlarged<A extends Int32Array | Float64Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}
