/** `--set path=value` on a raw config. */
import { parse } from "yaml";
import { InputError } from "../core/errors.ts";
import { isRecord } from "./config-faults.ts";

/**
 * Sets one path in `raw`, making mappings on the way.
 *
 * @returns the path
 * @throws InputError when the override has no path, its value is no YAML, or it goes through a scalar
 */
export function applyOverride(raw: Record<string, unknown>, override: string): string {
  const at = override.indexOf("=");
  const path = override.slice(0, at);
  if (at < 1 || path.split(".").some((key) => key === ""))
    throw InputError.of({
      where: "--set",
      rule: "must be path=value, like allocation.lookback_bars=20",
      got: override,
    });
  let value: unknown;
  try {
    value = parse(override.slice(at + 1), { logLevel: "error" });
  } catch {
    throw InputError.of({ where: `--set ${path}`, rule: "the value is not valid YAML", got: override.slice(at + 1) });
  }
  setPath(raw, path, value, `--set ${path}`);
  return path;
}

/**
 * Sets one place of raw data, making mappings on the way.
 *
 * @param path  "allocation.lookback_bars", or "features.0.lookback_bars" for an item of a list, counted from 0
 * @param where names the place in the fault
 * @throws InputError when the path goes through a scalar, or names no item of a list
 */
export function setPath(raw: Record<string, unknown>, path: string, value: unknown, where: string): void {
  const keys = path.split(".");
  let target = raw;
  for (const [depth, key] of keys.slice(0, -1).entries()) {
    const present = Object.hasOwn(target, key) ? target[key] : undefined;
    const next = present ?? {};
    if (present !== next) setOwn(target, key, next);
    if (Array.isArray(next)) checkPosition(next, key, keys[depth + 1]!, where);
    else if (!isRecord(next))
      throw InputError.of({ where, rule: `"${key}" is not a mapping, so nothing can be set in it` });
    // a list is a mapping from positions
    target = next as Record<string, unknown>;
  }
  setOwn(target, keys.at(-1)!, value);
}

function checkPosition(list: readonly unknown[], name: string, position: string, where: string): void {
  if (/^\d+$/.test(position) && Number(position) < list.length) return;
  throw InputError.of({
    where,
    rule: `"${name}" is a list of ${list.length}, so its items are set by their positions from 0`,
    got: position,
  });
}

/** Assignment that makes `__proto__` a key like any other, for the schema to refuse. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
