/** YAML text to data that a schema accepts. Every fault names file:line, the path, the value and the nearest valid name. */
import { readFileSync, statSync } from "node:fs";
import { type Document, isCollection, isMap, isPair, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { InputError } from "../core/errors.ts";
import { describeIssue, isPathOf, isRecord, type Path, type PathFault } from "./config-faults.ts";
import { applyOverride } from "./overrides.ts";

/** A file of settings is some hundred lines; parsing what is no such file takes minutes and all memory. */
const MOST_BYTES = 1e7;

export interface YamlRules<S extends z.ZodType> {
  readonly schema: S;
  /** Rewrites the raw data before the schema sees them. */
  prepare?(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** Where a key that the schema sees is written, when that is elsewhere in the file. */
  origin?(path: Path): Path;
  /** Rules between keys that are each valid alone. */
  faults?(value: z.output<S>): readonly PathFault[];
}

/** The rules of a file, or how to come by them once its raw data are read. */
export type RulesSource<S extends z.ZodType> = {
  /** What a file must hold at least, in words. */
  readonly least: string;
} & (YamlRules<S> | { rulesFor(raw: Readonly<Record<string, unknown>>): YamlRules<S> });

/**
 * @param file      only names the text in faults
 * @param overrides `path=value`; later ones win
 * @throws InputError with every fault found
 */
export function parseStrictYaml<S extends z.ZodType>(
  text: string,
  file: string,
  overrides: readonly string[],
  rules: RulesSource<S>,
): z.output<S> {
  return parseWithRaw(text, file, overrides, rules).value;
}

/** As parseStrictYaml, and the data as written with the overrides applied, before defaults. */
export function parseWithRaw<S extends z.ZodType>(
  text: string,
  file: string,
  overrides: readonly string[],
  rules: RulesSource<S>,
): { readonly raw: Readonly<Record<string, unknown>>; readonly value: z.output<S> } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "error" });
  const broken = document.errors[0] ?? document.warnings[0];
  if (broken !== undefined) {
    const where = `${file}:${lines.linePos(broken.pos[0]).line}`;
    if (broken.code === "MULTIPLE_DOCS")
      throw InputError.of({ where, rule: "a second YAML document begins, one was expected" });
    throw InputError.of({
      where,
      rule: `not valid YAML: ${broken.message.split("\n")[0]!.replace(/ at line.*$/, "")}`,
    });
  }
  const written = plainValue(document, file);
  if (!isMap(document.contents) || !isRecord(written))
    throw InputError.of({
      where: file,
      rule: `must be a YAML mapping with at least ${rules.least}`,
      got: written === null ? "an empty file" : String(written).slice(0, 40),
    });

  const overridden = overrides.map((override) => applyOverride(written, override));
  const locate = locator(document, lines, file, overridden);
  const own = "rulesFor" in rules ? locatedFaults(() => rules.rulesFor(written), locate) : rules;
  return { raw: written, value: validated(written, own, locate) };
}

/** What the work returns; its faults name paths, and are thrown naming places. */
function locatedFaults<Result>(work: () => Result, locate: (path: Path) => string): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.faults.map((fault) => ({ ...fault, where: locate(fault.where.split(".")) })));
  }
}

/**
 * Raw data as the schema has it, defaults filled in.
 *
 * @param locate names the place of a path in faults
 * @throws InputError with every fault found
 */
export function validated<S extends z.ZodType>(
  written: Readonly<Record<string, unknown>>,
  rules: YamlRules<S>,
  locate: (path: Path) => string,
): z.output<S> {
  const refuse = (faults: readonly PathFault[]): never => {
    throw new InputError(
      faults.map(({ path, ...fault }) => ({ where: locate(rules.origin?.(path) ?? path), ...fault })),
    );
  };
  const raw = rules.prepare?.(written) ?? written;
  const parsed = rules.schema.safeParse(raw);
  if (!parsed.success) return refuse(parsed.error.issues.flatMap((issue) => describeIssue(issue, raw, rules.schema)));
  const faults = rules.faults?.(parsed.data) ?? [];
  return faults.length > 0 ? refuse(faults) : parsed.data;
}

/**
 * The error with every fault that names a path of the config ("data.path") naming the place in the file instead: for
 * what only shows once the data are there.
 */
export function relocatedIn(
  error: InputError,
  file: string,
  overrides: readonly string[],
  schema: z.ZodType,
): InputError {
  const lines = new LineCounter();
  const document = parseDocument(readYamlText(file), { lineCounter: lines, logLevel: "error" });
  const paths = overrides.map((override) => override.slice(0, override.indexOf("=")));
  const locate = locator(document, lines, file, paths);
  return new InputError(
    error.faults.map((fault) => {
      const path = fault.where.split(".");
      // a file may well be called data.csv, but no block has a key csv
      const isPath = path.length > 1 && isPathOf(path.slice(0, 2), schema);
      return isPath ? { ...fault, where: locate(path) } : fault;
    }),
  );
}

/** Tells where a path of the config is written: the option that set it, or the line of its nearest key. */
function locator(
  document: Document.Parsed,
  lines: LineCounter,
  file: string,
  overridden: readonly string[],
): (path: Path) => string {
  return (path) => {
    const label = path.join(".");
    const inFile = keyOffset(document.contents, path) !== undefined;
    if (
      overridden.some((set) => label === set || label.startsWith(`${set}.`) || (!inFile && set.startsWith(`${label}.`)))
    )
      return `--set ${label}`;
    for (let depth = path.length; depth > 0; depth--) {
      const offset = keyOffset(document.contents, path.slice(0, depth));
      if (offset !== undefined) return `${file}:${lines.linePos(offset).line} ${label}`;
    }
    return label === "" ? file : `${file} ${label}`;
  };
}

/** The document as plain data in which no two places share an object, so that an override changes the one it names. */
function plainValue(document: Document.Parsed, file: string): unknown {
  try {
    return unshared(document.toJS());
  } catch (error) {
    throw InputError.of({ where: file, rule: `not valid YAML: ${(error as Error).message.split("\n")[0]}` });
  }
}

function unshared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unshared);
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unshared(member)]))
    : value;
}

/** @throws InputError when there is no such file, it cannot be read, or is far too large */
export function readYamlText(file: string): string {
  if (file === "") throw InputError.of({ where: "file", rule: "must be the path of a YAML file", got: file });
  try {
    const { size } = statSync(file);
    if (size > MOST_BYTES)
      throw InputError.of({
        where: file,
        rule: `has ${Math.round(size / 1e6)} MB, a YAML file of at most 10 was expected`,
      });
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    const rule =
      code === "ENOENT" ? "no such file" : code === "EISDIR" ? "is a directory, a YAML file was expected" : undefined;
    if (rule === undefined) throw InputError.of({ where: file, rule: `cannot be read (${code})` });
    throw InputError.of({ where: file, rule });
  }
}

/** Offset in the text of the last key or item on the path. */
function keyOffset(node: unknown, path: Path): number | undefined {
  let current = node;
  let offset: number | undefined;
  for (const step of path) {
    if (!isCollection(current)) return undefined;
    const item = current.items.find((candidate, i) =>
      isPair(candidate)
        ? isScalar(candidate.key) && String(candidate.key.value) === String(step)
        : String(i) === String(step),
    );
    if (item === undefined) return undefined;
    const labelled = isPair(item) ? item.key : item;
    offset = (labelled as { range?: [number, number, number] }).range?.[0];
    current = isPair(item) ? item.value : item;
  }
  return offset;
}
