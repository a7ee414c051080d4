import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkWritable, makeFolder } from "../../src/data/writable-folder.ts";
import { tempDir, tempFile } from "../support/files.ts";

describe("a folder to write into", () => {
  test("is made with those above it; looking at it makes nothing", () => {
    const folder = join(tempDir(), "a", "b");
    checkWritable(folder);
    expect(existsSync(folder)).toBe(false);
    makeFolder(folder);
    makeFolder(folder);
    checkWritable(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  test("a file in its place, or above it, is told apart", () => {
    const file = tempFile("f", "x");
    for (const work of [checkWritable, makeFolder]) {
      expect(() => work(file)).toThrow(expect.objectContaining({ code: "EEXIST", path: file }));
      const below = join(file, "sub");
      expect(() => work(below)).toThrow(expect.objectContaining({ code: "ENOTDIR", path: below }));
    }
  });

  test("a place that takes no folders says why", () => {
    // the kernel's, where nobody makes anything
    if (existsSync("/proc/self"))
      expect(() => makeFolder("/proc/ballast/x")).toThrow(
        expect.objectContaining({ code: "ENOENT", path: "/proc/ballast/x" }),
      );
  });
});
