import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/experiment/load-config.ts";
import { runExperiment } from "../../src/experiment/pipeline.ts";
import { tempDir } from "../support/files.ts";

const head = "name: x\ndata: {sample_assets: 5, sample_bars: 260}\n";
const run = (yaml: string) => runExperiment(parseConfig(head + yaml, "x.yaml"), "x.yaml");

describe("weighting methods in an experiment", () => {
  test("each is run on the same market, from the strategy's first decision on", async () => {
    const { record } = await run(
      "allocation: {method: hrp, lookback_bars: 40}\ncomparison: {methods: [equal_weight, hrp, cdar_min]}\n",
    );
    expect(record.comparison.map(({ label }) => label)).toEqual(["equal_weight", "hrp", "cdar_min"]);
    expect(record.comparison[1]!.equity).toEqual(record.account.equity);
    for (const { equity, decisions, answered } of record.comparison) {
      expect(equity[40]).toBe(100_000);
      expect(decisions).toBe(record.allocation!.bars.length);
      expect(answered).toBe(decisions);
    }
  });

  test("the record says who answered, how concentrated the plan was and where its risk came from", async () => {
    const { record } = await run(
      "allocation: {method: risk_parity, lookback_bars: 40, rebalance_bars: 20, cov_estimator: oas}\n",
    );
    const { bars, methods, riskShares, effectiveNumber, turnover } = record.allocation!;
    expect([...bars]).toEqual([40, 60, 80, 100, 120, 140, 160, 180, 200, 220, 240]);
    expect(new Set(methods)).toEqual(new Set(["risk_parity"]));
    expect(turnover[0]).toBeNaN();
    for (let d = 0; d < bars.length; d++) {
      const shares = [...riskShares.subarray(d * 5, d * 5 + 5)].filter((share) => share === share && share !== 0);
      for (const share of shares) expect(share).toBeCloseTo(1 / shares.length, 6);
      expect(effectiveNumber[d]).toBeGreaterThan(2);
    }
  });

  test("limits hold in every row of the targets", async () => {
    const { record } = await run(
      "allocation: {method: constrained_mv, lookback_bars: 40, constraints: {max_weight: 0.3}}\n",
    );
    const { values } = record.targets;
    const decided = values.filter((w) => w === w);
    expect(decided.length).toBeGreaterThan(0);
    for (const w of decided) expect(w).toBeLessThanOrEqual(0.3 + 1e-9);
  });

  test("a scale is reported and not applied, unless asked to", async () => {
    const yaml = (apply: boolean) =>
      `allocation: {method: risk_parity, lookback_bars: 40, risk_parity: {vol_target: 0.05}, apply_scale: ${apply}}\n`;
    const plain = (await run(yaml(false))).record;
    expect(plain.warnings.some((text) => text.includes("allocation.apply_scale"))).toBe(true);
    const applied = (await run(yaml(true))).record;
    const scale = plain.allocation!.scale;
    const t = plain.allocation!.bars[3]!;
    for (let n = 0; n < 5; n++) {
      const [was, is] = [plain.targets.values[t * 5 + n]!, applied.targets.values[t * 5 + n]!];
      if (was === was) expect(is).toBeCloseTo(was * scale[3]!, 12);
    }
    expect(applied.warnings.some((text) => text.includes("allocation.apply_scale"))).toBe(false);
  });

  test("moe reads regime probabilities from a file beside the experiment", async () => {
    const { record: plain } = await run("");
    const day = (t: number) => new Date(plain.account.axes.time[t]!).toISOString().slice(0, 10);
    const rows = Array.from({ length: 260 }, (_, t) => `${day(t)},${t % 2},${1 - (t % 2)}`);
    const folder = tempDir();
    writeFileSync(join(folder, "regimes.csv"), ["date,calm,storm", ...rows, ""].join("\n"));
    const file = join(folder, "x.yaml");
    const yaml = `${head}allocation: {method: moe, lookback_bars: 40, moe: {posterior: regimes.csv}}\n`;
    const { record } = await runExperiment(parseConfig(yaml, file), file);
    expect(record.allocation!.methods).toContain("moe");
    writeFileSync(join(folder, "regimes.csv"), `date,calm,storm\n${day(50)},0.7,0.7\n`);
    await expect(runExperiment(parseConfig(yaml, file), file)).rejects.toThrow("must be >= 0 and sum to 1");
  });

  test("a group of symbols is held to its limit, and one that is not in the data is named", async () => {
    const groups = (member: string) =>
      `allocation: {method: equal_weight, constraints: {groups: {pair: {members: [SYN01, ${member}], max: 0.1}}}}\n`;
    const { record } = await run(groups("SYN02"));
    const row = record.targets.values.subarray(0, 5);
    expect(row[0]! + row[1]!).toBeCloseTo(0.1, 9);
    await expect(run(groups("SYN99"))).rejects.toThrow(
      'allocation.constraints.groups.pair: has a member that is not in the data, got "SYN99"',
    );
  });
});

describe("combinations that make no sense", () => {
  test.each([
    ["allocation: {method: moe}\n", "x.yaml:3 allocation.method: `moe` needs regime probabilities"],
    ["comparison: {methods: [moe]}\n", "x.yaml:3 comparison.methods: `moe` needs regime probabilities"],
    ["benchmark: {method: moe}\n", "x.yaml:3 benchmark.method: a benchmark has no regime probabilities"],
    ["comparison: {methods: []}\n", "x.yaml:3 comparison.methods: must have at least 1"],
    [
      "allocation: {constraints: {min_weight: 0.5, max_weight: 0.2}}\n",
      "x.yaml:3 allocation.constraints.min_weight: is above max_weight 0.2, got 0.5",
    ],
    [
      "allocation: {constraints: {min_weight: 0.1, allow_short: true}}\n",
      "x.yaml:3 allocation.constraints.min_weight: has no meaning with allow_short",
    ],
    ["allocation: {cov_estimator: ledoit}\n", "x.yaml:3 allocation.cov_estimator: must be one of sample, ewma"],
    ["allocation: {vol_estimator: {kind: ewma}}\n", "x.yaml:3 allocation.vol_estimator: must be one of sample"],
    ["allocation: {mv: {mean_shrinkage: 2}}\n", "x.yaml:3 allocation.mv.mean_shrinkage: must be at most 1, got 2"],
  ])("%s", (yaml, message) => {
    expect(() => parseConfig(head + yaml, "x.yaml")).toThrow(message);
  });
});
