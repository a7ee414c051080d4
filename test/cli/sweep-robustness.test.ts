/** Nothing is lost and nothing changes: workers, caches, kills, interruptions, and a second process on the same files. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { useRegistry } from "../../src/experiment/registry-file.ts";
import { openStageCache } from "../../src/experiment/stage-cache.ts";
import { runCli } from "../support/cli.ts";
import { tempDir, tempFile } from "../support/files.ts";
import { artifactsOf, filesBelow, startSweep } from "./sweep-process.ts";

const yaml = (name: string, methods: string, bars = 200) => `name: ${name}
data: {sample_assets: 5, sample_bars: ${bars}}
allocation: {lookback_bars: 30}
sweep:
  grid:
    allocation.method: [${methods}]
    allocation.lookback_bars: [20, 30, 40, 60]
    portfolio.rebalance_threshold: [0, 0.02, -1]
`;
const METHODS = "equal_weight, inverse_volatility, hrp, risk_parity, constrained_mv";
const KILLS = 5;

/** In this process, into a folder of its own. */
async function sweep(file: string, ...args: readonly string[]) {
  const out = tempDir();
  const result = await runCli("run", file, "--out", out, "--no-registry", ...args);
  return { ...result, files: artifactsOf(out), notes: JSON.parse(readFileSync(join(out, "timings.json"), "utf8")) };
}

/** What is in the cache that does not come back as it was put in. */
function tornIn(folder: string): readonly string[] {
  const cache = openStageCache(folder);
  for (const path of filesBelow(folder)) if (!path.endsWith(".tmp")) cache.read(path.slice(-64));
  return cache.warnings!();
}

describe("the files of a sweep", () => {
  test("are the same bytes with 1 and 2 workers, with a cold and a warm cache, and without one", async () => {
    const file = tempFile("s.yaml", yaml("same", METHODS));
    const cache = tempDir();
    const cold = await sweep(file, "--workers", "1", "--cache", cache);
    expect([...cold.files.keys()]).toEqual([
      "experiment.yaml",
      "leaderboard.csv",
      "leaderboard.parquet",
      "report.html",
      "top_equity.csv",
    ]);
    const warm = await sweep(file, "--workers", "2", "--cache", cache);
    const two = await sweep(file, "--workers", "2", "--no-cache");
    for (const { files } of [warm, two])
      for (const [name, bytes] of cold.files) expect(files.get(name)?.equals(bytes), name).toBe(true);
    // 34 different trials of 40 configs, 17 decisions behind them, the strengths they share, and what is said of their luck
    expect(cold.notes).toMatchObject({ workers: 1, cache: { hits: 0, written: 53, lost: 0 }, warnings: [] });
    expect(warm.notes).toMatchObject({ workers: 2, cache: { hits: 41, written: 0, lost: 0 } });
    expect(warm.notes.work.at(-1)).toEqual({ stage: "trial", distinct: 34, computed: 0 });
    expect(cold.notes.stages.map(({ stage }: { stage: string }) => stage)).toEqual([
      "load data",
      "plan",
      "shared stages",
      "trials",
      "rank and judge",
      "report",
    ]);
  });

  test("do not show that entries of the cache were damaged; the console does, once", async () => {
    const file = tempFile("s.yaml", yaml("torn", "hrp"));
    const cache = tempDir();
    const cold = await sweep(file, "--cache", cache);
    for (const path of filesBelow(cache)) writeFileSync(path, readFileSync(path).subarray(0, 70));
    const again = await sweep(file, "--cache", cache);
    for (const [name, bytes] of cold.files) expect(again.files.get(name)?.equals(bytes), name).toBe(true);
    expect(again.err.replaceAll(/\s+/g, " ")).toMatch(
      /warning: 14 damaged entries of the cache computed again, the first of them: \S+ ?\S*$/m,
    );
    expect(again.err.match(/damaged/g)).toHaveLength(1);
  });
});

test("killed at five random moments and resumed, the files are the undisturbed ones and no entry is torn", {
  timeout: 300_000,
}, async () => {
  const file = tempFile("s.yaml", yaml("killed", METHODS));
  const args = (out: string, cache: string) => [
    file,
    "--out",
    out,
    "--cache",
    cache,
    "--no-registry",
    "--workers",
    "2",
  ];
  const whole = tempDir();
  const started = performance.now();
  expect((await startSweep(...args(whole, tempDir())).ended).code).toBe(0);
  const duration = performance.now() - started;
  const undisturbed = artifactsOf(whole);
  const rng = createRng(20).fork("kill -9");
  let early = 0;
  for (let k = 0; k < KILLS; k++) {
    // no sooner than there is something to lose
    const moment = duration * (0.3 + 0.7 * rng.uniform());
    const [out, cache] = [tempDir(), tempDir()];
    const { child, ended } = startSweep(...args(out, cache));
    await Promise.race([sleep(moment), ended]);
    child.kill("SIGKILL");
    const { code } = await ended;
    const said = `kill ${k}: after ${moment.toFixed(0)} of ${duration.toFixed(0)} ms, exit ${code}`;
    if (code === "SIGKILL") early++;
    expect(tornIn(cache), said).toEqual([]);
    const resumed = await runCli("run", ...args(out, cache), "--resume");
    expect(resumed.code, said).toBe(0);
    const files = artifactsOf(out);
    for (const [name, bytes] of undisturbed) expect(files.get(name)?.equals(bytes), `${said}: ${name}`).toBe(true);
    expect(tornIn(cache), said).toEqual([]);
  }
  expect(early).toBeGreaterThan(0);
});

