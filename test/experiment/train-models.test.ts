/** Threads, cache, cancelling and errors of the training stage. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { combineModels } from "../../src/experiment/combine-models.ts";
import { modelRecord } from "../../src/experiment/model-record.ts";
import { openStageCache } from "../../src/experiment/stage-cache.ts";
import type { TrainedModels } from "../../src/experiment/train-models.ts";
import { modelFromJson } from "../../src/models/catalogue.ts";
import { FitCancelledError } from "../../src/models/model.ts";
import { poolSize } from "../../src/models/training-pool.ts";
import { describeWithXgboost } from "../models/with-xgboost.ts";
import { tempDir } from "../support/files.ts";
import { noiseMarket, type TrainingConfig, train, trainingConfig } from "../support/training.ts";
import { resumeConfig } from "./training-resume.ts";

const market = noiseMarket(2, 300, 8);

/** All that a run hands on, times and where it came from aside. */
const resultsOf = ({ folds, horizons }: TrainedModels) => ({
  folds: folds.map(({ model, horizon, split, result }) => ({ model, horizon, split, result })),
  scores: horizons.map(({ scores }) => [...scores]),
});

const cached = ({ folds }: TrainedModels) => folds.filter(({ fromCache }) => fromCache).length;

describe("the splits and the scores", () => {
  test("fill every test window with scores and leave the rest without", async () => {
    const { horizons, folds } = await train(trainingConfig(), market);
    // 60, 90, ... 270 in 300 bars: 8 tests of each horizon
    expect(folds.map(({ horizon, split }) => `${horizon} ${split.fold}`)).toEqual(
      ["short", "long"].flatMap((horizon) => Array.from({ length: 8 }, (_, fold) => `${horizon} ${fold}`)),
    );
    for (const { scores } of horizons) {
      const plane = scores.get("ridge")!;
      expect(plane.subarray(0, 60 * 8).every((x) => Number.isNaN(x))).toBe(true);
      expect(plane.subarray(60 * 8).every((x) => Number.isFinite(x))).toBe(true);
    }
  });

  test("are those of the model that is saved with the fold", async () => {
    const { folds, horizons } = await train(trainingConfig(), market);
    const { result, split } = folds[3]!;
    const model = modelFromJson(JSON.parse(JSON.stringify(result.model)));
    expect(result.cells[0]).toBe(split.test[0]!.from * 8);
    const columns = ["noise_a", "slow"].map((name) => market.extras.get(name)!);
    const cell = result.cells[5]!;
    const x = Float64Array.of(
      ...columns.map((column) => column[cell]!),
      market.close[cell]! / market.close[cell - 8]! - 1,
      market.close[cell]! / market.open[cell]! - 1,
    );
    const out = new Float64Array(1);
    model.score(x, 1, out);
    expect(out[0]).toBeCloseTo(horizons[0]!.scores.get("ridge")![cell]!, 12);
  });

  test("of overlapping tests are those of the later fold, which knows more", async () => {
    const config = trainingConfig("walk_forward: {train_bars: 60, test_bars: 30, step_bars: 10, min_train_rows: 20}");
    const { folds, horizons } = await train(config, market);
    const later = folds.find(({ horizon, split }) => horizon === "short" && split.test[0]!.from === 70)!;
    expect(horizons[0]!.scores.get("ridge")![70 * 8]).toBe(later.result.scores[0]);
  });

  test("need a fold before the holdout", async () => {
    const config = trainingConfig("", "validation: {holdout_start: 2015-02-20}");
    await expect(train(config, market)).rejects.toThrow(
      /l5\.walk_forward\.train_bars: leaves no fold for the short horizon of 2 bars: there are 50 bars before the holdout, got 60/,
    );
  });
});

