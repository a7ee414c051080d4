/** A weighting method of an extension through whole runs: what it decides, what sweeps make of it, and how it fails. */
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { stagePlanes } from "../../src/experiment/decide.ts";
import { loadDecisionInputs } from "../../src/experiment/decision-inputs.ts";
import { loadConfig, loadWithRaw } from "../../src/experiment/load-config.ts";
import { proveNoLookAhead } from "../../src/experiment/look-ahead.ts";
import { openMarket } from "../../src/experiment/open-market.ts";
import { runExperiment } from "../../src/experiment/pipeline.ts";
import { NO_CACHE } from "../../src/experiment/stage-cache.ts";
import { initDriver, openSteppedRun, stepDriver } from "../../src/experiment/step-driver.ts";
import { runSweep } from "../../src/sweep/run-sweep.ts";
import { tempDir } from "../support/files.ts";
import { faultyProject, mineProject } from "../support/mine-extension.ts";

const run = (file: string, set: readonly string[] = []) =>
  runExperiment(loadConfig(file, set), file, () => {}, { stateFolder: tempDir() });

/** Returns of A: 0.1, -0.2, 0.1, of B: 0, -0.1, 0.1; flat afterwards. */
const CLOSES = [
  [100, 100],
  [110, 100],
  [88, 90],
  [96.8, 99],
  [96.8, 99],
  [96.8, 99],
];
const PRICES = ["date,symbol,open,high,low,close"]
  .concat(CLOSES.flatMap((row, t) => row.map((c, n) => `2020-01-0${t + 1},${"AB"[n]},${[c, c, c, c].join(",")}`)))
  .join("\n");
const TWO = (others: string) =>
  mineProject(`data: {path: prices.csv, periods_per_year: 252}\n${others}`, { "prices.csv": `${PRICES}\n` });

const SAMPLE = "data: {sample_assets: 5, sample_bars: 260}\n";

describe("a weighting method of an extension", () => {
  test.each([
    // drawdowns are 0.2 and 0.1: 5 and 10 of 15, squared 25 and 100 of 125
    ["", [1 / 3, 2 / 3]],
    [", inverse_drawdown: {power: 2}", [1 / 5, 4 / 5]],
    [", inverse_drawdown: {power: 2}, constraints: {max_weight: 0.7}", [0.3, 0.7]],
  ])("decides by its parameters, under the block's constraints: {method%s}", async (keys, weights) => {
    const { record } = await run(TWO(`allocation: {method: inverse_drawdown, lookback_bars: 3${keys}}\n`));
    expect([...record.targets.values.subarray(6, 8)]).toEqual(weights.map((w) => expect.closeTo(w, 9)));
    expect(record.allocation!.methods[0]).toBe("inverse_drawdown");
    expect(record.label).toBe("inverse_drawdown");
    expect(record.config).toContain("inverse_drawdown:\n    power: ");
  });

  test("is compared and a benchmark like any other, there with its defaults", async () => {
    const { record } = await run(
      TWO(
        "allocation: {method: equal_weight, lookback_bars: 3, rebalance_bars: 1, inverse_drawdown: {power: 2}}\ncomparison: {methods: [inverse_drawdown, equal_weight]}\nbenchmark: {method: inverse_drawdown}\n",
      ),
    );
    // six decisions; both have fallen within the windows of bars 2, 3 and 4
    expect(record.comparison.map(({ label, answered }) => [label, answered])).toEqual([
      ["inverse_drawdown", 3],
      ["equal_weight", 6],
    ]);
    expect(record.benchmark!.label).toBe("inverse_drawdown");
  });

  test("has no answer where a sleeve never fell: the simpler methods are asked, with an event", async () => {
    // the window of bar 5 has returns of 0 alone, of which sharpe_proportional makes nothing either
    const { record } = await run(TWO("allocation: {method: inverse_drawdown, lookback_bars: 2, rebalance_bars: 3}\n"));
    expect(record.allocation!.methods).toEqual(["inverse_drawdown", "equal_weight"]);
    expect(record.allocation!.events.map(({ kind, detail }) => `${kind}: ${detail}`)).toContain(
      "method_failed: inverse_drawdown: sleeve 0 never fell",
    );
  });

  test("is proven to read nothing ahead; one that keeps a state is not, by name", async () => {
    const proof = async (file: string) => {
      const config = loadConfig(file);
      const inputs = await loadDecisionInputs(config, await openMarket(config, file), file);
      const options = { count: 3, rng: createRng(1) };
      return (await proveNoLookAhead((known) => stagePlanes(config, known), inputs, options)).leak;
    };
    expect(await proof(mineProject(`${SAMPLE}allocation: {method: inverse_drawdown, lookback_bars: 20}\n`))).toBe(null);
    expect(await proof(faultyProject(`${SAMPLE}allocation: {method: stateful, lookback_bars: 20}\n`))).toMatchObject({
      stage: "allocation",
      column: "target",
    });
  });

  test("decides bar by bar what it decides in a whole run, to the bit", async () => {
    const file = mineProject(`${SAMPLE}allocation: {method: inverse_drawdown, lookback_bars: 20}\n`);
    const stepped = await openSteppedRun(loadConfig(file), file);
    const state = initDriver(stepped);
    const rows: number[] = [];
    for (let report = stepDriver(state, stepped); report !== null; report = stepDriver(state, stepped))
      rows.push(...report.targets);
    expect(rows).toEqual([...(await run(file)).record.targets.values]);
  });
});

