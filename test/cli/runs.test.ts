import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { recordRuns } from "../../src/experiment/registry.ts";
import { useRegistry } from "../../src/experiment/registry-file.ts";
import { listRuns } from "../../src/experiment/registry-queries.ts";
import { fabricateRunEntry } from "../experiment/fabricate-run-entry.ts";
import { runCli } from "../support/cli.ts";
import { tempDir, tempFile } from "../support/files.ts";

const SMALL = "name: small\ndata: {sample_bars: 120, sample_assets: 3}\nallocation: {lookback_bars: 20}\n";
const experiment = tempFile("small.yaml", SMALL);
const folder = tempDir();
const registry = join(folder, "runs.db");
const runs = (...args: readonly string[]) => runCli("runs", ...args, "--registry", registry);

/** Runs the small experiment into a folder of its own; its id and folder. */
async function run(...args: readonly string[]): Promise<{ id: string; out: string }> {
  const out = tempDir();
  const result = await runCli("run", experiment, "--out", out, "--registry", registry, "--json", ...args);
  expect(result.code).toBe(0);
  return { id: JSON.parse(result.out).id, out };
}

function readable(text: string): void {
  expect(text.split("\n").filter((line) => line.length > 80 && !line.includes("/"))).toEqual([]);
}

let equal: { id: string; out: string };
let hrp: { id: string; out: string };
beforeAll(async () => {
  equal = await run();
  hrp = await run("--set", "allocation.method=hrp", "--set", "data.start=2015-02-01");
});

describe("ballast run", () => {
  test("records itself, and its files do not know", async () => {
    const bare = await run("--no-registry");
    const files = readdirSync(bare.out).filter((name) => name !== "timings.json");
    expect(readdirSync(equal.out).sort()).toEqual(readdirSync(bare.out).sort());
    for (const name of files)
      expect(readFileSync(join(bare.out, name)).equals(readFileSync(join(equal.out, name))), name).toBe(true);
    const { executions, artifacts } = JSON.parse((await runs("show", equal.id, "--json")).out);
    expect(executions).toHaveLength(1);
    expect(artifacts.map(({ name }: { name: string }) => name).sort()).toEqual(files.sort());
  });

  test("a second run into the folder of another records its own files only", async () => {
    const out = tempDir();
    writeFileSync(join(out, "selection.csv"), "of an earlier run\n");
    const own = join(tempDir(), "runs.db");
    const { out: text } = await runCli("run", experiment, "--out", out, "--registry", own, "--json");
    const shown = await runCli("runs", "show", JSON.parse(text).id, "--registry", own, "--json");
    const names = JSON.parse(shown.out).artifacts.map(({ name }: { name: string }) => name);
    expect(names).toContain("equity.csv");
    expect(names).not.toContain("selection.csv");
  });

  test.each([
    ["a directory", () => tempDir(), /: is a directory/],
    ["a text file", () => tempFile("text.db", "not a database ".repeat(90)), /is not an SQLite database/],
    ["a file for a folder", () => join(tempFile("f", "x"), "runs.db"), /is a file, not a folder/],
  ])("%s as registry is a warning: the run is there", async (_, path, says) => {
    const out = tempDir();
    const { code, err } = await runCli("run", experiment, "--out", out, "--registry", path());
    expect(code).toBe(0);
    expect(err.replaceAll(/\s+/g, " ")).toMatch(says);
    expect(err).toContain("warning: the run was not recorded: ");
    expect(existsSync(join(out, "report.html"))).toBe(true);
  });

  test("BALLAST_REGISTRY says where, and gives way to the option", async () => {
    const path = join(tempDir(), "own.db");
    process.env.BALLAST_REGISTRY = path;
    try {
      await runCli("run", experiment, "--out", tempDir(), "--registry", join(tempDir(), "given.db"));
      expect(existsSync(path)).toBe(false);
      await runCli("run", experiment, "--out", tempDir());
      expect(JSON.parse((await runCli("runs", "list", "--json")).out)).toMatchObject({ registry: path, total: 1 });
    } finally {
      delete process.env.BALLAST_REGISTRY;
    }
  });
});

