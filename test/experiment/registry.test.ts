import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { recordRuns, removeRun } from "../../src/experiment/registry.ts";
import { useRegistry } from "../../src/experiment/registry-file.ts";
import { readRun } from "../../src/experiment/registry-queries.ts";
import { REGISTRY } from "../../src/experiment/registry-schema.ts";
import { trialsOn } from "../../src/experiment/registry-trials.ts";
import type { RunEntry } from "../../src/experiment/run-entry.ts";
import { inTransaction } from "../../src/experiment/sqlite-store.ts";
import { migrate } from "../../src/experiment/store-version.ts";
import { tempDir, tempFile } from "../support/files.ts";
import { fabricateRunEntry, hash } from "./fabricate-run-entry.ts";

const newPath = () => join(tempDir(), "runs.db");
const record = (path: string, ...entries: readonly RunEntry[]) =>
  useRegistry(path, "record", (database) => recordRuns(database, entries));
const read = (path: string, id: string) => useRegistry(path, "read", (database) => readRun(database, id));
const countOf = (path: string, table: string) =>
  useRegistry(path, "read", (database) => database.prepare(`SELECT count(*) AS n FROM ${table}`).get()!.n);

/** The one line a person gets. */
function faultOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).faults).toHaveLength(1);
    return (error as InputError).message;
  }
  return expect.fail("nothing was thrown");
}

describe("recordRuns", () => {
  test("an entry comes back as it went in, its folder made on the way", () => {
    const path = join(tempDir(), "deep", "down", "runs.db");
    const entry = fabricateRunEntry("a-00000001");
    record(path, entry);
    const { executions, trials, triedOnData, ...rest } = read(path, entry.id);
    expect(rest).toEqual(entry);
    expect([executions.length, trials, triedOnData]).toEqual([1, 0, 1]);
    // at rest there is one file: the write-ahead log is gone with the last connection
    expect(readdirSync(dirname(path))).toEqual(["runs.db"]);
  });

  test("NaN metrics are undefined in the table and NaN again when read; other numbers keep every bit", () => {
    const path = newPath();
    const entry = fabricateRunEntry("a-00000001");
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.double()), (values) => {
        const metrics = Object.fromEntries(Object.entries(values).map(([key, value]) => [`m${key}`, value + 0]));
        record(path, { ...entry, metrics });
        const got = read(path, entry.id).metrics;
        expect(Object.keys(got).sort()).toEqual(Object.keys(metrics).sort());
        // SQLite knows no minus zero
        for (const [key, value] of Object.entries(metrics)) expect(got[key]! + 0).toBe(value === 0 ? 0 : value);
      }),
      { numRuns: 30 },
    );
    record(path, { ...entry, metrics: { sharpe: Number.NaN } });
    const stored = useRegistry(path, "read", (database) => database.prepare("SELECT value FROM metrics").get());
    expect(stored).toEqual({ value: null });
  });

  test("the same run again replaces its row and keeps a line of every execution", () => {
    const path = newPath();
    const first = fabricateRunEntry("a-00000001");
    const later = {
      ...first,
      startedAt: "2026-02-01T00:00:00.000Z",
      metrics: { sharpe: 2 },
      warnings: [],
      returnsHash: "other returns",
    };
    record(path, first);
    record(path, later);
    const got = read(path, first.id);
    expect(got).toMatchObject({ startedAt: later.startedAt, metrics: { sharpe: 2 }, warnings: [] });
    expect(got.executions.map(({ startedAt, returnsHash }) => [startedAt, returnsHash])).toEqual([
      [first.startedAt, first.returnsHash],
      [later.startedAt, "other returns"],
    ]);
    expect(countOf(path, "runs")).toBe(1);
  });

  test("a running sweep is completed, not counted twice", () => {
    const path = newPath();
    const running = fabricateRunEntry("s-00000001", { kind: "sweep", status: "running", finishedAt: null });
    record(path, running);
    expect(read(path, "s-00000001").executions).toEqual([]);
    record(path, { ...running, status: "done", finishedAt: "2026-01-02T04:00:00.000Z" });
    const got = read(path, "s-00000001");
    expect([got.status, got.executions.length]).toEqual(["done", 1]);
    expect(useRegistry(path, "read", (database) => database.prepare("SELECT executions AS n FROM runs").get())).toEqual(
      {
        n: 1,
      },
    );
  });

  test("an id that stands for another config is refused, and with it the whole batch", () => {
    const path = newPath();
    const entry = fabricateRunEntry("a-00000001");
    record(path, entry);
    const other = { ...entry, provenance: { ...entry.provenance, configHash: "another" } };
    expect(faultOf(() => record(path, fabricateRunEntry("b-00000002"), other))).toBe(
      "a-00000001: this id is taken by another config: give the experiment a new name",
    );
    expect(countOf(path, "runs")).toBe(1);
    expect(read(path, entry.id).provenance.configHash).toBe(entry.provenance.configHash);
  });

  test("a trial that failed is a row with its error and without an outcome", () => {
    const path = newPath();
    const failed = fabricateRunEntry("s-00000001/aaaaaaaa", {
      kind: "trial",
      parent: "s-00000001",
      status: "failed",
      error: "x.yaml:3 data.path: no such file",
      sample: null,
      returnsHash: null,
      metrics: {},
      artifacts: [],
      out: null,
    });
    const unread = { ...failed, provenance: { ...failed.provenance, dataHash: null } };
    record(path, unread);
    expect(read(path, failed.id)).toMatchObject({ ...unread, triedOnData: 0 });
  });
});

