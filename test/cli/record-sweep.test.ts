/** What a sweep leaves in the registry. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { recordSweep } from "../../src/cli/record-sweep.ts";
import { saveSweep } from "../../src/cli/save-sweep.ts";
import { loadWithRaw } from "../../src/experiment/load-config.ts";
import { useRegistry } from "../../src/experiment/registry-file.ts";
import { trialsOn } from "../../src/experiment/registry-trials.ts";
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

test("a trial that failed is there with its error, and counts among nobody's tries", async () => {
  const file = tempFile(
    "f.yaml",
    `name: half
data: {sample_assets: 3, sample_bars: 120}
sweep: {list: [{portfolio.cost_model.per_asset: {NONE: {fee_bps: 1}}}, {portfolio.sizing: pre_cost}, {portfolio.sizing: none}]}
`,
  );
  const { raw, value } = loadWithRaw(file);
  const run = (await runSweep(raw, value, file, { cache: NO_CACHE, workers: 1 }))!;
  const registry = join(tempDir(), "runs.db");
  const saved = await saveSweep(run, tempDir());
  recordSweep(run, saved, { registry, startedAt: "2026-01-02T03:04:05.000Z", experiment: file });
  const { rows, tries } = useRegistry(registry, "read", (database) => ({
    rows: database.prepare("SELECT status, error, label FROM runs WHERE kind = 'trial' ORDER BY status").all(),
    tries: trialsOn(database, run.record.provenance.dataHash),
  }));
  // the third is invalid: there is no config to record
  expect(rows).toMatchObject([
    { status: "done", error: null, label: "portfolio.sizing=pre_cost" },
    { status: "failed", error: "portfolio.cost_model.per_asset.NONE: is not in the data" },
  ]);
  expect(tries).toHaveLength(1);
});
