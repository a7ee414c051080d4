import { describe, expect, test } from "vitest";
import {
  type BoostingParameters,
  parameterNames,
  TREE_PARAMETERS,
  XGBOOST_PARAMETERS,
  xgboostArguments,
} from "../../src/models/xgboost-parameters.ts";

const features = ["momentum_60", "volatility_20", "reversal_5"];
const told = (parameters: object) => xgboostArguments(parameters as BoostingParameters, XGBOOST_PARAMETERS, features);

describe("xgboostArguments", () => {
  test("writes values as the library reads them, in one order whatever the config's", () => {
    const expected = [
      ["learning_rate", "0.1"],
      ["booster", "gbtree"],
      ["max_depth", "4"],
      ["reg_lambda", "0.00001"],
    ];
    const given = { reg_lambda: 0.00001, max_depth: 4, booster: "gbtree", learning_rate: 0.1, gamma: undefined };
    expect(
      told(given).map(([name, value]) => [name, name === "reg_lambda" ? Number(value).toFixed(5) : value]),
    ).toEqual(expected);
  });

  test("turns feature names into positions", () => {
    expect(told({ monotone_constraints: { reversal_5: -1, momentum_60: 1 } })).toEqual([
      ["monotone_constraints", "(1,0,-1)"],
    ]);
    expect(told({ interaction_constraints: [["reversal_5", "momentum_60"], ["volatility_20"]] })).toEqual([
      ["interaction_constraints", "[[2,0],[1]]"],
    ]);
  });

  test.each([
    [{ max_dept: 4 }, 'params.max_dept: is no known parameter, did you mean "max_depth"?'],
    [{ toString: 4 }, "params.toString: is no known parameter"],
    [{ max_depth: 4.5 }, "params.max_depth: must be a whole number from 0 to 64, got 4.5"],
    [{ subsample: 0 }, "params.subsample: must be a number above 0 and at most 1, got 0"],
    [{ subsample: "0.5" }, 'params.subsample: must be a number above 0 and at most 1, got "0.5"'],
    [{ gamma: Number.NaN }, "params.gamma: must be a number from 0 to 1000000000, got NaN"],
    [{ tree_method: "gpu_hist" }, 'params.tree_method: must be one of hist, approx, exact, got "gpu_hist"'],
    [
      { monotone_constraints: { momentum_60: 2 } },
      "params.monotone_constraints: must be feature names with -1, 0 or 1",
    ],
    [
      { monotone_constraints: { momentum_6: 1 } },
      'params.monotone_constraints: is no feature of the model, got "momentum_6", did you mean "momentum_60"?',
    ],
    [{ rate_drop: 0.2 }, "params.rate_drop: has no meaning without booster: dart"],
    [{ huber_slope: 1, objective: "reg:squarederror" }, "params.huber_slope: has no meaning without objective: reg:ps"],
    [{ interaction_constraints: ["momentum_60"] }, "params.interaction_constraints: must be lists of feature names"],
    [
      { interaction_constraints: [["carry"]] },
      'params.interaction_constraints: is no feature of the model, got "carry"',
    ],
  ])("refuses %j", (parameters, message) => {
    expect(() => told(parameters)).toThrow(message);
  });

  test("names every fault at once", () => {
    expect(() => told({ max_dept: 1, subsample: 2 })).toThrow(/max_dept.*\n.*subsample/);
  });

  test("a forest has no parameters of boosting", () => {
    expect(() => xgboostArguments({ learning_rate: 0.1 }, TREE_PARAMETERS, features)).toThrow("is no known parameter");
  });
});

test("no name or alias stands for two parameters", () => {
  const names = parameterNames(XGBOOST_PARAMETERS);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain("eta");
});
