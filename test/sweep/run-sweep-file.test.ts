import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadWithRaw } from "../../src/experiment/load-config.ts";
import { NO_CACHE } from "../../src/experiment/stage-cache.ts";
import { runSweep } from "../../src/sweep/run-sweep.ts";
import { runSweepFile } from "../../src/sweep/run-sweep-file.ts";
import { tempDir, tempFile } from "../support/files.ts";

const YAML = `name: s
data: {sample_assets: 4, sample_bars: 200}
allocation: {method: inverse_volatility}
sweep: {grid: {allocation.lookback_bars: [20, 40]}}
`;

describe("a sweep from its file", () => {
  test("is the sweep of what the file says, overrides applied", async () => {
    const file = tempFile("s.yaml", YAML);
    const overrides = ["allocation.rebalance_bars=10"];
    const { raw, value } = loadWithRaw(file, overrides);
    const whole = await runSweep(raw, value, file, { cache: NO_CACHE, workers: 1 });
    const { record, done, left } = await runSweepFile(file, { overrides, cache: null, workers: 1 });
    expect(record.trials).toEqual(whole!.record.trials);
    expect(record.config).toContain("rebalance_bars: 10");
    expect([done.size, left]).toEqual([2, 0]);
  });

  test("keeps its trials where it is told, and nowhere with null", async () => {
    const cache = join(tempDir(), "kept");
    const file = tempFile("s.yaml", YAML);
    const seen: number[] = [];
    await runSweepFile(file, { cache, workers: 1 });
    expect(readdirSync(cache).length).toBeGreaterThan(0);
    await runSweepFile(file, { cache, workers: 1, onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([2]);
    const home = process.cwd();
    process.chdir(tempDir());
    try {
      await runSweepFile(file, { cache: null, workers: 1 });
      expect(existsSync(".ballast")).toBe(false);
    } finally {
      process.chdir(home);
    }
  });

  test("names the line of what only shows with the data, and a file without a sweep", async () => {
    const file = tempFile("s.yaml", YAML.replace("{sample_assets: 4, sample_bars: 200}", "\n  path: none.csv"));
    await expect(runSweepFile(file, { cache: null })).rejects.toThrow(/s\.yaml:3 data\.path: no such file/);
    const plain = tempFile("plain.yaml", "name: p\ndata: {source: sample}\n");
    await expect(runSweepFile(plain, { cache: null })).rejects.toThrow(/plain\.yaml: has no `sweep` block/);
  });
});
