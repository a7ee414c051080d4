/** Runs with features, signals and metrics of their own: the same errors, proof, resuming and reproduction as built-in
 *  ones have. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createRng } from "../../src/core/rng.ts";
import { stagePlanes } from "../../src/experiment/decide.ts";
import { loadDecisionInputs } from "../../src/experiment/decision-inputs.ts";
import { loadConfig, parseConfig } from "../../src/experiment/load-config.ts";
import { proveNoLookAhead } from "../../src/experiment/look-ahead.ts";
import { openMarket } from "../../src/experiment/open-market.ts";
import { runExperiment } from "../../src/experiment/pipeline.ts";
import { reproduceRun } from "../../src/experiment/reproduce.ts";
import { runEntry } from "../../src/experiment/run-entry.ts";
import {
  initDriver,
  loadDriver,
  openSteppedRun,
  type SteppedRun,
  saveDriver,
  stepDriver,
} from "../../src/experiment/step-driver.ts";
import { renderMetrics } from "../../src/metrics/summary-text.ts";
import { renderReport } from "../../src/report/html.ts";
import { tempDir } from "../support/files.ts";
import { LEAK, OWN, ownProject } from "../support/own-extension.ts";

const run = (file: string, ...set: string[]) =>
  runExperiment(loadConfig(file, set), file, undefined, { stateFolder: tempDir(), workers: 1 });

function edit(file: string, name: string, from: string, to: string): void {
  if (!OWN.includes(from)) throw new Error(`no ${from}`);
  writeFileSync(join(dirname(file), name), OWN.replace(from, to));
}

describe("a run with a module of its own", () => {
  test("computes its feature, trades its signal and measures its metric", async () => {
    const file = ownProject();
    const { record, market } = await run(file, "metrics.own_best.power=2");
    // 20 bars back, and the first decision at the first close that has a full lookback
    const { close, axes } = market.ohlcv;
    expect(record.label).toBe("own_side, equal_weight");
    const assets = axes.assets.length;
    const first = record.allocation!.bars.findIndex((_, d) => record.allocation!.decided[d] === 1);
    const bar = record.allocation!.bars[first]!;
    for (let n = 0; n < assets; n++) {
      const side = Math.sign(close[bar * assets + n]! / close[(bar - 20) * assets + n]! - 1);
      if (!Number.isNaN(side)) expect(Math.sign(record.targets.values[bar * assets + n]!)).toBe(side);
    }
    const { equity } = record.account;
    let best = -1;
    for (let t = 1; t < equity.length; t++) best = Math.max(best, equity[t]! / equity[t - 1]! - 1);
    expect(record.metrics.own_best).toBeCloseTo(best ** 2, 12);
  });

  test("shows its metric by label and unit, in the console and the report", async () => {
    const { record } = await run(ownProject());
    const table = renderMetrics(record.metrics, undefined, undefined, record.ownMetrics);
    expect(table).toMatch(/Excess kurtosis .*\n {2}Best bar +\d\.\d\d%\n/);
    const html = await renderReport(record);
    expect(html).toContain("Best bar");
    expect(html).toContain("Largest return of a bar, to a power.");
    expect(html).toMatch(/<dt>Extension .*own\.ts<\/dt><dd><code>[0-9a-f]{64}/);
  });

  test("writes its defaults into the config, which runs again to the same id", async () => {
    const { record } = await run(ownProject());
    const saved = parse(record.config) as Record<string, unknown>;
    expect(saved).toMatchObject({
      features: [{ name: "own_change", lookback_bars: 20, factor: 1 }],
      signal: { kind: "own_side", column: "own_change_20", scale: 1 },
      metrics: { risk_free: 0, own_best: { power: 1 } },
    });
    const again = await runExperiment(parseConfig(record.config, "config.yaml"), "config.yaml", undefined, {
      stateFolder: tempDir(),
    });
    expect(again.record.id).toBe(record.id);
    expect(again.record.config).toBe(record.config);
    expect(record.provenance.extensions).toEqual([
      { path: (saved.extensions as string[])[0], hash: expect.any(String) },
    ]);
  });

  test("has another id once the module, or what it imports, is edited", async () => {
    const file = ownProject();
    const before = (await run(file)).record;
    edit(file, "own.ts", "factor: z.number().default(1)", "factor: z.number().default(1) /* the same */");
    const after = (await run(file)).record;
    expect(after.id).not.toBe(before.id);
    expect(after.config).toBe(before.config);
    writeFileSync(
      join(dirname(file), "change.ts"),
      "export const change = (now: number, then: number) => now - then;\n",
    );
    expect((await run(file)).record.id).not.toBe(after.id);
  });

  test.each([
    ["features.0.lookback_bars=0", "--set features.0.lookback_bars: must be at least 1, got 0"],
    [
      "features.0.lookback=5",
      '--set features.0.lookback: unknown key, expected one of name, lookback_bars, factor, did you mean "lookback_bars"?',
    ],
    ["features.0.name=own_chnge", 'got "own_chnge", did you mean "own_change"?'],
    ["signal.kind=own_sid", 'got "own_sid", did you mean "own_side"?'],
    ["signal.scale=-1", "--set signal.scale: must be above 0, got -1"],
    ["metrics.own_best.powr=1", 'unknown key, expected one of power, did you mean "power"?'],
    ["metrics.own_bst.power=1", 'expected one of risk_free, own_best, did you mean "own_best"?'],
    ["sweep={grid: {seed: [1]}, rank_by: own_bes}", 'got "own_bes", did you mean "own_best"?'],
    [
      "features.1.name=momentum",
      '--set features.1.name: "features" is a list of 1, so its items are set by their positions from 0, got "1"',
    ],
  ])("refuses --set %s like a built-in name", (set, message) => {
    expect(() => loadConfig(ownProject(), [set])).toThrow(message);
  });

  test.each([
    [
      "compute({ market, assets }",
      'compute(_: never, __: never, ___: never) { throw new Error("boo"); }, other({ market, assets }',
      /own\.ts feature own_change: compute threw: boo \(own\.ts:\d+\)/,
    ],
    [
      "out[i] = factor *",
      "out[i] = Infinity *",
      /own\.ts feature own_change: compute must write numbers or NaN, at position 80 of out, got -?Infinity/,
    ],
    [
      "compute({ market, assets }, { lookback_bars, factor }, out) {",
      "compute({ market, assets }, { lookback_bars, factor }, out) { return out as never;",
      /feature own_change: compute must write `out` and return nothing/,
    ],
    [
      "compute({ market, assets }, { lookback_bars, factor }, out) {",
      'async compute({ market, assets }, { lookback_bars, factor }, out) { throw new Error("later");',
      /own\.ts feature own_change: compute must not be async$/,
    ],
    ["Math.sign(plane[i]!) * scale", "1 / 0", /own\.ts signal own_side: strength must write numbers or NaN/],
    [
      "Math.max(...returns) ** power",
      '"high" as never',
      /own\.ts metric own_best: compute must return a number or NaN, got "string"/,
    ],
    [
      "Math.max(...returns) ** power",
      "1 / 0 / power",
      /own\.ts metric own_best: compute must return a number or NaN, got Infinity/,
    ],
  ])("names file and definition where %s fails", async (from, to, message) => {
    const file = ownProject();
    edit(file, "own.ts", from, to);
    await expect(run(file)).rejects.toThrow(message);
  });

  test("gives it copies: what it does to its inputs is seen by nobody else", async () => {
    const file = ownProject();
    const clean = await run(file);
    edit(
      file,
      "own.ts",
      "Math.sign(plane[i]!) * scale",
      "Math.sign(plane[i]!) * scale, (market.close as Float64Array)[i] = 1",
    );
    const spoilt = await run(file);
    expect(spoilt.record.account.equity).toEqual(clean.record.account.equity);
  });
});