describe("ballast runs list", () => {
  test("is a table within 80 columns, the latest first", async () => {
    const { code, out } = await runs("list");
    expect(code).toBe(0);
    readable(out);
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^Run +Started \(UTC\) +Sharpe +CAGR +Max drawdown$/);
    expect(lines[1]).toContain(hrp.id);
    expect(lines.at(-1)).toContain(equal.id);
  });

  test("a sweep has trials in the place of figures, and one that was stopped says so", async () => {
    const path = join(tempDir(), "runs.db");
    const trial = { kind: "trial", parent: "whole-00000001" } as const;
    useRegistry(path, "record", (database) =>
      recordRuns(database, [
        fabricateRunEntry("whole-00000001", { kind: "sweep", metrics: {}, sample: null }),
        fabricateRunEntry("whole-00000001/aaaa1111", trial),
        fabricateRunEntry("cut-00000002", { kind: "sweep", metrics: {}, sample: null, status: "running" }),
      ]),
    );
    const { out } = await runCli("runs", "list", "--registry", path);
    readable(out);
    expect(out).toMatch(/^whole-00000001 .* 1 trial$/m);
    expect(out).toMatch(/^cut-00000002 .* 0 trials +stopped$/m);
    const shown = (await runCli("runs", "show", "cut-00000002", "--registry", path)).out;
    expect(shown).toContain("stopped before all trials were run: the same command goes on");
  });

  test("--json gives one object with every metric", async () => {
    const { out } = await runs("list", "--name", "SMALL", "--sort", "sharpe", "--limit", "1", "--json");
    const got = JSON.parse(out);
    expect(got.total).toBe(2);
    expect(got.runs).toHaveLength(1);
    const saved = [equal, hrp].map((each) => JSON.parse(readFileSync(join(each.out, "result.json"), "utf8")));
    expect(got.runs[0].metrics.sharpe).toBe(Math.max(...saved.map(({ metrics }) => metrics.sharpe)));
  });

  test("filters that fit nothing say so", async () => {
    expect((await runs("list", "--name", "nobody")).out).toBe("no run fits\n");
    expect((await runs("list", "--since", "2999-01-01T00:00Z")).out).toBe("no run fits\n");
    expect(JSON.parse((await runs("list", "--data", "zz", "--json")).out)).toMatchObject({ total: 0, runs: [] });
  });

  test("long names keep the hash that tells them apart", async () => {
    const path = join(tempDir(), "runs.db");
    const name = "a-very-long-name-for-an-experiment-that-goes-on-and-on";
    useRegistry(path, "record", (database) =>
      recordRuns(database, [
        fabricateRunEntry(`${name}-11112222`),
        fabricateRunEntry(`${name}-33334444`, { status: "failed", error: "x", metrics: {} }),
        fabricateRunEntry(`${name}-55556666/aaaa1111-bbbb2222`),
      ]),
    );
    const { out } = await runCli("runs", "list", "--registry", path, "--sort", "periods_per_year");
    readable(out);
    expect(out).toMatch(/^a-very-.*…-11112222 +2026-01-02 03:04 +252 +1\.00 +10\.00%$/m);
    expect(out).toMatch(/…-33334444 .* failed$/m);
    expect(out).toMatch(/^a-.*…\/aaaa1111-bbbb2222 /m);
  });

  test("sorts by a metric that no catalogue has, as long as some run was measured by it", async () => {
    const path = join(tempDir(), "runs.db");
    useRegistry(path, "record", (database) =>
      recordRuns(database, [
        fabricateRunEntry("low-11112222", { metrics: { own_best: 1 } }),
        fabricateRunEntry("high-33334444", { metrics: { own_best: 2 } }),
      ]),
    );
    const { out } = await runCli("runs", "list", "--registry", path, "--sort", "own_best");
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((line) => line.split(/\s+/)[0]),
    ).toEqual(["Run", "high-33334444", "low-11112222"]);
    expect(out).toMatch(/own_best.*\nhigh-33334444 .* 2\.00/);
  });

  test.each([
    [["--sort", "sharp"], /--sort: must be a metric, got "sharp", did you mean "sharpe"\?/],
    [["--since", "yesterday"], /--since.*YYYY-MM-DD/],
    [["--since", "2026-02-30"], /--since.*YYYY-MM-DD/],
    [["--kind", "walk"], /--kind.*run, sweep, trial/],
    [["--limit", "0"], /--limit.*at least 1/],
  ])("%j is refused in one line", async (args, says) => {
    const { code, err } = await runs("list", ...args);
    expect(code).toBe(2);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(err).toMatch(says);
  });
});

