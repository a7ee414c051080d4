import { existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeAtomically } from "../../src/data/atomic-file.ts";
import { tempDir, tempFile } from "../support/files.ts";
import { messageOf } from "./tables.ts";

describe("writeAtomically", () => {
  test("a failure on the way leaves the old file and no temporary one", async () => {
    const folder = tempDir();
    const path = join(folder, "a.txt");
    await writeAtomically(path, "old");
    const failing = function* (): Generator<string> {
      yield "x".repeat(1 << 20);
      throw new Error("halfway");
    };
    await expect(writeAtomically(path, failing())).rejects.toThrow("halfway");
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["a.txt"]);
  });

  test("a link is followed, and a device is written to and stays one", async () => {
    const folder = tempDir();
    writeFileSync(join(folder, "real.txt"), "old");
    symlinkSync("real.txt", join(folder, "link.txt"));
    await writeAtomically(join(folder, "link.txt"), "new");
    expect(readFileSync(join(folder, "real.txt"), "utf8")).toBe("new");
    expect(lstatSync(join(folder, "link.txt")).isSymbolicLink()).toBe(true);
    // a link stands in for the device itself, so that no fault here can harm the machine
    symlinkSync("/dev/null", join(folder, "nothing"));
    await writeAtomically(join(folder, "nothing"), "gone");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  test("a missing folder is one clear line", async () => {
    const path = join(tempDir(), "nowhere", "a.txt");
    expect(await messageOf(() => writeAtomically(path, "x"))).toBe("nowhere/a.txt: there is no folder nowhere");
    expect(existsSync(path)).toBe(false);
  });

  test("of writers to one path at the same time each succeeds and one of the texts stands whole", async () => {
    const folder = tempDir();
    const path = join(folder, "a.txt");
    const texts = Array.from({ length: 8 }, (_, k) => `${k}`.repeat(1 << 19));
    await Promise.all(texts.map((text) => writeAtomically(path, text)));
    expect(texts).toContain(readFileSync(path, "utf8"));
    expect(readdirSync(folder)).toEqual(["a.txt"]);
  });

  test("a file that is missing to the writer of the text is not taken for a missing folder", async () => {
    const reading = function* (): Generator<string> {
      yield readFileSync(join(tempDir(), "source.txt"), "utf8");
    };
    await expect(writeAtomically(join(tempDir(), "a.txt"), reading())).rejects.toThrow(/^ENOENT/);
  });

  test("a path through a file is the system's error and names the path", async () => {
    const path = join(tempFile("b.txt", "x"), "a.txt");
    await expect(writeAtomically(path, "x")).rejects.toMatchObject({ code: "ENOTDIR", path });
  });
});
