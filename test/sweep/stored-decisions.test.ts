/** Decisions in the cache: the same to the bit when they come back, and only their rows take room. */
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/experiment/load-config.ts";
import { openStageCache, type StageCache } from "../../src/experiment/stage-cache.ts";
import { runSweep } from "../../src/sweep/run-sweep.ts";
import { packDecisions, type TradedDecisions, unpackDecisions } from "../../src/sweep/stored-decisions.ts";
import { tempDir } from "../support/files.ts";

const NONE = Number.NaN;

describe("decisions of three bars and two assets", () => {
  const targets = Float64Array.of(NONE, NONE, 0.5, NONE, -0, 1);

  test("keep the rows with a decision, and nothing else", () => {
    const { targets: rows } = packDecisions({ targets, moves: null, firstBar: 1 }, 2);
    expect([...rows.bars]).toEqual([1, 2]);
    expect([...rows.values]).toEqual([0.5, NONE, -0, 1]);
  });

  test("come back as they were, plans and their gates with them", () => {
    const fraction = Float64Array.of(NONE, NONE, 0.25, 0, NONE, NONE);
    const opening = Uint8Array.of(0, 0, 1, 255, 0, 0);
    const quiet = Uint8Array.of(0, 0, 0, 0, 1, 0);
    const gates = [null, { opening, quiet: null, measure: "l1", threshold: 0.1 } as const].concat([
      { opening, quiet, measure: "max", threshold: 0 } as never,
    ]);
    for (const gate of gates) {
      const decisions: TradedDecisions = { targets, moves: { fraction, gate }, firstBar: 1 };
      expect(unpackDecisions(structuredClone(packDecisions(decisions, 2)), 3, 2)).toEqual(decisions);
    }
    const plain: TradedDecisions = { targets, moves: null, firstBar: 0 };
    expect(unpackDecisions(packDecisions(plain, 2), 3, 2)).toEqual(plain);
  });

  test("of no bars or no decision are empty", () => {
    const empty: TradedDecisions = { targets: new Float64Array(0), moves: null, firstBar: 0 };
    expect(unpackDecisions(packDecisions(empty, 2), 0, 2)).toEqual(empty);
    const idle = packDecisions({ ...empty, targets: new Float64Array(6).fill(NONE) }, 2);
    expect(idle.targets.bars).toHaveLength(0);
    expect([...unpackDecisions(idle, 3, 2).targets]).toEqual(Array(6).fill(NONE));
  });
});

const YAML = `name: again
data: {sample_assets: 5, sample_bars: 260}
asset_selector: {min_active_assets: 2, include_score_threshold: 0.5}
allocation: {lookback_bars: 30}
rebalancing: {trigger: hybrid, interval: week, threshold: 0.03, split: [0.6, 0.4]}
portfolio: {cost_model: {fee_bps: 5}}
sweep:
  grid:
    allocation.method: [inverse_volatility, hrp]
    asset_selector.exclude_score_threshold: [0.1, 0.3]
`;

async function sweepOf(feeBps: number, cache: StageCache, workers = 1, yaml = YAML) {
  const text = yaml.replace("fee_bps: 5", `fee_bps: ${feeBps}`);
  const config = parseConfig(text, "again.yaml");
  const raw = (await import("yaml")).parse(text) as Readonly<Record<string, unknown>>;
  return (await runSweep(raw, config, "again.yaml", { cache, workers }))!;
}

const computed = (run: Awaited<ReturnType<typeof sweepOf>>) =>
  Object.fromEntries(run.notes.work.map((stage) => [stage.stage, stage.computed]));

describe("a sweep whose costs changed", () => {
  test("decides nothing anew, and gives what a fresh one gives", async () => {
    const cache = openStageCache(tempDir());
    await sweepOf(5, cache);
    const dearer = await sweepOf(20, cache, 2);
    expect(computed(dearer)).toMatchObject({ signal: 0, selection: 0, allocation: 0, rebalancing: 0, trial: 4 });
    expect(dearer.record.trials).toEqual((await sweepOf(20, openStageCache(tempDir()))).record.trials);
  });

  test("keeps apart what is rebalanced apart", async () => {
    const axis = "rebalancing.interval: [1, month]\n    asset_selector.exclude_score_threshold: [0.1]";
    const yaml = YAML.replace("asset_selector.exclude_score_threshold: [0.1, 0.3]", axis);
    const cache = openStageCache(tempDir());
    await sweepOf(5, cache, 1, yaml);
    const { record } = await sweepOf(20, cache, 1, yaml);
    const alone = await Promise.all(
      ["1", "month"].map((interval) =>
        sweepOf(20, openStageCache(tempDir()), 1, YAML.replace("interval: week", `interval: ${interval}`)),
      ),
    );
    // inverse_volatility by bar and by month, each with the first threshold
    expect(record.trials.slice(0, 2).map(({ metrics }) => metrics)).toEqual(
      alone.map((run) => run.record.trials[0]!.metrics),
    );
    expect(record.trials[0]!.metrics.turnover).not.toBe(record.trials[1]!.metrics.turnover);
  });

  test("decides after all where the decisions went between the plan and the run", async () => {
    const kept = openStageCache(tempDir());
    await sweepOf(5, kept);
    const reads = new Map<string, number>();
    const forgetful: StageCache = {
      write: kept.write,
      read(key) {
        reads.set(key, (reads.get(key) ?? 0) + 1);
        return reads.get(key)! > 1 ? undefined : kept.read(key);
      },
    };
    const dearer = await sweepOf(20, forgetful);
    expect(computed(dearer).allocation).toBe(0);
    expect(dearer.record.trials).toEqual((await sweepOf(20, openStageCache(tempDir()))).record.trials);
  });
});
