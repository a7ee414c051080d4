import { describe, expect, test } from "vitest";
import { modelFromJson } from "../../src/models/catalogue.ts";
import { trainingSetOf } from "../../src/models/design-matrix.ts";
import { forwardReturns } from "../../src/models/labels.ts";
import { FitCancelledError, type TrainingSet } from "../../src/models/model.ts";
import { boundModel, type ExtensionModel, type ModelExtension } from "../../src/models/model-extension.ts";
import { type FoldTask, trainFold } from "../../src/models/training-fold.ts";
import { sharedPlane, trainFolds } from "../../src/models/training-pool.ts";
import { modelThat, patient, signMeans } from "../support/extension-definitions.ts";
import { noiseMarket } from "../support/training.ts";

const CONTEXT = { seed: 1, threads: 1, cancelled: () => false };

/** Of one feature; labels below 0: 0.1 and 0.3, not below: -0.2. */
const ROWS: TrainingSet = {
  features: ["f"],
  x: Float64Array.of(-1, -2, 1),
  y: Float64Array.of(0.1, 0.3, -0.2),
  weight: null,
  bar: Int32Array.of(0, 0, 1),
  labelEnd: Int32Array.of(2, 2, 3),
};
const PLAIN = { feature: 0, factor: 1, side: "both" };

const market = noiseMarket(8, 100, 6);
const { values: labels } = forwardReturns(market, 3, "raw");
const features = { names: ["a", "b"], values: ["noise_a", "slow"].map((name) => market.extras.get(name)!), assets: 6 };

/** The labels of rows 0 .. 55 end by bar 59. */
const task = (changes: Partial<FoldTask> = {}): FoldTask => ({
  model: "mine",
  parameters: {},
  tuning: null,
  horizonBars: 3,
  train: { from: 0, to: 56 },
  test: { from: 60, to: 70 },
  halfLifeBars: null,
  seed: 1,
  explainBefore: null,
  ...changes,
});

const foldOf = (extension: ModelExtension, changes: Partial<FoldTask> = {}) =>
  trainFold(
    task({ model: extension.name, ...changes }),
    features,
    labels,
    CONTEXT,
    new Map([[extension.name, extension]]),
  );

describe("boundModel", () => {
  test("is the model that the extension fits, and scores by it", () => {
    const model = boundModel(signMeans).fit(ROWS, PLAIN, CONTEXT);
    const out = new Float64Array(3);
    model.score(Float64Array.of(5, -7, 0), 3, out);
    // (0.1 + 0.3) / 2 below 0, -0.2 from 0 on
    expect([...out]).toEqual([-0.2, 0.2, -0.2]);
    expect(model).toMatchObject({ kind: "sign_means", features: ["f"], trainingRows: 3 });
    expect(model.coefficients).toBe(undefined);
  });

  test("rows without a feature are not shown to it, and have no score", () => {
    const seen: number[] = [];
    const counting = modelThat({
      score: (x, rows, out) => {
        seen.push(rows);
        out.set(x);
      },
    });
    const out = new Float64Array(3);
    boundModel(counting)
      .fit(ROWS, {}, CONTEXT)
      .score(Float64Array.of(4, Number.NaN, 6), 3, out);
    expect([...out]).toEqual([4, Number.NaN, 6]);
    expect(seen).toEqual([2]);
  });

  test("a saved model reads back to the same scores to the bit, after JSON text", () => {
    const model = boundModel(signMeans).fit(ROWS, { ...PLAIN, factor: 1 / 3 }, CONTEXT);
    const text = JSON.stringify(model);
    expect(JSON.parse(text)).toMatchObject({ kind: "sign_means", features: ["f"], trainingRows: 3 });
    const loaded = modelFromJson(JSON.parse(text), 1, new Map([["sign_means", signMeans]]));
    const [one, two] = [new Float64Array(2), new Float64Array(2)];
    model.score(Float64Array.of(-1, 1), 2, one);
    loaded.score(Float64Array.of(-1, 1), 2, two);
    expect(two).toEqual(one);
    expect(JSON.stringify(loaded)).toBe(text);
    expect(() =>
      modelFromJson({ ...JSON.parse(text), kind: "sign_mean" }, 1, new Map([["sign_means", signMeans]])),
    ).toThrow('saved model: kind: is no known model, got "sign_mean", did you mean "sign_means"?');
  });

  test("learns from copies", () => {
    const vandal = modelThat(
      {},
      {
        fit: (training, parameters) => {
          training.x.fill(9);
          training.y.fill(9);
          (parameters as { k: number }).k = 9;
          return modelThat({}).fit(training, {}, CONTEXT);
        },
      },
    );
    const rows = structuredClone(ROWS);
    const parameters = { k: 1 };
    boundModel(vandal).fit(rows, parameters, CONTEXT);
    expect(rows).toEqual(ROWS);
    expect(parameters).toEqual({ k: 1 });
  });

  test("sees no rows around those it is given, where they are a view of more", () => {
    const seen: number[] = [];
    const looking = modelThat(
      {},
      {
        fit: (training) => {
          for (const view of [training.x, training.y, training.bar, training.labelEnd])
            seen.push(view.buffer.byteLength / view.BYTES_PER_ELEMENT);
          return modelThat({}).fit(training, {}, CONTEXT);
        },
      },
    );
    const part = { ...ROWS, x: ROWS.x.subarray(0, 2), y: ROWS.y.subarray(0, 2) };
    boundModel(looking).fit(
      { ...part, bar: ROWS.bar.subarray(0, 2), labelEnd: ROWS.labelEnd.subarray(0, 2) },
      {},
      CONTEXT,
    );
    expect(seen).toEqual([2, 2, 2, 2]);
  });

  test("what it throws once the fit is cancelled is a cancelled fit", () => {
    const stopped = modelThat(
      {},
      {
        fit: () => {
          throw new Error("stopped");
        },
      },
    );
    const fitted = (cancelled: boolean) => () =>
      boundModel(stopped).fit(ROWS, {}, { ...CONTEXT, cancelled: () => cancelled });
    expect(fitted(true)).toThrow(FitCancelledError);
    expect(fitted(false)).toThrow("model mine: fit threw: stopped");
  });

  test("coefficients name every feature in order", () => {
    const entry = { feature: "f", value: 2, rawValue: 1 };
    const with_ = (list: readonly object[]) =>
      boundModel(modelThat({ coefficients: () => list as never })).fit(ROWS, {}, CONTEXT).coefficients!;
    expect(with_([entry])()).toEqual([entry]);
    expect(with_([{ ...entry, feature: "g" }])).toThrow("model mine: coefficients must list f, in this order");
    expect(with_([{ feature: "f", value: 2 }])).toThrow("each with a finite value and rawValue");
  });
});

