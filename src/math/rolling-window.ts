/** Trailing windows over row-major T x N planes, O(1) a cell whatever the window, for every statistic whose parts can
 *  be joined. Rows are cut into blocks of `bars`; each window is the tail of one block plus the head of the next, so
 *  values only ever join and never leave: nothing drifts, an overflow is forgotten with its window, and a row depends
 *  to the bit on the rows of its window alone. */
import type { Floats } from "../core/panel.ts";

export interface RollingWindow {
  /** Length, whole and >= 1. */
  readonly bars: number;
  /** Fewest values a window must hold to have a result, 1..bars; `bars` = complete windows only. */
  readonly least: number;
}

/** One statistic's work on whole rows; each loops over the assets itself. */
export interface WindowSteps {
  /** Puts row `row` in front of tail k + 1 and stores it as tail k: the last `bars - k` rows of a block. Tail `bars`
   *  is the empty one and is never written. */
  tail(row: number, k: number): void;
  /** Adds row t to the head, after emptying it where a new block starts. */
  head(t: number, empty: boolean): void;
  /** Writes the result of row t from the head and tail k; k = `bars`, the empty one, where the head is all there is. */
  join(t: number, k: number): void;
}

/** Calls the steps in the order in which T rows need them. */
export function slideWindow(rows: number, { bars }: RollingWindow, steps: WindowSteps): void {
  for (let start = 0; start < rows; start += bars) {
    if (start > 0) for (let k = bars - 1; k > 0; k--) steps.tail(start - bars + k, k);
    const end = Math.min(start + bars, rows);
    for (let t = start; t < end; t++) {
      steps.head(t, t === start);
      steps.join(t, start > 0 ? t - start + 1 : bars);
    }
  }
}

/** Memory for one number per asset of every tail, each `empty` to begin with. No tail but the empty one is needed
 *  where the first window spans all rows; `tailRow` finds a tail either way. */
export function tailMemory(rows: number, assets: number, { bars }: RollingWindow, empty = 0): Float64Array {
  return new Float64Array((rows > bars ? bars + 1 : 1) * assets).fill(empty);
}

/** Where tail k begins in memory for `rows` rows. */
export function tailRow(k: number, rows: number, assets: number, { bars }: RollingWindow): number {
  return rows > bars ? k * assets : 0;
}

/**
 * @returns T
 * @throws RangeError when x is not a whole number of rows, `out` differs in length, or the window is not whole or
 *         asks for more values than it has bars
 */
export function checkedRows(
  kernel: string,
  x: Floats,
  assets: number,
  { bars, least }: RollingWindow,
  out: Float64Array,
): number {
  if (!(Number.isInteger(bars) && bars >= 1))
    throw new RangeError(`${kernel}: window must be a whole number of bars >= 1, got ${bars}`);
  if (!(Number.isInteger(least) && least >= 1 && least <= bars))
    throw new RangeError(`${kernel}: least must be a whole number from 1 to ${bars}, got ${least}`);
  if (!(assets >= 1) || x.length % assets !== 0)
    throw new RangeError(`${kernel}: x has ${x.length} cells, not a multiple of ${assets} assets`);
  if (out.length !== x.length) throw new RangeError(`${kernel}: out has ${out.length} cells, x has ${x.length}`);
  return x.length / assets;
}
