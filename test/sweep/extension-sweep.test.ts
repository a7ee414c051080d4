/** Sweeps over the parameters of one's own features, signals and metrics: the same bytes on any threads, nothing stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { writeLeaderboard } from "../../src/experiment/leaderboard-files.ts";
import { loadWithRaw } from "../../src/experiment/load-config.ts";
import { resolvedConfig } from "../../src/experiment/resolved-config.ts";
import { NO_CACHE, openStageCache, type StageCache } from "../../src/experiment/stage-cache.ts";
import { renderSweepReport } from "../../src/report/sweep/sweep-report.ts";
import { rerunTrial } from "../../src/sweep/rerun-trial.ts";
import { runSweep } from "../../src/sweep/run-sweep.ts";
import { tempDir } from "../support/files.ts";
import { EXPERIMENT, OWN, ownProject } from "../support/own-extension.ts";

const SWEEP = `${EXPERIMENT}sweep:
  zip:
    features.0.factor: [1, -1]
    signal.column: [own_change_20, own_change_20_factor_-1]
  grid:
    signal.scale: [0.5, 1]
    metrics.own_best.power: [1, 3]
  rank_by: own_best
`;
const swept = (text = SWEEP) => ownProject({ "x.yaml": text });

interface Options {
  readonly cache?: StageCache;
  readonly workers?: number;
  readonly holdout?: { readonly store: string };
}

async function sweep(file: string, { cache = NO_CACHE, workers = 1, holdout }: Options = {}) {
  const { raw, value } = loadWithRaw(file);
  let computed = -1;
  const run = (await runSweep(raw, value, file, {
    cache,
    workers,
    holdout,
    onPlan(_, stages) {
      computed = stages.find(({ stage }) => stage === "trial")!.computed;
      return true;
    },
  }))!;
  return { ...run, computed };
}

async function leaderboard(run: Awaited<ReturnType<typeof sweep>>): Promise<string> {
  const out = tempDir();
  await writeLeaderboard(out, run.record);
  return readFileSync(join(out, "leaderboard.csv"), "utf8");
}

describe("a sweep over parameters of a module of one's own", () => {
  test("ranks by its metric and measures it with each trial's parameters", async () => {
    const { record } = await sweep(swept());
    expect(record.trials.map(({ state }) => state)).toEqual(new Array(8).fill("done"));
    const values = record.ranking.map((index) => record.trials[index]!.metrics.own_best!);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    // trials come in pairs that differ in the power alone
    const power = record.axes.findIndex(({ path }) => path === "metrics.own_best.power");
    const pairs = Map.groupBy(record.trials, (trial) => trial.values.toSpliced(power, 1).join());
    expect(pairs.size).toBe(4);
    for (const [one, three] of pairs.values()) expect(three!.metrics.own_best).toBe(one!.metrics.own_best! ** 3);
    expect(record.ownMetrics).toMatchObject([{ key: "own_best", label: "Best bar", unit: "percent" }]);
    const report = await renderSweepReport(record);
    expect(report).toContain("Best bar");
    expect(report).toMatch(/<dt>Extension .*own\.ts<\/dt><dd><code>[0-9a-f]{64}/);
    // what a metric is told makes no other weights
    expect(record.stages.find(({ stage }) => stage === "allocation")!.distinct).toBe(4);
  });

  test("where less is better, the smallest comes first", async () => {
    const less = OWN.replace('better: "higher"', 'better: "lower"');
    const { record } = await sweep(ownProject({ "x.yaml": SWEEP, "own.ts": less }));
    expect(record.rankAscending).toBe(true);
  });

  test("has the same leaderboard on one thread and on two, cold and warm", async () => {
    const file = swept();
    const cache = openStageCache(tempDir());
    const one = await sweep(file, { cache });
    expect(one.computed).toBe(8);
    const two = await sweep(file, { workers: 2 });
    const warm = await sweep(file, { cache, workers: 2 });
    expect(warm.computed).toBe(0);
    expect(await leaderboard(two)).toBe(await leaderboard(one));
    expect(await leaderboard(warm)).toBe(await leaderboard(one));
  });

  test.each([
    ["the module", "own.ts", `${OWN}// another word\n`],
    [
      "a file that it imports",
      "change.ts",
      "export const change = (now: number, then: number): number => then - now;\n",
    ],
  ])("computes everything again once %s is edited", async (_, name, content) => {
    const file = swept();
    const cache = openStageCache(tempDir());
    const before = await sweep(file, { cache });
    writeFileSync(join(dirname(file), name), content);
    const after = await sweep(file, { cache, workers: 2 });
    expect(after.computed).toBe(8);
    expect(after.record.id).not.toBe(before.record.id);
  });

  test("keeps the error of a trial in its row, and ends where all have it", async () => {
    const some = swept(SWEEP.replace("own_change_20_factor_-1", "nothing"));
    const { record } = await sweep(some);
    const failed = record.trials.filter(({ state }) => state === "failed");
    expect(failed).toHaveLength(4);
    for (const { error } of failed)
      expect(error).toMatch(/own\.ts signal own_side: strength threw: there is no column nothing \(own\.ts:\d+\)$/);
    const all = swept(SWEEP.replace("own_change_20, own_change_20_factor_-1", "nothing, nobody"));
    await expect(sweep(all)).rejects.toThrow(/there is no column nothing/);
  });

  test("keeps the error of a metric in the row of its trial", async () => {
    const odd = OWN.replace("Math.max(...returns) ** power", "(power > 1 ? 1 / 0 : 1)");
    const { record } = await sweep(ownProject({ "x.yaml": SWEEP, "own.ts": odd }), { workers: 2 });
    const failed = record.trials.filter(({ state }) => state === "failed");
    const power = record.axes.findIndex(({ path }) => path === "metrics.own_best.power");
    expect(failed.map(({ values }) => values[power])).toEqual([3, 3, 3, 3]);
    expect(failed[0]!.error).toMatch(/own\.ts metric own_best: compute must return a number or NaN/);
  });

  test("refuses values that the module's schema does not take, and the files as an axis", async () => {
    const { record } = await sweep(swept(SWEEP.replace("[0.5, 1]", "[-1, 1]")));
    expect(record.trials[0]).toMatchObject({ state: "invalid", error: "signal.scale: must be above 0, got -1" });
    const files = swept(SWEEP.replace("signal.scale: [0.5, 1]", "extensions.0: [./own.ts, ./change.ts]"));
    await expect(sweep(files)).rejects.toThrow("sweep.grid.extensions.0: cannot differ: all trials share it");
  });

  test("a trial's config runs again to its numbers", async () => {
    const file = swept();
    const { record, done } = await sweep(file);
    const text = stringify(resolvedConfig(done.get(3)!.config, record.periodsPerYear, file));
    const again = await rerunTrial(text, undefined);
    expect(again.metrics).toEqual(record.trials[3]!.metrics);
    expect(again.equity).toEqual(done.get(3)!.equity);
  });

  const HELD = `${SWEEP}validation: {holdout_start: 2015-06-01}\n`;
  const asked = () => ({ holdout: { store: join(tempDir(), "looks.sqlite") } });

  test("is looked at on the holdout, its metric included", async () => {
    const { record } = await sweep(swept(HELD), asked());
    const { development, holdout } = record.holdout!;
    const best = record.trials[record.ranking[0]!]!;
    expect(development.own_best).toBeCloseTo(best.metrics.own_best!, 9);
    expect(holdout.own_best).not.toBe(development.own_best);
    expect(Number.isFinite(holdout.own_best)).toBe(true);
  });

  test("keeps its trials where the signal of the best fails on the holdout's bars", async () => {
    const short = OWN.replace(
      "const plane =",
      'if (market.close.length === 600) throw new Error("too many"); const plane =',
    );
    const { record } = await sweep(ownProject({ "x.yaml": HELD, "own.ts": short }), asked());
    expect(record.trials.map(({ state }) => state)).toEqual(new Array(8).fill("done"));
    expect(record.holdout).toBe(null);
    expect(record.warnings.join()).toMatch(/own\.ts signal own_side: strength threw: too many/);
  });

  test("is chosen among walk-forward, by a metric of the catalogue", async () => {
    const forward = "walk_forward: {train_bars: 60, test_bars: 20, rank_by: sharpe}";
    const { record } = await sweep(swept(`${SWEEP}  ${forward}\n`));
    expect(record.walkForward!.windows.length).toBeGreaterThan(1);
    expect(() => loadWithRaw(swept(`${SWEEP}  walk_forward: {train_bars: 60, test_bars: 20}\n`))).toThrow(
      "sweep.walk_forward.rank_by: must be given, as the sweep's own rank_by cannot be measured on a part of the bars",
    );
  });
});
