/** What the documentation shows works as shown: programs are type-checked and run, experiments are valid, commands exist
 *  and the quick ones run. The files that examples name (prices, policies, experiments) are made here. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InputError } from "../src/core/errors.ts";
import { parseConfig } from "../src/experiment/load-config.ts";
import { loadStrategyWeighting } from "../src/experiment/strategy-weighting.ts";
import * as library from "../src/index.ts";
import { runCli } from "./support/cli.ts";
import { tempDir, tempFile } from "./support/files.ts";
import { codeBlocks, shownCommands } from "./support/markdown.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** The page on extensions has modules instead of programs, and a test of its own. */
const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md") && name !== "extensions.md")
    .map((name) => `docs/${name}`),
];
const blocks = pages.flatMap((page) => codeBlocks(join(root, page), page));
const of = (language: string) =>
  blocks.filter((block) => block.language === language).map((block) => [block.at, block.code] as const);
/** Each once, where it is first shown. */
const shown = pages.flatMap((page) => shownCommands(join(root, page), page)).reverse();
const commands = [...new Map(shown.map(({ at, command }) => [command, at]))].reverse();

const LANGUAGES = ["ts", "yaml", "sh", "text"];
/** What a reader puts something of their own in the place of. */
const PLACEHOLDER = /<\w+>|\b(FILE|DIR|F)\b/;
/** Minutes of work: their options are looked up, and they are not run. */
const SLOW = /models compare|lookahead|weighting-comparison\.yaml|weighting-selector-sweep\.yaml(?!.*--dry-run)/;

/** A folder where the examples find their files. */
const folder = tempDir();
const home = process.cwd();

beforeAll(async () => {
  process.chdir(folder);
  mkdirSync(join(folder, "node_modules", "ballast"), { recursive: true });
  const entry = JSON.stringify(join(root, "src/index.ts"));
  writeFileSync("node_modules/ballast/package.json", `{"name": "ballast", "type": "module", "exports": "./index.mjs"}`);
  writeFileSync("node_modules/ballast/index.mjs", `export * from ${entry};\n`);
  writeFileSync("package.json", `{"type": "module"}`);
  cpSync(join(root, "experiments"), "experiments", { recursive: true });
  mkdirSync("data");
  const quick = ["--assets", "6", "--bars", "300"];
  await runCli("data", "sample", "--out", "prices.csv", ...quick);
  const days = [
    ...new Set([...readFileSync("prices.csv", "utf8").matchAll(/^(\d{4}-\d\d-\d\d)/gm)].map((match) => match[1]!)),
  ];
  const table = (head: string, row: (t: number) => string) =>
    `${head}\n${days.map((day, t) => `${day},${row(t)}`).join("\n")}\n`;
  writeFileSync("weights.csv", `date,SYN01,SYN02\n${days[0]},0.5,0.5\n${days[50]},0.2,0.3\n`);
  writeFileSync(
    "scores.csv",
    table("date,SYN01,SYN02,SYN03,SYN04", (t) => [1, 2, 3, 4].map((n) => Math.sin(n * t)).join(",")),
  );
  const returns = (t: number) => [1, 2, 3].map((n) => 0.001 + 0.01 * Math.sin(7 * n * t)).join(",");
  writeFileSync("returns.csv", table("date,fund,index,carry", returns));
  const policy = of("yaml").find(([, code]) => code.startsWith("strategy_weighting:"));
  writeFileSync("policy.yaml", policy?.[1] ?? "");
  const plan = await runCli("weights", "plan", "--policy", "policy.yaml", "--series", "returns.csv", "--json");
  writeFileSync("last-plan.json", plan.out);
  const small = "data: {path: prices.csv}\nallocation: {method: hrp, lookback_bars: 40}\n";
  writeFileSync("crypto.yaml", `name: crypto\n${small}`);
  writeFileSync("live.yaml", `name: live\n${small}`);
  writeFileSync("selector.yaml", `name: selector\n${small}asset_selector: {min_active_assets: 2}\n`);
  writeFileSync("sweep.yaml", `name: sweep\n${small}sweep: {grid: {allocation.lookback_bars: [20, 40]}}\n`);
});

afterAll(() => process.chdir(home));

test("every block says what it is", () => {
  expect(blocks.filter(({ language }) => !LANGUAGES.includes(language)).map(({ at }) => at)).toEqual([]);
  for (const language of LANGUAGES) expect(of(language).length).toBeGreaterThan(0);
});