describe("trialsOn", () => {
  const on = (data: string, config: string): Partial<RunEntry> => ({
    provenance: { ...fabricateRunEntry("x-0").provenance, dataHash: data, configHash: config },
  });
  const trials = (path: string, data: string) => useRegistry(path, "read", (database) => trialsOn(database, data));

  test("counts each config once per data, whether run alone or in sweeps; sweeps and failures are none", () => {
    const path = newPath();
    record(
      path,
      fabricateRunEntry("a-00000001", on(hash("1"), "p")),
      fabricateRunEntry("s-00000001", { ...on(hash("1"), "s"), kind: "sweep", metrics: {} }),
      fabricateRunEntry("s-00000001/1", { ...on(hash("1"), "p"), kind: "trial", parent: "s-00000001" }),
      fabricateRunEntry("s-00000001/2", { ...on(hash("1"), "q"), kind: "trial", parent: "s-00000001" }),
      fabricateRunEntry("s-00000001/3", { ...on(hash("1"), "r"), kind: "trial", status: "failed", error: "e" }),
      fabricateRunEntry("a-00000002", on(hash("2"), "p")),
    );
    expect(trials(path, hash("1")).map(({ configHash }) => configHash)).toEqual(["p", "q"]);
    expect(trials(path, hash("2"))).toEqual([
      {
        configHash: "p",
        firstAt: "2026-01-02T03:04:05.000Z",
        returnsHash: "returns of a-00000002",
        sharpe: 1,
        periods: 251,
        periodsPerYear: 252,
      },
    ]);
    expect(trials(path, hash("3"))).toEqual([]);
  });

  test("an undefined Sharpe ratio is NaN, and counts", () => {
    const path = newPath();
    record(path, fabricateRunEntry("a-00000001", { metrics: { sharpe: Number.NaN } }));
    expect(trials(path, hash("d")).map(({ sharpe, periods }) => [sharpe, periods])).toEqual([[Number.NaN, Number.NaN]]);
  });

  test("removing a run does not undo that it was tried", () => {
    const path = newPath();
    record(path, fabricateRunEntry("a-00000001"));
    expect(useRegistry(path, "change", (database) => removeRun(database, "a-00000001"))).toBe(1);
    expect(countOf(path, "runs")).toBe(0);
    expect(trials(path, hash("d"))).toHaveLength(1);
  });
});

describe("removeRun", () => {
  test("takes a sweep's trials and everything that hangs on them along, and nothing else", () => {
    const path = newPath();
    const trial = (id: string) => fabricateRunEntry(id, { kind: "trial", parent: "s-00000001" });
    record(
      path,
      fabricateRunEntry("s-00000001", { kind: "sweep" }),
      trial("s-00000001/1"),
      trial("s-00000001/2"),
      fabricateRunEntry("a-00000009"),
    );
    expect(useRegistry(path, "change", (database) => removeRun(database, "s-00000001"))).toBe(3);
    const perRun = { runs: 1, executions: 1, metrics: 6, timings: 2, events: 1, warnings: 2, artifacts: 1 };
    for (const [table, rows] of Object.entries(perRun)) expect(countOf(path, table), table).toBe(rows);
  });
});

