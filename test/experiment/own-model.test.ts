/** A model of an extension through whole runs: trained, saved, read back, tuned, compared and swept like any other. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { computeFeatures } from "../../src/data/features/compute-features.ts";
import { compareModels } from "../../src/experiment/compare-models.ts";
import { stagePlanes } from "../../src/experiment/decide.ts";
import { loadDecisionInputs } from "../../src/experiment/decision-inputs.ts";
import { featureSpecs } from "../../src/experiment/feature-schema.ts";
import { loadConfig, loadWithRaw } from "../../src/experiment/load-config.ts";
import { loadExtensions } from "../../src/experiment/load-extensions.ts";
import { proveNoLookAhead } from "../../src/experiment/look-ahead.ts";
import { openMarket } from "../../src/experiment/open-market.ts";
import { runExperiment } from "../../src/experiment/pipeline.ts";
import { NO_CACHE } from "../../src/experiment/stage-cache.ts";
import { writeRun } from "../../src/experiment/write-run.ts";
import { modelFromJson } from "../../src/models/catalogue.ts";
import { runSweep } from "../../src/sweep/run-sweep.ts";
import { tempDir } from "../support/files.ts";
import { faultyProject, mineProject } from "../support/mine-extension.ts";

const yamlOf = (l5: string, others = "") => `data: {source: sample, sample_assets: 6, sample_bars: 240}
features: [{name: momentum, lookback_bars: 10}, {name: volatility, lookback_bars: 10}]
l5: {${l5}, horizons: {short: 2, long: 5}, walk_forward: {train_bars: 100, test_bars: 40, min_train_rows: 20}}
signal: {kind: scores, select: {top_k: 2}}
allocation: {lookback_bars: 10}
${others}
`;

async function run(file: string, { set = [] as readonly string[], workers = 1, stateFolder = tempDir() } = {}) {
  return runExperiment(loadConfig(file, set), file, () => {}, { stateFolder, workers });
}

describe("a model of an extension", () => {
  test("is trained to the same files on one thread and on two, which read back to its scores to the bit", async () => {
    const file = mineProject(yamlOf("model_type: [sign_means, ridge], params: {sign_means: {factor: 3}}"));
    const outs = [1, 2].map(async (workers) => {
      const done = await run(file, { workers });
      const out = join(tempDir(), "out");
      mkdirSync(out);
      await writeRun(done, out, "<html></html>");
      return { done, out };
    });
    const [one, two] = (await Promise.all(outs)) as [Awaited<(typeof outs)[0]>, Awaited<(typeof outs)[0]>];
    expect(one.done.trainingNotes).toMatchObject({ workers: 1 });
    expect(two.done.trainingNotes).toMatchObject({ workers: 2 });
    const bytes = (out: string, name: string) => readFileSync(join(out, name), "utf8");
    const files = readdirSync(join(one.out, "models")).filter((name) => name.startsWith("sign_means"));
    // 240 bars: tests begin at 100, 140, 180 and 220, for two horizons
    expect(files).toHaveLength(8);
    for (const name of [
      ...files.map((each) => `models/${each}`),
      "model_scores/sign_means_long.csv",
      "ic.csv",
      "importance.csv",
      "scores.csv",
    ])
      expect(bytes(two.out, name)).toBe(bytes(one.out, name));

    const { models } = loadExtensions(["mine.ts"], file);
    const { trained } = one.done.models!;
    const features = computeFeatures(one.done.market.ohlcv, featureSpecs(loadConfig(file).features!));
    for (const { model, horizon, split, result } of trained.folds) {
      if (model !== "sign_means") continue;
      const saved = modelFromJson(
        JSON.parse(bytes(one.out, `models/${model}-${horizon}-${split.fold}.json`)),
        1,
        models,
      );
      const x = Float64Array.from(
        [...result.cells].flatMap((cell) => [...features.values()].map((plane) => plane[cell]!)),
      );
      const scores = new Float64Array(result.cells.length);
      saved.score(x, scores.length, scores);
      expect(scores).toEqual(result.scores);
    }
    const kinds = one.done.record.models!.evaluations.map(({ name }) => name);
    expect(new Set(kinds)).toEqual(new Set(["sign_means", "ridge"]));
    const fit = one.done.record.models!.fits.find(({ model }) => model === "sign_means")!;
    expect(fit).toMatchObject({ coefficients: null, gain: null, shap: null });
    expect(fit.permutation).toHaveLength(2);
  });

  test("is tuned over its own parameters, inside each training window", async () => {
    const tune = "tune: {folds: 3, min_train_rows: 10, params: {sign_means: {factor: [1, -1], side: [both, above]}}}";
    const { record } = await run(mineProject(yamlOf(`model_type: sign_means, ${tune}`)));
    const { fits } = record.models!;
    expect(fits[0]!.trials.map(({ parameters }) => parameters)).toEqual([
      { factor: 1, side: "both" },
      { factor: 1, side: "above" },
      { factor: -1, side: "both" },
      { factor: -1, side: "above" },
    ]);
    for (const { trials, chosenTrial } of fits) {
      const ics = trials.map(({ meanRankIc }) => meanRankIc);
      expect(ics[chosenTrial]).toBe(Math.max(...ics));
      // scores with the opposite sign are ranked the other way round
      expect(ics[2]).toBeCloseTo(-ics[0]!, 12);
    }
  });

  test("is tuned over a range: whole numbers stay whole", async () => {
    const tune =
      "tune: {method: random, trials: 4, folds: 3, min_train_rows: 10, params: {sign_means: {factor: {low: 0.5, high: 2, log: true}, feature: {low: 0, high: 1}}}}";
    const { record } = await run(mineProject(yamlOf(`model_type: sign_means, ${tune}`)));
    for (const { parameters } of record.models!.fits[0]!.trials) {
      expect([0, 1]).toContain(parameters.feature);
      expect(Number.isInteger(parameters.factor)).toBe(false);
    }
  });

  test("is part of an ensemble, and held against others", async () => {
    const file = mineProject(
      yamlOf(
        "model_type: [sign_means, ridge]",
        "ranking: {short: {feature_weights: {momentum_10: 1}}}\nensemble: {kind: weighted}",
      ),
    );
    const options = { stateFolder: tempDir(), workers: 1, against: "sign_means" };
    const { comparison } = await compareModels(loadConfig(file), file, () => {}, options);
    expect(comparison.scorers.map(({ label }) => label)).toEqual([
      "ranking",
      "sign_means",
      "ridge",
      "weighted (ranking, sign_means)",
    ]);
    expect(comparison.against.name).toBe("sign_means");
    expect(comparison.provenance.extensions).toHaveLength(1);
  });

  test("is fitted anew when its file changes, and only then", async () => {
    const file = mineProject(yamlOf("model_type: sign_means"));
    const stateFolder = tempDir();
    const fromCache = async () => {
      const { trainingNotes } = await run(file, { stateFolder });
      return new Set(trainingNotes!.fits.map((fit) => fit.fromCache));
    };
    expect(await fromCache()).toEqual(new Set([false]));
    expect(await fromCache()).toEqual(new Set([true]));
    const module = join(dirname(file), "mine.ts");
    writeFileSync(module, readFileSync(module, "utf8").replace("(factor * sums[1]!)", "(2 * factor * sums[1]!)"));
    expect(await fromCache()).toEqual(new Set([false]));
  });

  test("is proven to see nothing ahead", async () => {
    const file = mineProject(yamlOf("model_type: sign_means"));
    const config = loadConfig(file);
    const inputs = await loadDecisionInputs(config, await openMarket(config, file), file);
    const report = await proveNoLookAhead((known) => stagePlanes(config, known), inputs, {
      count: 2,
      rng: createRng(1),
    });
    expect(report.leak).toBe(null);
    expect(report.cuts).toHaveLength(2);
  });
});

describe("a sweep over it", () => {
  const sweepOf = async (file: string, workers: number) => {
    const { raw, value } = loadWithRaw(file);
    return (await runSweep(raw, value, file, { cache: NO_CACHE, workers, onPlan: () => true }))!.record;
  };

  test("has the same trials on one thread and on two, each as a run of its own", async () => {
    const file = mineProject(yamlOf("model_type: sign_means", "sweep: {grid: {l5.params.sign_means.factor: [1, -1]}}"));
    const [one, two] = [await sweepOf(file, 1), await sweepOf(file, 2)];
    expect(two.trials).toEqual(one.trials);
    const returns = one.trials.map(({ metrics }) => metrics.total_return!);
    const alone = await run(file, { set: ["l5.params.sign_means.factor=-1"] });
    expect(returns[1]).toBeCloseTo(alone.record.metrics.total_return!, 9);
    expect(returns[0]).not.toBe(returns[1]);
  });

  test("is left with a failed row that names model, fold and file, the same on one thread and on two", async () => {
    const sweep = "sweep: {grid: {l5.model_type: [ridge, moody]}}";
    const file = faultyProject(yamlOf("params: {moody: {how: fit}}", sweep));
    const [one, two] = [await sweepOf(file, 1), await sweepOf(file, 2)];
    expect(two.trials).toEqual(one.trials);
    expect(one.trials.map(({ state }) => state)).toEqual(["done", "failed"]);
    expect(one.trials[1]!.error).toMatch(
      /^l5 moody, short horizon \(2 bars\), fold 0: .*faulty\.ts model moody: fit threw: not today \(faulty\.ts:30\)$/,
    );
  });
});

describe("refused, with the line and the nearest name", () => {
  const refusal = (l5: string, project = mineProject): string => {
    try {
      loadConfig(project(yamlOf(l5)));
    } catch (error) {
      return (error as Error).message.replace(/^.*\//, "");
    }
    return "";
  };

  test.each([
    [
      "model_type: [ridge, sign_mean]",
      "x.yaml:5 l5.model_type: must be one of ridge, ols, theil_sen, random_forest, xgboost, sign_means",
    ],
    [
      "params: {sign_means: {factr: 1}}",
      'x.yaml:5 l5.params.sign_means.factr: unknown key, expected one of feature, factor, side, did you mean "factor"?',
    ],
    ["params: {sign_means: {feature: 2}}", "l5.params.sign_means.feature: must be at most 1, got 2"],
    [
      "params: {sign_mean: {}}",
      'l5.params.sign_mean: unknown key, expected one of theil_sen, random_forest, xgboost, sign_means, did you mean "sign_means"?',
    ],
    ["model_type: sign_means, tune: {params: {sign_means: {feature: [2]}}}", "l5.tune.params.sign_means.feature"],
    ["model_type: sign_means, tune: {params: {sign_means: {featur: [1]}}}", 'did you mean "feature"?'],
    ["tune: {params: {sign_means: {feature: [1]}}}", "l5.tune.params.sign_means: is not among l5.model_type"],
  ])("%s", (l5, message) => {
    expect(refusal(l5)).toContain(message);
  });

  test("parameters without a default must be given where the model is trained, and only there", () => {
    expect(refusal("model_type: moody", faultyProject)).toBe(
      "x.yaml:5 l5.params.moody: must be given: it has parameters without a default",
    );
    expect(refusal("model_type: moody, params: {moody: {how: fit}}", faultyProject)).toBe("");
    expect(refusal("model_type: ridge", faultyProject)).toBe("");
  });

  test.each(["ridge", "ranking", "stacking"])("a model cannot be called %s", (name) => {
    const text = `import { defineModel, z } from "ballast";
export const taken = defineModel({ name: "${name}", describe: "x", parameters: z.strictObject({}), fit: () => null as never, restore: () => null as never });\n`;
    expect(refusal("model_type: ridge", (yaml) => mineProject(yaml, { "mine.ts": text }))).toContain(
      `the name ${name} is taken`,
    );
  });
});
