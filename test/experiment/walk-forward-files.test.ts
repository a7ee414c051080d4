/** Files of a walk-forward optimisation and of a look at the holdout. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { holdoutFacts, writeHoldout, writeWalkForward } from "../../src/experiment/walk-forward-files.ts";
import { fabricateSweep } from "../report/fabricate-sweep.ts";
import { smallSweep } from "../report/sweep/small-sweep.ts";
import { tempDir } from "../support/files.ts";

const record = fabricateSweep();
const read = (folder: string, name: string) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n");

describe("walk_forward.csv", () => {
  test("has a line a window: its dates, its choice with the values of the axes, and how it fared", async () => {
    const out = tempDir();
    const own = record.walkForward!;
    const windows = own.windows.map((window, k) =>
      k === 4 ? { ...window, choice: "none" as const, trial: -1 } : window,
    );
    await writeWalkForward(out, record, { ...own, windows });
    const lines = read(out, "walk_forward.csv");
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe(
      "window,train_start,train_end,test_start,test_end,choice,trial,id,allocation.method,allocation.lookback_bars,asset_selector.exclude_score_threshold,train_sharpe,test_sharpe,test_rank,tested",
    );
    const { index, id, values } = record.trials[own.windows[0]!.trial]!;
    // bars 1..252 and 253..352 of the days from 2021-01-01 on
    const dates = "2021-01-02,2021-09-10,2021-09-11,2021-12-19";
    expect(lines[1]).toBe(`1,${dates},chosen,${index},${id},${values.join(",")},1.25,0.5,40.5,900`);
    expect(lines[2]!.split(",").slice(5, 7)).toEqual(["kept", String(index)]);
    expect(lines[4]!.split(",").slice(-4)).toEqual(["1.25", "", "", "900"]);
    expect(lines[5]!.split(",").slice(5, 11)).toEqual(["none", "", "", "", "", ""]);
  });

  test("has the equity beside it, from the close before the first test bar on", async () => {
    const out = tempDir();
    const own = record.walkForward!;
    await writeWalkForward(out, record, own);
    const lines = read(out, "walk_forward_equity.csv");
    expect(lines[0]).toBe(
      `date,stitched,spliced,best_in_hindsight_trial_${own.hindsight.trial},median_trial_${own.median.trial}`,
    );
    expect(lines).toHaveLength(1 + own.stitched.equity.length);
    expect(lines[1]).toBe(
      `2021-09-10,${[own.stitched, own.spliced, own.hindsight, own.median].map(({ equity }) => equity[0]).join(",")}`,
    );
  });
});

describe("holdout.json", () => {
  test("says who looked, as the how manieth, and what it saw, without the series", async () => {
    const out = tempDir();
    await writeHoldout(out, record);
    const written = JSON.parse(readFileSync(join(out, "holdout.json"), "utf8"));
    const { id, values } = record.trials[record.holdout!.trial]!;
    expect(written).toMatchObject({
      sweep: record.id,
      id,
      rank: 1,
      looks: 3,
      start: "2022-12-01",
      first_bar: "2022-12-02",
      bars: 56,
      development: { sharpe: 1.9 },
      holdout: { sharpe: 0.3, turnover: null },
      intervals: { sharpe: { low: -1.5, high: 2.1 } },
      values: { "allocation.method": values[0], "allocation.lookback_bars": values[1] },
    });
    expect(written).not.toHaveProperty("equity");
    expect(written).not.toHaveProperty("time");
  });

  test("is not written where nobody looked, nor left from a run that did", async () => {
    const out = tempDir();
    const sweep = smallSweep({ a: [1] }, [[[1], 1]]);
    await writeHoldout(out, record);
    await writeWalkForward(out, record, record.walkForward);
    await writeHoldout(out, sweep);
    await writeWalkForward(out, sweep, null);
    expect(readdirSync(out)).toEqual([]);
    expect(existsSync(join(out, "holdout.json"))).toBe(false);
    expect(holdoutFacts(sweep)).toBeNull();
  });
});
