import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hashValue } from "../../src/core/hash.ts";
import { NO_CACHE, openStageCache } from "../../src/experiment/stage-cache.ts";
import { tempDir, tempFile } from "../support/files.ts";

const KEY = hashValue("a stage");
const VALUE = { scores: Float64Array.of(1, Number.NaN, -0), rows: 3, text: "x" };

describe("the stage cache", () => {
  test("gives back what was written, to another process as well", () => {
    const folder = join(tempDir(), "cache");
    openStageCache(folder).write(KEY, VALUE);
    const back = openStageCache(folder).read(KEY) as typeof VALUE;
    expect(back).toEqual(VALUE);
    expect(Object.is(back.scores[2], -0)).toBe(true);
  });

  test("knows nothing of other keys, of a folder that is gone, and of what nobody wrote", () => {
    const folder = join(tempDir(), "cache");
    const cache = openStageCache(folder);
    expect(cache.read(KEY)).toBeUndefined();
    cache.write(KEY, VALUE);
    expect(cache.read(hashValue("another"))).toBeUndefined();
    rmSync(folder, { recursive: true });
    expect(cache.read(KEY)).toBeUndefined();
    NO_CACHE.write(KEY, VALUE);
    expect(NO_CACHE.read(KEY)).toBeUndefined();
  });

  test("an entry torn or altered anywhere counts as absent and can be written again", () => {
    const folder = tempDir();
    const cache = openStageCache(folder);
    cache.write(KEY, VALUE);
    const path = join(folder, KEY.slice(0, 2), KEY);
    const whole = readFileSync(path);
    for (const damaged of [whole.subarray(0, 0), whole.subarray(0, 20), whole.subarray(0, whole.length - 1)]) {
      writeFileSync(path, damaged);
      expect(cache.read(KEY)).toBeUndefined();
    }
    for (const at of [0, 31, 32, whole.length - 1]) {
      const altered = Buffer.from(whole);
      altered[at] = altered[at]! ^ 1;
      writeFileSync(path, altered);
      expect(cache.read(KEY)).toBeUndefined();
    }
    cache.write(KEY, VALUE);
    expect(cache.read(KEY)).toEqual(VALUE);
    expect(readdirSync(join(folder, KEY.slice(0, 2)))).toEqual([KEY]);
  });

  test("says how many entries were damaged, and where the first is", () => {
    const folder = tempDir();
    const cache = openStageCache(folder);
    const keys = [KEY, hashValue("b"), hashValue("c")];
    for (const key of keys) cache.write(key, VALUE);
    expect(cache.warnings!()).toEqual([]);
    const [first, second] = keys.map((key) => join(folder, key.slice(0, 2), key));
    writeFileSync(first!, "torn");
    cache.read(KEY);
    expect(cache.warnings!()).toEqual([`1 damaged entry of the cache computed again: ${first}`]);
    writeFileSync(second!, readFileSync(second!).subarray(0, 60));
    for (const key of [...keys, ...keys]) cache.read(key);
    expect(cache.warnings!()).toEqual([`2 damaged entries of the cache computed again, the first of them: ${first}`]);
  });

  test("an entry of another layout, or of another runtime's, is absent and no damage", () => {
    const folder = tempDir();
    const cache = openStageCache(folder);
    const path = join(folder, KEY.slice(0, 2), KEY);
    for (const at of [4, 5]) {
      cache.write(KEY, VALUE);
      const bytes = readFileSync(path);
      bytes[at] = bytes[at]! + 1;
      writeFileSync(path, bytes);
      expect(cache.read(KEY)).toBeUndefined();
    }
    expect(cache.warnings!()).toEqual([]);
  });

  test("goes on where the folder is deleted under its hands", () => {
    const folder = join(tempDir(), "cache");
    const cache = openStageCache(folder);
    cache.write(KEY, VALUE);
    rmSync(folder, { recursive: true });
    cache.write(KEY, VALUE);
    expect(cache.read(KEY)).toEqual(VALUE);
  });

  test("a place that cannot be one is named as such, not by an entry of it", () => {
    const file = tempFile("cache", "no folder");
    expect(() => openStageCache(file).read(KEY)).toThrow(expect.objectContaining({ code: "ENOTDIR", path: file }));
    expect(() => openStageCache(file).write(KEY, VALUE)).toThrow(expect.objectContaining({ path: file }));
    const full = "/dev/full";
    expect(() => openStageCache(full).write(KEY, VALUE)).toThrow(expect.objectContaining({ path: full }));
  });
});