describe("ballast runs show", () => {
  test("tells what was run, on what, by which code, and what came of it", async () => {
    const { code, out } = await runs("show", equal.id.slice(-8));
    expect(code).toBe(0);
    readable(out);
    for (const text of [
      equal.id,
      "equal_weight (synthetic data)",
      "120 bars, 3 assets",
      "Sharpe ratio",
      "load prices",
      "equity.csv",
      "Libraries: node",
      "1 config on these data",
    ])
      expect(out).toContain(text);
  });

  test("--json holds the resolved config and the whole provenance", async () => {
    const got = JSON.parse((await runs("show", equal.id, "--json")).out);
    const saved = JSON.parse(readFileSync(join(equal.out, "result.json"), "utf8"));
    expect(got.config).toBe(readFileSync(join(equal.out, "config.yaml"), "utf8"));
    expect(got.provenance).toEqual(saved.provenance);
    expect(got.metrics).toEqual(saved.metrics);
    expect(got.warnings).toEqual(saved.warnings);
    expect(got.out).toBe(equal.out);
  });

  test("a sweep's trial comes out the same again, with a holdout it never saw", async () => {
    const path = join(tempDir(), "runs.db");
    const sweep = tempFile(
      "sweep.yaml",
      `${SMALL}validation: {holdout_start: 2015-05-01}\nbenchmark: {method: equal_weight}\nportfolio: {cost_model: {fee_bps: 5}}\nsweep: {grid: {allocation.method: [inverse_volatility, hrp]}}\n`,
    );
    const done = await runCli("run", sweep, "--out", tempDir(), "--registry", path, "--no-cache", "--json");
    expect(done.code).toBe(0);
    const listed = useRegistry(path, "read", (database) => listRuns(database, { kind: "trial", limit: 9 }));
    expect(listed.runs).toHaveLength(2);
    const { id: parent } = useRegistry(path, "read", (database) => listRuns(database, { limit: 9 })).runs[0]!;
    const byName = JSON.parse((await runCli("runs", "list", "--sweep", parent, "--registry", path, "--json")).out);
    expect(byName.runs.map(({ id }: { id: string }) => id).sort()).toEqual(listed.runs.map(({ id }) => id).sort());
    const whole = await runCli("runs", "reproduce", parent, "--registry", path);
    expect([whole.code, whole.err]).toEqual([
      2,
      `ballast: ${parent}: is a sweep: reproduce its trials, which \`ballast runs list --sweep ${parent}\` names\n`,
    ]);
    for (const { id } of listed.runs) {
      const { code, out } = await runCli("runs", "reproduce", id, "--registry", path, "--json");
      expect(JSON.parse(out)).toMatchObject({ same: true, changed: [] });
      expect(code).toBe(0);
    }
    // what the leaderboard calls a trial is a name of it here too
    for (const { id, values } of JSON.parse(done.out).best) {
      const { out } = await runCli("runs", "show", id, "--registry", path);
      expect(out).toContain(`Kind         trial of ${parent}`);
      expect(out).toContain(`allocation.method=${values["allocation.method"]} `);
    }
  });

  test("a trial that failed shows its sweep and its error within 80 columns", async () => {
    const path = join(tempDir(), "runs.db");
    const parent = "sweep-00000001";
    const failed = { status: "failed", error: `too few returns ${"of many assets ".repeat(12)}`, metrics: {} } as const;
    useRegistry(path, "record", (database) =>
      recordRuns(database, [
        fabricateRunEntry(parent, { kind: "sweep", sample: null }),
        fabricateRunEntry(`${parent}/aaaa1111`, { ...failed, kind: "trial", parent, sample: null }),
      ]),
    );
    const { code, out } = await runCli("runs", "show", "aaaa1111", "--registry", path);
    expect(code).toBe(0);
    expect(out).toContain(`trial of ${parent}`);
    expect(out).toMatch(/failed: too few returns/);
    expect(out.split("\n").every((line) => line.length <= 80)).toBe(true);
    expect((await runCli("runs", "show", parent, "--registry", path)).out).toMatch(/Trials +1$/m);
    expect((await runCli("runs", "rm", parent, "--registry", path)).out).toBe(`removed ${parent} and 1 trial\n`);
  });

  test("an unknown id gives the nearest", async () => {
    const wrong = `${equal.id.slice(0, -1)}x`;
    const { code, err } = await runs("show", wrong);
    expect(code).toBe(2);
    expect(err).toBe(`ballast: run id: there is no such run, got "${wrong}", did you mean "${equal.id}"?\n`);
  });
});

