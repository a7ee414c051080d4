import { writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { NO_EXTENSIONS } from "../../src/experiment/extensions.ts";
import { loadConfig } from "../../src/experiment/load-config.ts";
import { loadExtensions, reloadExtensions } from "../../src/experiment/load-extensions.ts";
import { CHANGE, OWN, ownProject, projectOf } from "../support/own-extension.ts";

const beside = (file: string, name: string) => join(dirname(file), name);

describe("loadExtensions", () => {
  test("finds the definitions of a module by kind and name, and is one object as long as no file changes", () => {
    const file = ownProject();
    const extensions = loadExtensions(["./own.ts"], file);
    expect([...extensions.features.keys()]).toEqual(["own_change"]);
    expect([...extensions.signals.keys()]).toEqual(["own_side"]);
    expect([...extensions.metrics.keys()]).toEqual(["own_best"]);
    expect(extensions.files[0]!.path).toBe(relative(process.cwd(), beside(file, "own.ts")));
    expect(extensions.features.get("own_change")!.file).toBe(extensions.files[0]!.path);
    expect(loadExtensions(["./own.ts"], file)).toBe(extensions);
    expect(loadExtensions([], file)).toBe(NO_EXTENSIONS);
  });

  test("the hash is that of the module and of all it imports, wherever they lie", () => {
    const hashes = [ownProject(), ownProject()].map((file) => loadExtensions(["own.ts"], file).hash);
    expect(hashes[0]).toBe(hashes[1]);
    const other = ownProject({ "change.ts": `${CHANGE}// another word\n` });
    expect(loadExtensions(["own.ts"], other).hash).not.toBe(hashes[0]);
  });

  test("a file that was edited is loaded anew, and so is one that imports it", () => {
    const file = ownProject({ "own.ts": OWN.replace("parameters: z", "marked: change(3, 2), parameters: z") });
    const marked = () => loadExtensions(["own.ts"], file).features.get("own_change") as unknown as { marked: number };
    expect(marked().marked).toBe(0.5);
    writeFileSync(beside(file, "change.ts"), CHANGE.replace("- 1", "+ 1"));
    expect(marked().marked).toBe(2.5);
  });

  test("a module may import JSON and CommonJS beside it, which its hash covers as well", () => {
    const other = `import limits from "./limits.json" with { type: "json" };
import old from "./old.cjs";
import { defineFeature, z } from "ballast";
export const f = defineFeature({ name: "f", describe: "x", parameters: z.strictObject({}), compute() {}, sum: limits.most + old.least } as never);
`;
    const file = ownProject({
      "own.ts": other,
      "limits.json": '{"most": 3}',
      "old.cjs": "module.exports = { least: 1 };",
    });
    const load = () => loadExtensions(["own.ts"], file);
    const before = load();
    expect(before.features.get("f")).toMatchObject({ sum: 4 });
    writeFileSync(beside(file, "limits.json"), '{"most": 5}');
    expect(load().features.get("f")).toMatchObject({ sum: 6 });
    expect(load().hash).not.toBe(before.hash);
    const changed = load().hash;
    writeFileSync(beside(file, "old.cjs"), "module.exports = { least: 2 };");
    expect(load().hash).not.toBe(changed);
    expect(load().features.get("f")).toMatchObject({ sum: 7 });
  });

  test("the hash covers what a CommonJS module requires, however deep", () => {
    const file = ownProject({
      "own.ts": `import old from "./old.cjs";
import { defineFeature, z } from "ballast";
export const f = defineFeature({ name: "f", describe: "x", parameters: z.strictObject({}), compute() {}, sum: old.sum } as never);
`,
      "old.cjs": 'const { sum } = require("./older.cjs"); module.exports = { sum };',
      "older.cjs": 'module.exports = { sum: 1 + require("./oldest.cjs") };',
      "oldest.cjs": "module.exports = 1;",
    });
    const load = () => loadExtensions(["own.ts"], file);
    const before = load();
    expect(before.features.get("f")).toMatchObject({ sum: 2 });
    expect(load()).toBe(before);
    writeFileSync(beside(file, "oldest.cjs"), "module.exports = 4;");
    expect(load().hash).not.toBe(before.hash);
    expect(load().features.get("f")).toMatchObject({ sum: 5 });
  });

  test("a thread refuses files that are not what they were, by name", () => {
    const file = ownProject();
    const { files, absolute, hash } = loadExtensions(["own.ts"], file);
    expect(reloadExtensions({ files, absolute, hash }).hash).toBe(hash);
    writeFileSync(beside(file, "own.ts"), `${OWN}// another word\n`);
    expect(() => reloadExtensions({ files, absolute, hash })).toThrow(/own\.ts: was changed while the experiment ran/);
  });
});

/** A feature called `name` with these members in place of the usual ones. */
const feature = (members: string, name = "f") =>
  `import { defineFeature, z } from "ballast";
export const ${name} = defineFeature({ name: "${name}", describe: "x", parameters: z.strictObject({}), compute() {}, ${members} });\n`;
const metric = (members: string) =>
  `import { defineMetric, z } from "ballast";
export const m = defineMetric({ name: "m", label: "M", unit: "ratio", better: "higher", group: "risk", describe: "x",
  parameters: z.strictObject({}), compute: () => 1, ${members} });\n`;

describe("refused, with the line of the experiment and the file", () => {
  const refusal = (files: Readonly<Record<string, string>>, extensions = "[./a.ts]") => {
    const file = projectOf({ "x.yaml": `name: x\nextensions: ${extensions}\ndata: {}\n`, ...files });
    try {
      loadConfig(file);
    } catch (error) {
      return (error as Error).message.replaceAll(/(\S*\/)(x\.yaml|[a-z]\.ts)/g, "$2");
    }
    return "";
  };

  test.each([
    ["a file that is not there", {}, "extensions.0: no such file, neither as a.ts nor as a.ts in the working"],
    ["a folder", { "a.ts/b.ts": "" }, "a.ts is a directory, a TypeScript module was expected"],
    ["a module without definitions", { "a.ts": "export const a = 1;\n" }, "a.ts exports no definition: export what"],
    ["a module that throws", { "a.ts": '\nthrow new Error("boo");\n' }, "a.ts threw while it was loaded: boo (a.ts:2)"],
    ["a module that awaits", { "a.ts": "export const a = await 1;\n" }, "a.ts must not await at its top level"],
    ["a module that does not parse", { "a.ts": "export const = 1;\n" }, "a.ts does not parse: Unexpected token"],
    ["an enum", { "a.ts": "export enum A { B }\n" }, "a.ts does not parse: TypeScript enum is not supported"],
    [
      "what only programs get",
      { "a.ts": 'import { runSweep } from "ballast";\nrunSweep;\n' },
      "a.ts imports runSweep from ballast, which",
    ],
    ["an import without its ending", { "a.ts": 'import "./b";\n', "b.ts": "export {};\n" }, `b', did you mean "b.ts"?`],
    [
      "an import by the ending of what it would be compiled to",
      { "a.ts": 'import "./b.js";\n', "b.ts": "export {};\n" },
      `b.js', did you mean "b.ts"?`,
    ],
    ["an import that is not there", { "a.ts": 'import "./b.ts";\n' }, "a.ts imports what is not there: Cannot find"],
    [
      "a built-in's name",
      { "a.ts": feature("", "momentum") },
      "that cannot be used: the name momentum is taken by a built-in",
    ],
    ["a name with capitals", { "a.ts": feature("", "Mom") }, "name must be lower-case letters, digits and underscores"],
    ["no function", { "a.ts": feature("compute: 1 as never") }, "compute must be a function"],
    ["no zod object", { "a.ts": feature("parameters: {} as never") }, "parameters must be a z.strictObject({...})"],
    ["the key `name`", { "a.ts": feature("parameters: z.strictObject({ name: z.string() })") }, "the key name, which"],
    ["no plain data", { "a.ts": feature("parameters: z.strictObject({ a: z.date() })") }, "must be plain data"],
    ["a unit nobody knows", { "a.ts": metric('unit: "metres" as never') }, "unit must be one of percent, ratio,"],
    [
      "a long label",
      { "a.ts": metric(`label: "${"m".repeat(25)}"`) },
      'label must have at most 24 characters, got "mmm',
    ],
    ["a metric's name", { "a.ts": metric('name: "sharpe"') }, "the name sharpe is taken"],
  ])("%s", (_, files: Readonly<Record<string, string>>, message) => {
    const got = refusal(files);
    expect(got).toMatch(/^x\.yaml:2 extensions\.0: /);
    expect(got).toContain(message);
  });

  test("what Node refuses to import, at no line of ours", () => {
    const got = refusal({ "a.ts": 'import "./b.json";\n', "b.json": "{}" });
    expect(got).toMatch(/a\.ts threw while it was loaded: Module ".*" needs an import attribute of "type: json"$/);
  });

  test("a file that is not there names one place where the experiment is in the working directory", () => {
    expect(() => loadExtensions(["./not-there.ts"], "x.yaml")).toThrow(
      /^extensions\.0: no such file, got "\.\/not-there\.ts"$/,
    );
  });

  test("a name that two modules define, and one that a module defines twice", () => {
    const two = refusal({ "a.ts": feature(""), "b.ts": feature("") }, "[./a.ts, ./b.ts]");
    expect(two).toBe("x.yaml:2 extensions.1: b.ts defines the feature f a second time, after a.ts");
    expect(refusal({ "a.ts": `${feature("")}export const g = defineFeature({ ...f });\n` })).toContain("a second time");
    const kinds = refusal({ "a.ts": feature("", "m"), "b.ts": metric("") }, "[./a.ts, ./b.ts]");
    expect(kinds).toBe("");
  });

  test("the same file named twice, and what is no list of files", () => {
    expect(refusal({ "a.ts": feature("") }, "[a.ts, a.ts]")).toBe("x.yaml:2 extensions: must name each file once");
    const used = refusal({ "a.ts": feature("") }, "[a.ts, a.ts]\nfeatures: [{name: f}]");
    expect(used).toBe("x.yaml:2 extensions: must name each file once");
    expect(refusal({}, "a.ts")).toBe('x.yaml:2 extensions: must be a list, got "a.ts"');
  });
});
