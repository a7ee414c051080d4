import { expect, test } from "vitest";
import { MODEL_KINDS, MODELS, modelFromJson } from "../../src/models/catalogue.ts";
import { LINEAR_KINDS } from "../../src/models/linear-model.ts";
import type { FittedModelData } from "../../src/models/model.ts";
import { TREE_KINDS } from "../../src/models/tree-model.ts";
import { CONTEXT, formulaTraining } from "./formula-rows.ts";

const saved = (): Record<string, unknown> =>
  JSON.parse(JSON.stringify(MODELS.ridge.fit(formulaTraining(0, 50), { alpha: 1, missing: "impute" }, CONTEXT)));
const load = (data: object) => modelFromJson(data as FittedModelData);

test("every model is called what the catalogue calls it, and can be read back", () => {
  for (const [kind, model] of Object.entries(MODELS)) expect(model.kind).toBe(kind);
  expect([...LINEAR_KINDS, ...TREE_KINDS].sort()).toEqual([...MODEL_KINDS].sort());
});

test("names what is wrong in a saved model", () => {
  expect(() => load({ ...saved(), kind: "rigde" })).toThrow(
    'saved model: kind: is no known model, got "rigde", did you mean "ridge"?',
  );
  expect(() => load({ ...saved(), features: [] })).toThrow("saved model: features: must be a list of names");
  expect(() => load({ ...saved(), trainingRows: undefined })).toThrow("saved model: trainingRows: must be a number");
  expect(() => load({ ...saved(), scale: [1, 2] })).toThrow("saved ridge model: scale: must be 5 numbers");
  expect(() => load({ ...saved(), centre: [1, 2, 3, 4, null] })).toThrow(
    "saved ridge model: centre: must be 5 numbers",
  );
  expect(() => load({ ...saved(), intercept: null })).toThrow("saved ridge model: intercept: must be a number");
  expect(() => load({ ...saved(), missing: "guess" })).toThrow(
    "saved ridge model: missing: must be one of impute, drop",
  );
});

test("names what is wrong in saved trees, without the library", () => {
  const trees = {
    kind: "xgboost",
    features: ["a"],
    trainingRows: 3,
    gain: [1],
    rounds: 2,
    trainedRounds: 2,
    version: "1.7.5",
    // sha256 of the one byte 0, which is AA== in base64
    sha256: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  };
  expect(() => load({ ...trees, model: "" })).toThrow("saved xgboost model: model: must be base64 text");
  expect(() => load({ ...trees, model: "AA==", gain: [1, 2] })).toThrow("saved xgboost model: gain: must be 1 numbers");
  expect(() => load({ ...trees, model: "AQ==" })).toThrow("saved xgboost model: model: is damaged");
  expect(() => load({ ...trees, model: "AA==", rounds: "2" })).toThrow("saved xgboost model: must have rounds");
});
