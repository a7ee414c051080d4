import { describe, expect, test } from "vitest";
import { z } from "zod";
import { InputError } from "../../src/core/errors.ts";
import { loadSelector } from "../../src/experiment/select-assets.ts";
import { selectorPolicy } from "../../src/experiment/selector-policy.ts";
import { assetSelector } from "../../src/experiment/selector-schema.ts";
import { checkScoring, checkTransitions } from "../../src/selection/selector-policy.ts";
import { tempFile } from "../support/files.ts";

const load = (yaml: string) => loadSelector(tempFile("selector.yaml", yaml));
function faultsOf(yaml: string): string[] {
  try {
    load(yaml);
  } catch (error) {
    if (error instanceof InputError)
      return error.message.split("\n").map((line) => line.replace(/^.*selector\.yaml/, ""));
    throw error;
  }
  return [];
}

describe("the asset_selector block", () => {
  test("an empty one has the defaults of the design", () => {
    expect(load("asset_selector: {}\n").block).toEqual({
      enabled: true,
      sharpe_weight: 0.4,
      return_weight: 0.3,
      drawdown_weight: 0.3,
      sharpe_lookback: 60,
      return_lookback: 30,
      exclude_score_threshold: 0.2,
      include_score_threshold: 0.35,
      hard_exclude_sharpe: -1,
      hard_exclude_drawdown: 0.15,
      exclude_confirmation_bars: 5,
      include_confirmation_bars: 3,
      relapse_confirmation_bars: 1,
      min_exclusion_bars: 30,
      ramp_steps: 3,
      min_active_assets: 2,
      redistribute: false,
    });
  });

  test("every key says what it is", () => {
    const { properties } = z.toJSONSchema(assetSelector, { io: "input" });
    for (const [key, schema] of Object.entries(properties!))
      expect((schema as { description?: string }).description, key).toMatch(/\w/);
  });

  test("every key arrives in the policy, which is one the stage accepts", () => {
    const { block } = load(`asset_selector:
  sharpe_weight: 0.5
  return_weight: 0.2
  drawdown_weight: 0.3
  sharpe_lookback: 61
  return_lookback: 31
  exclude_score_threshold: 0.11
  include_score_threshold: 0.22
  hard_exclude_sharpe: -2
  hard_exclude_drawdown: 0.33
  exclude_confirmation_bars: 6
  include_confirmation_bars: 4
  relapse_confirmation_bars: 2
  min_exclusion_bars: 20
  ramp_steps: 5
  min_active_assets: 7
  redistribute: true
`);
    const policy = selectorPolicy(block, 252)!;
    expect(policy).toEqual({
      scoring: {
        sharpeWeight: 0.5,
        returnWeight: 0.2,
        drawdownWeight: 0.3,
        sharpeLookbackBars: 61,
        returnLookbackBars: 31,
        periodsPerYear: 252,
      },
      excludeScore: 0.11,
      includeScore: 0.22,
      hardExcludeSharpe: -2,
      hardExcludeDrawdown: 0.33,
      excludeConfirmationBars: 6,
      includeConfirmationBars: 4,
      relapseConfirmationBars: 2,
      minExclusionBars: 20,
      rampSteps: 5,
      minActiveAssets: 7,
      redistribute: true,
    });
    checkScoring(policy.scoring);
    checkTransitions(policy);
  });

  test("off is identical to absent", () => {
    expect(selectorPolicy(undefined, 252)).toBeNull();
    expect(selectorPolicy(assetSelector.parse({ enabled: false, ramp_steps: 7 }), 252)).toBeNull();
  });
});

describe("faults name file, line, path and value", () => {
  const block = (...lines: string[]) => `asset_selector:\n${lines.map((line) => `  ${line}\n`).join("")}`;
  test.each([
    [
      "an unknown key",
      block("ramp_step: 3"),
      /^:2 asset_selector\.ramp_step: unknown key.*did you mean "ramp_steps"\?/,
    ],
    ["a wrong type", block("enabled: yes please"), /^:2 asset_selector\.enabled: must be boolean, got "yes please"/],
    [
      "weights that do not sum to 1",
      block("ramp_steps: 2", "sharpe_weight: 0.5"),
      /^:3 asset_selector\.sharpe_weight: must sum to 1 with return_weight 0\.3 and drawdown_weight 0\.3, but the sum is 1\.1, got 0\.5/,
    ],
    [
      "thresholds the wrong way round",
      block("exclude_score_threshold: 0.35"),
      /^:2 asset_selector\.exclude_score_threshold: must be below include_score_threshold 0\.35, got 0\.35/,
    ],
    ["a drawdown of nothing", block("hard_exclude_drawdown: 0"), /^:2 .*hard_exclude_drawdown: must be above 0, got 0/],
    ["a drawdown of more than all", block("hard_exclude_drawdown: 15"), /^:2 .*: must be at most 1, got 15/],
    ["half a bar", block("min_exclusion_bars: 2.5"), /^:2 .*min_exclusion_bars: must be a whole number, got 2\.5/],
    ["no confirmation", block("exclude_confirmation_bars: 0"), /^:2 .*: must be at least 1, got 0/],
    [
      "a window too short for a score",
      block("sharpe_lookback: 9"),
      /^:2 .*sharpe_lookback: must be at least 10, got 9/,
    ],
    ["a ramp longer than a byte", block("ramp_steps: 255"), /^:2 .*ramp_steps: must be at most 254, got 255/],
    [
      "a selector switched off",
      block("enabled: false"),
      /^:2 asset_selector\.enabled: switches the selector off.*got false/,
    ],
    ["no block", "name: x\n", /^ asset_selector: is required \(a mapping\)/],
    ["an empty block", "asset_selector:\n", /^:1 asset_selector: must be a mapping/],
    [
      "an unknown block",
      `${block("ramp_steps: 2")}asset_selectr: {}\n`,
      /^:3 asset_selectr: unknown key.*did you mean "asset_selector"\?/,
    ],
    [
      "impossible periods",
      `${block("ramp_steps: 2")}data: {periods_per_year: 0}\n`,
      /^:3 data\.periods_per_year: must be above 0/,
    ],
  ])("%s", (_title, yaml, says) => {
    const faults = faultsOf(yaml);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(says);
  });

  test("the blocks of an experiment are let through, its bars per year are read", () => {
    const yaml =
      "name: x\ndata: {source: sample, periods_per_year: 300}\nallocation: {method: hrp}\nasset_selector: {}\n";
    expect(load(yaml).periodsPerYear).toBe(300);
    expect(load("asset_selector: {}\n").periodsPerYear).toBeUndefined();
  });
});
