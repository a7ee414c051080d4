import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { tempDir } from "../support/files.ts";

const folder = tempDir();
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const days = (rows: readonly string[]) =>
  ["date,a,b,c", ...rows.map((row, t) => `2024-01-${String(t + 1).padStart(2, "0")},${row}`), ""].join("\n");
/** a moves by 1%, b by 2%, c by 4%, about zero. */
const SWINGS = Array.from({ length: 24 }, (_, t) =>
  (t % 2 === 0 ? [0.01, -0.02, 0.04] : [-0.01, 0.02, -0.04]).join(","),
);
const series = file("series.csv", days(SWINGS));
const policy = file(
  "policy.yaml",
  `strategy_weighting:
  method: inverse_volatility
  lookback_days: null
  constraints: {max_turnover: null}
  stages:
    live: {constraints: {max_weight: 0.4}}
`,
);

async function plan(...args: readonly string[]) {
  const {
    code,
    out: stdout,
    err: stderr,
  } = await runCli("weights", "plan", "--policy", policy, "--series", series, ...args);
  return { code, stderr, stdout };
}

describe("ballast weights plan", () => {
  test("prints weights, risk and diagnostics as one JSON object", async () => {
    const { stdout, code } = await plan("--json");
    const got = JSON.parse(stdout);
    expect(code).toBe(0);
    // 1 : 1/2 : 1/4
    expect(got.weights_by_strategy.a).toBeCloseTo(4 / 7, 9);
    expect(got.weights_by_strategy.b).toBeCloseTo(2 / 7, 9);
    expect(got.weights_by_strategy.c).toBeCloseTo(1 / 7, 9);
    expect(got).toMatchObject({ method: "inverse_volatility", as_of: "2024-01-24", stage: null, warnings: [] });
    expect(got.diagnostics).toMatchObject({ window_days: 24, cov_estimator: "sample", scale: 1, turnover: null });
    expect(Object.keys(got.inputs)).toEqual(["policy", "series", "options"]);
  });

  test("a stage's overrides are merged into the block", async () => {
    const got = JSON.parse((await plan("--json", "--stage", "live")).stdout);
    expect(Object.values(got.weights_by_strategy).every((w) => (w as number) <= 0.4 + 1e-12)).toBe(true);
  });

  test("--as-of leaves later days out", async () => {
    const got = JSON.parse((await plan("--json", "--as-of", "2024-01-21")).stdout);
    expect(got.as_of).toBe("2024-01-21");
    expect(got.diagnostics.window_days).toBe(21);
  });

  test("a previous plan drifts by the returns since, and its distance is the turnover", async () => {
    const earlier = file(
      "earlier.json",
      JSON.stringify({ as_of: "2024-01-23", weights_by_strategy: { a: 1, b: 0, c: 0 } }),
    );
    const got = JSON.parse((await plan("--json", "--previous", earlier)).stdout);
    // all in a drifts to all in a: 2 * (1 - 4/7)
    expect(got.diagnostics.turnover).toBeCloseTo(6 / 7, 9);
    const held = file("held.csv", "strategy,weight\na,0.5\nb,0.5\n");
    const other = JSON.parse((await plan("--json", "--previous", held)).stdout);
    expect(other.diagnostics.turnover).toBeCloseTo(4 / 7 - 0.5 + (0.5 - 2 / 7) + 1 / 7, 9);
  });

  test("reads as a table within 80 columns", async () => {
    const { stdout } = await plan();
    expect(stdout.split("\n")[0]).toBe("inverse_volatility as of 2024-01-24");
    expect(stdout).toContain("57.14%");
    expect(stdout.split("\n").every((line) => line.length <= 80)).toBe(true);
  });

  test.each([
    [["--as-of", "2023-01-01"], "--as-of: is before the first day"],
    [["--as-of", "soon"], "--as-of: must be a date"],
    [["--previous", file("odd.json", "[]")], "must be a plan with as_of and weights_by_strategy"],
    [["--previous", file("bad.json", "{")], "cannot be read as a plan"],
    [["--previous", file("gone.csv", "strategy,weight\nz,0.5\n")], "holds a strategy that is not in"],
    [["--trades", file("t.csv", "strategy,trades\na,many\n")], "t.csv:2 a trades"],
    [["--posterior", folder], ""],
  ])("%j is refused in one line", async (args, message) => {
    const { code, stderr } = await plan(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("defect");
  });

  test("faults of the policy name file and line", async () => {
    const broken = file(
      "broken.yaml",
      "strategy_weighting:\n  method: hpr\n  constraints:\n    min_weight: 0.5\n    max_weight: 0.2\n",
    );
    const { err: stderr } = await runCli("weights", "plan", "--policy", broken, "--series", series);
    expect(stderr).toContain("broken.yaml:2 strategy_weighting.method: must be one of");
    expect(stderr).toContain('did you mean "hrp"?');
    const crossed = file(
      "crossed.yaml",
      "strategy_weighting:\n  constraints:\n    min_weight: 0.5\n    max_weight: 0.2\n",
    );
    const crossedRun = await runCli("weights", "plan", "--policy", crossed, "--series", series);
    expect(crossedRun.err).toContain(
      "crossed.yaml:3 strategy_weighting.constraints.min_weight: is above max_weight 0.2",
    );
    const staged = file("staged.yaml", "strategy_weighting:\n  stages:\n    live: {metod: hrp}\n");
    const stagedRun = await runCli("weights", "plan", "--policy", staged, "--series", series, "--stage", "live");
    expect(stagedRun.err).toContain("staged.yaml:3 strategy_weighting.stages.live.metod: unknown key");
  });

  test("min_trades_total without trade counts is refused, with them it cuts", async () => {
    const counted = file("counted.yaml", "strategy_weighting:\n  constraints: {min_trades_total: 10}\n");
    const without = await runCli("weights", "plan", "--policy", counted, "--series", series);
    expect(without.err).toContain("needs trade counts");
    const trades = file("trades.csv", "strategy,trades\na,50\nb,9\nc,10\n");
    const { out: stdout } = await runCli(
      "weights",
      "plan",
      "--policy",
      counted,
      "--series",
      series,
      "--trades",
      trades,
      "--json",
    );
    expect(JSON.parse(stdout).weights_by_strategy).toEqual({ a: 0.5, b: 0, c: 0.5 });
  });
});

describe("ballast weights apply", () => {
  const apply = (store: string, ...args: readonly string[]) =>
    runCli("weights", "apply", "--policy", policy, "--series", series, "--store", store, "--json", ...args);

  test("writes nothing without --execute", async () => {
    const store = join(folder, "dry.sqlite");
    const { out: stdout, err: stderr } = await apply(store);
    expect(JSON.parse(stdout)).toMatchObject({ run_id: "2024-01-24-all", recorded: false });
    expect(stderr).toContain("nothing was written");
    expect(existsSync(store)).toBe(false);
  });

  test("the same run id twice changes nothing and returns the first result; other inputs are an error", async () => {
    const store = join(folder, "audit.sqlite");
    const first = JSON.parse((await apply(store, "--execute", "--run-id", "w1")).out);
    const again = JSON.parse((await apply(store, "--execute", "--run-id", "w1")).out);
    expect(first.recorded).toBe(true);
    expect(again).toEqual({ ...first, recorded: false });
    const other = await apply(store, "--execute", "--run-id", "w1", "--as-of", "2024-01-20");
    expect(other.code).toBe(2);
    expect(other.err).toContain("run_id w1: was applied at");
    const database = new DatabaseSync(store);
    expect(database.prepare("SELECT count(*) AS n FROM plans").get()).toMatchObject({ n: 1 });
    expect(() => database.exec("UPDATE plans SET plan = '{}'")).toThrow("never changed");
    expect(() => database.exec("DELETE FROM plans")).toThrow("never deleted");
    database.close();
  });

  test("a store that is no database is named", async () => {
    const text = file("text.sqlite", "not a database, but long enough to be read as one ".repeat(40));
    const { code, err: stderr } = await apply(text, "--execute");
    expect(code).toBe(2);
    expect(stderr).toContain("text.sqlite: is not an audit store: the file is not an SQLite database");
    expect(readFileSync(text, "utf8")).toContain("not a database");
  });
});
