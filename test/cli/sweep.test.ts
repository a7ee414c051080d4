/** Sweeps through the command line: files, plan, refusals, and what a holdout shows. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
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

describe("a sweep on the command line", () => {
  test("writes a leaderboard of every trial and a report, and says which was best within 80 columns", async () => {
    const out = tempDir();
    const { code, out: said, err } = await sweep(out, tempDir());
    expect(code).toBe(0);
    expect(err).toContain("60 configs, 20 of them invalid\ndistinct: scores 1, signal 1, allocation 17, trial 34\n");
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

  test("without a single result it fails, its table of reasons written", async () => {
    const out = tempDir();
    const yaml =
      "name: none\ndata: {sample_assets: 2, sample_bars: 60}\nsweep: {grid: {allocation.lookback_bars: [0, 1]}}\n";
    const ran = await runCli("run", tempFile("s.yaml", yaml), "--out", out, "--no-cache", "--no-registry");
    expect(ran.code).toBe(1);
    expect(ran.out).toContain("invalid, as trial 0: allocation.lookback_bars: must be at least 2, got 0");
    expect(board(out).trimEnd().split("\n")).toHaveLength(1 + 2);
  });
});

describe("the sweeps shipped with the source", () => {
  test.each([
    ["weighting-selector-sweep.yaml", "1000 configs, 0 of them invalid"],
    ["walk-forward-optimisation.yaml", "16 configs, 0 of them invalid"],
  ])("%s plans what it says", async (name, said) => {
    const file = fileURLToPath(new URL(`../../experiments/${name}`, import.meta.url));
    const { code, err } = await runCli("run", file, "--dry-run", "--no-cache");
    expect(code).toBe(0);
    expect(err).toContain(said);
  });
});

describe("a sweep that keeps bars back", () => {
  const DAY = 86_400_000;
  const HOLDOUT_BAR = 160;

  /** @param later factor of every price from the holdout on */
  function prices(later: (t: number) => number): string {
    const lines = ["date,symbol,open,high,low,close,volume"];
    for (let t = 0; t < 200; t++)
      for (const [n, symbol] of ["AAA", "BBB", "CCC"].entries()) {
        const factor = t < HOLDOUT_BAR ? 1 : later(t);
        const open = 100 * (1 + 0.1 * Math.sin((t + 7 * n) / (3 + n))) * factor;
        const close = open * (1 + 0.01 * Math.sin(t * (n + 1)));
        const date = new Date(Date.UTC(2020, 0, 1) + t * DAY).toISOString().slice(0, 10);
        lines.push(`${date},${symbol},${open},${Math.max(open, close)},${Math.min(open, close)},${close},1000`);
      }
    return `${lines.join("\n")}\n`;
  }

  const yaml = (path: string) => `name: kept
data: {path: ${path}, periods_per_year: 365}
allocation: {rebalance_bars: 5}
validation: {holdout_start: ${new Date(Date.UTC(2020, 0, 1) + HOLDOUT_BAR * DAY).toISOString().slice(0, 10)}}
sweep:
  grid: {allocation.method: [inverse_volatility, hrp], allocation.lookback_bars: [10, 20]}
  walk_forward: {train_bars: 60, test_bars: 20}
  effective_trials: true
`;

  /** Every file of the folder without what the data's own hash goes into. */
  function contents(out: string): Record<string, string> {
    const hashes =
      /[0-9a-f]{64}|\b[0-9a-f]{12}\b|\b[0-9a-f]{8}\b|kept-[0-9a-f]{8}|prices-[a-z]\.csv|path: .*|\/tmp\/[^"<\s]*/g;
    const texts = readdirSync(out).filter((name) => !name.endsWith(".parquet") && name !== "timings.json");
    return Object.fromEntries(texts.map((name) => [name, readFileSync(join(out, name), "utf8").replace(hashes, "#")]));
  }

  test("shows nothing of them unless asked: other prices there leave every file as it was", async () => {
    const [one, two] = [tempDir(), tempDir()];
    for (const [out, later] of [
      [one, () => 1],
      [two, (t: number) => 3 + Math.cos(t)],
    ] as const) {
      const file = tempFile("kept.yaml", yaml(tempFile("p.csv", prices(later))));
      const { code } = await runCli("run", file, "--out", out, "--no-cache", "--no-registry", "--workers", "1");
      expect(code).toBe(0);
    }
    expect(Object.keys(contents(one)).sort()).toEqual([
      "experiment.yaml",
      "leaderboard.csv",
      "report.html",
      "top_equity.csv",
      "walk_forward.csv",
      "walk_forward_equity.csv",
    ]);
    expect(contents(two)).toEqual(contents(one));
    const lines = readFileSync(join(one, "walk_forward.csv"), "utf8").trimEnd().split("\n");
    expect(lines[0]).toBe(
      "window,train_start,train_end,test_start,test_end,choice,trial,id,allocation.method,allocation.lookback_bars,train_sharpe,test_sharpe,test_rank,tested",
    );
    // the slowest trial trades from bar 21 on; 60 bars later, at bar 81, the first test begins, then every 20 bars
    const start = (bar: number) => new Date(Date.UTC(2020, 0, 1) + bar * DAY).toISOString().slice(0, 10);
    expect(lines.slice(1).map((line) => line.split(",")[3])).toEqual([81, 101, 121, 141].map(start));
  });

  test("--holdout runs the best on them once, counts the look and says so", async () => {
    const folder = tempDir();
    const file = tempFile(
      "kept.yaml",
      yaml(
        tempFile(
          "p.csv",
          prices(() => 1),
        ),
      ),
    );
    const run = (...more: string[]) =>
      promisify(execFile)(process.execPath, [START, "run", file, "--out", "out", "--no-registry", ...more], {
        cwd: folder,
      });
    const { stdout } = await run("--holdout");
    expect(stdout).toContain("holdout from 2020-06-09, 40 bars: look 1 at this holdout");
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    const written = JSON.parse(readFileSync(join(folder, "out", "holdout.json"), "utf8"));
    expect(written).toMatchObject({ rank: 1, looks: 1, bars: 40, start: "2020-06-09", first_bar: "2020-06-09" });
    expect(existsSync(join(folder, ".ballast", "holdout.sqlite"))).toBe(true);
    const other = readFileSync(join(folder, "out", "leaderboard.csv"), "utf8")
      .split("\n")[2]!
      .split(",")[2]!;
    const { stdout: json } = await run("--holdout", other, "--json");
    const shown = JSON.parse(json);
    expect(shown.holdout).toMatchObject({ id: other, rank: 2, looks: 2, bars: 40 });
    expect(shown.walk_forward.windows[0]).toMatchObject({ choice: "chosen", train_start: "2020-01-22" });
    expect(shown.overfitting.effective_trials).toBeGreaterThanOrEqual(1);
  });

  test("--holdout without any is refused, and so it is without a sweep", async () => {
    const { code, err } = await runCli("run", tempFile("s.yaml", YAML), "--holdout", "--no-cache", "--no-registry");
    expect(code).toBe(2);
    expect(err).toContain("add `validation: {holdout_start: <date>}` to the experiment");
    const single = await runCli("run", tempFile("r.yaml", "name: r\ndata: {sample_bars: 200}\n"), "--holdout");
    expect(single.code).toBe(2);
    expect(single.err).toContain("--holdout: is for experiments with a `sweep` block");
  });
});
