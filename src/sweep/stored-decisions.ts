/** What trials that decide alike trade, and its form in the cache: of every plane the rows that say something, so that
 *  weekly decisions take a fifth of daily ones. Unpacked, it is the same to the bit. */
import type { MovePlan, PlanGate } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";

/** All that the engine asks of decisions. */
export interface TradedDecisions {
  /** [T*N] target weights; NaN = no decision. */
  readonly targets: Floats;
  /** null where every decision is traded whole. */
  readonly moves: MovePlan | null;
  readonly firstBar: number;
}

interface Rows<Values> {
  /** Ascending. */
  readonly bars: Int32Array;
  /** [bars.length*N] */
  readonly values: Values;
}

export interface StoredDecisions {
  readonly targets: Rows<Float64Array>;
  readonly moves: {
    readonly fraction: Rows<Float64Array>;
    readonly gate:
      | (Pick<PlanGate, "measure" | "threshold"> & {
          readonly opening: Rows<Uint8Array>;
          readonly quiet: Rows<Uint8Array> | null;
        })
      | null;
  } | null;
  readonly firstBar: number;
}

/** @param assets N */
export function packDecisions({ targets, moves, firstBar }: TradedDecisions, assets: number): StoredDecisions {
  const floats = (plane: Floats) => packRows(plane, assets, (value) => value !== value, Float64Array);
  const flags = (plane: Uint8Array) => packRows(plane, assets, (value) => value === 0, Uint8Array);
  if (moves === null) return { targets: floats(targets), moves: null, firstBar };
  const { fraction, gate } = moves;
  const { opening, quiet = null, measure = "max", threshold = 0 } = gate ?? {};
  const packed =
    opening === undefined
      ? null
      : { measure, threshold, opening: flags(opening), quiet: quiet === null ? null : flags(quiet) };
  return { targets: floats(targets), moves: { fraction: floats(fraction), gate: packed }, firstBar };
}

/**
 * @param bars   T
 * @param assets N
 */
export function unpackDecisions(stored: StoredDecisions, bars: number, assets: number): TradedDecisions {
  const floats = (rows: Rows<Float64Array>) =>
    unpackRows(rows, new Float64Array(bars * assets).fill(Number.NaN), assets);
  const flags = (rows: Rows<Uint8Array>) => unpackRows(rows, new Uint8Array(bars * assets), assets);
  const { targets, moves, firstBar } = stored;
  if (moves === null) return { targets: floats(targets), moves: null, firstBar };
  const { fraction, gate } = moves;
  return {
    targets: floats(targets),
    moves: {
      fraction: floats(fraction),
      gate:
        gate === null
          ? null
          : { ...gate, opening: flags(gate.opening), quiet: gate.quiet === null ? null : flags(gate.quiet) },
    },
    firstBar,
  };
}

function packRows<Values extends Float64Array | Uint8Array>(
  plane: Floats | Uint8Array,
  assets: number,
  isBlank: (value: number) => boolean,
  Kind: new (length: number) => Values,
): Rows<Values> {
  const bars: number[] = [];
  for (let row = 0; row < plane.length; row += assets) {
    let n = 0;
    while (n < assets && isBlank(plane[row + n]!)) n++;
    if (n < assets) bars.push(row / assets);
  }
  const values = new Kind(bars.length * assets);
  for (const [r, bar] of bars.entries())
    for (let n = 0; n < assets; n++) values[r * assets + n] = plane[bar * assets + n]!;
  return { bars: Int32Array.from(bars), values };
}

function unpackRows<Values extends Float64Array | Uint8Array>(
  { bars, values }: Rows<Values>,
  out: Values,
  assets: number,
): Values {
  for (const [r, bar] of bars.entries()) out.set(values.subarray(r * assets, (r + 1) * assets), bar * assets);
  return out;
}
