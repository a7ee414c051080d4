/** Files of ballast's own are told apart, and each says in the same words what is wrong with it. */
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { countHoldoutLook } from "../../src/experiment/holdout-looks.ts";
import { useRegistry } from "../../src/experiment/registry-file.ts";
import { useStore } from "../../src/experiment/sqlite-store.ts";
import type { StoreKind } from "../../src/experiment/store-version.ts";
import { applyPlan } from "../../src/experiment/weights-audit.ts";
import type { WeightsPlan } from "../../src/experiment/weights-plan.ts";
import { tempDir, tempFile } from "../support/files.ts";

const look = { dataHash: "d", holdoutStart: "2020-01-01", configHash: "a", experiment: "x" };
const plan = { inputs: { policy: "p" } } as unknown as WeightsPlan;

/** One write into each kind of file. */
const KINDS: [noun: string, option: string, write: (path: string) => unknown][] = [
  ["a registry of runs", "--registry", (path) => useRegistry(path, "record", () => {})],
  ["an audit store", "--store", (path) => applyPlan(path, "w1", plan, "2026-01-01T00:00:00Z")],
  ["a count of looks at holdouts", "state folder", (path) => countHoldoutLook(path, look)],
];
const newPath = () => join(tempDir(), "own.db");

/** A file as another program, or another version, left it. */
function written(sql: string, path = newPath()): string {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  return path;
}

describe.each(KINDS)("%s", (noun, option, write) => {
  test("is made where it is missing, its folder too, and opened again", () => {
    const path = join(tempDir(), "new", "own.db");
    write(path);
    write(path);
  });

  test("of a newer version is left alone", () => {
    const path = newPath();
    write(path);
    written("PRAGMA user_version = 7", path);
    expect(() => write(path)).toThrow(
      `${path}: is ${noun} of version 7, and this ballast knows versions up to 1: use a newer one`,
    );
  });

  test("is no text, no folder, no device, no other program's database and none of the other kinds", () => {
    const text = tempFile("text.db", "no database, but long enough to be taken for one ".repeat(40));
    expect(() => write(text)).toThrow(`${text}: is not ${noun}: the file is not an SQLite database`);
    const folder = tempDir();
    expect(() => write(folder)).toThrow(`${folder}: is a directory, not ${noun}`);
    expect(() => write("/dev/null")).toThrow(`/dev/null: is no plain file, ${noun} was expected`);
    const others = KINDS.filter(([other]) => other !== noun).map(([, , make]) => {
      const path = newPath();
      make(path);
      return path;
    });
    const tables = ["runs (id TEXT)", "plans (id TEXT)", "looks (id TEXT)"];
    const foreign = written("PRAGMA application_id = 7");
    for (const path of [...others, foreign, ...tables.map((table) => written(`CREATE TABLE ${table}`))])
      expect(() => write(path)).toThrow(`${path}: is an SQLite database, but not ${noun}`);
  });

  test("needs the path of a file, not one of SQLite's own names", () => {
    for (const path of ["", " ", ":memory:"])
      expect(() => write(path)).toThrow(`${option}: must be the path of a file`);
  });
});

describe("files from before they were marked", () => {
  test("keep their rows and get their mark", () => {
    const audit = written(
      `CREATE TABLE plans (
         run_id TEXT PRIMARY KEY, inputs_hash TEXT NOT NULL, plan TEXT NOT NULL, applied_at TEXT NOT NULL
       ) STRICT;
       INSERT INTO plans VALUES ('w0', 'h', '{}', '2025-01-01T00:00:00Z')`,
    );
    expect(applyPlan(audit, "w1", plan, "2026-01-01T00:00:00Z").recorded).toBe(true);
    const looks = written(
      `CREATE TABLE looks (
         data_hash TEXT NOT NULL, holdout_start TEXT NOT NULL, config_hash TEXT NOT NULL, experiment TEXT NOT NULL,
         first_looked_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
         PRIMARY KEY (data_hash, holdout_start, config_hash)
       ) STRICT;
       INSERT INTO looks VALUES ('d', '2020-01-01', 'before', 'x', '2025-01-01T00:00:00Z')`,
    );
    expect(countHoldoutLook(looks, look)).toBe(2);
    for (const path of [audit, looks]) {
      const database = new DatabaseSync(path);
      expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
      database.close();
    }
    expect(() => countHoldoutLook(audit, look)).toThrow("but not a count of looks at holdouts");
  });
});

test.skipIf(!existsSync("/proc/self/fd"))("a file is closed again, whatever became of the work", () => {
  const path = newPath();
  const work = (fault?: string) => () =>
    useRegistry(path, "record", () => {
      if (fault !== undefined) throw new Error(fault);
    });
  work()();
  expect(work("no")).toThrow("no");
  written("PRAGMA user_version = 7", path);
  expect(work()).toThrow("of version 7");
  const open = readdirSync("/proc/self/fd").map((name) => {
    try {
      return readlinkSync(join("/proc/self/fd", name));
    } catch {
      // the folder's own, closed by now
      return "";
    }
  });
  expect(open.filter((target) => target.startsWith(path))).toEqual([]);
});

test("a step that fails half-way leaves the file at its version", () => {
  const path = newPath();
  const kind: StoreKind = {
    noun: "a thing",
    option: "--x",
    missing: "none",
    applicationId: 9,
    migrations: ["CREATE TABLE a (x)"],
  };
  useStore(kind, path, "record", () => {});
  const broken = { ...kind, migrations: [...kind.migrations, "CREATE TABLE b (x); CREATE TABLE a (x)"] };
  expect(() => useStore(broken, path, "record", () => {})).toThrow("table a already exists");
  const tables = useStore(kind, path, "read", (database) => database.prepare("SELECT name FROM sqlite_schema").all());
  expect(tables).toEqual([{ name: "a" }]);
});
