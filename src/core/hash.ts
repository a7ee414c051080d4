/** Stable content hashes: the same value gives the same digest on every machine and in every key order. */
import { createHash } from "node:crypto";
import type { Floats } from "./panel.ts";

/** Doubles hashed at a time. */
const BLOCK = 65_536;

/**
 * SHA-256 of a plain value through its canonical JSON: keys sorted, undefined members dropped,
 * NaN and infinities as tagged strings, -0 as 0.
 *
 * @returns 64 hex digits
 */
export function hashValue(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** JSON with sorted keys; see hashValue for the treatment of what JSON cannot say. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === "number" && !Number.isFinite(member)) return `#${member}`;
    if (member !== null && typeof member === "object" && !Array.isArray(member))
      return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
    return member;
  });
}

/**
 * SHA-256 over named planes of doubles, in the order given; every NaN counts as the same NaN, -0 as 0.
 *
 * @returns 64 hex digits
 */
export function hashFloats(planes: Iterable<readonly [name: string, values: Floats]>): string {
  const hash = createHash("sha256");
  const block = new Float64Array(BLOCK);
  for (const [name, values] of planes) {
    hash.update(`${JSON.stringify(name)}:${values.length};`);
    for (let from = 0; from < values.length; from += BLOCK) {
      const size = Math.min(BLOCK, values.length - from);
      copyCanonical(values, from, size, block);
      hash.update(new Uint8Array(block.buffer, 0, size * 8));
    }
  }
  return hash.digest("hex");
}

/** A NaN may carry any payload, and the caller's array must not change. */
function copyCanonical(values: Floats, from: number, size: number, block: Float64Array): void {
  for (let k = 0; k < size; k++) {
    const value = values[from + k]!;
    block[k] = value === value ? value + 0 : Number.NaN;
  }
}
