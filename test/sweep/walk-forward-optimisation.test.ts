/** Walk-forward optimisation through a whole sweep: a planted change of regime, no look ahead, the same bytes whatever the
 *  workers and the cache, and what is refused. */
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { loadWithRaw } from "../../src/experiment/load-config.ts";
import { NO_CACHE, openStageCache, type StageCache } from "../../src/experiment/stage-cache.ts";
import { runSweep, type SweepOptions } from "../../src/sweep/run-sweep.ts";
import { tempDir, tempFile } from "../support/files.ts";

const BARS = 260;
/** Bar at which what was good becomes bad. */
const TURN = 130;
const DAY = 86_400_000;

/**
 * AAA gains until the turn and loses after it, BBB the other way round; the column `tag` is 1 for AAA and 0 for BBB, so
 * that a weight of 1 on it holds AAA and one of -1 holds BBB.
 *
 * @param cut from here on every price is another
 */
function csv(cut = Number.POSITIVE_INFINITY): string {
  const rng = createRng(3);
  const other = createRng(4);
  const lines = ["date,symbol,open,high,low,close,volume,tag"];
  const price = { AAA: 100, BBB: 100 };
  for (let t = 0; t < BARS; t++)
    for (const symbol of ["AAA", "BBB"] as const) {
      const open = price[symbol];
      const drift = t < TURN === (symbol === "AAA") ? 0.004 : -0.004;
      const noise = 0.004 * rng.normal();
      const close = open * (1 + (t < cut ? drift + noise : 0.02 * other.normal()));
      price[symbol] = close;
      const date = new Date(Date.UTC(2020, 0, 1) + t * DAY).toISOString().slice(0, 10);
      lines.push(
        `${date},${symbol},${open},${Math.max(open, close)},${Math.min(open, close)},${close},1000,${symbol === "AAA" ? 1 : 0}`,
      );
    }
  return `${lines.join("\n")}\n`;
}

const yaml = (path: string, walkForward: string, grid = "ranking.short.feature_weights.tag: [1, -1]") => `name: w
data: {path: ${path}, periods_per_year: 365}
features: [{name: column, column: tag}]
ranking: {short: {feature_weights: {tag: 1}}}
signal: {kind: scores, select: {top_k: 1}}
allocation: {method: equal_weight, rebalance_bars: 5}
portfolio: {cost_model: {fee_bps: 10, slippage_bps: 0}}
sweep:
  grid: {${grid}}
  walk_forward: ${walkForward}
`;
const ROLLING = "{kind: rolling, train_bars: 40, test_bars: 20}";

async function sweepOf(text: string, options: Partial<SweepOptions> = {}) {
  const file = tempFile("s.yaml", text);
  const { raw, value } = loadWithRaw(file);
  return (await runSweep(raw, value, file, { cache: NO_CACHE, workers: 1, ...options }))!;
}