describe("the look-ahead proof", () => {
  const prove = async (file: string) => {
    const config = loadConfig(file);
    const inputs = await loadDecisionInputs(config, await openMarket(config, file), file);
    return proveNoLookAhead((known) => stagePlanes(config, known), inputs, { count: 4, rng: createRng(1) });
  };

  test("finds nothing in a module that reads up to its bar", async () => {
    const report = await prove(ownProject());
    expect(report.leak).toBe(null);
    expect(report.planes).toContainEqual({ stage: "features", column: "own_change_20" });
  });

  test("names stage, column and bar of a feature that reads the next close", async () => {
    const { leak } = await prove(ownProject({ "own.ts": LEAK }));
    expect(leak).toMatchObject({ stage: "features", column: "own_change_20" });
    expect(leak!.bar).toBe(leak!.cut);
  });

  test("names a signal that knows how the data end", async () => {
    const scaled = OWN.replace("Math.sign(plane[i]!) * scale", "Math.sign(plane[i]!) * market.close[out.length - 1]!");
    const { leak } = await prove(ownProject({ "own.ts": scaled }));
    expect(leak).toMatchObject({ stage: "signal", column: "strength" });
  });
});

describe("stepped bar by bar", () => {
  const equities = (stepped: SteppedRun, state = initDriver(stepped), until = Infinity) => {
    const found: number[] = [];
    while (state.bar + 1 < until) {
      const report = stepDriver(state, stepped);
      if (report === null) break;
      found.push(report.equity);
    }
    return found;
  };

  test("stops, resumes and ends with the bits of the whole run; an edited module is refused by name", async () => {
    const file = ownProject();
    const whole = await run(file);
    const stepped = await openSteppedRun(loadConfig(file), file);
    const state = initDriver(stepped);
    const early = equities(stepped, state, 70);
    const text = saveDriver(state, stepped);
    const again = await openSteppedRun(loadConfig(file), file);
    const late = equities(again, loadDriver(text, "snapshot", again));
    expect(Float64Array.from([...early, ...late])).toEqual(whole.record.account.equity);

    edit(file, "own.ts", "factor: z.number().default(1)", "factor: z.number().default(1) /* edited */");
    const edited = await openSteppedRun(loadConfig(file), file);
    expect(() => loadDriver(text, "snapshot", edited)).toThrow(
      /snapshot: is of another experiment: extensions\..*own\.ts was "[0-9a-f]{64}" there/,
    );
  });
});

