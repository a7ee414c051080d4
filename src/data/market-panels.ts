/** Rows onto axes: bars sorted by time, symbols by code unit, every number to cell (t, n) of its plane. */
import type { Ohlcv } from "../core/ohlcv.ts";
import { type Axes, createAxes } from "../core/panel.ts";
import type { MarketRows } from "./market-rows.ts";

/** Where each row belongs. */
export interface Placement {
  readonly axes: Axes;
  /** [rows] t * N + n, or -1 for a row that is left out. */
  readonly cell: Int32Array;
}

/**
 * Axes of the labels that occur, and each row's cell on them.
 *
 * @param leftOut [rows] 1 = the row takes no part, as do rows without a readable time or symbol
 */
export function placeRows(rows: MarketRows, leftOut?: Uint8Array): Placement {
  const { count, timeCode, symbolCode, times, symbols } = rows;
  const out = leftOut ?? new Uint8Array(count);
  const timeUsed = usedCodes(timeCode, out, times.length);
  const symbolUsed = usedCodes(symbolCode, out, symbols.length);
  const bars = Float64Array.from(new Set(times.filter((time, code) => timeUsed[code] === 1 && time === time))).sort();
  const assets = [...new Set(symbols.filter((symbol, code) => symbolUsed[code] === 1 && symbol !== ""))].sort();
  const barOf = new Map(Array.from(bars, (time, t) => [time, t]));
  const assetOf = new Map(assets.map((symbol, n) => [symbol, n]));
  const timeRank = Int32Array.from(times, (time) => barOf.get(time) ?? -1);
  const symbolRank = Int32Array.from(symbols, (symbol) => assetOf.get(symbol) ?? -1);
  const cell = cellsOf(timeCode, symbolCode, out, timeRank, symbolRank, assets.length);
  return { axes: createAxes(bars, assets), cell };
}

/** Every column of `rows` as a plane; cells no row fills are NaN, and so is volume when the file has none. */
export function scatterRows(rows: MarketRows, { axes, cell }: Placement): Ohlcv {
  const cells = axes.time.length * axes.assets.length;
  const plane = (name: string): Float64Array => {
    const values = new Float64Array(cells).fill(Number.NaN);
    const column = rows.numbers.get(name);
    if (column !== undefined) scatter(column, cell, values);
    return values;
  };
  const core = { open: plane("open"), high: plane("high"), low: plane("low"), close: plane("close") };
  const extras = [...rows.numbers.keys()].filter((name) => !(name in core) && name !== "volume").sort();
  return { axes, ...core, volume: plane("volume"), extras: new Map(extras.map((name) => [name, plane(name)])) };
}

// The loops over rows stand in functions of their own: called with arrays alone, V8 compiles them to plain loads.

function usedCodes(codes: Int32Array, leftOut: Uint8Array, size: number): Uint8Array {
  const used = new Uint8Array(size);
  for (let row = 0; row < codes.length; row++) if (leftOut[row] === 0) used[codes[row]!] = 1;
  return used;
}

function cellsOf(
  timeCode: Int32Array,
  symbolCode: Int32Array,
  leftOut: Uint8Array,
  timeRank: Int32Array,
  symbolRank: Int32Array,
  width: number,
): Int32Array {
  const cell = new Int32Array(timeCode.length);
  for (let row = 0; row < cell.length; row++) {
    const t = timeRank[timeCode[row]!]!;
    const n = symbolRank[symbolCode[row]!]!;
    cell[row] = t < 0 || n < 0 || leftOut[row] === 1 ? -1 : t * width + n;
  }
  return cell;
}

function scatter(column: Float64Array, cell: Int32Array, values: Float64Array): void {
  for (let row = 0; row < cell.length; row++) {
    const at = cell[row]!;
    if (at >= 0) values[at] = column[row]!;
  }
}
