/** What only a process of its own can show: closed pipes, old runtimes, a missing build. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { tempDir } from "../support/files.ts";
import { OWN, ownProject } from "../support/own-extension.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const start = `${root}src/cli/start.ts`;

test("a reader that leaves early is no failure", () => {
  const script = `"${process.execPath}" "${start}" schema | head -c 10 > /dev/null; echo "exit \${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout.trim()).toBe("exit 0");
});

test("the launcher is plain enough for an old Node, and says what it needs", () => {
  const text = readFileSync(`${root}bin/ballast.js`, "utf8");
  expect(text).not.toMatch(/\?\?|\?\.|^import /m);
  const old = `Object.defineProperty(process.versions, "node", { value: "20.20.2" }); await import(${JSON.stringify(`${root}bin/ballast.js`)});`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", old], {
    encoding: "utf8",
    cwd: tempDir(),
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/^ballast: needs Node 24 or newer, this is 20\.20\.2; install that, or .*\n$/);
});

test("what an extension logs does not get into the JSON on stdout, in this thread or another", () => {
  const logging = OWN.replace(
    "compute: ({ returns }, { power }) =>",
    'compute: ({ returns }, { power }) => (console.log("measuring"), 1) *',
  );
  const file = ownProject({ "own.ts": `console.log("loading");\n${logging}` });
  const ballast = (...args: string[]) =>
    spawnSync(process.execPath, [start, "run", file, "--json", "--no-registry", "--no-cache", ...args], {
      encoding: "utf8",
      cwd: tempDir(),
    });
  for (const args of [[], ["--workers", "2", "--set", "sweep={grid: {signal.scale: [0.5, 1]}}"]]) {
    const { stdout, stderr } = ballast(...args);
    expect(() => JSON.parse(stdout), stderr).not.toThrow();
    expect(stderr).toContain("loading\n");
    expect(stderr).toContain("measuring\n");
  }
});