describe("a sweep over it", () => {
  const sweepOf = async (file: string, workers: number) => {
    const { raw, value } = loadWithRaw(file);
    return (await runSweep(raw, value, file, { cache: NO_CACHE, workers, onPlan: () => true }))!.record;
  };
  const GRID = `${SAMPLE}allocation: {method: hrp, lookback_bars: 20}
asset_selector: {min_active_assets: 2}
sweep: {grid: {allocation.method: [hrp, inverse_drawdown], allocation.inverse_drawdown.power: [1, 2], asset_selector.exclude_score_threshold: [0.1, 0.2]}}
`;

  test("gives every trial its own parameters, the same bytes on one thread and on two, and what a run gives", async () => {
    const file = mineProject(GRID);
    const [one, two] = [await sweepOf(file, 1), await sweepOf(file, 2)];
    expect(one.trials.map(({ state }) => state)).toEqual(Array.from({ length: 8 }, () => "done"));
    expect(two.trials).toEqual(one.trials);
    for (const { values, metrics } of one.trials) {
      const [method, power, threshold] = values;
      const set = [
        `allocation.method=${method}`,
        `allocation.inverse_drawdown.power=${power}`,
        `asset_selector.exclude_score_threshold=${threshold}`,
      ];
      const { record } = await run(file, set);
      expect(metrics.total_return).toBeCloseTo(record.metrics.total_return!, 9);
    }
    const returns = one.trials.map(({ metrics }) => metrics.total_return);
    // hrp does not look at the power, the extension does
    expect(returns.slice(0, 2)).toEqual(returns.slice(2, 4));
    expect(new Set(returns).size).toBe(6);
  });

  test("is left with a failed row where it throws, that names file and definition", async () => {
    const file = faultyProject(
      `${SAMPLE}allocation: {lookback_bars: 20}\nsweep: {grid: {allocation.throwing.level: [1, 2], allocation.method: [throwing, hrp]}}\n`,
    );
    for (const workers of [1, 2]) {
      const { trials } = await sweepOf(file, workers);
      expect(trials.map(({ state }) => state)).toEqual(["done", "done", "failed", "done"]);
      expect(trials[2]!.error).toMatch(/faulty\.ts weighting throwing: weigh threw: no luck \(faulty\.ts:20\)$/);
    }
  });
});

describe("refused, with the line and the nearest name", () => {
  const refusal = (yaml: string, project = mineProject): string => {
    try {
      loadConfig(project(yaml));
    } catch (error) {
      return (error as Error).message.replace(/^.*\//, "");
    }
    return "";
  };

  test.each([
    [
      "allocation: {inverse_drawdown: {powr: 1}}",
      'x.yaml:4 allocation.inverse_drawdown.powr: unknown key, expected one of power, did you mean "power"?',
    ],
    [
      "allocation: {inverse_drawdown: {power: 5}}",
      "x.yaml:4 allocation.inverse_drawdown.power: must be at most 4, got 5",
    ],
    ["allocation: {inverse_drawdwn: {power: 1}}", 'did you mean "inverse_drawdown"?'],
    ["allocation: {method: inverse_drawdwn}", 'got "inverse_drawdwn", did you mean "inverse_drawdown"?'],
    ["benchmark: {method: inverse_drawdwn}", 'did you mean "inverse_drawdown"?'],
    ["comparison: {methods: [hrp, inverse_drawdwn]}", "x.yaml:4 comparison.methods.1: must be one of"],
  ])("%s", (yaml, message) => {
    expect(refusal(`data: {source: sample}\n${yaml}\n`)).toContain(message);
  });

  test("parameters without a default must be given where the method is used, and only there", () => {
    const faulty = (yaml: string) => refusal(`data: {source: sample}\n${yaml}\n`, faultyProject);
    const missing = "allocation.throwing: must be given: it has parameters without a default";
    expect(faulty("allocation: {method: throwing}")).toContain(missing);
    expect(faulty("comparison: {methods: [throwing]}")).toContain(missing);
    expect(faulty("allocation: {method: throwing, throwing: {level: 1}}")).toBe("");
    expect(faulty("allocation: {method: hrp}")).toBe("");
    expect(faulty("allocation: {throwing: {level: 1}}\nbenchmark: {method: throwing}")).toBe(
      'x.yaml:5 benchmark.method: has parameters without a default, and a benchmark has no others, got "throwing"',
    );
  });

  test.each(["hrp", "tier", "lookback_bars", "previous"])("a method cannot be called %s", (name) => {
    const text = `import { defineWeighting, z } from "ballast";
export const taken = defineWeighting({ name: "${name}", describe: "x", parameters: z.strictObject({}), weigh: () => ({ ok: true }) });\n`;
    const project = () => mineProject("data: {source: sample}\n", { "mine.ts": text });
    expect(refusal("", project)).toContain(`the name ${name} is taken`);
  });
});
