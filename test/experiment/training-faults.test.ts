import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/experiment/load-config.ts";

const FEATURES = "features: [{name: momentum, lookback_bars: 60}]\n";
const RANKING = "ranking: {short: {feature_weights: {momentum_60: 1}}}\n";

/** The message of a config's faults; "" for one without any. */
function faultsOf(text: string): string {
  try {
    parseConfig(`name: x\ndata: {source: sample}\n${text}`, "x.yaml");
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("blocks that train", () => {
  test("fit together", () => {
    expect(faultsOf(`${FEATURES}${RANKING}l5: {}\nensemble: {}\nvalidation: {holdout_start: 2023-01-01}`)).toBe("");
  });

  test("l5 needs features, and makes scores for the signal that trades them", () => {
    expect(faultsOf("l5: {}")).toMatch(/x\.yaml:3 l5: needs a `features` block/);
    const signal = "signal: {kind: scores, select: {top_k: 2}}";
    expect(faultsOf(`${FEATURES}l5: {}\n${signal}`)).toBe("");
    expect(faultsOf(`${FEATURES}${signal}`)).toMatch(/signal\.kind: needs/);
  });

  test("an ensemble needs both sides", () => {
    expect(faultsOf(`${FEATURES}${RANKING}ensemble: {}`)).toMatch(/ensemble: combines .* there is no `l5` block/);
    expect(faultsOf(`${FEATURES}l5: {}\nensemble: {}`)).toMatch(/ensemble: combines .* there is no `ranking` block/);
    expect(faultsOf(`${FEATURES}${RANKING}l5: {}\nensemble: {w_ranking: 0, w_model: 0}`)).toMatch(
      /ensemble\.w_model: is 0, and so is w_ranking/,
    );
  });

  test("a holdout needs something that learns, and a date", () => {
    expect(faultsOf("validation: {holdout_start: 2020-01-01}")).toMatch(/validation: has nothing to guard/);
    expect(faultsOf(`${FEATURES}l5: {}\nvalidation: {}`)).toMatch(/validation\.holdout_start: /);
    expect(faultsOf(`${FEATURES}l5: {}\nvalidation: {holdout_start: soon}`)).toMatch(/must be a date YYYY-MM-DD/);
  });

  test("constraints of trees name features", () => {
    const l5 = "l5: {model_type: xgboost, params: {xgboost: {monotone_constraints: {momentum_6: 1}}}}";
    expect(faultsOf(`${FEATURES}${l5}`)).toMatch(
      /l5\.params\.xgboost\.monotone_constraints: is no feature of the model, got "momentum_6", did you mean "momentum_60"/,
    );
  });
});

describe("tune", () => {
  const tuneFaults = (tune: string, models = "[ridge, xgboost]") =>
    faultsOf(`${FEATURES}l5: {model_type: ${models}, tune: ${tune}}`);

  test("takes lists, and with `method: random` ranges", () => {
    expect(
      tuneFaults("{params: {ridge: {ridge_alpha: [1, 10]}, xgboost: {max_depth: [2, 3], learning_rate: [0.1]}}}"),
    ).toBe("");
    expect(tuneFaults("{method: random, params: {ridge: {ridge_alpha: {low: 1, high: 9, log: true}}}}")).toBe("");
    expect(tuneFaults("{params: {ridge: {ridge_alpha: {low: 1, high: 9}}}}")).toMatch(
      /l5\.tune\.params\.ridge\.ridge_alpha: is a range, which needs `method: random`/,
    );
  });

  test("refuses what cannot be tried", () => {
    expect(tuneFaults("{test_folds: 5, params: {ridge: {ridge_alpha: [1]}}}")).toMatch(
      /test_folds: must be below folds 5, got 5/,
    );
    expect(tuneFaults("{params: {ridge: {}}}")).toMatch(/params\.ridge: names no parameter to try/);
    expect(tuneFaults("{params: {random_forest: {max_depth: [3]}}}")).toMatch(/is not among l5\.model_type/);
    expect(tuneFaults("{method: random, params: {ridge: {ridge_alpha: {low: 9, high: 1}}}}")).toMatch(
      /must be above low, got 1/,
    );
    expect(tuneFaults("{method: random, params: {ridge: {ridge_alpha: {low: 0, high: 1, log: true}}}}")).toMatch(
      /must be above 0 with `log`, got 0/,
    );
    expect(tuneFaults("{params: {xgboost: {max_dept: [3]}}}")).toMatch(/did you mean "max_depth"/);
    expect(tuneFaults("{params: {xgboost: {max_depth: [3.5]}}}")).not.toBe("");
    const many = `[${Array.from({ length: 40 }, (_, i) => i + 1).join(", ")}]`;
    expect(tuneFaults(`{params: {xgboost: {max_depth: ${many}, xgb_n_estimators: ${many}}}}`)).toMatch(
      /makes more than 1000 combinations, got 1600/,
    );
  });
});