describe("trainFold", () => {
  test("trains it like any other, and explains it by permutation alone", () => {
    const result = foldOf(signMeans, { parameters: PLAIN, explainBefore: 100 });
    const { set } = trainingSetOf(
      features,
      { values: labels, endBar: (t) => t + 4 },
      { from: 0, to: 56, knownBefore: 60 },
      null,
    );
    let [sum, count] = [0, 0];
    for (let r = 0; r < set.y.length; r++)
      if (set.x[2 * r]! >= 0) {
        sum += set.y[r]!;
        count++;
      }
    expect((result.model.data as { above: number }).above).toBe(sum / count);
    const first = market.extras.get("noise_a")![360]! < 0 ? "below" : "above";
    expect(result.scores[0]).toBe((result.model.data as Record<string, number>)[first]);
    const { permutation, ...others } = result.explanation!;
    expect(others).toEqual({ coefficients: null, rawCoefficients: null, gain: null, shap: null });
    // scores know the first feature alone
    expect(permutation![0]).not.toBe(0);
    expect(permutation![1]).toBe(0);
  });

  test("tunes it: the factor with the right sign wins", () => {
    // rank ICs of a factor and of its opposite are each other's opposite
    const candidates = [1, -1].map((factor) => ({ tried: { factor }, parameters: { ...PLAIN, factor } }));
    const policy = { folds: 4, testFolds: 1, embargoBars: 0, minTrainRows: 5 };
    const { trials, chosenTrial, model } = foldOf(signMeans, { tuning: { policy, candidates } });
    expect(trials[0]!.meanRankIc).toBeCloseTo(-trials[1]!.meanRankIc, 12);
    expect(chosenTrial).toBe(trials[0]!.meanRankIc > 0 ? 0 : 1);
    const all = foldOf(signMeans, { parameters: candidates[chosenTrial]!.parameters });
    expect(model).toEqual(all.model);
  });

  const bySum: ExtensionModel["score"] = (x, rows, out) => void out.fill(x.reduce((sum, v) => sum + v, 0) / rows);
  test.each<[string, ModelExtension, string]>([
    [
      "fits nothing",
      modelThat({}, { fit: () => 3 as never }),
      "fit must return a model: an object with the functions score and toJSON",
    ],
    [
      "throws in score",
      modelThat({
        score: () => {
          throw new Error("oh");
        },
      }),
      "score threw: oh",
    ],
    [
      "scores nothing",
      modelThat({ score: () => {} }),
      "score left all 60 rows of the test NaN: nothing could be traded",
    ],
    [
      "scores infinities",
      modelThat({ score: (_, __, out) => void out.fill(Infinity) }),
      "score must write numbers or NaN, at position 0 of out, got Infinity",
    ],
    [
      "returns its scores",
      modelThat({ score: (_, rows) => new Float64Array(rows + 1) as never }),
      "score must write `out` and return nothing, but returned a value",
    ],
    ["looks at the other rows, later ones too", modelThat({ score: bySum }), "score must depend on each row alone"],
    ["saves nothing", modelThat({ toJSON: () => undefined }), "toJSON must return plain data"],
    [
      "does not restore",
      modelThat(
        {},
        {
          restore: () => {
            throw new Error("lost");
          },
        },
      ),
      "restore threw: lost",
    ],
    [
      "restores to another",
      modelThat(
        {},
        { restore: () => modelThat({ score: (_, __, out) => void out.fill(1) }).fit(ROWS, {}, CONTEXT) as never },
      ),
      "restore must give a model with the same scores to the bit",
    ],
  ])("a model that %s is an error that names its file", (_, model, message) => {
    expect(() => foldOf({ ...model, file: "my.ts" })).toThrow(`my.ts model mine: ${message}`);
  });

  test("a score may be missing where the model has none", () => {
    const some = modelThat({
      score: (x, rows, out) => {
        for (let r = 0; r < rows; r++) if (x[2 * r]! > 0) out[r] = x[2 * r]!;
      },
    });
    const { scores } = foldOf(some);
    expect(scores.some((score) => Number.isNaN(score)) && scores.some((score) => score > 0)).toBe(true);
  });
});

