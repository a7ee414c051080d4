/** Which entries of a cache go when there are too many, and which stay. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { hashValue } from "../../src/core/hash.ts";
import { bytesText, evictLeastRecent } from "../../src/experiment/cache-eviction.ts";
import { openStageCache } from "../../src/experiment/stage-cache.ts";
import { tempDir } from "../support/files.ts";

const HOUR = 3_600_000;
const NOBODYS = new Set<string>();
const key = (i: number) => hashValue(["entry", i]);
const pathOf = (folder: string, of: string) => join(folder, of.slice(0, 2), of);

/** An entry of so many bytes that was last used so many hours ago. */
function put(folder: string, name: string, bytes: number, hoursAgo: number): string {
  const path = pathOf(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, new Uint8Array(bytes));
  age(path, hoursAgo);
  return path;
}

function age(path: string, hoursAgo: number): void {
  const time = new Date(Date.now() - hoursAgo * HOUR);
  utimesSync(path, time, time);
}

describe("evictLeastRecent", () => {
  test("leaves everything where there is no more than the limit", () => {
    const folder = tempDir();
    for (let i = 0; i < 5; i++) put(folder, key(i), 100, i);
    expect(evictLeastRecent(folder, 500, NOBODYS)).toBe(500);
    expect(evictLeastRecent(join(folder, "none"), 500, NOBODYS)).toBe(0);
  });

  test("takes what was used longest ago until nine tenths of the limit are left", () => {
    const folder = tempDir();
    const paths = [3, 0, 9, 5, 7].map((hoursAgo, i) => put(folder, key(i), 100, hoursAgo));
    // 500 are above 450, and to 405 it takes one: the one of nine hours ago
    expect(evictLeastRecent(folder, 450, NOBODYS)).toBe(400);
    expect(paths.map((path) => existsSync(path))).toEqual([true, true, false, true, true]);
    // 400 are above 250, and to 225 it takes two more
    expect(evictLeastRecent(folder, 250, NOBODYS)).toBe(200);
    expect(paths.map((path) => existsSync(path))).toEqual([true, true, false, false, false]);
  });

  test("passes over what is to stay, be it the oldest and the limit far below", () => {
    const folder = tempDir();
    const paths = [9, 8, 7].map((hoursAgo, i) => put(folder, key(i), 100, hoursAgo));
    expect(evictLeastRecent(folder, 10, new Set([key(0), key(2)]))).toBe(200);
    expect(paths.map((path) => existsSync(path))).toEqual([true, false, true]);
  });

  test("passes over what another process used since it was looked at", () => {
    const folder = tempDir();
    const [oldest, old] = [9, 8].map((hoursAgo, i) => put(folder, key(i), 100, hoursAgo));
    // asked what is to stay once all were looked at: the moment at which the other process reads the oldest
    const keep = new (class extends Set<string> {
      override has(): boolean {
        age(oldest!, 0);
        return false;
      }
    })();
    expect(evictLeastRecent(folder, 100, keep)).toBe(100);
    expect([existsSync(oldest!), existsSync(old!)]).toEqual([true, false]);
  });

  test("takes temporary files that a killed process left, not those that are being written", () => {
    const folder = tempDir();
    const [old, fresh] = [2, 0].map((hoursAgo) => put(folder, `${key(0)}.${hoursAgo}.tmp`, 100, hoursAgo));
    expect(evictLeastRecent(folder, 1e9, NOBODYS)).toBe(100);
    expect([existsSync(old!), existsSync(fresh!)]).toEqual([false, true]);
  });

  test("touches nothing that is not named like a cache's own", () => {
    const folder = tempDir();
    mkdirSync(join(folder, "ab", "cd"), { recursive: true });
    mkdirSync(join(folder, "photos"));
    const others = ["notes.txt", "ab/notes.txt", "ab/cd/x", `photos/${key(1)}`, `ab/${key(1)}.bak`, `${key(1)}.1.tmp`];
    for (const name of others) {
      writeFileSync(join(folder, name), "mine");
      age(join(folder, name), 99);
    }
    expect(evictLeastRecent(folder, 0, NOBODYS)).toBe(0);
    for (const name of others) expect(existsSync(join(folder, name)), name).toBe(true);
  });
});