describe("a file that cannot be the registry is told in one line", () => {
  const folder = tempDir();
  const text = tempFile("text.db", "no database, but long enough to be taken for one ".repeat(40));
  const empty = tempFile("empty.db", "");
  const blocked = join(tempFile("file", "x"), "runs.db");
  test.each([
    ["a missing file", join(folder, "no.db"), /no\.db: there is no such registry/, undefined],
    ["a directory", folder, /: is a directory, not a registry of runs$/, /is a directory/],
    [
      "text",
      text,
      /text\.db: is not a registry of runs: the file is not an SQLite database$/,
      /not an SQLite database/,
    ],
    ["an empty file", empty, /empty\.db: is empty: nothing was ever recorded in it$/, undefined],
    ["a device", "/dev/null", /\/dev\/null: is no plain file/, /is no plain file/],
    ["no name", "", /--registry: must be the path of a file/, /must be the path/],
    ["a file in place of a folder", blocked, /no such registry/, /a part of the path is a file/],
  ])("%s", (_, path, reading, recording) => {
    expect(faultOf(() => useRegistry(path, "read", () => {}))).toMatch(reading);
    expect(faultOf(() => useRegistry(path, "change", () => {}))).toMatch(reading);
    if (recording !== undefined) expect(faultOf(() => record(path))).toMatch(recording);
    expect(readFileSync(text, "utf8")).toMatch(/^no database/);
  });

  test("an empty file becomes a registry when a run is recorded: another process may be about to fill it", () => {
    const path = tempFile("new.db", "");
    record(path, fabricateRunEntry("a-00000001"));
    expect(countOf(path, "runs")).toBe(1);
  });

  test("another program's database is left alone", () => {
    const path = newPath();
    const other = new DatabaseSync(path);
    other.exec("CREATE TABLE runs (id TEXT)");
    other.close();
    expect(faultOf(() => record(path))).toMatch(/is an SQLite database, but not a registry of runs$/);
    const again = new DatabaseSync(path);
    expect(again.prepare("SELECT name FROM sqlite_schema").all()).toEqual([{ name: "runs" }]);
    again.close();
  });

  test("a damaged registry", () => {
    const path = newPath();
    record(path, fabricateRunEntry("a-00000001"));
    const bytes = readFileSync(path);
    // page 1 tells what the tables are, all others are spoilt
    writeFileSync(path, bytes.fill(0x5a, 4096));
    expect(faultOf(() => read(path, "a-00000001"))).toMatch(/runs\.db: is damaged: /);
  });

  test("a registry of a newer version, whatever is asked of it", () => {
    const path = newPath();
    record(path, fabricateRunEntry("a-00000001"));
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    const says =
      /runs\.db: is a registry of runs of version 99, and this ballast knows versions up to 1: use a newer one$/;
    for (const access of ["read", "change", "record"] as const)
      expect(faultOf(() => useRegistry(path, access, () => {}))).toMatch(says);
  });

  test("one that another process holds", { timeout: 60_000 }, () => {
    const path = newPath();
    record(path, fabricateRunEntry("a-00000001"));
    const holder = new DatabaseSync(path);
    holder.exec("BEGIN IMMEDIATE");
    try {
      // the waiting itself is SQLite's; here it is cut short
      const write = () =>
        useRegistry(path, "change", (database) => {
          database.exec("PRAGMA busy_timeout = 10");
          removeRun(database, "a-00000001");
        });
      expect(faultOf(write)).toMatch(/runs\.db: is in use: another process has held it for 30 seconds$/);
      // readers do not wait
      expect(read(path, "a-00000001").id).toBe("a-00000001");
    } finally {
      holder.close();
    }
  });
});

describe("a full disk", () => {
  test("is told as the system tells it, loses nothing recorded before, and writes none of the batch", () => {
    const path = newPath();
    record(path, fabricateRunEntry("a-00000001"));
    const many = Array.from({ length: 200 }, (_, i) => fabricateRunEntry(`b-${i}`));
    const fill = () =>
      useRegistry(path, "record", (database) => {
        // SQLite's own way of running out of room
        const { page_count: pages } = database.prepare("PRAGMA page_count").get() as { page_count: number };
        database.exec(`PRAGMA max_page_count = ${pages + 3}`);
        recordRuns(database, many);
      });
    expect(fill).toThrow(expect.objectContaining({ code: "ENOSPC", path, message: `${path}: the disk is full` }));
    expect(countOf(path, "runs")).toBe(1);
    record(path, ...many);
    expect(countOf(path, "runs")).toBe(201);
  });
});

describe("migrate", () => {
  test("brings an older registry up step by step, keeping its rows", () => {
    const path = newPath();
    record(path, fabricateRunEntry("a-00000001"));
    const database = new DatabaseSync(path);
    const later = ["ALTER TABLE runs ADD COLUMN note TEXT", "CREATE TABLE notes (a TEXT)"];
    migrate(database, path, { ...REGISTRY, migrations: [...REGISTRY.migrations, ...later] });
    expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: REGISTRY.migrations.length + 2 });
    expect(database.prepare("SELECT id, note FROM runs").all()).toEqual([{ id: "a-00000001", note: null }]);
    database.close();
  });
});

describe("inTransaction", () => {
  test("what throws half-way leaves no trace", () => {
    const path = newPath();
    record(path);
    const half = () =>
      useRegistry(path, "change", (database) =>
        inTransaction(database, () => {
          database.exec("INSERT INTO trials (data_hash, config_hash, first_at) VALUES ('d', 'c', 'now')");
          throw new Error("half-way");
        }),
      );
    expect(half).toThrow("half-way");
    expect(countOf(path, "trials")).toBe(0);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });
});
