/** Stable content hashes: the same value gives the same digest on every machine and in every key order. */
import { createHash } from "node:crypto";
import type { Floats } from "./panel.ts";

/** Doubles hashed at a time. */
const BLOCK = 65_536;

/**
 * SHA-256 of a plain value through its canonical JSON: keys sorted, undefined members dropped, -0 as 0.
 * Different values have different texts: NaN and the infinities are strings tagged "#", and a string that begins
 * with "#" gets another one in front.
 *
 * @param value null, booleans, numbers, strings, and plain arrays and objects of these
 * @returns     64 hex digits
 * @throws TypeError naming the place of anything else: undefined (also in a list), Date, Map, typed array, class
 */
export function hashValue(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** JSON with sorted keys; see hashValue for what it takes and the treatment of what JSON cannot say. */
export function canonicalJson(value: unknown): string {
  return jsonOf(value, []);
}

/** @param path keys from the outermost value to this one; as it was on return */
function jsonOf(value: unknown, path: (string | number)[]): string {
  if (value === null || typeof value === "boolean") return `${value}`;
  if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : `"#${value}"`;
  if (typeof value === "string") return JSON.stringify(value.startsWith("#") ? `#${value}` : value);
  if (isPlainArray(value)) return `[${Array.from(value, (member, i) => memberJson(member, i, path)).join(",")}]`;
  if (!isPlainObject(value)) {
    const place = `value${path.map((key) => `[${JSON.stringify(key)}]`).join("")}`;
    throw new TypeError(`${place}: must be plain data to be hashed, got ${typeName(value)}`);
  }
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${memberJson(value[key], key, path)}`)
    .join(",")}}`;
}

function memberJson(member: unknown, key: string | number, path: (string | number)[]): string {
  path.push(key);
  const json = jsonOf(member, path);
  path.pop();
  return json;
}

function isPlainArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Object.getOwnPropertySymbols(value).length > 0) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** "Map", "undefined", "function": what the value is, for a person. */
function typeName(value: unknown): string {
  return typeof value === "object" && value !== null ? (value.constructor?.name ?? "object") : typeof value;
}

/**
 * SHA-256 over named planes of doubles, in the order given; every NaN counts as the same NaN, -0 as 0.
 *
 * @returns 64 hex digits
 */
export function hashFloats(planes: Iterable<readonly [name: string, values: Floats]>): string {
  const hash = createHash("sha256");
  let block = new Float64Array(0);
  for (const [name, values] of planes) {
    if (block.length < Math.min(BLOCK, values.length)) block = new Float64Array(Math.min(BLOCK, values.length));
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
