/** What a sweep leaves in the registry. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { recordSweep } from "../../src/cli/record-sweep.ts";
import { saveSweep } from "../../src/cli/save-sweep.ts";
import { loadWithRaw } from "../../src/experiment/load-config.ts";
import { useRegistry } from "../../src/experiment/registry-file.ts";
import { NO_CACHE } from "../../src/experiment/stage-cache.ts";
import { runSweep } from "../../src/sweep/run-sweep.ts";
import { tempDir, tempFile } from "../support/files.ts";

const YAML = `name: stopped
data: {sample_assets: 3, sample_bars: 120}
sweep:
  grid:
    allocation.lookback_bars: [20, 30, 40, 50]
    allocation.method: [inverse_volatility, equal_weight]
`;

test("trials of a stopped sweep go by their own values, though others before them are missing", async () => {
  const file = tempFile("s.yaml", YAML);
  const { raw, value } = loadWithRaw(file);
  const stop = new AbortController();
  const run = (await runSweep(raw, value, file, {
    cache: NO_CACHE,
    workers: 1,
    stop: stop.signal,
    // the first two trials; equal weights at the other lookbacks come to the second, so that 2, 4 and 6 are missing
    onProgress: (done) => done >= 2 && stop.abort(),
  }))!;
  expect(run.left).toBeGreaterThan(0);
  const registry = join(tempDir(), "runs.db");
  const saved = await saveSweep(run, tempDir());
  recordSweep(run, saved, { registry, startedAt: "2026-01-02T03:04:05.000Z", experiment: file });
  const rows = useRegistry(registry, "read", (database) =>
    database.prepare("SELECT label, config FROM runs WHERE kind = 'trial'").all(),
  );
  expect(rows.length).toBe(run.record.trials.length);
  expect(rows.length).toBeGreaterThanOrEqual(5);
  for (const { label, config } of rows) {
    const { lookback_bars, method } = parse(config as string).allocation;
    expect(label).toBe(`allocation.lookback_bars=${lookback_bars} allocation.method=${method}`);
  }
});
