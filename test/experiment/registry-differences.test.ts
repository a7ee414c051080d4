import { expect, test } from "vitest";
import { configDifferences } from "../../src/experiment/config-differences.ts";
import type { SavedRun } from "../../src/experiment/registry-queries.ts";
import { fabricateRunEntry } from "./fabricate-run-entry.ts";

const saved = (config: string): SavedRun => ({
  ...fabricateRunEntry("a-00000001", { config }),
  executions: [],
  trials: 0,
  triedOnData: 1,
});

test("what is the same everywhere is left out, in mappings, lists and provenance", () => {
  const text = "name: a\nseed: 7\nsplit: [0.5, 0.5]\nfeatures:\n  - {name: m, lookback_bars: 5}\n";
  expect(configDifferences([saved(text), saved(text), saved(text)])).toEqual([]);
  expect(configDifferences([])).toEqual([]);
});

test("a list of mappings differs member by member, one of plain values as a whole", () => {
  const [a, b] = [
    saved("features:\n  - {name: m, lookback_bars: 5}\nsplit: [1]\n"),
    saved("features:\n  - {name: m, lookback_bars: 9}\n  - {name: v}\nsplit: [0.5, 0.5]\n"),
  ];
  expect(configDifferences([a, b])).toEqual([
    { path: "features.0.lookback_bars", values: [5, 9] },
    { path: "split", values: [[1], [0.5, 0.5]] },
    { path: "features.1.name", values: [undefined, "v"] },
  ]);
});

test("null, a number and the same number as text are three values", () => {
  const runs = ["x: null\n", "x: 1\n", 'x: "1"\n'].map(saved);
  expect(configDifferences(runs)).toEqual([{ path: "x", values: [null, 1, "1"] }]);
});

test("an empty block is not the same as none", () => {
  expect(configDifferences([saved("name: a\nx: {}\n"), saved("name: a\n")])).toEqual([
    { path: "x", values: [{}, undefined] },
  ]);
});

test("data, code and libraries count", () => {
  const a = saved("x: 1\n");
  const libraries = { ...a.provenance.libraries, yaml: "3.0.0" };
  const b = { ...a, provenance: { ...a.provenance, codeHash: "other", dataHash: null, libraries } };
  expect(configDifferences([a, b]).map(({ path }) => path)).toEqual(["data_hash", "code_hash", "libraries.yaml"]);
});