test("two processes on one cache and one registry: no error, no row lost, none double", {
  timeout: 120_000,
}, async () => {
  const files = ["hrp, risk_parity, inverse_volatility", "risk_parity, hrp, equal_weight"].map((methods) =>
    tempFile("s.yaml", yaml("pair", methods)),
  );
  const alone: (Buffer | undefined)[] = [];
  for (const file of files) alone.push((await sweep(file, "--no-cache")).files.get("leaderboard.csv"));
  const [cache, registry] = [tempDir(), join(tempDir(), "new", "runs.db")];
  const outs = files.map(() => tempDir());
  const both = files.map((file, i) =>
    startSweep(file, "--out", outs[i]!, "--cache", cache, "--registry", registry, "--workers", "2", "--json"),
  );
  const ids: string[] = [];
  for (const { ended } of both) {
    const { code, out, err } = await ended;
    expect([code, err]).toEqual([0, expect.not.stringContaining("warning")]);
    ids.push(JSON.parse(out).id);
  }
  for (const [i, out] of outs.entries())
    expect(readFileSync(join(out, "leaderboard.csv")).equals(alone[i]!)).toBe(true);
  expect(tornIn(cache)).toEqual([]);
  const rows = useRegistry(registry, "read", (database) => ({
    sweeps: database.prepare("SELECT id, status, executions FROM runs WHERE kind = 'sweep' ORDER BY id").all(),
    trials: database
      .prepare("SELECT parent, count(*) AS n, sum(executions) AS runs FROM runs WHERE kind = 'trial' GROUP BY parent")
      .all(),
    tried: database.prepare("SELECT count(*) AS n FROM trials").get(),
  }));
  expect(rows.sweeps).toEqual([...ids].sort().map((id) => ({ id, status: "done", executions: 1 })));
  // 3 methods, 4 lookbacks, 2 possible thresholds; hrp and risk_parity are the same configs in both
  expect(rows.trials.sort((a, b) => String(a.parent).localeCompare(String(b.parent)))).toEqual(
    [...ids].sort().map((parent) => ({ parent, n: 24, runs: 24 })),
  );
  expect(rows.tried).toEqual({ n: 32 });
});

test("an interruption finishes what is in flight, keeps it, and prints the command that goes on", {
  timeout: 120_000,
}, async () => {
  // bars enough that it is not done before it is told to stop
  const file = tempFile("it's.yaml", yaml("cut", METHODS, 900));
  const [out, cache] = [tempDir(), tempDir()];
  const registry = join(tempDir(), "runs.db");
  const args = [file, "--out", out, "--workers", "1", "--cache", cache, "--registry", registry];
  const { child, ended } = startSweep(...args);
  // the strengths that all share, then trials
  while (filesBelow(cache).length < 3 && child.exitCode === null) await sleep(5);
  child.kill("SIGINT");
  const { code, out: said, err } = await ended;
  expect(code).toBe(1);
  expect(err).toContain("stopping: trials in flight are finished");
  const left = Number(/^stopped with (\d+) of 60 trials left; go on with$/m.exec(err)![1]);
  expect(left).toBeGreaterThan(0);
  // a missing trial is told of on the console and in the report, and no row stands for it
  expect(said).toMatch(new RegExp(`^\\d+ trials by sharpe, 20 without a result, ${left} of 60 missing$`, "m"));
  expect(readFileSync(join(out, "report.html"), "utf8")).toContain(`stopped: ${left} of 60 trials are missing`);
  const rows = readFileSync(join(out, "leaderboard.csv"), "utf8").trimEnd().split("\n").length - 1;
  expect(rows).toBe(60 - left);
  // 20 of them are the invalid ones
  expect(rows).toBeGreaterThan(20);
  const status = () =>
    useRegistry(registry, "read", (database) =>
      database.prepare("SELECT status, executions FROM runs WHERE kind = 'sweep'").all(),
    );
  expect(status()).toEqual([{ status: "running", executions: 1 }]);

  const command = /^ {2}ballast (run .*--resume)$/m.exec(err)![1]!;
  // as a shell would take it
  const words = [...command.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map(
    ([, q, plain]) => plain ?? q!.replaceAll("'\\''", "'"),
  );
  expect(words).toEqual(["run", ...args, "--resume"]);
  const resumed = await runCli(...words, "--explain");
  expect(resumed.code).toBe(0);
  // what is in the cache is not run again
  const computed = Number(/trial +34 +(\d+)/.exec(resumed.err)![1]);
  expect(computed).toBeLessThanOrEqual(left);
  const whole = await sweep(file, "--no-cache");
  for (const [name, bytes] of whole.files) expect(readFileSync(join(out, name)).equals(bytes), name).toBe(true);
  expect(status()).toEqual([{ status: "done", executions: 1 }]);
});
