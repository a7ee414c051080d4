/** Stable content hashes: the same value gives the same digest on every machine and in every key order. */
import { createHash } from "node:crypto";
import type { Floats } from "./panel.ts";

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
 * SHA-256 over named planes of doubles, in the order given; NaN payloads are folded into one.
 *
 * @returns 64 hex digits
 */
export function hashFloats(planes: Iterable<readonly [name: string, values: Floats]>): string {
  const hash = createHash("sha256");
  for (const [name, values] of planes) {
    const words = Float64Array.from(values as unknown as ArrayLike<number>, (x) => (x !== x ? Number.NaN : x));
    hash.update(`${name}:${values.length};`).update(new Uint8Array(words.buffer));
  }
  return hash.digest("hex");
}
