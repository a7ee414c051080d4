import { describe, expect, test } from "vitest";
import { inputsHead, loadDecisionInputs } from "../../src/experiment/decision-inputs.ts";
import { loadWithRaw } from "../../src/experiment/load-config.ts";
import { openMarket } from "../../src/experiment/open-market.ts";
import type { StageCache } from "../../src/experiment/stage-cache.ts";
import { planSweep } from "../../src/sweep/plan-sweep.ts";
import { multiplierOf } from "../../src/sweep/shared-panels.ts";
import { shareStages } from "../../src/sweep/shared-stages.ts";
import { isToCompute, storedStages } from "../../src/sweep/stored-stages.ts";
import { tempFile } from "../support/files.ts";

const YAML = `name: s
data: {sample_assets: 4, sample_bars: 120}
asset_selector: {min_active_assets: 2}
sweep: {grid: {signal.side: [long_only, long_short], asset_selector.exclude_score_threshold: [0.1, 0.2, 0.3]}}
signal: {kind: tsmom, lookback_bars: 10}
`;

function memory(): StageCache & { readonly entries: Map<string, unknown> } {
  const entries = new Map<string, unknown>();
  return { entries, read: (key) => structuredClone(entries.get(key)), write: (key, value) => entries.set(key, value) };
}

async function planned() {
  const file = tempFile("s.yaml", YAML);
  const { raw, value } = loadWithRaw(file);
  const market = await openMarket(value, file);
  const inputs = await loadDecisionInputs(value, market, file);
  const { trials } = planSweep(raw, value, market.dataHash, inputs);
  return { trials, inputs };
}

describe("stages that trials share", () => {
  test("two signals and three selections are computed for six trials, and kept under the trials' keys", async () => {
    const { trials, inputs } = await planned();
    const kept = memory();
    const training = { cache: memory(), dataHash: "", explain: false };
    const first = await shareStages(trials, inputs, training, kept);
    expect([first.strengths.size, first.multipliers.size]).toEqual([2, 3]);
    expect([...kept.entries.keys()].sort()).toEqual([...first.strengths.keys(), ...first.multipliers.keys()].sort());
    expect(training.cache.entries.size).toBe(0);
  });

  test("a selection takes a byte a cell and comes to the multipliers of its steps", async () => {
    const { trials, inputs } = await planned();
    const { multipliers } = await shareStages(trials, inputs, { cache: memory(), dataHash: "", explain: false });
    // 120 bars by 4 assets; ten thousand selections of 2,520 bars by 20 assets are 0.5 GB, not 4
    for (const { positions } of multipliers.values()) expect(positions.buffer.byteLength).toBe(480);
    expect([...multiplierOf({ positions: Uint8Array.of(0, 1, 2, 3), steps: 3 })]).toEqual([0, 1 / 3, 2 / 3, 1]);
  });

  test("what is kept is taken as it is instead of computed, and counted as nothing to compute", async () => {
    const { trials, inputs } = await planned();
    const training = { cache: memory(), dataHash: "", explain: false };
    const kept = memory();
    const first = await shareStages(trials, inputs, training, kept);
    const [signal, selection] = [trials[0]!.keys!.signal, trials[0]!.keys!.selection];
    const marked = Float64Array.from(first.strengths.get(signal)!).fill(0.25);
    kept.entries.set(signal, marked);
    const again = await shareStages(trials, inputs, training, kept);
    expect([...again.strengths.get(signal)!]).toEqual([...marked]);
    expect(again.multipliers.get(selection)).toEqual(first.multipliers.get(selection));

    kept.entries.delete(selection);
    const stored = storedStages(trials, kept);
    const toCompute = (stage: "signal" | "score_panels" | "selection" | "trial") =>
      new Set(trials.filter(({ keys }) => isToCompute(stage, keys!, stored)).map(({ keys }) => keys![stage])).size;
    expect([toCompute("signal"), toCompute("score_panels"), toCompute("selection"), toCompute("trial")]).toEqual([
      0, 1, 1, 6,
    ]);
  });

  test("on other bars than the keys are of, nothing is read and nothing kept", async () => {
    const { trials, inputs } = await planned();
    const cache = memory();
    const head = inputsHead(inputs, 60);
    const { strengths } = await shareStages(trials, head, { cache, dataHash: "", explain: false });
    expect(strengths.get(trials[0]!.keys!.signal)!.length).toBe(60 * 4);
    expect(cache.entries.size).toBe(0);
  });
});