describe("ballast runs compare", () => {
  test("shows where configs differ and metrics side by side", async () => {
    const { code, out } = await runs("compare", equal.id, hrp.id);
    expect(code).toBe(0);
    readable(out);
    expect(out).toContain(`A  ${equal.id}\nB  ${hrp.id}`);
    expect(out).toContain("  allocation.method\n    A  equal_weight\n    B  hrp\n");
    expect(out).toContain("  data.start\n    A  -\n    B  2015-02-01\n");
    expect(out).toContain("  data_hash\n");
    expect(out).not.toContain("allocation.lookback_bars");
    expect(out).toMatch(/^ {2}Sharpe ratio +-?\d+\.\d\d +-?\d+\.\d\d$/m);
  });

  test("more than four go on in a second table", async () => {
    const path = join(tempDir(), "runs.db");
    const ids = Array.from({ length: 6 }, (_, i) => `many-0000000${i}`);
    useRegistry(path, "record", (database) =>
      recordRuns(
        database,
        ids.map((id) => fabricateRunEntry(id)),
      ),
    );
    const { out } = await runCli("runs", "compare", ...ids, "--registry", path);
    readable(out);
    expect(out).toMatch(/^Metrics +A +B +C +D$/m);
    expect(out).toMatch(/^Metrics +E +F$/m);
  });

  test("--json lists the differences by path", async () => {
    const got = JSON.parse((await runs("compare", equal.id, hrp.id, "--json")).out);
    expect(got.differences).toContainEqual({ path: "allocation.method", values: ["equal_weight", "hrp"] });
    expect(got.differences).toContainEqual({ path: "data.start", values: [null, "2015-02-01"] });
    expect(got.runs.map(({ id }: { id: string }) => id)).toEqual([equal.id, hrp.id]);
  });

  test("one run, or the same twice, is nothing to compare", async () => {
    for (const ids of [[equal.id], [equal.id, equal.id.slice(-8)]]) {
      const { code, err } = await runs("compare", ...ids);
      expect(code).toBe(2);
      expect(err).toMatch(/two different runs are needed/);
    }
  });
});

