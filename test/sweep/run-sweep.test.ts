/** A small sweep end to end: the same bytes whatever the workers and the cache, each stage once, nothing lost. */
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { loadWithRaw, parseConfig } from "../../src/experiment/load-config.ts";
import { runExperiment } from "../../src/experiment/pipeline.ts";
import { NO_CACHE, openStageCache, type StageCache } from "../../src/experiment/stage-cache.ts";
import { runSweep, type SweepOptions } from "../../src/sweep/run-sweep.ts";
import type { StageWork } from "../../src/sweep/sweep-notes.ts";
import { tempDir, tempFile } from "../support/files.ts";

const HEAD = `name: s
data: {sample_assets: 5, sample_bars: 260}
asset_selector: {min_active_assets: 2, include_score_threshold: 0.5}
allocation: {lookback_bars: 30}
portfolio: {cost_model: {fee_bps: 5, slippage_bps: 5}}
benchmark: {method: equal_weight}
`;
const GRID = `sweep:
  grid:
    allocation.method: [inverse_volatility, hrp]
    asset_selector.exclude_score_threshold: [0.1, 0.3, 0.6]
    portfolio.rebalance_threshold: [0, 0.02]
`;

async function sweepOf(yaml: string, options: Partial<SweepOptions> = {}) {
  const file = tempFile("s.yaml", yaml);
  const { raw, value } = loadWithRaw(file);
  let stages: readonly StageWork[] = [];
  const run = await runSweep(raw, value, file, {
    cache: NO_CACHE,
    workers: 1,
    ...options,
    onPlan(_, counts) {
      stages = counts;
      return true;
    },
  });
  return { record: run!.record, left: run!.left, configHash: run!.configHash, notes: run!.notes, stages };
}

const computed = (stages: readonly StageWork[]) =>
  Object.fromEntries(stages.map(({ stage, computed: count }) => [stage, count]));

