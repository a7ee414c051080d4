/** What a machine can refuse: a file, a folder, the registry, room for the cache. Each is told, and costs nothing else. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { useRegistry } from "../../src/experiment/registry-file.ts";
import { runCli } from "../support/cli.ts";
import { tempDir, tempFile } from "../support/files.ts";

const SINGLE = "name: faults\ndata: {sample_assets: 3, sample_bars: 120}\nallocation: {lookback_bars: 20}\n";
const SWEEP = `${SINGLE}sweep: {grid: {allocation.method: [hrp, inverse_volatility], portfolio.rebalance_threshold: [0, 0.02]}}\n`;
const plain = (text: string) => text.replaceAll(/\s+/g, " ");

/** A folder in which the report cannot be written: its place is taken. */
function blockedFolder(): string {
  const out = tempDir();
  mkdirSync(join(out, "report.html", "x"), { recursive: true });
  return out;
}

const kindsIn = (registry: string) =>
  useRegistry(registry, "read", (database) =>
    database.prepare("SELECT kind, status, count(*) AS n FROM runs GROUP BY kind ORDER BY kind").all(),
  );

describe("a file that cannot be written", () => {
  test("leaves a sweep's figures on the console and in the registry, its trials in the cache, and says what is where", async () => {
    const [out, cache, registry] = [blockedFolder(), tempDir(), join(tempDir(), "runs.db")];
    const args = ["run", tempFile("s.yaml", SWEEP), "--cache", cache, "--registry", registry];
    const { code, out: said, err } = await runCli(...args, "--out", out);
    expect(code).toBe(1);
    expect(said).toContain("4 trials by sharpe");
    expect(said).not.toContain("report.html");
    expect(plain(err)).toContain(
      `warning: not all files were written, the first to fail is report.html; in ${out}: experiment.yaml, leaderboard.csv, leaderboard.parquet, top_equity.csv finished trials are kept: with another --out nothing is computed again ballast: ${join(out, "report.html")}: is a directory`,
    );
    expect(kindsIn(registry)).toEqual([
      { kind: "sweep", status: "done", n: 1 },
      { kind: "trial", status: "done", n: 4 },
    ]);
    const again = await runCli(...args, "--out", tempDir(), "--explain");
    expect(again.code).toBe(0);
    expect(again.err).toMatch(/trial +4 +0$/m);
  });

  test("leaves a run's figures on the console and in the registry", async () => {
    const [out, registry] = [blockedFolder(), join(tempDir(), "runs.db")];
    const {
      code,
      out: said,
      err,
    } = await runCli("run", tempFile("r.yaml", SINGLE), "--out", out, "--registry", registry);
    expect(code).toBe(1);
    expect(said).toContain("Sharpe ratio");
    expect(plain(err)).toMatch(
      /not all files were written, the first to fail is report\.html; in \S+: config\.yaml, .*result\.json/,
    );
    expect(kindsIn(registry)).toEqual([{ kind: "run", status: "done", n: 1 }]);
  });

  test.each([
    ["sweep", SWEEP],
    ["run", SINGLE],
  ])("a place for the results of a %s that is none is refused before the work", async (_, yaml) => {
    const file = tempFile("taken", "x");
    const cache = join(tempDir(), "cache");
    const { code, out, err } = await runCli("run", tempFile("x.yaml", yaml), "--out", file, "--cache", cache);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toBe(`ballast: ${file}: a file, or a link to nowhere, is in the way\n`);
    expect(existsSync(cache)).toBe(false);
  });
});

test("a registry of a newer version costs a sweep its rows and the trials of before, and both are said", async () => {
  const registry = join(tempDir(), "runs.db");
  useRegistry(registry, "record", () => {});
  const database = new DatabaseSync(registry);
  database.exec("PRAGMA user_version = 9");
  database.close();
  const out = tempDir();
  const { code, err } = await runCli(
    "run",
    tempFile("s.yaml", SWEEP),
    "--out",
    out,
    "--registry",
    registry,
    "--no-cache",
  );
  expect(code).toBe(0);
  const newer = "is a registry of runs of version 9, and this ballast knows versions up to 1: use a newer one";
  expect(plain(err)).toContain(
    `warning: earlier trials on these data are not known, the deflated Sharpe ratio counts this sweep's alone: ${registry}: ${newer}`,
  );
  expect(plain(err)).toContain(
    `warning: the sweep and its trials were not recorded: ${registry}: ${newer}; its files are all in ${out}`,
  );
  expect(readdirSync(out)).toContain("report.html");
});

describe("--cache-limit", () => {
  test("is a size", async () => {
    const { code, err } = await runCli("run", tempFile("s.yaml", SWEEP), "--cache-limit", "2", "--dry-run");
    expect([code, err]).toEqual([2, expect.stringMatching(/--cache-limit.*Must be a size with its unit/)]);
  });

  test("drops what earlier runs left, never what this one needs, and says when that is more", async () => {
    const cache = tempDir();
    const args = ["--out", tempDir(), "--cache", cache, "--no-registry", "--workers", "1"];
    const entries = () => readdirSync(cache, { recursive: true, encoding: "utf8" }).filter((name) => name.length > 60);
    await runCli("run", tempFile("s.yaml", SWEEP), ...args);
    const first = entries();
    const other = SWEEP.replace("hrp", "risk_parity");
    const { code, err } = await runCli("run", tempFile("s.yaml", other), ...args, "--cache-limit", "1kB");
    expect(code).toBe(0);
    expect(plain(err)).toMatch(
      /warning: the cache \S+ holds \S+ kB, above its limit of 1\.0 kB: what this run itself has read/,
    );
    // of the second sweep four trials, the strengths they share, the decisions of its new method and what is said of
    // them; of the first what both have
    const second = entries();
    expect(second).toHaveLength(7);
    expect(second.filter((name) => first.includes(name))).toHaveLength(3);
  });
});

test("--cache and --no-cache hold for the models of a single run too", async () => {
  const models = tempFile(
    "m.yaml",
    `name: m
data: {sample_assets: 6, sample_bars: 300}
features: [{name: momentum, lookback_bars: 20}]
l5: {horizons: {short: 2, long: 5}, walk_forward: {train_bars: 80, test_bars: 40}}
signal: {kind: scores, select: {top_k: 2}}
allocation: {method: equal_weight, rebalance_bars: 5}
`,
  );
  const cache = join(tempDir(), "cache");
  await runCli("run", models, "--out", tempDir(), "--cache", cache, "--no-cache", "--no-registry");
  expect(existsSync(cache)).toBe(false);
  await runCli("run", models, "--out", tempDir(), "--cache", cache, "--no-registry");
  expect(readdirSync(cache, { recursive: true }).length).toBeGreaterThan(0);
});
