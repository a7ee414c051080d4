import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, test } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { xgboost } from "../../src/models/xgboost.ts";
import {
  loadXgboost,
  openXgboost,
  XGBOOST_PATH_VARIABLE,
  XgboostUnavailableError,
  xgboostSource,
} from "../../src/models/xgboost-library.ts";
import { CONTEXT, formulaTraining } from "./formula-rows.ts";
import { describeWithXgboost } from "./with-xgboost.ts";
import type { WorkerTask } from "./xgboost-worker.ts";

const folder = mkdtempSync(join(tmpdir(), "ballast-xgboost-"));
afterAll(() => rmSync(folder, { recursive: true }));

const named = (path: string) => xgboostSource({ [XGBOOST_PATH_VARIABLE]: path });

describe("where the library comes from", () => {
  test("a path in BALLAST_XGBOOST_LIB outranks the bundled one and is not compared with it, on any platform", () => {
    const windows = { platform: "win32", arch: "x64" } as const;
    expect(xgboostSource({ [XGBOOST_PATH_VARIABLE]: "C:\\xgboost.dll" }, windows)).toEqual({
      path: "C:\\xgboost.dll",
      sha256: null,
    });
  });

  test.each([
    { platform: "win32", arch: "x64" },
    { platform: "darwin", arch: "arm64" },
    { platform: "linux", arch: "arm64" },
  ] as const)("there is none for $platform $arch, and the error says what works without it", (machine) => {
    expect(() => xgboostSource({}, machine)).toThrow(XgboostUnavailableError);
    expect(() => xgboostSource({ [XGBOOST_PATH_VARIABLE]: "" }, machine)).toThrow(
      `xgboost: XGBoost is not available: there is no bundled library for ${machine.platform} ${machine.arch}. ` +
        "ridge, ols and theil_sen work without it, xgboost and random_forest do not; " +
        "BALLAST_XGBOOST_LIB can name a libxgboost 1.7 or later",
    );
  });

  test("a file that is not there is named", () => {
    const path = join(folder, "absent.so");
    expect(() => loadXgboost(named(path))).toThrow(`${path}: XGBoost is not available: cannot be read (ENOENT)`);
  });

  test("a file that is no library is named, with the loader's reason", () => {
    const path = join(folder, "text.so");
    writeFileSync(path, "not a library");
    expect(() => loadXgboost(named(path))).toThrow(`${path}: XGBoost is not available: `);
    expect(() => loadXgboost(named(path))).toThrow("ridge, ols and theil_sen work without it");
  });
});

describeWithXgboost("the bundled library", () => {
  const bundled = () => xgboostSource({});

  test("is XGBoost 1.7.5, opened once a thread", () => {
    expect(loadXgboost(bundled()).version).toBe("1.7.5");
    expect(openXgboost()).toBe(openXgboost());
  });

  test("is refused when a single bit of it differs", () => {
    const path = join(folder, "broken.so");
    const bytes = readFileSync(bundled().path);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
    expect(() => loadXgboost({ ...bundled(), path })).toThrow(InputError);
    expect(() => loadXgboost({ ...bundled(), path })).not.toThrow(XgboostUnavailableError);
    expect(() => loadXgboost({ ...bundled(), path })).toThrow(
      "is not the XGBoost library that was tested (sha256 4e67ae39",
    );
  });

  test("without libgomp names the packages that have it", () => {
    const path = join(folder, "no-libgomp.so");
    const text = readFileSync(bundled().path, "latin1").replaceAll("libgomp.so.1", "libgomp.so.9");
    writeFileSync(path, text, "latin1");
    expect(() => loadXgboost(named(path))).toThrow("libgomp.so.1 is missing (Debian: libgomp1, Fedora: libgomp), ");
  });

  test("works from a path a person names", () => {
    const path = join(folder, "libxgboost-copy.so");
    copyFileSync(bundled().path, path);
    expect(loadXgboost(named(path))).toMatchObject({ path, version: "1.7.5" });
  });

  test("raises XGBoost's own message for a call that fails", () => {
    expect(() => openXgboost().calls.XGBoosterSlice(0n, 0, 1, 1, [0n])).toThrow(/^XGBoosterSlice: /);
  });

  describe("in a worker", () => {
    const flag = () => new Int32Array(new SharedArrayBuffer(4));
    const run = (
      task: WorkerTask,
      env: NodeJS.ProcessEnv,
      onStart: () => void = () => undefined,
    ): Promise<string | Float64Array> =>
      new Promise((resolve, reject) => {
        const file = new URL("./xgboost-worker.ts", import.meta.url);
        const worker = new Worker(file, { workerData: task, env, execArgv: [] });
        worker.on("message", (message) => (message === "started" ? onStart() : resolve(message)));
        worker.on("error", reject);
      });

    test("gives the same bits as on this thread, with others at work beside it", async () => {
      const training = formulaTraining(0, 300);
      const library = { subsample: 0.5, max_depth: 4 };
      const here = new Float64Array(300);
      xgboost.fit(training, { rounds: 30, library, earlyStopping: null }, CONTEXT).score(training.x, 300, here);
      const task = { rounds: 30, flag: flag() };
      const there = await Promise.all([run(task, process.env), run(task, process.env)]);
      expect(there).toEqual([here, here]);
    });

    test("ends between two rounds when its flag is set", async () => {
      const task = { rounds: 1_000_000, flag: flag() };
      expect(await run(task, process.env, () => Atomics.store(task.flag, 0, 1))).toBe("cancelled");
    });

    test("is refused while OpenMP's idle threads would spin", async () => {
      expect(await run({ rounds: 1, flag: flag() }, {})).toBe(
        "Error: loadXgboost: call prepareXgboost in the main thread before the worker starts",
      );
    });
  });
});
