/** Everything that can be wrong with a sweep block, each fault at its own line. */
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { parseConfig } from "../../src/experiment/load-config.ts";

/** Four lines, so that the block begins at line 4. */
const HEAD = "name: x\ndata: {source: sample}\nallocation: {lookback_bars: 30}\n";

function faultsOf(block: string, overrides: readonly string[] = []): string[] {
  try {
    parseConfig(HEAD + block, "s.yaml", overrides);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.message.split("\n");
    throw error;
  }
}

const grid = (...axes: string[]) => `sweep:\n  grid:\n${axes.map((axis) => `    ${axis}\n`).join("")}`;
const where = (...texts: string[]) =>
  `sweep:\n  grid: {allocation.lookback_bars: [20, 30]}\n  where:\n${texts.map((text) => `    - ${text}\n`).join("")}`;

describe("an axis", () => {
  test.each([
    [
      "of a misspelt block",
      "alocation.method: [hrp]",
      's.yaml:6 sweep.grid.alocation.method: is no key of an experiment, did you mean "allocation.method"?',
    ],
    [
      "of a misspelt key",
      "allocation.constraints.max_wieght: [0.3]",
      's.yaml:6 sweep.grid.allocation.constraints.max_wieght: is no key of an experiment, did you mean "allocation.constraints.max_weight"?',
    ],
    [
      "of a key that is nothing like another",
      "metrics.of_success: [1]",
      "s.yaml:6 sweep.grid.metrics.of_success: is no key of an experiment, metrics has risk_free",
    ],
    [
      "below a value",
      "allocation.method.name: [hrp]",
      "s.yaml:6 sweep.grid.allocation.method.name: is no key of an experiment, allocation.method is a value",
    ],
    [
      "inside a list",
      "features.first.lookback_bars: [20]",
      "s.yaml:6 sweep.grid.features.first.lookback_bars: is no key of an experiment, features is a list, whose items go by their number: features.0",
    ],
    [
      "that is a block",
      "allocation.constraints: [0.3]",
      "s.yaml:6 sweep.grid.allocation.constraints: is a block of keys and not a value: name one of its keys, such as allocation.constraints.<key>, got 0.3",
    ],
    [
      "that is no path",
      "allocation: [hrp]",
      "s.yaml:6 sweep.grid.allocation: must be a path into the experiment, such as allocation.method",
    ],
    [
      "of what all trials share",
      "data.sample_bars: [100, 200]",
      "s.yaml:6 sweep.grid.data.sample_bars: cannot differ: all trials share it",
    ],
    [
      "with a value twice",
      "allocation.lookback_bars: [20, 30, 20]",
      "s.yaml:6 sweep.grid.allocation.lookback_bars: has a value twice, got 20",
    ],
    [
      "without values",
      "allocation.lookback_bars: []",
      "s.yaml:6 sweep.grid.allocation.lookback_bars: must have at least 1 item, got 0",
    ],
  ])("%s is refused at its line", (_, axis, says) => {
    expect(faultsOf(grid(axis))).toEqual([says]);
  });

  test("may be a key that the experiment leaves open, or a block given as mappings", () => {
    const axes = [
      "portfolio.cost_model.per_asset.SYN01.fee_bps: [1, 2]",
      "signal.lookback_bars: [20]",
      "allocation.cov_estimator: [sample, {kind: ewma, half_life: 30}]",
      "allocation.constraints: [{max_weight: 0.3}, {max_weight: 0.4}]",
      "seed: [1, 2]",
      "features.0.lookback_bars: [20, 40]",
    ];
    expect(faultsOf(grid(...axes))).toEqual([]);
  });

  test("every fault is named at once", () => {
    const found = faultsOf(grid("alocation.method: [hrp]", "allocation.lookback: [20]"));
    expect(found.map((text) => text.slice(0, 8))).toEqual(["s.yaml:6", "s.yaml:7"]);
  });

  test("of an override names the override", () => {
    expect(faultsOf(grid("allocation.rebalance_bars: [5]"), ["sweep.grid={allocation.metod: [hrp]}"])).toEqual([
      '--set sweep.grid.allocation.metod: is no key of an experiment, did you mean "allocation.method"?',
    ]);
  });
});

