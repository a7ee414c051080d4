import { describe, expect, test } from "vitest";
import { z } from "zod";
import { describeIssue } from "../../src/experiment/config-faults.ts";
import { modelKindsOf, modelParametersOf } from "../../src/experiment/l5-models.ts";
import { l5 } from "../../src/experiment/l5-schema.ts";
import { MODEL_KINDS } from "../../src/models/catalogue.ts";
import { XGBOOST_PARAMETERS, xgboostArguments } from "../../src/models/xgboost-parameters.ts";

/** "path: rule" of every fault of a block. */
const faultsOf = (block: object): string[] => {
  const parsed = l5().safeParse(block);
  const issues = parsed.success ? [] : parsed.error.issues;
  return issues.flatMap((issue) =>
    describeIssue(issue, block, l5()).map(({ path, rule, suggestion }) =>
      [`${path.join(".")}: ${rule}`, ...(suggestion === undefined ? [] : [`did you mean ${suggestion}`])].join(", "),
    ),
  );
};

describe("the l5 block", () => {
  test("is whole without a key", () => {
    const config = l5().parse({});
    expect(config).toMatchObject({
      model_type: "ridge",
      horizons: { short: 5, long: 20 },
      ridge_alpha: 8,
      early_stopping: null,
      walk_forward: { kind: "expanding", train_bars: 500, test_bars: 60, embargo_bars: 0 },
    });
    expect(modelKindsOf(config)).toEqual(["ridge"]);
  });

  test("trains every model of a list", () => {
    const config = l5().parse({ model_type: ["ridge", "random_forest", "xgboost"] });
    expect(modelKindsOf(config)).toEqual(["ridge", "random_forest", "xgboost"]);
    expect(Object.keys(modelParametersOf(config)).sort()).toEqual([...MODEL_KINDS].sort());
  });

  test("hands each model its parameters", () => {
    const config = l5().parse({
      ridge_alpha: 3,
      missing: "drop",
      rf_n_estimators: 50,
      xgb_n_estimators: 400,
      params: { theil_sen: { max_rows: 90 }, xgboost: { subsample: 0.5 }, random_forest: { max_depth: 3 } },
      early_stopping: { rounds: 7 },
    });
    expect(modelParametersOf(config)).toEqual({
      ridge: { alpha: 3, missing: "drop" },
      ols: { missing: "drop" },
      theil_sen: { missing: "drop", maxRows: 90 },
      random_forest: {
        trees: 50,
        library: { max_depth: 3, subsample: 0.8, colsample_bynode: 0.8, reg_lambda: 1e-5, tree_method: "hist" },
      },
      xgboost: {
        rounds: 400,
        library: { learning_rate: 0.05, max_depth: 4, subsample: 0.5, tree_method: "hist" },
        earlyStopping: { rounds: 7, share: 0.2 },
      },
    });
  });

  test("takes XGBoost's other names, which outrank defaults", () => {
    const config = l5().parse({ params: { xgboost: { eta: 0.3, lambda: 2, alpha: 1, min_split_loss: 0.5 } } });
    expect(modelParametersOf(config).xgboost.library).toEqual({
      learning_rate: 0.3,
      reg_lambda: 2,
      reg_alpha: 1,
      gamma: 0.5,
      max_depth: 4,
      tree_method: "hist",
    });
  });

  test("its defaults are parameters the models take", () => {
    const { xgboost, random_forest } = modelParametersOf(l5().parse({}));
    for (const { library } of [xgboost, random_forest])
      expect(xgboostArguments(library, XGBOOST_PARAMETERS, ["a"]).length).toBe(Object.keys(library).length);
  });

  test.each([
    [{ model_typ: "ridge" }, "model_typ: unknown key", "did you mean model_type"],
    [{ model_type: "rigde" }, "model_type: must be one of ridge, ols, theil_sen, random_forest, xgboost, or a list"],
    [{ model_type: [] }, "model_type: must"],
    [{ model_type: ["ridge", "ridge"] }, "model_type: must"],
    [{ params: { xgboost: { max_dept: 3 } } }, "params.xgboost.max_dept: unknown key", "did you mean max_depth"],
    [{ params: { random_forest: { eta: 0.1 } } }, "params.random_forest.eta: unknown key"],
    [{ params: { xgboost: { subsample: 0 } } }, "params.xgboost.subsample: must be above 0"],
    [{ params: { xgboost: { tree_method: "exakt" } } }, "params.xgboost.tree_method: must be one of", "exact"],
    [{ horizons: { short: 20, long: 20 } }, "horizons: short must be below long"],
    [{ ridge_alpha: -1 }, "ridge_alpha: must be at least 0"],
    [{ early_stopping: {}, params: { xgboost: { booster: "dart" } } }, "early_stopping: cannot go with booster dart"],
    [{ early_stopping: { share: 1 } }, "early_stopping.share: must be at most 0.9"],
    [{ walk_forward: { kind: "sliding" } }, "walk_forward.kind: must be one of expanding, rolling"],
  ])("refuses %j", (block, ...said) => {
    const faults = faultsOf(block);
    expect(faults.length).toBe(1);
    for (const part of said) expect(faults[0]).toContain(part);
  });

  test("can be printed for editors, with a description of every key", () => {
    interface Printed {
      readonly description?: string;
      readonly properties?: Readonly<Record<string, Printed>>;
    }
    const printed = z.toJSONSchema(l5(), { io: "input" }) as Printed;
    const xgboost = printed.properties!.params!.properties!.xgboost!.properties!;
    expect(Object.keys(xgboost)).toEqual(expect.arrayContaining(["learning_rate", "eta", "monotone_constraints"]));
    for (const entry of Object.values(xgboost)) expect(entry.description).toBeTruthy();
  });
});
