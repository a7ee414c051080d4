/** A sweep's text on the console: 80 columns whatever the axes, numbers to the right, nothing said twice. */
import { describe, expect, test } from "vitest";
import { sweepText } from "../../src/cli/sweep-text.ts";
import { fabricateSweep } from "../report/fabricate-sweep.ts";
import { smallSweep } from "../report/sweep/small-sweep.ts";

const record = fabricateSweep();
const lines = (text: string) => text.split("\n");

describe("the text of a sweep", () => {
  test("fits 80 columns with five axes, lists among them, and gives up metrics before names", () => {
    const axes = {
      "allocation.method": ["inverse_volatility"],
      "allocation.lookback_bars": [60],
      "asset_selector.exclude_score_threshold": [0.3],
      "rebalancing.split": ["[0.3,0.3,0.4]"],
      "portfolio.cost_model.per_asset": ["{}"],
    };
    const text = sweepText(smallSweep(axes, [[["inverse_volatility", 60, 0.3, "[0.3,0.3,0.4]", "{}"], 0.5]]), 0);
    expect(lines(text)).toEqual([
      "1 trial by sharpe",
      "",
      "                                exclude_",
      "                    lookback_     score_                 per_",
      "method                   bars  threshold  split          asset  Sharpe  CAGR",
      "inverse_volatility         60        0.3  [0.3,0.3,0.4]  {}       0.50   n/a",
    ]);
  });

  test("cuts what does not fit even so, and says so", () => {
    const path = (n: number) => `x.axis${n}`;
    const long = "a-value-of-thirty-characters-ab";
    const axes = Object.fromEntries([0, 1, 2, 3, 4].map((n) => [path(n), [long]]));
    const text = sweepText(smallSweep(axes, [[[long, long, long, long, long], 1]]), 0);
    for (const line of lines(text)) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toContain("a-value-of-…");
  });

  test("says why trials have no result, and shows no table without any", () => {
    const trials = [
      [[1], "a: must be below 5, got 7"],
      [[2], "b: is no key"],
      [[3], "a: must be below 5, got 12"],
    ] as const;
    expect(lines(sweepText(smallSweep({ "a.b": [1, 2, 3] }, trials), 0))).toEqual([
      "0 trials by sharpe, 3 without a result",
      "",
      "invalid, the most frequent of 2 reasons, as trial 0: a: must be below 5, got 7",
    ]);
    expect(lines(sweepText(smallSweep({ "a.b": [1, 2] }, [[[1], 1], trials[1]]), 0)).at(-1)).toBe(
      "invalid, as trial 1: b: is no key",
    );
  });

  test("shows trials that come to the same once", () => {
    const sweep = smallSweep({ "a.b": [1, 2] }, [
      [[1], 2],
      [[2], 2],
    ]);
    const trials = sweep.trials.map((trial) => ({ ...trial, id: "same" }));
    expect(lines(sweepText({ ...sweep, trials }, 0)).slice(2)).toEqual([
      "b  Sharpe  CAGR  drawdown  turnover",
      "1    2.00   n/a       n/a       n/a",
    ]);
  });

  test("says how far to believe the best, what choosing came to, and what the holdout said", () => {
    const text = sweepText(record, 0);
    for (const line of lines(text)) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toContain("95% intervals of the best trial (bootstrap): Sharpe 0.21 to 2.43, drawdown");
    expect(text).toContain(
      "deflated Sharpe of the best 52.0% over 1430 trials,\n  71.0% over the 46 that do not move alike,",
    );
    expect(text).toContain("walk-forward by sharpe: 5 windows, 252 bars to choose on (rolling) and 100 to");
    expect(text).toContain("  1 of them without a metric to choose by, which kept what they had");
    expect(text).toContain("sharpe of the choice 1.25 in sample, 0.50 out of sample (efficiency 40.0%);");
    expect(text).toContain("better than 75.0% of the trials there");
    expect(text).toContain("method hrp in 40% of windows, 3 values in all; lookback_bars 60 in 100%");
    expect(text).toMatch(/stitched, as traded {10}0\.40 {6}5\.00% {5}15\.00% {4}-20\.00%/);
    expect(text).toContain("holdout from 2022-12-02, 56 bars: look 3 at this holdout, by 3 different");
    expect(text).toMatch(/development, rank 1 {10}1\.90/);
    expect(text).toMatch(/\nholdout {22}0\.30/);
  });
});