describe("walk-forward optimisation", () => {
  test("holds what was good until the training bars say otherwise, and pays for the change once", async () => {
    const { record } = await sweepOf(yaml(tempFile("p.csv", csv()), ROLLING));
    const { windows, switches, stitched, spliced, steadiness, firstBar } = record.walkForward!;
    // both trade from bar 1 on; choices stand at the closes of bars 40, 60, ...: bars of the new regime among the last
    // 40 are 0 until bar 120, then 11 at bar 140, 31 at 160
    expect(windows.map(({ test: { from } }) => from)).toEqual([41, 61, 81, 101, 121, 141, 161, 181, 201, 221, 241]);
    expect(windows.map(({ trial }) => trial)).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect(windows.at(-1)!.test).toEqual({ from: 241, to: 260 });
    expect(windows.map(({ testRank }) => testRank)).toEqual([1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 1]);
    expect(switches).toBe(1);
    expect(steadiness).toEqual([{ axis: 0, distinct: 2, mode: 1, modeShare: 6 / 11, changes: 1 }]);
    // 1 - the mean place by test bars: places 1 in 40 of 219 bars
    expect(record.walkForward!.meanPlace).toBeCloseTo(40 / 219, 12);
    expect(firstBar).toBe(41);
    expect(stitched.equity).toHaveLength(BARS - 40);
    // the splice never trades: entry 10 bps, and at the change 10 bps on what is sold and on what is bought
    const paid = (1 / 1.001) * (0.999 / 1.001);
    expect(stitched.equity.at(-1)! / spliced.equity.at(-1)!).toBeCloseTo(paid, 9);
    expect(record.walkForward!.hindsight.trial).toBe(1);
    expect(record.walkForward!.median.trial).toBe(1);
  });

  test("expands its training from the first trade on", async () => {
    const { record } = await sweepOf(yaml(tempFile("p.csv", csv()), "{train_bars: 40, test_bars: 20, step_bars: 10}"));
    const { windows, kind } = record.walkForward!;
    expect(kind).toBe("expanding");
    expect(new Set(windows.map(({ train }) => train.from))).toEqual(new Set([1]));
    expect(windows.slice(0, 3).map(({ test: { from, to } }) => [from, to])).toEqual([
      [41, 61],
      [51, 71],
      [61, 81],
    ]);
  });

  test("makes no choice with what comes after it, nor trades by it", async () => {
    const cut = 150;
    const one = await sweepOf(yaml(tempFile("p.csv", csv()), ROLLING));
    const two = await sweepOf(yaml(tempFile("p.csv", csv(cut)), ROLLING));
    const known = ({ record }: typeof one) =>
      record
        .walkForward!.windows.filter(({ train }) => train.to <= cut)
        .map(({ trial, trainMetric }) => [trial, trainMetric]);
    expect(known(one)).toHaveLength(6);
    expect(known(two)).toEqual(known(one));
    const upToCut = ({ record }: typeof one) => record.walkForward!.stitched.equity.subarray(0, cut - 40);
    expect(upToCut(two)).toEqual(upToCut(one));
    expect(two.record.walkForward!.stitched.equity.at(-1)).not.toBe(one.record.walkForward!.stitched.equity.at(-1));
  });

  test("is the same with one worker and two, cold and warm, and a warm run runs no trial", async () => {
    const text = yaml(
      tempFile("p.csv", csv()),
      ROLLING,
      "allocation.rebalance_bars: [1, 2, 5], ranking.short.feature_weights.tag: [1, -1]",
    );
    const cache = openStageCache(tempDir());
    const one = await sweepOf(text, { cache });
    const two = await sweepOf(text, { workers: 2 });
    const warm = await sweepOf(text, { cache, workers: 2 });
    expect(two.record.walkForward).toEqual(one.record.walkForward);
    expect(warm.record.walkForward).toEqual(one.record.walkForward);
    expect(warm.notes.work.find(({ stage }) => stage === "trial")!.computed).toBe(0);
  });

  test("another window chooses anew without running a trial again", async () => {
    const path = tempFile("p.csv", csv());
    const inner = openStageCache(tempDir());
    await sweepOf(yaml(path, ROLLING), { cache: inner });
    const written: unknown[] = [];
    const cache: StageCache = { read: inner.read, write: (_, value) => written.push(value) };
    const { record, notes } = await sweepOf(yaml(path, "{train_bars: 60, test_bars: 30}"), { cache });
    expect(record.walkForward!.windows[0]!.test).toEqual({ from: 61, to: 91 });
    expect(notes.work.find(({ stage }) => stage === "trial")!.computed).toBe(0);
    expect(written).toEqual([record.walkForward]);
  });

  test.each([
    ["metric", "seed: 1", "walk_forward: {rank_by: volatility, "],
    ["seed", "seed: 9", "walk_forward: {"],
    ["riskless rate", "seed: 1\nmetrics: {risk_free: 0.2}", "walk_forward: {"],
  ])("what the cache kept is not taken where the %s alone is another", async (_, head, block) => {
    // of the trials' own keys, so that those of the experiment make no other trial
    const text = yaml(
      tempFile("p.csv", csv()),
      ROLLING,
      "seed: [1], metrics.risk_free: [0], ranking.short.feature_weights.tag: [1, -1]",
    );
    const changed = `${head}\n${text.replace("walk_forward: {", block)}`;
    const cache = openStageCache(tempDir());
    const before = await sweepOf(`seed: 1\n${text}`, { cache });
    const warm = await sweepOf(changed, { cache });
    expect(warm.notes.work.find(({ stage }) => stage === "trial")!.computed).toBe(0);
    expect(warm.record.walkForward).not.toEqual(before.record.walkForward);
    expect(warm.record.walkForward).toEqual((await sweepOf(changed)).record.walkForward);
    expect(warm.record.overfitting).toEqual((await sweepOf(changed)).record.overfitting);
  });

  test("of a single trial is that trial", async () => {
    const { record } = await sweepOf(
      yaml(tempFile("p.csv", csv()), ROLLING, "ranking.short.feature_weights.tag: [1]").replace(
        "fee_bps: 10",
        "fee_bps: 0",
      ),
    );
    const own = record.walkForward!;
    expect([own.switches, own.meanPlace, own.hindsight.trial, own.median.trial]).toEqual([0, 0.5, 0, 0]);
    expect(own.windows.every(({ trial, testRank, tested }) => trial === 0 && testRank === 1 && tested === 1)).toBe(
      true,
    );
    const { equity } = record.best[0]!;
    for (const [k, value] of own.stitched.equity.entries())
      expect(value / own.stitched.equity[0]!).toBeCloseTo(equity[40 + k]! / equity[40]!, 9);
  });

  test("measures by another metric than the ranking where it is asked to", async () => {
    const { record } = await sweepOf(
      yaml(tempFile("p.csv", csv()), "{train_bars: 40, test_bars: 20, rank_by: volatility}"),
    );
    expect([record.rankBy, record.walkForward!.rankBy, record.walkForward!.rankAscending]).toEqual([
      "sharpe",
      "volatility",
      true,
    ]);
  });
});