describe("ballast runs reproduce", () => {
  test("says that every file is the same, exit 0", async () => {
    const { code, out } = await runs("reproduce", equal.id);
    expect({ code, out }).toEqual({ code: 0, out: `${equal.id}: the same again, 10 of 10\n` });
  });

  test("names the first file that differs with line and byte, exit 1", async () => {
    const path = join(tempDir(), "runs.db");
    const out = tempDir();
    const first = await runCli("run", experiment, "--out", out, "--registry", path, "--json");
    const file = join(out, "weights.csv");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("date,", "dato,"));
    // recorded again as it lies there now
    const database = new DatabaseSync(path);
    const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
    database.prepare("UPDATE artifacts SET sha256 = ? WHERE name = 'weights.csv'").run(sha256);
    database.close();
    const { id } = JSON.parse(first.out);
    const { code, out: said } = await runCli("runs", "reproduce", id, "--registry", path);
    expect(code).toBe(1);
    readable(said);
    expect(said).toContain(`${id}: NOT the same, 9 of 10 are\nfirst to differ: weights.csv, line 1, byte 3\n`);
    expect(said).toMatch(/then {2}dato,.*\n {2}now {3}date,/);
    expect(said).toContain("nothing known has changed since");
    const json = await runCli("runs", "reproduce", id, "--registry", path, "--json");
    expect(JSON.parse(json.out)).toMatchObject({ id, same: false, first: { name: "weights.csv", line: 1, byte: 3 } });
  });

  test("finds the data from the folder of then, wherever it is called", async () => {
    const [place, elsewhere] = [tempDir(), tempDir()];
    const prices = [1, 2, 3].map((d) => `2020-01-0${d},A,${d},${d},${d},${d}\n`).join("");
    writeFileSync(join(place, "p.csv"), `date,symbol,open,high,low,close\n${prices}`);
    writeFileSync(join(place, "x.yaml"), "name: x\ndata: {path: p.csv}\n");
    const here = process.cwd();
    try {
      process.chdir(place);
      const { out } = await runCli("run", "x.yaml", "--registry", "runs.db", "--json");
      process.chdir(elsewhere);
      const { id } = JSON.parse(out);
      const again = await runCli("runs", "reproduce", id, "--registry", join(place, "runs.db"));
      expect([again.code, again.out]).toEqual([0, `${id}: the same again, 10 of 10\n`]);
      expect(process.cwd()).toBe(elsewhere);
    } finally {
      process.chdir(here);
    }
  });
});

describe("ballast runs rm", () => {
  const fresh = async () => {
    const path = join(tempDir(), "runs.db");
    const out = join(tempDir(), "out");
    const { out: text } = await runCli("run", experiment, "--out", out, "--registry", path, "--json");
    return { path, out, id: JSON.parse(text).id as string };
  };

  test("takes the row and leaves the files", async () => {
    const { path, out, id } = await fresh();
    const removal = await runCli("runs", "rm", id, "--registry", path);
    expect([removal.code, removal.out]).toEqual([0, `removed ${id}\n`]);
    expect(removal.err).toContain(`its files stay in ${out}`);
    expect(existsSync(join(out, "report.html"))).toBe(true);
    expect((await runCli("runs", "list", "--registry", path)).out).toBe("no run fits\n");
    expect((await runCli("runs", "rm", id, "--registry", path)).code).toBe(2);
  });

  test("--files takes them too, but not what somebody else put there", async () => {
    const { path, out, id } = await fresh();
    writeFileSync(join(out, "notes.txt"), "mine");
    const { code, err } = await runCli("runs", "rm", id, "--files", "--registry", path);
    expect(code).toBe(0);
    expect(err).toContain("notes.txt");
    expect(readdirSync(out)).toEqual(["notes.txt"]);
  });

  test("--files takes those of a sweep, its trials with it", async () => {
    const path = join(tempDir(), "runs.db");
    const out = join(tempDir(), "out");
    const sweep = tempFile("sweep.yaml", `${SMALL}sweep: {grid: {allocation.lookback_bars: [20, 30]}}\n`);
    const { out: text } = await runCli("run", sweep, "--out", out, "--registry", path, "--no-cache", "--json");
    const { id } = JSON.parse(text);
    const { code, out: said } = await runCli("runs", "rm", id, "--files", "--registry", path);
    expect([code, said]).toEqual([0, `removed ${id} and 2 trials\n`]);
    expect(existsSync(out)).toBe(false);
  });

  test("--files with a folder that is another run's by now removes nothing at all", async () => {
    const { path, out, id } = await fresh();
    await runCli("run", experiment, "--set", "seed=8", "--out", out, "--registry", path);
    const { code, err } = await runCli("runs", "rm", id, "--files", "--registry", path);
    expect(code).toBe(2);
    expect(err).toContain("is not, or no longer, the folder of");
    expect(existsSync(join(out, "equity.csv"))).toBe(true);
    expect((await runCli("runs", "show", id, "--registry", path)).code).toBe(0);
  });
});