describe("trainFolds", () => {
  const shared = { ...features, values: features.values.map((plane) => sharedPlane(plane)) };
  const planes = { features: shared, labels: [sharedPlane(labels)] };
  const loader = { module: new URL("../support/extension-loader.ts", import.meta.url).href, data: {} };
  const models = new Map([["sign_means", signMeans]]);
  const tasks = [60, 70, 80].map((from, fold) => ({
    name: `fold ${fold}`,
    task: task({
      model: "sign_means",
      parameters: PLAIN,
      train: { from: 0, to: from - 4 },
      test: { from, to: from + 10 },
      explainBefore: 100,
    }),
    labels: 0,
  }));

  test("workers load the models anew and come to the same, byte by byte", async () => {
    const results = [1, 2].map(async (workers) => {
      const found: unknown[] = [];
      const onResult = (i: number, result: unknown) => {
        found[i] = result;
      };
      await trainFolds(tasks, planes, { workers, threads: 1, extensions: { models, loader }, onResult });
      return found;
    });
    const [here, there] = await Promise.all(results);
    expect(here).toHaveLength(3);
    expect(there).toEqual(here);
  });

  test.each([1, 2])("an error on one of %i threads names the fold, the file and the model", async (workers) => {
    const failing = tasks.map((each, i) => ({
      ...each,
      task: { ...each.task, parameters: i === 1 ? { ...PLAIN, factor: Number.NaN } : PLAIN },
    }));
    const training = trainFolds(failing, planes, {
      workers,
      threads: 1,
      extensions: { models, loader },
      onResult: () => {},
    });
    await expect(training).rejects.toThrow("fold 1: model sign_means: score left all 60 rows of the test NaN");
  });

  test("of two bad folds the earlier is named, be it the slower to fail", async () => {
    // fold 0 waits to be cancelled by the failure of fold 1, and fails itself when it is not
    const parameters = [{ waitMs: 1000 }, { waitMs: 0 }];
    const failing = parameters.map((each, i) => ({
      ...tasks[i]!,
      task: { ...tasks[i]!.task, model: "patient", parameters: each },
    }));
    const extensions = { models: new Map([["patient", patient]]), loader };
    const training = trainFolds(failing, planes, { workers: 2, threads: 1, extensions, onResult: () => {} });
    await expect(training).rejects.toThrow("fold 0: model patient: fit threw: out of patience");
  });

  test("a loader that fails is the error of the first fold", async () => {
    const broken = { ...loader, data: { fails: true } };
    const training = trainFolds(tasks.slice(0, 1), planes, {
      workers: 2,
      threads: 1,
      extensions: { models, loader: broken },
      onResult: () => {},
    });
    await expect(training).rejects.toThrow("fold 0: my.ts: is gone");
  });
});
