/** What is wrong with a sweep block before any of its configs is made: axes that lead nowhere, are set twice or hold
 *  nothing, constraints that say nothing, more configs than can be planned. */
import type { z } from "zod";
import { nearestName } from "../core/errors.ts";
import { METRICS } from "../metrics/catalogue.ts";
import { isRecord, type Path, type PathFault } from "./config-faults.ts";
import { type Constraint, type Operand, parseConstraint } from "./constraint.ts";
import { isBlock, settingAt, wordsOf } from "./setting-place.ts";
import type { SweepBlock } from "./sweep-schema.ts";

/** What cannot differ between the configs of one sweep: they share one market and one report. */
const FIXED = ["name", "description", "extensions", "data", "sweep", "validation"];

/** Configs are planned in memory before the first of them runs. */
const MOST_CONFIGS = 100_000;

/** One axis where it is written; `values` are those it names, empty for a range to draw from. */
interface WrittenAxis {
  readonly path: string;
  readonly at: Path;
  readonly values: readonly unknown[];
}

/**
 * @param schema       of experiments
 * @param hasBenchmark whether the experiment itself names one
 */
export function sweepFaults(block: SweepBlock, schema: z.core.$ZodType, hasBenchmark: boolean): PathFault[] {
  const axes = writtenAxes(block);
  return [
    ...emptySources(block),
    ...axes.flatMap((axis) => axisFaults(axis, schema)),
    ...overlaps(axes),
    ...repeatedValues(block),
    ...countFaults(block),
    ...block.where.flatMap((text, i) => constraintFaults(text, ["sweep", "where", i], schema)),
    ...(hasBenchmark || axes.some(({ path }) => path.split(".")[0] === "benchmark") ? [] : rankFaults(block)),
  ];
}

/** Without a benchmark no trial has a metric against one: the ranking would be their order. */
function rankFaults({ rank_by }: SweepBlock): PathFault[] {
  if (METRICS.find(({ key }) => key === rank_by)?.group !== "benchmark") return [];
  return [{ path: ["sweep", "rank_by"], rule: "needs a `benchmark` block to be measured against", got: rank_by }];
}

function writtenAxes({ grid = {}, zip = {}, list = [], random }: SweepBlock): WrittenAxis[] {
  const lists = (source: "grid" | "zip", axes: Readonly<Record<string, readonly unknown[]>>): WrittenAxis[] =>
    Object.entries(axes).map(([path, values]) => ({ path, at: ["sweep", source, path], values }));
  return [
    ...lists("grid", grid),
    ...lists("zip", zip),
    ...list.flatMap((entry, i) =>
      Object.entries(entry).map(([path, value]) => ({ path, at: ["sweep", "list", i, path], values: [value] })),
    ),
    ...Object.entries(random?.space ?? {}).map(([path, from]) => ({
      path,
      at: ["sweep", "random", "space", path],
      values: Array.isArray(from) ? from : [],
    })),
  ];
}

function emptySources({ grid, zip, list, random }: SweepBlock): PathFault[] {
  const rule = "names no path";
  const sources: readonly (readonly [Path, unknown])[] = [
    [["sweep", "grid"], grid],
    [["sweep", "zip"], zip],
    ...(list ?? []).map((entry, i) => [["sweep", "list", i], entry] as const),
    [["sweep", "random", "space"], random?.space],
  ];
  return sources.flatMap(([path, source]) =>
    isRecord(source) && Object.keys(source).length === 0 ? [{ path, rule }] : [],
  );
}

function axisFaults({ path, at, values }: WrittenAxis, schema: z.core.$ZodType): PathFault[] {
  if (FIXED.includes(path.split(".")[0]!)) return [{ path: at, rule: "cannot differ: all trials share it" }];
  const place = settingAt(path, schema);
  if (place.kind === "none") return [{ path: at, rule: place.rule, suggestion: place.suggestion }];
  const scalar = place.kind === "found" && isBlock(place.schema) ? values.find((value) => !isRecord(value)) : undefined;
  if (scalar === undefined) return [];
  return [
    {
      path: at,
      rule: `is a block of keys and not a value: name one of its keys, such as ${path}.<key>`,
      ...shown(scalar),
    },
  ];
}

