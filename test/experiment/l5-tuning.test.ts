import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { modelParametersOf } from "../../src/experiment/l5-models.ts";
import { l5 } from "../../src/experiment/l5-schema.ts";
import { tuningCandidates } from "../../src/experiment/l5-tuning.ts";
import type { ModelKind } from "../../src/models/catalogue.ts";

function candidatesOf(block: object, kind: ModelKind) {
  const config = l5().parse(block);
  return tuningCandidates(config, kind, modelParametersOf(config)[kind], createRng(1));
}

describe("tuningCandidates", () => {
  test("of a grid are all combinations, the last parameter changing fastest", () => {
    const tune = { params: { xgboost: { xgb_n_estimators: [10, 20], max_depth: [2, 3] } } };
    const candidates = candidatesOf({ tune, params: { xgboost: { subsample: 0.5 } } }, "xgboost")!;
    expect(candidates.map(({ tried }) => tried)).toEqual([
      { xgb_n_estimators: 10, max_depth: 2 },
      { xgb_n_estimators: 10, max_depth: 3 },
      { xgb_n_estimators: 20, max_depth: 2 },
      { xgb_n_estimators: 20, max_depth: 3 },
    ]);
    expect(candidates[1]!.parameters).toEqual({
      rounds: 10,
      library: { learning_rate: 0.05, max_depth: 3, subsample: 0.5, tree_method: "hist" },
      earlyStopping: null,
    });
  });

  test("hand each model its own names", () => {
    const tune = {
      params: { ridge: { ridge_alpha: [3] }, theil_sen: { max_rows: [70] }, random_forest: { rf_n_estimators: [9] } },
    };
    expect(candidatesOf({ tune }, "ridge")![0]!.parameters).toEqual({ alpha: 3, missing: "impute" });
    expect(candidatesOf({ tune }, "theil_sen")![0]!.parameters).toEqual({ missing: "impute", maxRows: 70 });
    expect(candidatesOf({ tune }, "random_forest")![0]!.parameters).toMatchObject({
      trees: 9,
      library: { max_depth: 8 },
    });
  });

  test("are none for a model without an entry, and without the block", () => {
    expect(candidatesOf({ tune: { params: { ridge: { ridge_alpha: [3] } } } }, "ols")).toBe(null);
    expect(candidatesOf({}, "ridge")).toBe(null);
  });

  test("at random lie in their ranges, whole where the parameter counts something, the same for the same seed", () => {
    const tune = {
      method: "random",
      trials: 200,
      params: {
        xgboost: {
          max_depth: { low: 2, high: 5 },
          learning_rate: { low: 0.001, high: 0.1, log: true },
          grow_policy: ["depthwise", "lossguide"],
        },
      },
    };
    const candidates = candidatesOf({ tune }, "xgboost")!;
    expect(candidatesOf({ tune }, "xgboost")).toEqual(candidates);
    expect(candidates).toHaveLength(200);
    expect(new Set(candidates.map(({ tried }) => tried.max_depth))).toEqual(new Set([2, 3, 4, 5]));
    expect(new Set(candidates.map(({ tried }) => tried.grow_policy))).toEqual(new Set(["depthwise", "lossguide"]));
    const rates = candidates.map(({ tried }) => tried.learning_rate as number);
    expect(rates.every((rate) => rate >= 0.001 && rate <= 0.1)).toBe(true);
    // even in the logarithm: half of them below 0.01, give or take three errors of 0.5 / sqrt(200)
    const below = rates.filter((rate) => rate < 0.01).length / 200;
    expect(Math.abs(below - 0.5)).toBeLessThan(0.11);
  });
});
