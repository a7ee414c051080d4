import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig, parseConfig } from "../../src/experiment/load-config.ts";
import { experimentJsonSchema } from "../../src/experiment/schema.ts";

const MINIMAL = "name: x\ndata: {source: sample}\n";
const faultsOf = (text: string, overrides: readonly string[] = []): string[] => {
  try {
    parseConfig(text, "x.yaml", overrides);
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
};

describe("faults name line, path, value and the nearest name", () => {
  test.each([
    [
      "an unknown key",
      "name: x\ndata: {}\nallocation:\n  lookback_bar: 3\n",
      'x.yaml:4 allocation.lookback_bar: unknown key, expected one of method, lookback_bars, rebalance_bars, min_history_bars, cov_estimator, vol_estimator, mv, risk_parity, hrp, kelly, cdar, moe, constraints, smoothing_half_life_bars, apply_scale, tier, did you mean "lookback_bars"?',
    ],
    [
      "a misspelt method",
      "name: x\ndata: {}\nallocation:\n  method: equal_wieght\n",
      'x.yaml:4 allocation.method: must be one of equal_weight, inverse_volatility, risk_parity, hrp, constrained_mv, max_diversification, cdar_min, fractional_kelly, adaptive_kelly, moe, signal, sharpe_proportional, got "equal_wieght", did you mean "equal_weight"?',
    ],
    ["a wrong type", "name: x\ndata: {}\nseed: seven\n", 'x.yaml:3 seed: must be a number, got "seven"'],
    [
      "a sample beyond all bounds",
      "name: x\ndata: {sample_bars: 99999999999}\n",
      "x.yaml:2 data.sample_bars: must be at most 100000, got 99999999999",
    ],
    [
      "a fraction where bars are counted",
      "name: x\ndata: {}\nallocation: {lookback_bars: 2.5}\n",
      "x.yaml:3 allocation.lookback_bars: must be a whole number, got 2.5",
    ],
    [
      "a number out of range",
      "name: x\ndata: {}\nportfolio:\n  cost_model:\n    fee_bps: -1\n",
      "x.yaml:5 portfolio.cost_model.fee_bps: must be at least 0, got -1",
    ],
    [
      "an impossible date",
      "name: x\ndata:\n  start: 2020-02-30\n",
      'x.yaml:3 data.start: must be a date YYYY-MM-DD, got "2020-02-30"',
    ],
    ["a missing block", "name: x\n", "x.yaml data: is required (a mapping)"],
    ["a list where a mapping belongs", "name: x\ndata: [1]\n", 'x.yaml:2 data: must be a mapping, got "a list"'],
    [
      "a name that is no folder name",
      "name: a/b\ndata: {}\n",
      'x.yaml:1 name: must be letters, digits, dots, dashes and underscores, as it names a folder, got "a/b"',
    ],
    [
      "a misspelt portfolio preset",
      "name: x\ndata: {}\nportfolio:\n  preset: agressive\n",
      'x.yaml:4 portfolio.preset: must be one of conservative, aggressive, signals_mode, got "agressive", did you mean "aggressive"?',
    ],
    [
      "a word where bars are counted",
      "name: x\ndata: {}\nportfolio:\n  kill_switch: {drawdown: 0.2, flat_bars: never}\n",
      'x.yaml:4 portfolio.kill_switch.flat_bars: must be a whole number of at least 1, or "forever", got "never"',
    ],
    [
      "a stop in percent",
      "name: x\ndata: {}\nportfolio:\n  stops:\n    stop_loss: 10\n",
      "x.yaml:5 portfolio.stops.stop_loss: must be below 1, got 10",
    ],
    ["an empty file", "", 'x.yaml: must be a YAML mapping with at least `name` and `data`, got "an empty file"'],
    ["a bare word", "hello\n", 'x.yaml: must be a YAML mapping with at least `name` and `data`, got "hello"'],
  ])("%s", (_, text, want) => {
    expect(faultsOf(text)).toEqual([want]);
  });

  test("a key given twice is not valid YAML and names its line", () => {
    expect(faultsOf("name: x\nname: y\n")[0]).toMatch(/^x\.yaml:2: not valid YAML: Map keys must be unique/);
  });

  test("an alias of nothing, or too many of them, is not valid YAML", () => {
    expect(faultsOf("name: x\ndata: *nope\n")[0]).toMatch(/^x\.yaml: not valid YAML: Unresolved alias/);
    const bomb = Array.from(
      { length: 9 },
      (_, i) => `a${i}: &a${i} [${i === 0 ? "1" : Array(9).fill(`*a${i - 1}`)}]`,
    ).join("\n");
    expect(faultsOf(`${bomb}\n`)).toEqual([expect.stringMatching(/^x\.yaml: not valid YAML: Excessive alias count/)]);
  });

  test("all faults are told at once", () => {
    expect(faultsOf("name: x\ndata: {}\nseed: a\nallocation: {method: b}\n")).toHaveLength(2);
  });
});

describe("impossible combinations", () => {
  test.each([
    [
      "a file source without a path",
      "name: x\ndata:\n  source: csv\n",
      'x.yaml:3 data.source: needs a `path` to the file, got "csv"',
    ],
    [
      "a path for the sample",
      "name: x\ndata: {source: sample, path: a.csv}\n",
      "x.yaml:2 data.path: has no meaning with `source: sample`",
    ],
    [
      "the size of a sample that is not used",
      "name: x\ndata: {path: a.csv, sample_bars: 50}\n",
      "x.yaml:2 data.sample_bars: is of the synthetic market",
    ],
    ["a repair of the sample", "name: x\ndata: {repair: clip}\n", "x.yaml:2 data.repair: has nothing to mend"],
    [
      "a source that the file's ending denies",
      "name: x\ndata: {source: csv, path: a.parquet}\n",
      "x.yaml:2 data.source: is not what the ending",
    ],
    [
      "dates the wrong way round",
      "name: x\ndata: {start: 2020-02-01, end: 2020-01-01}\n",
      "x.yaml:2 data.end: is before data.start 2020-02-01",
    ],
    ["weights without a file", `${MINIMAL}signal: {kind: weights}\n`, "x.yaml:3 signal.path: is required (text)"],
    [
      "weights and an allocation",
      `${MINIMAL}signal: {kind: weights, path: w.csv}\nallocation: {}\n`,
      "x.yaml:4 allocation: has nothing to do",
    ],
    [
      "a benchmark of nothing",
      `${MINIMAL}benchmark: {}\n`,
      "x.yaml:3 benchmark: needs either a `method` or a `symbol`",
    ],
    ["stops without a rule", `${MINIMAL}portfolio: {stops: {}}\n`, "x.yaml:3 portfolio.stops: needs at least one of"],
    [
      "bars of an ATR that is not used",
      `${MINIMAL}portfolio:\n  stops: {stop_loss: 0.1, atr_bars: 20}\n`,
      "x.yaml:4 portfolio.stops.atr_bars: is read only with `atr_multiple`, got 20",
    ],
    [
      "a maintenance margin that is not below the initial one",
      `${MINIMAL}portfolio:\n  margin: {initial: 0.5, maintenance: 0.5}\n`,
      "x.yaml:4 portfolio.margin.maintenance: must be below margin.initial 0.5",
    ],
    [
      "a leverage that the margin does not allow",
      `${MINIMAL}portfolio:\n  max_leverage_cap: 5\n  margin: {initial: 0.25, maintenance: 0.1}\n`,
      "x.yaml:4 portfolio.max_leverage_cap: can never be reached with margin.initial 0.25, which allows 4 times equity at most, got 5",
    ],
    [
      "a leverage of the preset that the margin does not allow",
      `${MINIMAL}portfolio:\n  preset: aggressive\n  margin: {initial: 0.5, maintenance: 0.1}\n`,
      "x.yaml:3 portfolio.max_leverage_cap: can never be reached with margin.initial 0.5, which allows 2 times equity at most, got 3",
    ],
    [
      "a kill switch that nothing sets off",
      `${MINIMAL}portfolio:\n  kill_switch: {flat_bars: 20}\n`,
      "x.yaml:4 portfolio.kill_switch: needs a `drawdown`, or a `system_stop_loss` beside it",
    ],
    [
      "a history longer than the lookback",
      `${MINIMAL}allocation: {lookback_bars: 5, min_history_bars: 6}\n`,
      "x.yaml:3 allocation.min_history_bars: can never be met",
    ],
  ])("%s", (_, text, want) => {
    expect(faultsOf(text).some((fault) => fault.startsWith(want))).toBe(true);
  });
});

describe("--set", () => {
  test("overrides, makes blocks that are not there, and later ones win", () => {
    const config = parseConfig(MINIMAL, "x.yaml", [
      "allocation.lookback_bars=20",
      "seed=1",
      "seed=2",
      "data.symbols=[A, B]",
    ]);
    expect(config.allocation?.lookback_bars).toBe(20);
    expect(config.seed).toBe(2);
    expect(config.data.symbols).toEqual(["A", "B"]);
  });

  test("changes only the place it names where the file shares a block by an alias", () => {
    const shared = "name: x\ndata: {}\nallocation: &a {rebalance_bars: 5, method: equal_weight}\nbenchmark: *a\n";
    const config = parseConfig(shared, "x.yaml", ["allocation.rebalance_bars=20"]);
    expect([config.allocation?.rebalance_bars, config.benchmark?.rebalance_bars]).toEqual([20, 5]);
  });

  test("takes a portfolio preset like any key, and keys set beside it outrank it", () => {
    const config = parseConfig(MINIMAL, "x.yaml", ["portfolio.rebalance_threshold=0.2", "portfolio.preset=aggressive"]);
    expect(config.portfolio).toMatchObject({ max_leverage_cap: 3, rebalance_threshold: 0.2, system_stop_loss: 0.25 });
    expect(faultsOf(MINIMAL, ["portfolio.preset=constructor"])[0]).toMatch(/^--set portfolio\.preset: must be one of/);
  });

  test("cannot reach the prototype of objects", () => {
    for (const path of ["__proto__.polluted", "data.__proto__.polluted", "constructor.prototype.polluted"])
      expect(faultsOf(MINIMAL, [`${path}=1`])[0]).toMatch(/unknown key/);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test("goes into a list by position, which has to be there", () => {
    const text = `${MINIMAL}features: [{name: momentum}, {name: volatility}]\n`;
    const { features } = parseConfig(text, "x.yaml", ["features.1.lookback_bars=9"]);
    expect(features!.map(({ lookback_bars }) => lookback_bars)).toEqual([60, 9]);
    for (const position of ["2", "-1", "x", "01e0"])
      expect(faultsOf(text, [`features.${position}.lookback_bars=9`])).toEqual([
        `--set features.${position}.lookback_bars: "features" is a list of 2, so its items are set by their positions from 0, got "${position}"`,
      ]);
  });

  test("its faults name the option, not a line", () => {
    expect(faultsOf(MINIMAL, ["allocation.method=hrpp"])[0]).toMatch(/^--set allocation\.method: must be one of/);
    expect(faultsOf(MINIMAL, ["portfolio.fee=1"])[0]).toMatch(/^--set portfolio\.fee: unknown key/);
    expect(faultsOf(MINIMAL, ["seed"])).toEqual([
      '--set: must be path=value, like allocation.lookback_bars=20, got "seed"',
    ]);
    expect(faultsOf(MINIMAL, ["name.first=1"])).toEqual([
      '--set name.first: "name" is not a mapping, so nothing can be set in it',
    ]);
    expect(faultsOf(MINIMAL, ["data.symbols=[A"])[0]).toMatch(/^--set data\.symbols: the value is not valid YAML/);
  });
});

describe("files", () => {
  test("a missing file and a directory are one line each", () => {
    expect(() => loadConfig("no-such.yaml")).toThrow("no-such.yaml: no such file");
    expect(() => loadConfig(tmpdir())).toThrow(`${tmpdir()}: is a directory, a YAML file was expected`);
  });

  test("binary rubbish is refused", () => {
    const file = join(mkdtempSync(join(tmpdir(), "ballast-")), "x.yaml");
    writeFileSync(file, Buffer.from([0, 1, 2, 255, 254, 10, 58]));
    expect(() => loadConfig(file)).toThrow(file);
  });
});

test("the JSON Schema refuses unknown keys and carries defaults and descriptions", () => {
  const schema = experimentJsonSchema() as {
    additionalProperties: boolean;
    required: string[];
    properties: Record<string, { properties: Record<string, { default?: unknown; description?: string }> }>;
  };
  expect(schema.additionalProperties).toBe(false);
  expect(schema.required).toEqual(["name", "data"]);
  expect(schema.properties.portfolio!.properties.initial_cash!.default).toBe(100_000);
  expect(schema.properties.portfolio!.properties.size_type!.default).toBe("target_percent");
  expect(schema.properties.portfolio!.properties.preset).toMatchObject({
    enum: ["conservative", "aggressive", "signals_mode"],
  });
  expect(schema.properties.allocation!.properties.method!.description).toBe("Weighting method.");
});

describe("blocks of several kinds", () => {
  const head = "name: x\ndata: {}\n";

  test.each([
    [
      "a misspelt kind",
      "signal: {kind: scoers}",
      'x.yaml:3 signal.kind: must be one of long_only, tsmom, scores, weights, got "scoers", did you mean "scores"?',
    ],
    [
      "a misspelt key, among those of its own kind",
      "signal: {kind: weights, pth: a.csv}",
      'x.yaml:3 signal.pth: unknown key, expected one of kind, path, did you mean "path"?',
    ],
    ["a key of another kind", "signal: {path: a.csv}", "x.yaml:3 signal.path: unknown key, expected one of kind"],
    [
      "a misspelt key in a list",
      "features: [{name: return}, {name: momentum, skip_bar: 3}]",
      'x.yaml:3 features.1.skip_bar: unknown key, expected one of name, lookback_bars, skip_bars, did you mean "skip_bars"?',
    ],
    [
      "a weight for a column nobody makes",
      "features: [{name: momentum}]\nranking: {short: {feature_weights: {momentum_50: 1}}}",
      'x.yaml:4 ranking.short.feature_weights.momentum_50: is no column of `features`, got "momentum_50", did you mean "momentum_60"?',
    ],
    [
      "scores without a source",
      "signal: {kind: scores, select: {top_k: 3}}",
      'x.yaml:3 signal.kind: needs `signal.path`, a wide file of scores, or a `ranking` or `l5` block, got "scores"',
    ],
    [
      "thresholds the wrong way round",
      "asset_selector: {exclude_score_threshold: 0.5}",
      "x.yaml:3 asset_selector.exclude_score_threshold: must be below include_score_threshold 0.35, got 0.5",
    ],
  ])("%s", (_, yaml, want) => {
    expect(faultsOf(`${head}${yaml}\n`)).toContain(want);
  });
});
