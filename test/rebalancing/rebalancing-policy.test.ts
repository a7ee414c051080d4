import { expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import { checkRebalancing, type RebalancingPolicy } from "../../src/rebalancing/rebalancing-policy.ts";
import { planRebalancing } from "../../src/rebalancing/schedule.ts";
import { rebalancingOf } from "./policies.ts";

const gate = { measure: "max" as const, threshold: 0.05 };

test.each<[Partial<RebalancingPolicy>, string]>([
  [{ interval: 0 }, "rebalancing interval: must be a whole number of bars, at least 1, got 0"],
  [{ interval: 2.5 }, "rebalancing interval: must be a whole number of bars, at least 1, got 2.5"],
  [{ trigger: "hybrid" }, "rebalancing gate: is for the triggers threshold and hybrid, and needed there"],
  [{ gate }, "rebalancing gate: is for the triggers threshold and hybrid, and needed there"],
  [{ trigger: "hybrid", gate: { ...gate, threshold: Number.NaN } }, "rebalancing threshold: must be >= 0, got NaN"],
  [{ debounceBars: 0 }, "rebalancing debounce: must be a whole number of closes, at least 1, got 0"],
  [{ split: [] }, "rebalancing split: must sum to 1, got 0"],
  [{ split: [0.5, 0.6] }, "rebalancing split: must sum to 1, got 1.1"],
  [{ split: [1.5, -0.5] }, "rebalancing split: every part must be above 0"],
  [{ split: [1, Number.NaN] }, "rebalancing split: every part must be above 0"],
  [{ groupOf: new Int32Array(1) }, "rebalancing groups: must place each of 2 assets, got 1"],
  [{ groups: ["a", "b"], groupOf: Int32Array.of(0, 2) }, "rebalancing groups: positions must be 0 to 1, got 2"],
  [{ groupOf: Int32Array.of(0, 1) }, "rebalancing groups: positions must be 0 to 0, got 1"],
  [{ groups: Array.from({ length: 251 }, (_, g) => `g${g}`) }, "rebalancing groups: must be at most 250, got 251"],
])("%j is refused", (changes, message) => {
  expect(() => checkRebalancing(rebalancingOf(2, changes), 2)).toThrow(message);
});

test("planes of another size are refused", () => {
  const axes = createAxes([0, 1], ["A"]);
  const targets = new Float64Array(2);
  const run = (changes: object) => () =>
    planRebalancing({ axes, targets, immediate: null, ...changes }, rebalancingOf(1));
  expect(run({ targets: new Float64Array(3) })).toThrow("rebalancing targets: must have 2 cells, got 3");
  expect(run({ immediate: new Uint8Array(1) })).toThrow("rebalancing immediate: must have 2 cells, got 1");
  expect(run({ listed: new Float64Array(1) })).toThrow("rebalancing listed: must have 2 cells, got 1");
});