describe("sources", () => {
  test.each([
    ["an empty grid", "sweep:\n  grid: {}\n", ["s.yaml:5 sweep.grid: names no path"]],
    ["an empty entry", "sweep:\n  list:\n    - {}\n", ["s.yaml:6 sweep.list.0: names no path"]],
    ["no draws from anything", "sweep:\n  random: {n: 3, space: {}}\n", ["s.yaml:5 sweep.random.space: names no path"]],
    [
      "a path in two sources",
      "sweep:\n  grid: {allocation.lookback_bars: [20]}\n  zip:\n    allocation.lookback_bars: [30]\n",
      ["s.yaml:7 sweep.zip.allocation.lookback_bars: is set in sweep.grid already"],
    ],
    [
      "a path within another",
      "sweep:\n  grid:\n    allocation.constraints: [{max_weight: 0.3}]\n    allocation.constraints.min_weight: [0.1]\n",
      ["s.yaml:7 sweep.grid.allocation.constraints.min_weight: overlaps allocation.constraints, which is set as well"],
    ],
    [
      "an entry twice",
      "sweep:\n  list:\n    - {seed: 1}\n    - {seed: 2}\n    - {seed: 1}\n",
      ["s.yaml:8 sweep.list.2: is the same as entry 0"],
    ],
  ])("%s is refused", (_, block, says) => {
    expect(faultsOf(block)).toEqual(says);
  });

  test("entries of a list may set what other entries set, a path of one within a path of the other", () => {
    expect(
      faultsOf(
        "sweep:\n  list:\n    - {allocation.constraints: {max_weight: 0.3}}\n    - {allocation.constraints.max_weight: 0.4}\n    - {allocation.constraints.max_weight: 0.5}\n",
      ),
    ).toEqual([]);
  });

  test("ten million configs are counted and refused before one is made", () => {
    const ten = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
    const keys = ["rebalance_bars", "lookback_bars", "min_history_bars", "smoothing_half_life_bars"];
    const axes = keys.map((key) => `allocation.${key}: ${ten}`);
    const more = ["ramp_steps", "min_exclusion_bars", "min_active_assets"].map(
      (key) => `asset_selector.${key}: ${ten}`,
    );
    // 10^4 are fine, 10^7 are not
    expect(faultsOf(grid(...axes))).toEqual([]);
    expect(faultsOf(grid(...axes, ...more))).toEqual([
      "s.yaml:4 sweep: is 10,000,000 configs (10 x 10 x 10 x 10 x 10 x 10 x 10), at most 100,000 can be planned; `random` draws some of them",
    ]);
  });
});

test("a metric against a benchmark ranks only where there is one, in the experiment or on an axis", () => {
  const ranked = (axis: string) => `${grid(axis)}  rank_by: information_ratio\n`;
  const lookbacks = "allocation.lookback_bars: [20, 30]";
  expect(faultsOf(ranked(lookbacks))).toEqual([
    's.yaml:7 sweep.rank_by: needs a `benchmark` block to be measured against, got "information_ratio"',
  ]);
  expect(faultsOf(`benchmark: {method: equal_weight}\n${ranked(lookbacks)}`)).toEqual([]);
  expect(faultsOf(ranked("benchmark.method: [equal_weight, inverse_volatility]"))).toEqual([]);
});

describe("where", () => {
  test.each([
    [
      "a misspelt path",
      "allocation.lokback_bars > 20",
      's.yaml:7 sweep.where.0: allocation.lokback_bars is no key of an experiment; a text with a dot goes in quotes, did you mean "allocation.lookback_bars"?',
    ],
    [
      "a word that the key never has",
      "allocation.method == hrpp",
      's.yaml:7 sweep.where.0: allocation.method is never that, got "hrpp", did you mean "hrp"?',
    ],
    ["numbers alone", "3 < 4", 's.yaml:7 sweep.where.0: compares no setting, such as allocation.method, got "3 < 4"'],
    [
      "an order among words",
      "allocation.method < hrp",
      's.yaml:7 sweep.where.0: < compares numbers alone, got "allocation.method < hrp"',
    ],
    [
      "two comparisons in one",
      "allocation.lookback_bars > 20 and seed < 3",
      's.yaml:7 sweep.where.0: must be `path operator value`, the operator one of < <= > >= == !=; found `and` at character 31, a second comparison is an item of its own, got "allocation.lookback_bars > 20 and seed < 3"',
    ],
  ])("with %s is refused at its line", (_, text, says) => {
    expect(faultsOf(where(text))).toEqual([says]);
  });

  test("names the line of the one that is wrong", () => {
    expect(faultsOf(where("allocation.lookback_bars > 20", "allocation.lookback_bars >> 20"))[0]).toMatch(
      /^s\.yaml:8 sweep\.where\.1: .*found `>>` at character 26/,
    );
  });
});

test("an unknown metric to rank by gets the nearest name instead of forty", () => {
  expect(faultsOf(`${grid("seed: [1]")}  rank_by: shrape\n`)).toEqual([
    expect.stringMatching(
      /^s\.yaml:7 sweep\.rank_by: is none of the \d+ names there are, got "shrape", did you mean "sharpe"\?$/,
    ),
  ]);
});