describe("what cannot be", () => {
  test("fewer bars than a window is an error with both numbers, before anything runs", async () => {
    const text = yaml(tempFile("p.csv", csv()), "{train_bars: 250, test_bars: 20}");
    await expect(sweepOf(text)).rejects.toThrow(
      "sweep.walk_forward: a window takes 250 training and 20 test bars, and the trials have 260, the first without a return",
    );
  });

  test("trials that begin too late for a window are a warning, and nothing else is lost", async () => {
    const text = yaml(
      tempFile("p.csv", csv()),
      "{train_bars: 150, test_bars: 50}",
      "allocation.lookback_bars: [100]",
    ).replace("equal_weight", "inverse_volatility");
    const { record } = await sweepOf(text);
    expect(record.walkForward).toBeNull();
    expect(record.ranking).toHaveLength(1);
    expect(record.warnings).toEqual([
      expect.stringMatching(
        /^no walk-forward optimisation: a window takes 150 training and 50 test bars; the trials trade from bar 10\d on, which leaves 15\d$/,
      ),
    ]);
  });

  test.each([
    ["{train_bars: 40, test_bars: 20, step_bars: 30}", /step_bars: must not be above test_bars/],
    ["{train_bars: 40}", /test_bars/],
    ["{train_bars: 1, test_bars: 20}", /train_bars/],
    ["{train_bars: 40, test_bars: 20, rank_by: turnover}", /rank_by/],
    ["{train_bars: 40, test_bars: 20}\n  rank_by: turnover", /walk_forward\.rank_by: must be given/],
  ])("%s", async (block, message) => {
    await expect(sweepOf(yaml(tempFile("p.csv", csv()), block))).rejects.toThrow(message);
  });
});
