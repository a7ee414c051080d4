import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type ComparisonRun, compareModels } from "../../src/experiment/compare-models.ts";
import { parseConfig } from "../../src/experiment/load-config.ts";
import { runExperiment } from "../../src/experiment/pipeline.ts";
import { comparisonYaml } from "../support/comparison.ts";
import { tempDir } from "../support/files.ts";

const configOf = (text = comparisonYaml(), ...overrides: string[]) => parseConfig(text, "small.yaml", overrides);

describe("compareModels", () => {
  const stateFolder = tempDir();
  let run: ComparisonRun;

  beforeAll(async () => {
    run = await compareModels(configOf(), "small.yaml", undefined, { stateFolder, workers: 1 });
  });

  it("has every scorer once, in order, and holds them against the first model", () => {
    const { scorers, against, backtests } = run.comparison;
    expect(scorers.map(({ name }) => name)).toEqual(["ranking", "ridge", "ols", "weighted", "stacking"]);
    expect(against.name).toBe("ridge");
    expect(backtests.map(({ name }) => name)).toEqual(scorers.map(({ name }) => name));
  });

  it("tests each other scorer on two horizons, own score and mix", () => {
    const { differences } = run.comparison;
    expect(differences.length).toBe(4 * 4);
    expect(differences.filter(({ name }) => name === "ols").map(({ score, horizon }) => `${score} ${horizon}`)).toEqual(
      ["short short", "long long", "mix short", "mix long"],
    );
    for (const { development, holdout } of differences) {
      expect(development.dates).toBeGreaterThan(50);
      expect(holdout!.dates).toBeGreaterThan(50);
    }
  });

  it("measures all models on the same dates, so that their means differ by the mean difference", () => {
    const { models, differences } = run.comparison;
    for (const { name, score, horizon, development } of differences.filter(({ kind }) => kind !== "ranking")) {
      const of = (scorer: string) =>
        models.evaluations.find((one) => one.name === scorer && one.score === score && one.horizon === horizon)!
          .development.rankIc;
      expect(of(name).dates).toBe(of("ridge").dates);
      expect(development.mean).toBeCloseTo(of(name).mean - of("ridge").mean, 12);
    }
  });

  it("lets nobody decide before the first bar on which all have a score", () => {
    const { firstBar, backtests, models } = run.comparison;
    expect(firstBar).toBeGreaterThanOrEqual(models.horizons[1]!.splits[0]!.testStart);
    for (const { equity } of backtests) {
      expect(new Set(equity.subarray(0, firstBar + 1)).size).toBe(1);
      expect(equity[firstBar + 1]).not.toBe(equity[firstBar]);
    }
  });

  it("warns of fallbacks of every combiner that were traded, and of none before", () => {
    const { warnings, models, firstBar } = run.comparison;
    expect(models.combinerEvents.some((event) => event.kind === "fallback" && event.toBar < firstBar)).toBe(true);
    expect(warnings.map((text) => text.slice(0, 32))).toEqual([
      "ensemble stacking, short horizon",
      "ensemble stacking, long horizon:",
    ]);
  });

  it.each([
    ["at once", ""],
    ["by a schedule", "rebalancing: {trigger: calendar, interval: 3, split: [0.5, 0.5]}\n"],
  ])("trades a model's score to the account that `run` has when it is the only one, %s", async (_how, schedule) => {
    const own = comparisonYaml()
      .replace(/ranking:\n.*\n.*\n/, "")
      .replace(/ensemble: .*\n/, "")
      .replace("[ridge, ols]", "ridge");
    const alone = own + schedule;
    const options = { stateFolder: tempDir(), workers: 1 };
    const { comparison } = await compareModels(configOf(alone), "small.yaml", undefined, options);
    const { record } = await runExperiment(configOf(alone), "small.yaml", undefined, options);
    expect(comparison.scorers.map(({ name }) => name)).toEqual(["ridge"]);
    expect(comparison.differences).toEqual([]);
    expect([...comparison.backtests[0]!.equity]).toEqual([...record.account.equity]);
    expect(comparison.models).toEqual(record.models);
    expect(comparison.id).toBe(record.id);
  });

  it("counts one look at the holdout, however often it runs, and takes fits from the cache", async () => {
    const again = await compareModels(configOf(), "small.yaml", undefined, { stateFolder, workers: 1 });
    expect([run.notes.holdoutLooks, again.notes.holdoutLooks]).toEqual([1, 1]);
    expect(again.notes.fits.every(({ fromCache }) => fromCache)).toBe(true);
    expect(again.comparison).toEqual(run.comparison);
  });

  it("shows nothing of the holdout in the development: with another holdout the same numbers", async () => {
    // The data end 40 bars earlier, all of them in the holdout.
    const end = new Date(run.comparison.models.axes.time.at(-41)!).toISOString().slice(0, 10);
    const shorter = await compareModels(configOf(comparisonYaml(), `data.end=${end}`), "small.yaml", undefined, {
      stateFolder,
      workers: 1,
    });
    const seen = ({ comparison }: ComparisonRun) => ({
      evaluations: comparison.models.evaluations.map(({ development }) => development),
      differences: comparison.differences.map(({ development }) => development),
      backtests: comparison.backtests.map(({ development }) => development),
    });
    expect(seen(shorter)).toEqual(seen(run));
    expect(shorter.comparison.backtests[0]!.holdout).not.toEqual(run.comparison.backtests[0]!.holdout);
  });

  it("without a holdout counts no look and has no second column", async () => {
    const state = tempDir();
    const options = { stateFolder: state, workers: 1, against: "ranking" };
    const { comparison, notes } = await compareModels(configOf(comparisonYaml(null)), "small.yaml", undefined, options);
    expect(notes.holdoutLooks).toBeNull();
    expect(existsSync(join(state, "holdout.sqlite"))).toBe(false);
    expect(comparison.against.kind).toBe("ranking");
    expect(comparison.differences.every(({ holdout }) => holdout === null)).toBe(true);
    expect(comparison.backtests.every(({ holdout }) => holdout === null)).toBe(true);
  });

  it.each([
    [
      "an unknown score, before anything is trained",
      comparisonYaml(),
      "weigthed",
      /--against.*did you mean "weighted"/,
    ],
    ["an experiment without models", "name: x\ndata: {source: sample}\n", undefined, /has no `l5` block/],
    [
      "a signal that trades no scores",
      comparisonYaml().replace(/\nsignal: .*/, "\nsignal: {kind: long_only}"),
      undefined,
      /signal.kind: must be scores/,
    ],
  ])("refuses %s", async (_what, text, against, message) => {
    const stages: string[] = [];
    const compared = compareModels(configOf(text), "small.yaml", (stage) => stages.push(stage), { against });
    await expect(compared).rejects.toThrow(message);
    expect(stages).toEqual([]);
  });
});
