/** Settings of an experiment by their dotted path, looked up in the schema: what `allocation.method` leads to. */
import type { z } from "zod";
import { nearestName } from "../core/errors.ts";
import { definition, keysAt, unwrapped } from "./config-faults.ts";

type Schema = z.core.$ZodType;

/** Kinds of schema below which there is nothing to set; what a pipe or a transformation takes cannot be told. */
const VALUES = new Set(["string", "number", "int", "boolean", "enum", "literal", "null", "date", "array", "never"]);

/** A place, one that the schema leaves open, or none and what is wrong with the path. */
export type SettingPlace =
  | { readonly kind: "found"; readonly schema: Schema }
  | { readonly kind: "open" }
  | { readonly kind: "none"; readonly rule: string; readonly suggestion?: string | undefined };

/** @param path keys of mappings, and items of lists by their number from 0 */
export function settingAt(path: string, schema: Schema): SettingPlace {
  const steps = path.split(".");
  let inner = schema;
  for (const [depth, step] of steps.entries()) {
    const next = settingBelow(inner, step);
    if (next === "open") return { kind: "open" };
    if (next === undefined) return missing(steps, depth, inner);
    inner = next;
  }
  return { kind: "found", schema: inner };
}

function missing(steps: readonly string[], depth: number, schema: Schema): SettingPlace {
  const parent = steps.slice(0, depth).join(".");
  const known = keysAt([], schema);
  if (known.length === 0) {
    const isList = definition(unwrapped(schema)).element !== undefined;
    const what = isList ? `a list, whose items go by their number: ${parent}.0` : "a value";
    return { kind: "none", rule: `is no key of an experiment, ${parent} is ${what}` };
  }
  const near = nearestName(steps[depth]!, known);
  if (near !== undefined)
    return {
      kind: "none",
      rule: "is no key of an experiment",
      suggestion: [...steps.slice(0, depth), near, ...steps.slice(depth + 1)].join("."),
    };
  return { kind: "none", rule: `is no key of an experiment, ${parent === "" ? "it" : parent} has ${known.join(", ")}` };
}

function settingBelow(schema: Schema, step: string): Schema | "open" | undefined {
  const { type, options, shape, catchall, valueType, element } = definition(unwrapped(schema));
  if (element !== undefined) return /^\d+$/.test(step) ? element : undefined;
  if (options !== undefined) {
    const members = options.map((option) => settingBelow(option, step));
    return members.find((member) => member !== undefined);
  }
  if (type === "record") return valueType;
  if (shape === undefined) return VALUES.has(type ?? "") ? undefined : "open";
  if (Object.hasOwn(shape, step)) return shape[step];
  return catchall === undefined || definition(catchall).type === "never" ? undefined : "open";
}

/** Whether it is a mapping and nothing else. */
export function isBlock(schema: Schema): boolean {
  const { type, options } = definition(unwrapped(schema));
  return options === undefined ? type === "object" || type === "record" : options.every(isBlock);
}

/** The words that a place is limited to; undefined where it is not one of a few. */
export function wordsOf(schema: Schema): readonly string[] | undefined {
  const { type, entries = {} } = definition(unwrapped(schema));
  return type === "enum" ? Object.values(entries).map(String) : undefined;
}