/** Paths that two sources set, or that lie within one that is set as a whole. */
function overlaps(axes: readonly WrittenAxis[]): PathFault[] {
  const first = new Map<string, WrittenAxis>();
  return axes.flatMap((axis): PathFault[] => {
    const same = first.get(axis.path);
    if (same === undefined) first.set(axis.path, axis);
    if (same !== undefined) return sourceOf(same) === "list" && sourceOf(axis) === "list" ? [] : [twice(axis, same)];
    const outer = [...first.values()].find(
      ({ path }) => axis.path.startsWith(`${path}.`) || path.startsWith(`${axis.path}.`),
    );
    const apart = outer === undefined || (sourceOf(outer) === "list" && outer.at[2] !== axis.at[2]);
    return apart ? [] : [{ path: axis.at, rule: `overlaps ${outer.path}, which is set as well` }];
  });
}

function twice(axis: WrittenAxis, first: WrittenAxis): PathFault {
  return { path: axis.at, rule: `is set in sweep.${sourceOf(first)} already` };
}

function sourceOf({ at }: WrittenAxis): string {
  return String(at[1]);
}

/** The same value twice on an axis, or the same entry twice in a list, would be one config twice. */
function repeatedValues({ grid = {}, list = [] }: SweepBlock): PathFault[] {
  const repeated = (values: readonly unknown[]) => {
    const texts = values.map((value) => JSON.stringify(value));
    const again = texts.findIndex((text, i) => texts.indexOf(text) < i);
    return again < 0 ? undefined : { index: again, first: texts.indexOf(texts[again]!), value: values[again] };
  };
  const ofAxes = Object.entries(grid).flatMap(([path, values]): PathFault[] => {
    const again = repeated(values);
    return again === undefined
      ? []
      : [{ path: ["sweep", "grid", path], rule: "has a value twice", ...shown(again.value) }];
  });
  const entry = repeated(list);
  if (entry === undefined) return ofAxes;
  return [...ofAxes, { path: ["sweep", "list", entry.index], rule: `is the same as entry ${entry.first}` }];
}

function countFaults({ grid = {}, zip, list, random }: SweepBlock): PathFault[] {
  const counts = [
    ...Object.values(grid).map(({ length }) => length),
    ...(zip === undefined ? [] : [Object.values(zip)[0]?.length ?? 0]),
    ...(list === undefined ? [] : [list.length]),
    ...(random === undefined ? [] : [random.n]),
  ];
  const configs = counts.reduce((product, count) => product * count, 1);
  if (configs <= MOST_CONFIGS) return [];
  const factors = counts.filter((count) => count > 1);
  const product = factors.length > 1 ? ` (${factors.join(" x ")})` : "";
  const rule = `is ${configs.toLocaleString("en-US")} configs${product}, at most ${MOST_CONFIGS.toLocaleString("en-US")} can be planned; \`random\` draws some of them`;
  return [{ path: ["sweep"], rule }];
}

function constraintFaults(text: string, path: Path, schema: z.core.$ZodType): PathFault[] {
  const constraint = parseConstraint(text);
  if ("rule" in constraint) return [{ path, rule: constraint.rule, got: text }];
  const { left, operator, right } = constraint;
  const sides = [left, right];
  if (sides.every((side) => "value" in side))
    return [{ path, rule: "compares no setting, such as allocation.method", got: text }];
  const unknown = sides.flatMap((side) => pathFault(side, path, schema));
  if (unknown.length > 0) return unknown;
  const word = sides.find((side) => "value" in side && typeof side.value === "string") as { value: string } | undefined;
  if (word !== undefined && operator !== "==" && operator !== "!=")
    return [{ path, rule: `${operator} compares numbers alone`, got: text }];
  return wordFault(constraint, path, schema);
}

function pathFault(side: Operand, path: Path, schema: z.core.$ZodType): PathFault[] {
  if ("value" in side) return [];
  const place = settingAt(side.path, schema);
  if (place.kind !== "none") return [];
  return [{ path, rule: `${side.path} ${place.rule}; a text with a dot goes in quotes`, suggestion: place.suggestion }];
}

/** `allocation.method == hrpp` would never hold. */
function wordFault({ left, right }: Constraint, path: Path, schema: z.core.$ZodType): PathFault[] {
  const setting = [left, right].find((side) => "path" in side)!;
  const other = setting === left ? right : left;
  const place = settingAt((setting as { path: string }).path, schema);
  const words = place.kind === "found" ? wordsOf(place.schema) : undefined;
  if (words === undefined || !("value" in other) || words.includes(String(other.value))) return [];
  return [
    {
      path,
      rule: `${(setting as { path: string }).path} is never that`,
      got: other.value,
      suggestion: nearestName(String(other.value), words),
    },
  ];
}

function shown(value: unknown): Pick<PathFault, "got"> {
  const scalar = value === null || ["string", "number", "boolean"].includes(typeof value);
  return { got: scalar ? (value as string | number | boolean | null) : JSON.stringify(value) };
}
