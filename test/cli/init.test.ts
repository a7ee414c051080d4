import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { BUILD_INFO, hashSource } from "../../src/experiment/code-version.ts";
import { runCli } from "../support/cli.ts";
import { tempDir } from "../support/files.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const FILES = [
  ".gitignore",
  "README.md",
  "data/README.md",
  "experiment.yaml",
  "extensions/my-momentum.ts",
  "package.json",
  "sweep.yaml",
  "test/my-momentum.test.ts",
  "tsconfig.json",
];

async function project(name = "my project"): Promise<string> {
  const folder = join(tempDir(), name);
  const { code, err } = await runCli("init", folder);
  expect(err).toBe("");
  expect(code).toBe(0);
  return folder;
}

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, Record<string, string>>;

describe("ballast init", () => {
  test("writes every file and prints two commands that begin with the way there", async () => {
    const folder = join(tempDir(), "my project");
    const { code, out } = await runCli("init", folder, "--json");
    expect(code).toBe(0);
    const { files, next } = JSON.parse(out) as { files: string[]; next: string[] };
    expect(files).toEqual(FILES);
    for (const file of FILES) expect(existsSync(join(folder, file)), file).toBe(true);
    expect(next).toEqual([`cd '${folder}' && npx ballast run experiment.yaml`, "npm test"]);
    expect(readJson(join(folder, "package.json"))).toMatchObject({ name: "my-project", type: "module" });
  });

  test("links the copy that wrote it, by a relative path that package.json has too", async () => {
    const folder = await project();
    expect(realpathSync(join(folder, "node_modules", "ballast"))).toBe(realpathSync(root));
    expect(realpathSync(join(folder, "node_modules", ".bin", "ballast"))).toBe(
      realpathSync(join(root, "bin/ballast.js")),
    );
    const { dependencies } = readJson(join(folder, "package.json"));
    expect(realpathSync(join(realpathSync(folder), dependencies!.ballast!.slice("file:".length)))).toBe(
      realpathSync(root),
    );
  });

  test("overwrites nothing: files in the way are all named, and none is written", async () => {
    const folder = tempDir();
    writeFileSync(join(folder, "sweep.yaml"), "mine");
    writeFileSync(join(folder, "package.json"), "{}");
    const { code, err } = await runCli("init", folder);
    expect(code).toBe(2);
    expect(err).toContain(`${join(folder, "package.json")}: is there already and would be overwritten`);
    expect(err).toContain(`${join(folder, "sweep.yaml")}: is there already and would be overwritten`);
    expect(existsSync(join(folder, "experiment.yaml"))).toBe(false);
    expect(readFileSync(join(folder, "sweep.yaml"), "utf8")).toBe("mine");
  });

  test("moves in with files that it has no quarrel with", async () => {
    const folder = tempDir();
    writeFileSync(join(folder, "notes.txt"), "mine");
    expect((await runCli("init", folder)).code).toBe(0);
    expect(readFileSync(join(folder, "notes.txt"), "utf8")).toBe("mine");
  });

  test("refuses an empty name, which is no way to say this folder", async () => {
    const { code, err } = await runCli("init", "");
    expect(code).toBe(2);
    expect(err).toMatch(/'dir'.* Must be a path/);
  });

  test("refuses a file for a folder, and a folder in the place of a link", async () => {
    const folder = tempDir();
    writeFileSync(join(folder, "file"), "");
    expect((await runCli("init", join(folder, "file"))).err).toContain("is a file, a folder was expected");
    mkdirSync(join(folder, "p", "node_modules", "ballast"), { recursive: true });
    const { code, err } = await runCli("init", join(folder, "p"));
    expect(code).toBe(2);
    expect(err).toContain("node_modules/ballast: is no link and would be overwritten");
    expect(existsSync(join(folder, "p", "experiment.yaml"))).toBe(false);
  });

  test("links again what was moved, and what is no project it says", async () => {
    const folder = await project();
    const moved = join(dirname(folder), "deeper", "down");
    mkdirSync(dirname(moved), { recursive: true });
    renameSync(folder, moved);
    const check = () =>
      spawnSync("sh", ["-c", readJson(join(moved, "package.json")).scripts!.pretest!], { cwd: moved });
    const before = check();
    expect(before.status).toBe(1);
    expect(before.stderr.toString()).toMatch(/ballast is not linked here.*npx ballast init --link .*down/);
    expect((await runCli("init", "--link", moved)).code).toBe(0);
    expect(check().status).toBe(0);
    expect((await runCli("init", "--link", tempDir())).err).toContain("has no package.json to link ballast in");
  });
});

describe("the project", () => {
  test("runs, sweeps, and is proven not to look ahead", async () => {
    const folder = await project();
    const small = ["--set", "data={source: sample, sample_assets: 6, sample_bars: 300}", "--json"];
    const files = ["--out", join(folder, "out"), "--no-registry"];
    const run = await runCli("run", join(folder, "experiment.yaml"), ...small, ...files);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({ name: "first-experiment", bars: 300 });
    const sweep = await runCli("run", join(folder, "sweep.yaml"), ...small, ...files, "--no-cache", "--workers", "1");
    expect(JSON.parse(sweep.out)).toMatchObject({ trials: 18, done: 18, failed: 0, invalid: 0 });
    const proof = await runCli("lookahead", join(folder, "experiment.yaml"), "--cuts", "3", ...small);
    expect(JSON.parse(proof.out)).toMatchObject({ proven: true });
  });

  test("has a test that passes, and fails once the feature is broken", async () => {
    const folder = await project();
    const runTests = () =>
      spawnSync(process.execPath, ["--test"], {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          NODE_OPTIONS: `--import=${pathToFileURL(`${root}test/support/ballast-from-source.ts`)}`,
        },
        encoding: "utf8",
      });
    const passed = runTests();
    expect(passed.stdout).toMatch(/pass 3\n/);
    expect(passed.status).toBe(0);
    const extension = join(folder, "extensions/my-momentum.ts");
    writeFileSync(extension, readFileSync(extension, "utf8").replace("skip_bars * assets", "(skip_bars - 1) * assets"));
    expect(runTests().status).toBe(1);
  });

  const built = existsSync(`${root}${BUILD_INFO}`) && readJson(`${root}${BUILD_INFO}`).codeHash;
  const fresh = (built as unknown) === hashSource(`${root}src`);
  test.skipIf(!fresh)(
    `runs by the very commands that are printed${fresh ? "" : " (dist is not of this source)"}`,
    async () => {
      const home = tempDir();
      const ballast = (...args: string[]) =>
        execFileSync(process.execPath, [`${root}bin/ballast.js`, ...args], { cwd: home, encoding: "utf8" });
      const printed = ballast("init", "first one").split("next:\n")[1]!;
      const commands = printed
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
      const BALLAST_REGISTRY = join(home, "runs.db");
      const said = execFileSync("sh", ["-ec", commands.join("\n")], {
        cwd: home,
        env: { ...process.env, BALLAST_REGISTRY },
        encoding: "utf8",
      });
      expect(said).toContain("first-experiment  (synthetic data)");
      expect(said).toMatch(/pass 3\n/);
      rmSync(home, { recursive: true });
    },
  );
});