test("reproducing a run whose module was edited names the module", async () => {
  const file = ownProject();
  const done = await run(file);
  const times = { startedAt: "2026-01-01T00:00:00.000Z", finishedAt: "2026-01-01T00:00:01.000Z" };
  const entry = runEntry(done, { ...times, workingFolder: process.cwd(), out: tempDir(), artifacts: [] });
  // what a registry keeps of the provenance
  const { extensions: _files, ...provenance } = entry.provenance;
  const saved = { ...entry, provenance, executions: [], trials: 0, triedOnData: 1 };
  const reproduce = () => reproduceRun(saved, { folder: tempDir(), render: async () => "" });
  expect(await reproduce()).toMatchObject({ same: true, changed: [] });
  edit(file, "own.ts", "Math.sign(plane[i]!) * scale", "-Math.sign(plane[i]!) * scale");
  const { same, changed } = await reproduce();
  expect(same).toBe(false);
  expect(changed.map(({ what }) => what)).toEqual(["config", expect.stringMatching(/^extension .*own\.ts$/)]);
});

test("an experiment without extensions has the id and the bytes it always had", async () => {
  const { record } = await runExperiment(
    parseConfig("name: x\ndata: {sample_assets: 2, sample_bars: 60}\n", "x.yaml"),
    "x.yaml",
  );
  expect(record.config).not.toContain("extensions");
  expect(Object.hasOwn(record.provenance, "extensions")).toBe(false);
  expect(Object.hasOwn(record, "ownMetrics")).toBe(false);
});
