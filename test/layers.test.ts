/** The house has one way through it: each layer imports only from those to its left, stages not from one another. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));

const BEFORE_STAGES = ["core", "math", "data"];
const STAGES = ["ranking", "models", "signal", "allocation", "selection", "rebalancing", "execution", "metrics"];
const AFTER_STAGES = ["pods", "experiment", "sweep"];

/** Folder -> folders it may import from, itself aside. */
const allowed = new Map<string, readonly string[]>();
for (const [i, layer] of BEFORE_STAGES.entries()) allowed.set(layer, BEFORE_STAGES.slice(0, i));
for (const stage of STAGES) allowed.set(stage, BEFORE_STAGES);
for (const [i, layer] of AFTER_STAGES.entries())
  allowed.set(layer, [...BEFORE_STAGES, ...STAGES, ...AFTER_STAGES.slice(0, i)]);
allowed.set("report", ["core", "metrics"]);
for (const top of ["cli", "server"]) allowed.set(top, [...BEFORE_STAGES, ...STAGES, ...AFTER_STAGES, "report"]);

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), "utf8");
  const specifiers = [...text.matchAll(/(?:from|import\(?)\s*"(\.[^"]+)"/g)].map((match) => match[1]!);
  return specifiers.map((specifier) => ({
    file,
    from: file.split("/")[0]!,
    to: relative(src, join(src, dirname(file), specifier)).split("/")[0]!,
  }));
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const imports = files.filter((file) => file.includes("/")).flatMap(importsOf);

test("every folder under src is a layer of the design", () => {
  const folders = new Set(files.filter((file) => file.includes("/")).map((file) => file.split("/")[0]!));
  expect([...folders].filter((folder) => !allowed.has(folder))).toEqual([]);
  expect(imports.length).toBeGreaterThan(50);
});

test("no layer imports from one to its right, and no stage from another", () => {
  const trespasses = imports.filter(({ from, to }) => from !== to && !allowed.get(from)!.includes(to));
  expect(trespasses.map(({ file, to }) => `${file} imports ${to}`)).toEqual([]);
});

test("there is no cycle of files", () => {
  const edges = new Map<string, string[]>();
  for (const file of files) {
    const text = readFileSync(join(src, file), "utf8");
    const runtime = [...text.matchAll(/^import (?!type )[^;]*?from "(\.[^"]+)"/gms)].map((match) =>
      relative(src, join(src, dirname(file), match[1]!)),
    );
    edges.set(file, runtime);
  }
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) expect.fail(`cycle: ${[...trail.slice(trail.indexOf(file)), file].join(" -> ")}`);
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
});
