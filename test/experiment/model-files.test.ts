/** A whole run with models: its files, the same bytes again, and what a reader is told. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadConfig, parseConfig } from "../../src/experiment/load-config.ts";
import { runExperiment } from "../../src/experiment/pipeline.ts";
import { writeRun } from "../../src/experiment/write-run.ts";
import { modelFromJson } from "../../src/models/catalogue.ts";
import { tempDir } from "../support/files.ts";

const TEXT = `
name: small
data: {source: sample, sample_assets: 8, sample_bars: 260}
features: [{name: column, column: quality_signal}, {name: volatility, lookback_bars: 10}]
ranking: {short: {feature_weights: {quality_signal: 1}}, long: {feature_weights: {volatility_10: -1}}, alpha: 0.25}
l5:
  model_type: [ridge, theil_sen]
  horizons: {short: 2, long: 5}
  params: {theil_sen: {max_rows: 60}}
  walk_forward: {train_bars: 100, test_bars: 40, min_train_rows: 20}
ensemble: {kind: [stacking, weighted]}
validation: {holdout_start: 2015-11-02}
signal: {kind: scores, select: {top_k: 2}}
allocation: {lookback_bars: 10}
`;

async function written(workers: number, stateFolder = tempDir()) {
  const run = await runExperiment(parseConfig(TEXT, "small.yaml"), "small.yaml", () => {}, { stateFolder, workers });
  const out = tempDir();
  await writeRun(run, out, "<html></html>");
  return { run, out };
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

const linesOf = (out: string, name: string): string[] => readFileSync(join(out, name), "utf8").trimEnd().split("\n");

describe("a run with models", () => {
  test("writes scores, predictions, splits, ICs, importances and every model; the same bytes by two workers", async () => {
    const [one, two] = [await written(1), await written(2)];
    const names = filesOf(one.out);
    for (const name of [
      "ic.csv",
      "ic_summary.csv",
      "importance.csv",
      "model_scores/ridge_long.csv",
      "model_scores/theil_sen_short.csv",
      "models/ridge-short-0.json",
      "models/theil_sen-long-3.json",
      "scores.csv",
      "splits.csv",
    ])
      expect(names).toContain(name);
    expect(filesOf(two.out)).toEqual(names);
    for (const name of names.filter((each) => each !== "timings.json"))
      expect(readFileSync(join(two.out, name)).equals(readFileSync(join(one.out, name))), name).toBe(true);
    const model = modelFromJson(JSON.parse(readFileSync(join(one.out, "models/ridge-short-0.json"), "utf8")));
    expect(model.features).toEqual(["quality_signal", "volatility_10"]);
  });

  test("says in its splits what was learnt from and what was left out", async () => {
    const { out, run } = await written(1);
    const [header, first] = linesOf(out, "splits.csv");
    expect(header).toBe(
      "horizon,horizon_bars,fold,period,train_start,train_end,train_bars,purged_bars,embargoed_bars,test_start,test_end,test_bars",
    );
    const { time } = run.market.ohlcv.axes;
    const dateOf = (bar: number) => new Date(Number(time[bar])).toISOString().slice(0, 10);
    // h = 2: the label of row 96 ends at bar 99, so rows 97, 98 and 99 are purged before the test from 100
    expect(first).toBe(`short,2,0,development,${dateOf(0)},${dateOf(96)},97,3,0,${dateOf(100)},${dateOf(139)},40`);
    const holdout = linesOf(out, "splits.csv").filter((line) => line.includes("holdout"));
    expect(holdout.length).toBe(2);
    for (const line of holdout) expect(line).toContain(",2015-11-03,");
  });

  test("trades the first combiner, and tells where it fell back and where the holdout begins", async () => {
    const { run, out } = await written(1);
    const result = JSON.parse(readFileSync(join(out, "result.json"), "utf8"));
    expect(result.models).toMatchObject({
      models: ["ridge", "theil_sen"],
      combiners: ["stacking", "weighted"],
      traded: { kind: "ensemble", name: "stacking" },
      alpha: 0.25,
      holdout_start: "2015-11-03",
    });
    // ranking, two models, two combiners, each short, long, mix against short, mix against long
    expect(result.models.rank_ic).toHaveLength(20);
    expect(run.scores).toEqual(run.models!.combined.traded.mix);
    const { warnings } = run.record;
    expect(warnings).toContain("the account runs on into the holdout, which begins at 2015-11-03");
    expect(
      warnings.some((text) =>
        /^ensemble stacking, short horizon: followed the ranking alone, .* on 100 bars/.test(text),
      ),
    ).toBe(true);
    expect(
      warnings.some((text) => /^ensemble stacking, long horizon: was `weighted`, as too few labels/.test(text)),
    ).toBe(true);
  });

  test("takes its folds from the cache when it runs again, and counts its look at the holdout once", async () => {
    const folder = tempDir();
    const [first, again] = [await written(1, folder), await written(1, folder)];
    expect(first.run.trainingNotes!.fits.some(({ fromCache }) => fromCache)).toBe(false);
    expect(again.run.trainingNotes!.fits.every(({ fromCache }) => fromCache)).toBe(true);
    expect(again.run.record.models).toEqual(first.run.record.models);
    expect([first.run.trainingNotes!.holdoutLooks, again.run.trainingNotes!.holdoutLooks]).toEqual([1, 1]);
  });

  test("runs again from its resolved config to the same id", async () => {
    const { run } = await written(1);
    const config = parseConfig(run.record.config, "config.yaml");
    expect(config.l5!.walk_forward.step_bars).toBe(40);
    expect(config.l5!.alpha).toBe(0.25);
    const again = await runExperiment(config, "config.yaml", () => {}, { stateFolder: tempDir(), workers: 1 });
    expect(again.record.id).toBe(run.record.id);
    expect(again.record.config).toBe(run.record.config);
  });

  test("refuses a holdout outside of the data", async () => {
    const config = parseConfig(TEXT.replace("2015-11-02", "2030-01-01"), "small.yaml");
    await expect(runExperiment(config, "small.yaml", () => {}, { stateFolder: tempDir() })).rejects.toThrow(
      /validation\.holdout_start: must lie after 2015-01-01 and by/,
    );
  });
});

describe("the experiments that come with it", () => {
  for (const name of ["two-track", "two-track-l5", "model-comparison", "sp500-two-track-l5"])
    test(`${name} is a valid experiment of that name`, () => {
      const file = fileURLToPath(new URL(`../../experiments/${name}.yaml`, import.meta.url));
      expect(loadConfig(file).name).toBe(name);
    });
});
