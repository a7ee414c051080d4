/** A look at the holdout: counted, taken by one config, and before that nobody sees a bar of it. */
import { describe, expect, test } from "vitest";
import { loadWithRaw, parseConfig } from "../../src/experiment/load-config.ts";
import { runExperiment } from "../../src/experiment/pipeline.ts";
import { NO_CACHE, type StageCache } from "../../src/experiment/stage-cache.ts";
import { equityReturns } from "../../src/metrics/returns.ts";
import { summarise } from "../../src/metrics/summary.ts";
import { runSweep } from "../../src/sweep/run-sweep.ts";
import { tempDir, tempFile } from "../support/files.ts";

const HEAD = `name: held
data: {sample_assets: 5, sample_bars: 300}
allocation: {lookback_bars: 30}
portfolio: {cost_model: {fee_bps: 5, slippage_bps: 5}}
benchmark: {method: equal_weight}
`;
const VALIDATION = "validation: {holdout_start: 2015-11-02}\n";
const GRID = "sweep: {grid: {allocation.method: [inverse_volatility, hrp, equal_weight]}}\n";

async function sweepOf(yaml: string, holdout?: { readonly trial?: string; readonly store: string }) {
  const file = tempFile("s.yaml", yaml);
  const { raw, value } = loadWithRaw(file);
  return (await runSweep(raw, value, file, { cache: NO_CACHE, workers: 1, holdout }))!.record;
}

const store = () => `${tempDir()}/holdout.sqlite`;

describe("a look at the holdout", () => {
  test("runs the best trial over all bars and measures what no trial saw", async () => {
    // traded at every bar, so that the last before the holdout has fees, which are none of the holdout's
    const head = HEAD.replace("lookback_bars: 30", "lookback_bars: 30, rebalance_bars: 1");
    const record = await sweepOf(head + VALIDATION + GRID, { store: store() });
    const { holdout, ranking, trials } = record;
    const best = trials[ranking[0]!]!;
    expect(holdout).toMatchObject({ trial: best.index, id: best.id, rank: 1, looks: 1, start: "2015-11-02" });
    expect(holdout!.firstBar).toBe(record.bars.time.length);
    expect(holdout!.firstBar + holdout!.bars).toBe(300);
    for (const [key, value] of Object.entries(best.metrics))
      if (Number.isNaN(value)) expect(holdout!.development[key]).toBeNaN();
      else
        expect(Math.abs(holdout!.development[key]! - value)).toBeLessThanOrEqual(1e-8 * Math.max(1, Math.abs(value)));
    const own = parseConfig(head, "s.yaml", [`allocation.method=${best.values[0]}`]);
    const { account, benchmark } = (await runExperiment(own, "s.yaml", undefined, { stateFolder: tempDir() })).record;
    const from = holdout!.firstBar - 1;
    const expected: Readonly<Record<string, number>> = summarise(equityReturns(account.equity.subarray(from)), {
      periodsPerYear: record.periodsPerYear,
      riskFreeAnnual: 0,
      benchmark: equityReturns(benchmark!.account.equity.subarray(from)),
    });
    for (const key of ["sharpe", "cagr", "max_drawdown", "beta", "periods"])
      expect(holdout!.holdout[key]).toBeCloseTo(expected[key]!, 9);
    expect(holdout!.holdout.periods).toBe(holdout!.bars);
    expect(account.fees[from]).toBeGreaterThan(0);
    const fees = account.fees.subarray(from + 1).reduce((sum, fee) => sum + fee, 0);
    expect(holdout!.holdout.total_fees).toBeCloseTo(fees, 9);
    expect(holdout!.intervals.sharpe!.low).toBeLessThan(holdout!.holdout.sharpe!);
    expect(holdout!.intervals.sharpe!.high).toBeGreaterThan(holdout!.holdout.sharpe!);
  });

  test("leaves nothing of the holdout's bars where a later sweep finds the stages of its own", async () => {
    const written: { key: string; length: number }[] = [];
    const watched: StageCache = {
      read: () => undefined,
      write(key, value) {
        if (ArrayBuffer.isView(value)) written.push({ key, length: (value as Float64Array).length });
      },
    };
    const file = tempFile("s.yaml", `${HEAD}asset_selector: {min_active_assets: 2}\n${VALIDATION}${GRID}`);
    const { raw, value } = loadWithRaw(file);
    const { record } = (await runSweep(raw, value, file, { cache: watched, workers: 1, holdout: { store: store() } }))!;
    expect(record.holdout).not.toBe(null);
    // strengths and steps of the development's bars alone, 5 assets each
    expect(written.map(({ length }) => length)).toEqual([5 * record.bars.time.length, 5 * record.bars.time.length]);
    expect(new Set(written.map(({ key }) => key)).size).toBe(2);
  });

  test("by the same config counts once, by another once more", async () => {
    const looks = store();
    const yaml = HEAD + VALIDATION + GRID;
    const first = await sweepOf(yaml, { store: looks });
    const again = await sweepOf(yaml, { store: looks });
    const second = first.trials[first.ranking[1]!]!;
    const other = await sweepOf(yaml, { store: looks, trial: second.id });
    expect([first, again, other].map(({ holdout }) => holdout!.looks)).toEqual([1, 1, 2]);
    expect(other.holdout).toMatchObject({ trial: second.index, rank: 2 });
  });

  test("that cannot be counted is not taken, and the trials are kept", async () => {
    const file = tempFile("nowhere", "no folder");
    const { holdout, warnings, ranking } = await sweepOf(HEAD + VALIDATION + GRID, { store: `${file}/holdout.sqlite` });
    expect(holdout).toBeNull();
    expect(ranking).toHaveLength(3);
    expect(warnings).toEqual([expect.stringMatching(/^the holdout is not shown: .*holdout\.sqlite/)]);
  });

  test("needs a holdout, and a trial that is in the plan, before anything runs", async () => {
    await expect(sweepOf(HEAD + GRID, { store: store() })).rejects.toThrow(
      "--holdout: needs bars that the sweep did not see: add `validation: {holdout_start: <date>}`",
    );
    await expect(sweepOf(HEAD + VALIDATION + GRID, { store: store(), trial: "01234567" })).rejects.toThrow(
      "--holdout: must be the id of a trial, as leaderboard.csv has it",
    );
  });

  test("of models trains nothing on the holdout: the bars before it come out as the sweep had them", async () => {
    const record = await sweepOf(
      `name: m
data: {sample_assets: 6, sample_bars: 300}
features: [{name: momentum, lookback_bars: 20}, {name: column, column: quality_signal}]
l5: {horizons: {short: 2, long: 5}, walk_forward: {train_bars: 80, test_bars: 40}}
signal: {kind: scores, select: {top_k: 2}}
allocation: {method: equal_weight, rebalance_bars: 5}
validation: {holdout_start: 2015-11-02}
sweep: {grid: {allocation.rebalance_bars: [5, 10]}}
`,
      { store: store() },
    );
    expect(record.warnings).toEqual([]);
    const best = record.trials[record.ranking[0]!]!;
    expect(record.holdout!.development.sharpe).toBeCloseTo(best.metrics.sharpe!, 8);
    expect(Number.isFinite(record.holdout!.holdout.sharpe)).toBe(true);
  });

  test("is not taken unasked", async () => {
    expect((await sweepOf(HEAD + VALIDATION + GRID)).holdout).toBeNull();
  });
});
