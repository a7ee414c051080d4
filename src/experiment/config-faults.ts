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
        rule: unknownKeyRule(keysAt(path, schema)),
        suggestion: nearestName(key, keysAt(path, schema)),
      }));
    case "invalid_value": {
      const names = issue.values.map(String);
      return [
        {
          path,
          rule: `must be one of ${names.join(", ")}`,
          ...shown,
          suggestion: typeof got === "string" ? nearestName(got, names) : undefined,
        },
      ];
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
      return [
        {
          path,
          rule: `must ${what}${issue.inclusive ? (least ? "at least" : "at most") : least ? "above" : "below"} ${bound}`,
          ...shown,
        },
      ];
    }
    case "invalid_format":
      return [{ path, rule: issue.format === "date" ? "must be a date YYYY-MM-DD" : issue.message, ...shown }];
    default:
      return [{ path, rule: issue.message, ...shown }];
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

/** Valid keys of the mapping at a path of the schema. */
export function keysAt(path: Path, schema: z.core.$ZodType): string[] {
  let inner: z.core.$ZodType | undefined = schema;
  for (const step of path) inner = shapeOf(inner)?.[step];
  return Object.keys(shapeOf(inner) ?? {});
}

function shapeOf(schema: z.core.$ZodType | undefined): Readonly<Record<string | number, z.core.$ZodType>> | undefined {
  let inner = schema as unknown as
    | { shape?: Record<string, z.core.$ZodType>; def: { innerType?: z.core.$ZodType } }
    | undefined;
  while (inner !== undefined && inner.shape === undefined) inner = inner.def.innerType as unknown as typeof inner;
  return inner?.shape;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