describe("workers", () => {
  test("and their threads keep every core busy and none twice", () => {
    expect(poolSize(10, 8)).toEqual({ workers: 8, threads: 1 });
    expect(poolSize(3, 8)).toEqual({ workers: 3, threads: 2 });
    expect(poolSize(1, 2)).toEqual({ workers: 1, threads: 2 });
    expect(poolSize(0, 2)).toEqual({ workers: 1, threads: 2 });
  });

  test("1, 2 and 3 of them give the same bytes", async () => {
    const config = trainingConfig(
      "model_type: [ridge, theil_sen], tune: {method: random, trials: 3, folds: 3, min_train_rows: 5, params: {ridge: {ridge_alpha: {low: 1, high: 1000, log: true}}}}",
    );
    const [one, two, three] = await Promise.all(
      [1, 2, 3].map((workers) => train(config, market, { workers, explain: true })),
    );
    expect([one!.workers, two!.workers, three!.workers]).toEqual([1, 2, 3]);
    expect(resultsOf(two!)).toEqual(resultsOf(one!));
    expect(resultsOf(three!)).toEqual(resultsOf(one!));
  });

  for (const workers of [1, 2]) {
    test(`${workers}: what a model refuses names model, horizon and fold`, async () => {
      const broken = Float64Array.from(market.extras.get("slow")!);
      broken[100 * 8] = Number.POSITIVE_INFINITY;
      const features = new Map([["slow", broken]]);
      const error = await train(
        trainingConfig("", "features: [{name: column, column: slow}]"),
        { ...market, extras: features },
        { workers },
      ).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InputError);
      // row 100 is first learnt from by the fold that tests from 120
      expect((error as Error).message).toMatch(
        /^l5 ridge, short horizon \(2 bars\), fold 2: feature slow: must be finite or missing/,
      );
    });

    test(`${workers}: a signal ends the training`, async () => {
      const stop = new AbortController();
      const onFold = (done: number) => done === 3 && stop.abort();
      const error = await train(trainingConfig(), market, { workers, signal: stop.signal, onFold }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(FitCancelledError);
    });
  }
});

