import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { recordRuns } from "../../src/experiment/registry.ts";
import { useRegistry } from "../../src/experiment/registry-file.ts";
import { listRuns } from "../../src/experiment/registry-queries.ts";
import { tempDir } from "../support/files.ts";
import { fabricateRunEntry } from "./fabricate-run-entry.ts";

const writer = fileURLToPath(new URL("registry-writer.ts", import.meta.url));

/** What a process said on stderr, and its exit code. */
function finished(child: ChildProcess): Promise<{ readonly code: number | null; readonly err: string }> {
  let err = "";
  child.stderr!.on("data", (text) => {
    err += text;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, err })));
}

const countsIn = (path: string) =>
  useRegistry(path, "read", (database) => ({
    ...database.prepare("SELECT count(*) AS runs, sum(executions) AS executions FROM runs").get(),
    ...database.prepare("SELECT count(*) AS lines FROM executions").get(),
    ...database.prepare("SELECT count(*) AS metrics FROM metrics").get(),
    ...database.prepare("SELECT count(*) AS trials FROM trials").get(),
  }));

test("processes that begin one registry together and write at once lose no row", { timeout: 120_000 }, async () => {
  const path = join(tempDir(), "new", "runs.db");
  const [writers, rows] = [3, 200];
  const children = Array.from({ length: writers }, (_, w) =>
    spawn(process.execPath, [writer, path, `w${w}`, String(rows)], { stdio: ["ignore", "ignore", "pipe"] }),
  );
  for (const { code, err } of await Promise.all(children.map(finished))) {
    expect(err).toBe("");
    expect(code).toBe(0);
  }
  // of 200 rows 20 are the same run in all three: 20 + 3 * 180 runs, each execution counted, 6 metrics a run
  expect(countsIn(path)).toEqual({ runs: 560, executions: 600, lines: 600, metrics: 3360, trials: 560 });
});

test("a batch and single rows at once, readers in between", { timeout: 120_000 }, async () => {
  const path = join(tempDir(), "runs.db");
  useRegistry(path, "record", () => {});
  const child = spawn(process.execPath, [writer, path, "w", "100"], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = finished(child);
  for (let b = 0; b < 10; b++) {
    const batch = Array.from({ length: 100 }, (_, i) => fabricateRunEntry(`b${b}-${i}`));
    useRegistry(path, "record", (database) => recordRuns(database, batch));
    const { total } = useRegistry(path, "read", (database) => listRuns(database, { limit: 1, name: "b" }));
    expect(total).toBe(100 * (b + 1));
  }
  expect(await ended).toEqual({ code: 0, err: "" });
  expect(countsIn(path)).toMatchObject({ runs: 1100, executions: 1100, lines: 1100 });
});