describe("a registry that is none", () => {
  const commands = [["list"], ["show", "x"], ["compare", "x", "y"], ["reproduce", "x"], ["rm", "x"]];
  test.each(commands)("runs %s", async (...args) => {
    const files: [path: string, says: RegExp][] = [
      [join(folder, "missing.db"), /missing\.db: there is no such registry/],
      [folder, /: is a directory/],
      [tempFile("empty.db", ""), /empty\.db: is empty/],
      [tempFile("text.db", "text ".repeat(300)), /text\.db: is not a registry of runs/],
    ];
    for (const [path, says] of files) {
      const { code, out, err } = await runCli("runs", ...args, "--registry", path);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err.trimEnd().split("\n")).toHaveLength(1);
      expect(err).toMatch(says);
    }
  });
});

describe("a read-only folder", () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  // permissions mean nothing to root, so that root lets somebody else try
  const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const ballast = (...args: readonly string[]) => {
    const env = { PATH: process.env.PATH, HOME: "/nonexistent" };
    const options = { ...identity, env, cwd: tempDir(), encoding: "utf8" } as const;
    return spawnSync(process.execPath, [`${root}src/cli/start.ts`, ...args], options);
  };
  const able = process.platform !== "win32" && ballast("--version").status === 0;

  function locked(): string {
    const place = join(tempDir(), "locked");
    mkdirSync(place);
    chmodSync(join(place, ".."), 0o755);
    const path = join(place, "runs.db");
    useRegistry(path, "record", (database) => recordRuns(database, [fabricateRunEntry("a-00000001")]));
    chmodSync(path, 0o444);
    chmodSync(place, 0o555);
    return path;
  }

  test.skipIf(!able)("can be read, and says why it cannot be written", () => {
    const path = locked();
    const list = ballast("runs", "list", "--registry", path);
    expect([list.status, list.stderr]).toEqual([0, ""]);
    expect(list.stdout).toContain("a-00000001");
    const removal = ballast("runs", "rm", "a-00000001", "--registry", path);
    expect([removal.status, removal.stdout]).toEqual([2, ""]);
    expect(removal.stderr).toBe(`ballast: ${path}: cannot be written: the file or its folder is read-only\n`);
  });

  test.skipIf(!able)("costs a run its line in the registry and nothing else", () => {
    const out = tempDir();
    chmodSync(out, 0o777);
    chmodSync(join(experiment, ".."), 0o755);
    for (const path of [locked(), join(locked(), "..", "sub", "new.db")]) {
      const { status, stderr, stdout } = ballast("run", experiment, "--out", out, "--registry", path, "--json");
      expect(status).toBe(0);
      expect(JSON.parse(stdout).name).toBe("small");
      expect(stderr.replaceAll(/\s+/g, " ")).toMatch(/warning: the run was not recorded: .*read-only/);
    }
  });
});