function entries(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

describe("a sweep", () => {
  test("has every combination, the impossible ones with their reason, ranked by the metric", async () => {
    const { record } = await sweepOf(HEAD + GRID);
    expect(record.trials).toHaveLength(12);
    const invalid = record.trials.filter(({ state }) => state === "invalid");
    expect(invalid).toHaveLength(4);
    for (const { values, error } of invalid) {
      expect(values[1]).toBe(0.6);
      expect(error).toBe("asset_selector.exclude_score_threshold: must be below include_score_threshold 0.5, got 0.6");
    }
    const sharpes = record.ranking.map((index) => record.trials[index]!.metrics.sharpe!);
    expect(sharpes).toEqual([...sharpes].sort((a, b) => b - a));
    expect(record.best[0]!.trial).toBe(record.ranking[0]);
  });

  test("computes each distinct stage once and says so", async () => {
    const { stages } = await sweepOf(HEAD + GRID);
    // 2 thresholds are possible; with 2 methods that is 4 allocations, each under 2 portfolios
    expect(computed(stages)).toEqual({
      scores: 1,
      signal: 1,
      score_panels: 1,
      selection: 2,
      allocation: 4,
      rebalancing: 0,
      trial: 8,
    });
  });

  test("each trial is what a run of its config comes to", async () => {
    const { record } = await sweepOf(HEAD + GRID);
    const trial = record.trials.find(({ state }) => state === "done")!;
    const [method, threshold, portfolio] = trial.values;
    const own = parseConfig(HEAD, "s.yaml", [
      `allocation.method=${method}`,
      `asset_selector.exclude_score_threshold=${threshold}`,
      `portfolio.rebalance_threshold=${portfolio}`,
    ]);
    const { record: run } = await runExperiment(own, "s.yaml");
    for (const [key, value] of Object.entries(trial.metrics))
      if (Number.isNaN(value)) expect(run.metrics[key]).toBeNaN();
      else expect(Math.abs(run.metrics[key]! - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
  });

  test("gives the same record with one worker and two, cold and warm", async () => {
    const cache = openStageCache(tempDir());
    const one = await sweepOf(HEAD + GRID, { cache });
    const two = await sweepOf(HEAD + GRID, { workers: 2 });
    const warm = await sweepOf(HEAD + GRID, { cache, workers: 2 });
    expect(two.record).toEqual(one.record);
    expect(warm.record).toEqual(one.record);
    expect(computed(warm.stages).trial).toBe(0);
    // eight trials, one signal, two selections, the decisions of four groups and what is said of the luck
    expect([one.notes.cache, warm.notes.cache]).toEqual([
      { hits: 0, written: 16, lost: 0 },
      { hits: 9, written: 0, lost: 0 },
    ]);
  });

  test("with another threshold, only what hangs on it runs", async () => {
    const cache = openStageCache(tempDir());
    await sweepOf(HEAD + GRID, { cache });
    const { stages } = await sweepOf(HEAD + GRID.replace("0.1, 0.3", "0.1, 0.25"), { cache });
    expect(computed(stages)).toMatchObject({ signal: 0, selection: 1, allocation: 2, trial: 4 });
  });

  test("a damaged entry of the cache is computed again", async () => {
    const folder = tempDir();
    const first = await sweepOf(HEAD + GRID, { cache: openStageCache(folder) });
    for (const path of entries(folder)) writeFileSync(path, "torn");
    const again = await sweepOf(HEAD + GRID, { cache: openStageCache(folder) });
    expect(computed(again.stages).trial).toBe(8);
    expect(again.record.trials).toEqual(first.record.trials);
    rmSync(folder, { recursive: true });
  });

  test("a cache that can be neither read nor written is one warning, and no trial is lost", async () => {
    const file = tempFile("cache", "no folder");
    const faulty = await sweepOf(HEAD + GRID, { cache: openStageCache(file) });
    const whole = await sweepOf(HEAD + GRID);
    expect(faulty.record).toEqual(whole.record);
    expect(faulty.notes.warnings).toEqual([
      `the cache cannot be used, ${file}: a part of the path is a file, not a directory: nothing is taken from it, nothing kept in it`,
    ]);
  });

  test("a cache that fails in the middle keeps what it had and loses no trial", async () => {
    const inner = openStageCache(tempDir());
    let written = 0;
    const cache: StageCache = {
      read: inner.read,
      write(key, value) {
        // a signal and two selections first, then the decisions of a group and its trials
        if (++written > 6) throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
        inner.write(key, value);
      },
    };
    const full = await sweepOf(HEAD + GRID, { cache });
    expect(full.record.ranking).toHaveLength(8);
    expect(full.record.warnings).toEqual([]);
    expect(full.notes.warnings).toEqual([
      "the cache cannot be written, file system: the disk is full: it keeps the first 6 results of this run only",
    ]);
    expect(written).toBe(7);
    expect(computed((await sweepOf(HEAD + GRID, { cache: inner })).stages).trial).toBe(6);
  });

  test("a method that wants no history makes one allocation whatever the lookback", async () => {
    const { stages } = await sweepOf(
      `${HEAD}sweep: {grid: {allocation.method: [equal_weight], allocation.lookback_bars: [20, 40, 60]}}\n`,
    );
    // the benchmark does look back, so that there are as many trials
    expect(computed(stages)).toMatchObject({ allocation: 1, trial: 3 });
  });

  test("keeps the equity of the best that differ, a config under another name left out", async () => {
    const { record } = await sweepOf(
      `${HEAD.replace("benchmark: {method: equal_weight}\n", "")}sweep: {grid: {allocation.method: [equal_weight, hrp], allocation.lookback_bars: [20, 40, 60]}}\n`,
    );
    // six trials, of which the three of equal weight are one
    expect(record.ranking).toHaveLength(6);
    expect(record.best).toHaveLength(4);
    expect(record.best.filter(({ trial }) => record.trials[trial]!.values[0] === "equal_weight")).toHaveLength(1);
  });

  test("counts trials that move alike as one where asked to, and gives both deflated Sharpe ratios", async () => {
    const plain = await sweepOf(HEAD + GRID);
    expect(plain.record.overfitting).toMatchObject({
      effectiveTrials: Number.NaN,
      deflatedSharpeEffective: Number.NaN,
    });
    const earlierTrials = () => [
      { returnsHash: null, sharpe: 0.01 },
      { returnsHash: null, sharpe: -0.02 },
      { returnsHash: null, sharpe: Number.NaN },
    ];
    const counted = await sweepOf(`${HEAD}${GRID}  effective_trials: true\n`);
    const more = await sweepOf(`${HEAD}${GRID}  effective_trials: true\n`, { earlierTrials });
    const { effectiveTrials, deflatedSharpeEffective, deflatedSharpe, trials } = counted.record.overfitting!;
    expect(effectiveTrials).toBeGreaterThanOrEqual(1);
    expect(effectiveTrials).toBeLessThan(trials);
    expect(deflatedSharpeEffective).toBeGreaterThan(deflatedSharpe);
    expect(deflatedSharpe).toBe(plain.record.overfitting!.deflatedSharpe);
    // earlier trials left no returns: each that has a Sharpe ratio is a try of its own
    expect(more.record.overfitting!.effectiveTrials).toBe(effectiveTrials + 2);
    expect(more.record.overfitting!.trials).toBe(trials + 2);
  });

  test("gives intervals of the best trial's Sharpe ratio and drawdown", async () => {
    const { record } = await sweepOf(HEAD + GRID);
    const { metrics } = record.trials[record.ranking[0]!]!;
    for (const key of ["sharpe", "max_drawdown"]) {
      const { low, high } = record.intervals[key]!;
      expect(low).toBeLessThan(high);
    }
    expect(record.intervals.sharpe!.low).toBeLessThan(metrics.sharpe!);
    expect(record.intervals.sharpe!.high).toBeGreaterThan(metrics.sharpe!);
  });

  test("a stop lets what is in flight finish, and the next run goes on", async () => {
    const folder = tempDir();
    const inner = openStageCache(folder);
    const stop = new AbortController();
    let written = 0;
    const cache: StageCache = {
      read: inner.read,
      write(key, value) {
        inner.write(key, value);
        if (++written === 6) stop.abort();
      },
    };
    const { left, record, configHash } = await sweepOf(HEAD + GRID, { cache, stop: stop.signal });
    expect(left).toBeGreaterThan(0);
    expect(record.ranking.length + left).toBe(8);
    const rest = await sweepOf(HEAD + GRID, { cache: inner });
    expect(computed(rest.stages).trial).toBe(left);
    const whole = await sweepOf(HEAD + GRID);
    expect(rest.record.trials).toEqual(whole.record.trials);
    // the registry completes the entry of a stopped sweep where both are of the same configs
    expect([rest.record.id, rest.configHash]).toEqual([record.id, configHash]);
  });

  test("a config that throws is a row with its error, the others finish", async () => {
    const { record } = await sweepOf(
      `${HEAD}sweep: {list: [{portfolio.cost_model.per_asset: {NONE: {fee_bps: 1}}}, {portfolio.sizing: pre_cost}]}\n`,
    );
    expect(record.trials[0]).toMatchObject({
      state: "failed",
      error: "portfolio.cost_model.per_asset.NONE: is not in the data",
    });
    expect(record.trials[1]!.state).toBe("done");
  });

  test("a random sweep with a constraint leaves out what breaks it", async () => {
    const { record } = await sweepOf(
      `${HEAD}sweep: {random: {n: 6, space: {allocation.lookback_bars: {min: 10, max: 60, whole: true}}}, where: [allocation.lookback_bars > 30]}\n`,
    );
    for (const { values, state } of record.trials) expect(state === "done").toBe(Number(values[0]) > 30);
  });

  test("what would need other data than those loaded is a row that says so, not the wrong numbers", async () => {
    const { record } = await sweepOf(
      `${HEAD}sweep: {list: [{seed: 8}, {portfolio.funding_column: news_sentiment}, {seed: 7}]}\n`,
    );
    expect(record.trials.map(({ error }) => error)).toEqual([
      "seed: names other data than the experiment, whose data all trials share",
      "portfolio.funding_column: names other data than the experiment, whose data all trials share",
      null,
    ]);
  });

  test("what all trials share cannot be swept", async () => {
    await expect(sweepOf(`${HEAD}sweep: {grid: {data.sample_bars: [100, 200]}}\n`)).rejects.toThrow(InputError);
  });
});

describe("a sweep with a holdout", () => {
  test("sees nothing of it: other prices there change no number", async () => {
    const yaml = (bars: number) =>
      `${HEAD.replace("sample_bars: 260", `sample_bars: ${bars}`)}validation: {holdout_start: 2015-11-02}\n${GRID}`;
    const { record } = await sweepOf(yaml(260));
    const longer = await sweepOf(yaml(300));
    expect(record.holdoutStart).toBe("2015-11-02");
    expect(record.bars.time.at(-1)).toBeLessThan(Date.UTC(2015, 10, 2));
    expect(record.trials.map(({ metrics }) => metrics)).toEqual(longer.record.trials.map(({ metrics }) => metrics));
  });
});

describe("a file that is edited between two sweeps", () => {
  const DATA = "name: s\ndata: {sample_assets: 2, sample_bars: 120}\n";
  test.each([
    [
      "weights",
      `${DATA}signal: {kind: weights, path: w.csv}\nsweep: {grid: {portfolio.rebalance_threshold: [0, 0.02]}}\n`,
      ["date,SYN01,SYN02", "2015-01-06,0.2,0.8"],
      ["date,SYN01,SYN02", "2015-01-06,0.7,0.3"],
    ],
    [
      "regimes",
      `${DATA}allocation: {method: moe, lookback_bars: 20, moe: {posterior: w.csv}}\nsweep: {grid: {allocation.rebalance_bars: [1, 5]}}\n`,
      ["date,calm,storm", ...days((t) => `${t % 2},${1 - (t % 2)}`)],
      ["date,calm,storm", ...days((t) => `${t % 3 === 0 ? 1 : 0},${t % 3 === 0 ? 0 : 1}`)],
    ],
  ])("makes other trials in the cache: %s", async (_, yaml, before, after) => {
    const file = tempFile("s.yaml", yaml);
    const cache = openStageCache(tempDir());
    const swept = async (lines: readonly string[], kept: StageCache) => {
      writeFileSync(join(file, "..", "w.csv"), `${lines.join("\n")}\n`);
      const { raw, value } = loadWithRaw(file);
      return (await runSweep(raw, value, file, { cache: kept, workers: 1 }))!.record.trials;
    };
    const first = await swept(before, cache);
    const second = await swept(after, cache);
    expect(second).toEqual(await swept(after, NO_CACHE));
    expect(second.map(({ metrics }) => metrics.sharpe)).not.toEqual(first.map(({ metrics }) => metrics.sharpe));
  });

  /** Lines of every weekday of the sample's first half year. */
  function days(cells: (t: number) => string): string[] {
    const all = Array.from({ length: 180 }, (_, d) => new Date(Date.UTC(2015, 0, 1 + d)));
    const weekdays = all.filter((date) => date.getUTCDay() % 6 !== 0);
    return weekdays.map((date, t) => `${date.toISOString().slice(0, 10)},${cells(t)}`);
  }
});

test("what the cache kept of a holdout that begins elsewhere is not taken", async () => {
  const yaml = (start: string) => `${HEAD}validation: {holdout_start: ${start}}\n${GRID}`;
  const cache = openStageCache(tempDir());
  await sweepOf(yaml("2015-11-02"), { cache });
  const { record } = await sweepOf(yaml("2015-12-01"), { cache });
  expect(record).toEqual((await sweepOf(yaml("2015-12-01"))).record);
});

describe("a sweep of models", () => {
  const MODELS = `name: m
data: {sample_assets: 6, sample_bars: 300}
features: [{name: momentum, lookback_bars: 20}, {name: column, column: quality_signal}]
l5: {horizons: {short: 2, long: 5}, walk_forward: {train_bars: 80, test_bars: 40}}
signal: {kind: scores, select: {top_k: 2}}
allocation: {method: equal_weight, rebalance_bars: 5}
sweep: {grid: {l5.horizons.long: [5, 40], allocation.rebalance_bars: [5, 10]}}
`;

  test("trains once for each setting of the models, whatever trades their scores", async () => {
    const { record, stages } = await sweepOf(MODELS);
    expect(computed(stages)).toMatchObject({ scores: 2, signal: 2, allocation: 4, trial: 4 });
    expect(record.trials.map(({ state }) => state)).toEqual(["done", "done", "done", "done"]);
    expect(record.trials[0]!.metrics.sharpe).not.toBe(record.trials[2]!.metrics.sharpe);
  });
});
