/** YAML text to a validated config. Every fault names file:line, the path, the value and the nearest valid name. */
import { readFileSync } from "node:fs";
import { type Document, isCollection, isMap, isPair, isScalar, LineCounter, parseDocument } from "yaml";
import { InputError } from "../core/errors.ts";
import { combinationFaults } from "./combinations.ts";
import { describeIssue, isRecord, keysAt, type Path, type PathFault } from "./config-faults.ts";
import { applyOverride } from "./overrides.ts";
import { PORTFOLIO_PRESETS, type PortfolioPresetName } from "./portfolio-presets.ts";
import { type ExperimentConfig, experimentSchema } from "./schema.ts";

/**
 * Reads an experiment file, applies `path=value` overrides and validates the whole.
 *
 * @param overrides values are YAML, as `--set allocation.lookback_bars=20` gives them; later ones win
 * @throws InputError with every fault found
 */
export function loadConfig(file: string, overrides: readonly string[] = []): ExperimentConfig {
  return parseConfig(readText(file), file, overrides);
}

/** As loadConfig, from text; `file` only names it in faults. */
export function parseConfig(text: string, file: string, overrides: readonly string[] = []): ExperimentConfig {
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
      rule: "must be a YAML mapping with at least `name` and `data`",
      got: written === null ? "an empty file" : String(written).slice(0, 40),
    });

  const overridden = overrides.map((override) => applyOverride(written, override));
  const locate = locator(document, lines, file, overridden);
  const refuse = (faults: readonly PathFault[]): never => {
    throw new InputError(faults.map(({ path, ...fault }) => ({ where: locate(path), ...fault })));
  };

  const raw = withPortfolioPreset(written);
  const parsed = experimentSchema.safeParse(raw);
  if (!parsed.success) return refuse(parsed.error.issues.flatMap((issue) => describeIssue(issue, raw)));
  const faults = combinationFaults(parsed.data);
  return faults.length > 0 ? refuse(faults) : parsed.data;
}

/**
 * The error with every fault that names a path of the config ("data.path") naming the place in the file instead: for
 * what only shows once the data are there.
 */
export function relocated(error: InputError, file: string, overrides: readonly string[]): InputError {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, logLevel: "error" });
  const paths = overrides.map((override) => override.slice(0, override.indexOf("=")));
  const locate = locator(document, lines, file, paths);
  return new InputError(
    error.faults.map((fault) => {
      const path = fault.where.split(".");
      // a file may well be called data.csv, but no block has a key csv
      const isPath = path.length > 1 && keysAt(path.slice(0, 1)).includes(path[1]!);
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

/** The raw config with the keys of its portfolio preset filled in; one that is unknown is left for the schema to name. */
function withPortfolioPreset(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const portfolio = Object.hasOwn(raw, "portfolio") ? raw.portfolio : undefined;
  if (!isRecord(portfolio)) return raw;
  const { preset } = portfolio;
  if (typeof preset !== "string" || !Object.hasOwn(PORTFOLIO_PRESETS, preset)) return raw;
  return { ...raw, portfolio: { ...PORTFOLIO_PRESETS[preset as PortfolioPresetName], ...portfolio } };
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

function readText(file: string): string {
  if (file === "") throw InputError.of({ where: "experiment", rule: "must be the path of a YAML file", got: file });
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const rule =
      code === "ENOENT"
        ? "no such file"
        : code === "EISDIR"
          ? "is a directory, an experiment file was expected"
          : undefined;
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
      isPair(candidate) ? isScalar(candidate.key) && String(candidate.key.value) === String(step) : i === step,
    );
    if (item === undefined) return undefined;
    const labelled = isPair(item) ? item.key : item;
    offset = (labelled as { range?: [number, number, number] }).range?.[0];
    current = isPair(item) ? item.value : item;
  }
  return offset;
}
