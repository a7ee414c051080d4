/** What is wrong at a path of the config, in words that name the value and the nearest valid name. */
import type { z } from "zod";
import { type Fault, nearestName } from "../core/errors.ts";

export type Path = readonly (string | number)[];

/** A place in the config on the way to being shown: path plus what is wrong there. */
export interface PathFault {
  readonly path: Path;
  readonly rule: string;
  readonly got?: Fault["got"];
  readonly suggestion?: string | undefined;
}

/** Names that are listed in full although one of them is near. */
const LISTED_NAMES = 16;

/** A zod issue as faults in our words; `raw` is the config it was found in, `schema` the one that found it. */
export function describeIssue(issue: z.core.$ZodIssue, raw: unknown, schema: z.core.$ZodType): PathFault[] {
  const path = issue.path as Path;
  const got = path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], raw);
  const shown =
    got === undefined
      ? {}
      : { got: isRecord(got) ? "a mapping" : Array.isArray(got) ? "a list" : (got as Fault["got"]) };
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        rule: unknownKeyRule(keysAt(path, schema, raw)),
        suggestion: nearestName(key, keysAt(path, schema, raw)),
      }));
    case "invalid_value": {
      const names = issue.values.map(String);
      const suggestion = typeof got === "string" ? nearestName(got, names) : undefined;
      // A long list hides the one name that helps.
      const listed = suggestion === undefined || names.length <= LISTED_NAMES;
      const rule = listed ? `must be one of ${names.join(", ")}` : `is none of the ${names.length} names there are`;
      return [{ path, rule, ...shown, suggestion }];
    }
    case "invalid_type":
      return [
        {
          path,
          rule: typeRule(issue, got === undefined),
          ...shown,
        },
      ];
    case "too_small":
    case "too_big": {
      const least = issue.code === "too_small";
      const bound = least ? issue.minimum : issue.maximum;
      const what = issue.origin === "array" ? "have " : issue.origin === "string" ? "have length " : "be ";
      const items = issue.origin === "array" ? (Number(bound) === 1 ? " item" : " items") : "";
      return [
        {
          path,
          rule: `must ${what}${issue.inclusive ? (least ? "at least" : "at most") : least ? "above" : "below"} ${bound}${items}`,
          ...(Array.isArray(got) ? { got: got.length } : shown),
        },
      ];
    }
    case "invalid_union": {
      const names = "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
      const suggestion = typeof got === "string" ? nearestName(got, names) : undefined;
      return [{ path, rule: issue.message, ...shown, suggestion }];
    }
    case "invalid_key":
      return [{ path, rule: issue.issues[0]?.message ?? issue.message }];
    case "invalid_format":
      return [{ path, rule: issue.format === "date" ? "must be a date YYYY-MM-DD" : issue.message, ...shown }];
    default:
      // a rule of ours about a mapping or a list is about what is in it, not that it is one
      return [{ path, rule: issue.message, ...(isRecord(got) || Array.isArray(got) ? {} : shown) }];
  }
}

function unknownKeyRule(known: readonly string[]): string {
  return known.length === 0 ? "unknown key" : `unknown key, expected one of ${known.join(", ")}`;
}

/** A schema's own message where it has one. */
function typeRule(issue: z.core.$ZodIssueInvalidType, missing: boolean): string {
  if (missing) return `is required (${wordFor(issue.expected)})`;
  return issue.message.startsWith("must ") ? issue.message : `must be ${wordFor(issue.expected)}`;
}

function wordFor(type: string): string {
  const words: Readonly<Record<string, string>> = {
    int: "a whole number",
    number: "a number",
    string: "text",
    object: "a mapping",
    array: "a list",
    record: "a mapping",
  };
  return words[type] ?? type;
}

/** Valid keys of the mapping at a path of the schema; `raw` tells which option of a union it is, without it all count. */
export function keysAt(path: Path, schema: z.core.$ZodType, raw?: unknown): string[] {
  let inner: z.core.$ZodType | undefined = schema;
  let value = raw;
  for (const step of path) {
    inner = memberOf(inner, step, value);
    value = isRecord(value) || Array.isArray(value) ? (value as Record<string | number, unknown>)[step] : undefined;
  }
  return [...new Set(shapesOf(inner, value).flatMap((shape) => Object.keys(shape)))];
}

/** Whether the schema knows such a place, by the names of keys and the numbers of list items. */
export function isPathOf(path: Path, schema: z.core.$ZodType): boolean {
  let inner: z.core.$ZodType | undefined = schema;
  for (const step of path) inner = memberOf(inner, step, undefined);
  return inner !== undefined;
}

function memberOf(
  schema: z.core.$ZodType | undefined,
  step: string | number,
  value: unknown,
): z.core.$ZodType | undefined {
  const { element } = definition(unwrapped(schema));
  if (element !== undefined) return Number.isInteger(Number(step)) ? element : undefined;
  return shapesOf(schema, value).find((shape) => Object.hasOwn(shape, step))?.[step];
}

type Shape = Readonly<Record<string | number, z.core.$ZodType>>;

/** What a schema is made of, of whatever kind it is. */
export interface SchemaDefinition {
  readonly type?: string;
  readonly innerType?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly discriminator?: string;
  readonly shape?: Shape;
  readonly catchall?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
}

export function definition(schema: z.core.$ZodType | undefined): SchemaDefinition {
  return (schema?._zod.def ?? {}) as SchemaDefinition;
}

/** Without defaults and optionality around it. */
export function unwrapped(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  let inner = schema;
  while (definition(inner).innerType !== undefined) inner = definition(inner).innerType;
  return inner;
}

/** One for a mapping; of a union that of the option the value names, or all. */
function shapesOf(schema: z.core.$ZodType | undefined, value: unknown): Shape[] {
  const { shape, options = [], discriminator } = definition(unwrapped(schema));
  if (shape !== undefined) return [shape];
  const all = options.flatMap((option) => shapesOf(option, undefined));
  const named = discriminator === undefined || !isRecord(value) ? undefined : value[discriminator];
  const chosen = all.filter((each) => {
    const kind = each[discriminator ?? ""];
    return named === undefined
      ? definition(kind).type === "default"
      : definition(unwrapped(kind)).values?.includes(named);
  });
  return chosen.length > 0 ? chosen : all;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