test("sizes are told in thousands", () => {
  expect([10, 999_900, 2.51e7, 2e9].map(bytesText)).toEqual(["0.0 kB", "999.9 kB", "25.1 MB", "2.0 GB"]);
});

describe("a cache with a limit", () => {
  const value = new Float64Array(1000);
  const present = (folder: string, count: number) =>
    Array.from({ length: count }, (_, i) => existsSync(pathOf(folder, key(i))));

  test("drops what earlier runs have not used for longest, and nothing of its own", () => {
    const folder = tempDir();
    const earlier = openStageCache(folder);
    for (let i = 0; i < 10; i++) earlier.write(key(i), value);
    for (let i = 0; i < 10; i++) age(pathOf(folder, key(i)), 20 - i);
    // each entry is some 8,000 bytes: ten and one more are above ten
    const bytes = statSync(pathOf(folder, key(0))).size;
    const cache = openStageCache(folder, 10 * bytes);
    expect(cache.read(key(0))).toEqual(value);
    cache.write(key(10), value);
    // to nine tenths it takes two: the oldest but the one that was read
    expect(present(folder, 11)).toEqual([true, false, false, ...new Array<boolean>(8).fill(true)]);
    expect(cache.warnings!()).toEqual([]);
  });

  test("an entry that was read counts as used, for other processes too", () => {
    const folder = tempDir();
    openStageCache(folder).write(key(0), value);
    age(pathOf(folder, key(0)), 5);
    openStageCache(folder).read(key(0));
    expect(Date.now() - statSync(pathOf(folder, key(0))).mtimeMs).toBeLessThan(HOUR);
    // but not anew with each time it is read
    age(pathOf(folder, key(0)), 0.1);
    const before = statSync(pathOf(folder, key(0))).mtimeMs;
    openStageCache(folder).read(key(0));
    expect(statSync(pathOf(folder, key(0))).mtimeMs).toBe(before);
  });

  test("keeps all of a run that is larger than the limit, and says so", () => {
    const folder = tempDir();
    const cache = openStageCache(folder, 20_000);
    for (let i = 0; i < 5; i++) cache.write(key(i), value);
    expect(present(folder, 5)).toEqual([true, true, true, true, true]);
    const [said, ...more] = cache.warnings!();
    expect(said).toMatch(
      / holds 40\.\d kB, above its limit of 20\.0 kB: what this run itself has read or written stays$/,
    );
    expect(more).toEqual([]);
    // the next run does not need them
    openStageCache(folder, 20_000).write(key(5), value);
    expect(present(folder, 6)).toEqual([false, false, false, false, true, true]);
  });

  test("two processes that evict at once fail at nothing and keep to the limit", { timeout: 60_000 }, async () => {
    const folder = tempDir();
    const writer = fileURLToPath(new URL("cache-writer.ts", import.meta.url));
    const run = (name: string) =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [writer, folder, name, "300", "400000"], { stdio: "pipe" });
        let said = "";
        for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
        child.once("close", (code) => resolve([code, said]));
      });
    // what earlier runs left: 100 entries of 8 KB, twice the limit
    for (let i = 0; i < 100; i++) put(folder, key(i), 8000, 30 - i / 10);
    expect(await Promise.all([run("a"), run("b")])).toEqual([
      [0, ""],
      [0, ""],
    ]);
    const left = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.length > 60);
    expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
    // neither evicts its own, both whatever else is above the limit: at most 600 of 8 KB are left
    expect(left.length).toBeLessThanOrEqual(600);
    expect(
      left.some((name) => existsSync(join(folder, name)) && readFileSync(join(folder, name)).length === 8000),
    ).toBe(false);
  });
});
