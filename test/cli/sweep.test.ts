/** Sweeps through the command line: files, plan, refusals, and a process killed in the middle. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { tempDir, tempFile } from "../support/files.ts";

const START = fileURLToPath(new URL("../../src/cli/start.ts", import.meta.url));
const YAML = `name: small
data: {sample_assets: 5, sample_bars: 260}
allocation: {lookback_bars: 30}
sweep:
  grid:
    allocation.method: [equal_weight, inverse_volatility, hrp, risk_parity, constrained_mv]
    allocation.lookback_bars: [20, 30, 40, 60]
    portfolio.rebalance_threshold: [0, 0.02, -1]
`;

const sweep = (out: string, cache: string, ...more: string[]) =>
  runCli("run", tempFile("s.yaml", YAML), "--out", out, "--cache", cache, "--no-registry", "--workers", "1", ...more);
const board = (out: string) => readFileSync(join(out, "leaderboard.csv"), "utf8");

function files(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
}

describe("a sweep on the command line", () => {
  test("writes a leaderboard of every trial and a report, and says which was best within 80 columns", async () => {
    const out = tempDir();
    const { code, out: said } = await sweep(out, tempDir());
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual([
      "experiment.yaml",
      "leaderboard.csv",
      "leaderboard.parquet",
      "report.html",
      "timings.json",
      "top_equity.csv",
    ]);
    expect(board(out).trimEnd().split("\n")).toHaveLength(1 + 60);
    for (const line of said.split("\n")) if (!line.includes("/")) expect(line.length).toBeLessThanOrEqual(80);
    expect(said).toContain("40 trials by sharpe, 20 without a result");
    expect(said).toContain("deflated Sharpe of the best");
  });

  test("a dry run prints the plan and leaves nothing behind", async () => {
    const out = join(tempDir(), "none");
    const cache = join(tempDir(), "none");
    const { code, err } = await sweep(out, cache, "--dry-run");
    expect(code).toBe(0);
    expect(err).toContain("60 configs, 20 of them invalid");
    // equal weight looks at no lookback: 1 + 4 * 4 allocations, each under two thresholds
    expect(err).toMatch(/allocation +17 +17/);
    expect([existsSync(out), existsSync(cache)]).toEqual([false, false]);
  });

  test("--strict refuses invalid configs by name before anything runs", async () => {
    const { code, err } = await sweep(tempDir(), tempDir(), "--strict");
    expect(code).toBe(2);
    expect(err).toMatch(/sweep config 2: portfolio\.rebalance_threshold: must be/);
  });

  test("killed in the middle and run again, it goes on and gives the same leaderboard", async () => {
    const whole = tempDir();
    await sweep(whole, tempDir());
    const [out, cache] = [tempDir(), tempDir()];
    const file = tempFile("s.yaml", YAML);
    const child = spawn(process.execPath, [START, "run", file, "--out", out, "--cache", cache, "--no-registry"], {
      stdio: "ignore",
    });
    const died = new Promise((resolve) => child.once("exit", resolve));
    while (files(cache).filter((name) => name.length > 60).length < 3 && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGKILL");
    await died;
    const { code, err } = await sweep(out, cache, "--explain");
    expect(code).toBe(0);
    expect(Number(/trial +\d+ +(\d+)/.exec(err)![1])).toBeLessThan(34);
    expect(board(out)).toBe(board(whole));
  });
});
