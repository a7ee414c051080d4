/** The identity of a market's numbers: SHA-256 over axes and planes in a fixed order, whatever file they came from. */
import { createHash, type Hash } from "node:crypto";
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";

const BLOCK = 65_536;

/** @returns 64 hex digits; extras enter by name in sorted order, every NaN as the same NaN, -0 as 0 */
export function hashMarket(ohlcv: Ohlcv): string {
  const hash = createHash("sha256").update(JSON.stringify(ohlcv.axes.assets));
  const block = new Float64Array(BLOCK);
  updateFloats(hash, "time", ohlcv.axes.time, block);
  for (const name of ["open", "high", "low", "close", "volume"] as const) updateFloats(hash, name, ohlcv[name], block);
  for (const name of [...ohlcv.extras.keys()].sort())
    updateFloats(hash, JSON.stringify(name), ohlcv.extras.get(name)!, block);
  return hash.digest("hex");
}

/** Copies block by block, for a NaN may carry any payload and the caller's array must not change. */
function updateFloats(hash: Hash, name: string, values: Floats, block: Float64Array): void {
  hash.update(`${name}:${values.length};`);
  for (let from = 0; from < values.length; from += BLOCK) {
    const size = Math.min(BLOCK, values.length - from);
    copyCanonical(values, from, size, block);
    hash.update(new Uint8Array(block.buffer, 0, size * 8));
  }
}

function copyCanonical(values: Floats, from: number, size: number, block: Float64Array): void {
  for (let k = 0; k < size; k++) {
    const value = values[from + k]!;
    block[k] = value === value ? value + 0 : Number.NaN;
  }
}