describe("the cache", () => {
  const config = resumeConfig();

  test("gives finished folds back after the training was ended in the middle, with the same bytes", async () => {
    const options = { cache: openStageCache(join(tempDir(), "cache")), dataHash: "noise 2", explain: true };
    const stop = new AbortController();
    const onFold = (done: number) => done === 5 && stop.abort();
    await expect(train(config, market, { ...options, signal: stop.signal, onFold })).rejects.toThrow(FitCancelledError);
    const resumed = await train(config, market, options);
    expect(cached(resumed)).toBe(5);
    const again = await train(config, market, options);
    expect(cached(again)).toBe(again.folds.length);
    const fresh = await train(config, market, { explain: true });
    expect(cached(fresh)).toBe(0);
    expect(resultsOf(resumed)).toEqual(resultsOf(fresh));
    expect(resultsOf(again)).toEqual(resultsOf(fresh));
  });

  test("survives a process that is killed", async () => {
    const folder = join(tempDir(), "cache");
    const script = fileURLToPath(new URL("./training-process.ts", import.meta.url));
    const child = spawn(process.execPath, [script, folder], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    const killed = new Promise<NodeJS.Signals | null>((resolve) => child.on("exit", (_, signal) => resolve(signal)));
    child.stdout.on("data", (text: Buffer) => {
      said += text;
      if (said.includes("\n")) child.kill("SIGKILL");
    });
    expect(await killed).toBe("SIGKILL");
    const options = { cache: openStageCache(folder), dataHash: "noise 2", explain: true };
    const resumed = await train(config, market, options);
    expect(cached(resumed)).toBeGreaterThan(0);
    expect(cached(resumed)).toBeLessThan(resumed.folds.length);
    expect(resultsOf(resumed)).toEqual(resultsOf(await train(config, market, { explain: true })));
  });

  test("knows a fold by everything that goes into it", async () => {
    const options = { cache: openStageCache(join(tempDir(), "cache")), dataHash: "noise 2", explain: false };
    const hits = async (other: TrainingConfig, changes: object = {}) =>
      cached(await train(other, market, { ...options, ...changes }));
    const base = trainingConfig();
    expect(await hits(base)).toBe(0);
    expect(await hits(base)).toBe(16);
    expect(await hits(base, { dataHash: "noise 3" })).toBe(0);
    expect(await hits(base, { explain: true })).toBe(0);
    expect(await hits({ ...base, seed: base.seed + 1 })).toBe(0);
    expect(await hits({ ...base, portfolio: { ...base.portfolio, funding_column: "slow" } })).toBe(0);
    for (const l5 of [
      "label: demeaned",
      "ridge_alpha: 9",
      "missing: drop",
      "model_type: ols",
      "sample_weight_half_life_bars: 20",
      "tune: {folds: 2, min_train_rows: 5, params: {ridge: {ridge_alpha: [8]}}}",
    ])
      expect(await hits(trainingConfig(l5)), l5).toBe(0);
    expect(await hits(trainingConfig("", "features: [{name: column, column: slow}]"))).toBe(0);
    // an embargo moves every window; a horizon that stays as it was is found again
    expect(
      await hits(trainingConfig("walk_forward: {train_bars: 60, test_bars: 30, min_train_rows: 20, embargo_bars: 1}")),
    ).toBe(0);
    expect(await hits(trainingConfig("horizons: {short: 2, long: 7}"))).toBe(8);
    // what a fold does not hang on
    expect(await hits(trainingConfig("model_type: [ols, ridge]"))).toBe(32);
  });
});

describe("explanations", () => {
  test("find the one feature that matters, and shuffling the others costs nothing", async () => {
    // labels are what `oracle` says, and some noise
    const oracle = Float64Array.from(market.open, (_, i) => market.open[i + 24]! / market.open[i + 8]! - 1);
    const known = { ...market, extras: new Map([...market.extras, ["oracle", oracle]]) };
    const features =
      "features: [{name: column, column: noise_a}, {name: column, column: oracle}, {name: column, column: noise_b}]";
    const config = trainingConfig("label: demeaned", features);
    const trained = await train(config, known, { explain: true });
    const { fits, features: names } = modelRecord(config, known, trained, combineModels(config, 8, null, trained));
    expect(names).toEqual(["noise_a", "oracle", "noise_b"]);
    const [fit] = fits;
    expect(fit!.permutation![1]).toBeGreaterThan(0.8);
    expect(Math.abs(fit!.permutation![0]!)).toBeLessThan(0.05);
    expect(fit!.coefficients![1]).toBeGreaterThan(10 * Math.abs(fit!.coefficients![0]!));
    expect(fit).toMatchObject({
      model: "ridge",
      horizon: "short",
      fold: 0,
      gain: null,
      shap: null,
      rounds: null,
      chosenTrial: -1,
    });
  });
});

describeWithXgboost("trees in the training stage", () => {
  const config = trainingConfig(
    "model_type: [xgboost, random_forest], xgb_n_estimators: 15, rf_n_estimators: 10, early_stopping: {rounds: 3}, params: {random_forest: {max_depth: 3}}, tune: {folds: 3, min_train_rows: 5, params: {xgboost: {max_depth: [2, 3]}}}",
  );

  test("1 and 2 workers, and 1 and 2 threads, give the same bytes; explanations say what each round and feature did", async () => {
    const one = await train(config, market, { workers: 1, explain: true });
    const two = await train(config, market, { workers: 2, explain: true });
    expect(resultsOf(two)).toEqual(resultsOf(one));
    const { fits } = modelRecord(config, market, one, combineModels(config, 8, null, one));
    for (const { model, gain, shap, permutation, rounds, coefficients, trials } of fits) {
      expect(coefficients).toBe(null);
      expect([gain!.length, shap!.length, permutation!.length]).toEqual([4, 4, 4]);
      expect(gain!.some((value) => value > 0)).toBe(true);
      expect(shap!.every((value) => value >= 0)).toBe(true);
      expect(trials.length).toBe(model === "xgboost" ? 2 : 0);
      if (model === "xgboost") expect(rounds!.trained).toBeGreaterThanOrEqual(rounds!.kept);
      else expect(rounds).toBe(null);
    }
  });

  test("a signal ends a fit between two rounds", async () => {
    const long = trainingConfig("model_type: xgboost, xgb_n_estimators: 100000");
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1500);
    const started = performance.now();
    await expect(train(long, market, { workers: 2, signal: stop.signal })).rejects.toThrow(FitCancelledError);
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
