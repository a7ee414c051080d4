/** From a sweep block to the values each trial has: grid, zip, list and random draws, multiplied with one another. */
import { canonicalJson } from "../core/hash.ts";
import { createRng, type Rng } from "../core/rng.ts";
import type { AxisValue, SweepAxis } from "../core/sweep-record.ts";
import type { SweepBlock } from "../experiment/sweep-schema.ts";

/** Path -> value of one trial, in the order of the block. */
export type Assignment = ReadonlyMap<string, unknown>;

type RandomSpace = NonNullable<SweepBlock["random"]>["space"];

/** @param seed of random draws, where the block has none of its own */
export function assignmentsOf(block: SweepBlock, seed: number): Assignment[] {
  const { grid, zip, list, random } = block;
  const sources: Assignment[][] = [];
  if (grid !== undefined)
    for (const [path, values] of Object.entries(grid)) sources.push(values.map((value) => new Map([[path, value]])));
  if (zip !== undefined) sources.push(zipped(zip));
  if (list !== undefined) sources.push(list.map((entry) => new Map(Object.entries(entry))));
  if (random !== undefined) sources.push(drawn(random.space, random.n, createRng(random.seed ?? seed).fork("sweep")));
  return sources.reduce<Assignment[]>(
    (before, source) => before.flatMap((left) => source.map((right) => new Map([...left, ...right]))),
    [new Map()],
  );
}

function zipped(zip: Readonly<Record<string, readonly unknown[]>>): Assignment[] {
  const paths = Object.keys(zip);
  const length = zip[paths[0] ?? ""]?.length ?? 0;
  return Array.from({ length }, (_, i) => new Map(paths.map((path) => [path, zip[path]![i]])));
}

/** One stream a path, so that a path more or less leaves the draws of the others. */
function drawn(space: RandomSpace, count: number, rng: Rng): Assignment[] {
  const streams = Object.entries(space).map(([path, from]) => ({ path, from, stream: rng.fork(path) }));
  return Array.from(
    { length: count },
    () => new Map(streams.map(({ path, from, stream }) => [path, drawFrom(from, stream)])),
  );
}

function drawFrom(from: RandomSpace[string], rng: Rng): unknown {
  if (Array.isArray(from)) return from[rng.integer(from.length)];
  const { min, max, log, whole } = from as Exclude<RandomSpace[string], readonly unknown[]>;
  const u = rng.uniform();
  const past = whole ? max + 1 : max;
  const value = log ? min * (past / min) ** u : min + u * (past - min);
  return whole ? Math.min(max, Math.floor(value)) : Number(value.toPrecision(6));
}

/** Every path that any trial sets, with its distinct values in order of first use. */
export function axesOf(assignments: readonly Assignment[]): SweepAxis[] {
  const axes = new Map<string, Set<AxisValue>>();
  for (const assignment of assignments)
    for (const [path, value] of assignment) {
      const values = axes.get(path) ?? new Set();
      values.add(axisValue(value));
      axes.set(path, values);
    }
  return [...axes].map(([path, values]) => ({ path, values: [...values] }));
}

/** A value as axes show it: lists and mappings as JSON text. */
export function axisValue(value: unknown): AxisValue {
  const isScalar = value === null || ["string", "number", "boolean"].includes(typeof value);
  return isScalar ? (value as AxisValue) : canonicalJson(value);
}