describe("programs", () => {
  const fileOf = (at: string) => `${at.replaceAll(/\W/g, "-")}.ts`;

  test("pass a strict type-check", () => {
    for (const [at, code] of of("ts")) writeFileSync(fileOf(at), `${code}export {};\n`);
    const compilerOptions = {
      ...{ allowImportingTsExtensions: true, rootDir: "/", typeRoots: [join(root, "node_modules/@types")] },
      paths: { ballast: [join(root, "src/index.ts")] },
    };
    const [include, exclude] = [["*.ts", join(root, "src")], [join(root, "src/execution/kernel/assembly")]];
    const project = { extends: join(root, "tsconfig.json"), compilerOptions, include, exclude };
    writeFileSync("tsconfig.json", JSON.stringify(project));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const checked = spawnSync(process.execPath, [tsc, "-p", "."], { encoding: "utf8" });
    expect(checked.stdout).toBe("");
    expect(checked.status).toBe(0);
  });

  test.each(of("ts"))("%s runs", (at, code) => {
    writeFileSync(fileOf(at), `${code}export {};\n`);
    const ran = spawnSync(process.execPath, [fileOf(at)], { encoding: "utf8" });
    expect(ran.stderr.replace(/^.*ExperimentalWarning.*\n.*\n/gm, "")).toBe("");
    expect(ran.status).toBe(0);
  });

  test("what they write is there", () => {
    for (const file of ["reports/crypto-90/report.html", "reports/crypto-90/result.json", "sweep.html", "state.json"])
      expect(existsSync(file), file).toBe(true);
  });
});

/** A fragment stands for an experiment on the synthetic market. */
function checkYaml(at: string, code: string): void {
  if (/^strategy_weighting:/m.test(code)) {
    for (const stage of [null, "live"] as const) loadStrategyWeighting(tempFile("policy.yaml", code), stage);
    return;
  }
  const rest = [/^name:/m.test(code) ? "" : "name: fragment\n", /^data:/m.test(code) ? "" : "data: {source: sample}\n"];
  parseConfig(code + rest.join(""), at);
}

describe("YAML", () => {
  test.each(of("yaml"))("%s is valid", (at, code) => {
    expect(() => checkYaml(at, code)).not.toThrow();
  });

  test("and would be told from what is not", () => {
    expect(() => checkYaml("page", "allocation: {metod: hrp}\n")).toThrow(InputError);
  });
});

describe("commands", () => {
  test.each(commands)("%s (%s) names what exists", async (command) => {
    const [program, ...words] = command.split(/\s+/);
    if (program === "node") return expect(existsSync(join(root, words[0]!))).toBe(true);
    if (program === "npm") return expectScript(words);
    const args = words.slice(1);
    const path = args.slice(0, ["weights", "models", "data", "runs"].includes(args[0]!) ? 2 : 1);
    const { out, code } = await runCli(...path, "--help");
    expect(code).toBe(0);
    expect(out).toContain(`ballast ${path.join(" ")}`);
    for (const option of args.filter((word) => word.startsWith("--"))) expect(out).toMatch(new RegExp(`${option}\\b`));
    for (const file of args.filter((word) => word.startsWith("experiments/")))
      expect(existsSync(file), file).toBe(true);
  });

  const quick = commands.filter(
    ([command]) => command.startsWith("npx ballast ") && !PLACEHOLDER.test(command) && !SLOW.test(command),
  );

  test.each(quick)("%s runs", async (command) => {
    const { code, err } = await runCli(...command.split(/\s+/).slice(2));
    expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  });

  test("most of them are quick", () => {
    expect(quick.length).toBeGreaterThan(12);
  });
});

function expectScript(words: readonly string[]): void {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  if (words[0] === "ci") return;
  expect(Object.keys(scripts)).toContain(words[0] === "run" ? words[1] : words[0]);
  const bench = words[0] === "run" && words[1] === "bench" ? words[3] : undefined;
  if (bench !== undefined) expect(readFileSync(join(root, "bench/main.ts"), "utf8")).toContain(`  ${bench}: `);
}

test("docs/library.md names everything the library gives, and nothing else", () => {
  const text = readFileSync(join(root, "src/index.ts"), "utf8");
  const types = [...text.matchAll(/export (type )?\{([^}]*)\}/g)].flatMap(([, all, list]) =>
    list!
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && (all !== undefined || name.startsWith("type ")))
      .map((name) => name.replace("type ", "")),
  );
  const given = [...Object.keys(library), ...types].sort();
  const page = readFileSync(join(root, "docs/library.md"), "utf8");
  const named = new Set([...page.matchAll(/`(\w+)`/g)].map((match) => match[1]!));
  expect(given.filter((name) => !named.has(name))).toEqual([]);
  const tables = page.split("\n").filter((line) => line.startsWith("| `"));
  const shown = tables.flatMap((line) => [...line.split("|")[1]!.matchAll(/`(\w+)`/g)].map((match) => match[1]!));
  expect(shown.filter((name) => !given.includes(name))).toEqual([]);
});
