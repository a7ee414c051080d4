import { expect, test } from "vitest";
import { verifyWeights } from "../../src/allocation/verify-weights.ts";

test("finds nothing wrong with weights within 1e-9 of their constraints", () => {
  const weights = Float64Array.of(0.4 + 5e-10, 0.6, -5e-10);
  const lower = new Float64Array(3);
  const upper = Float64Array.of(0.4, 0.6, 0.6);
  expect(verifyWeights(weights, { budget: 1, lower, upper, minWeight: 0.1, maxGross: 1 })).toEqual([]);
});

test("names every constraint that is not met, with the number and the limit", () => {
  const previous = Float64Array.of(0.2, 0.2, 0.2);
  const found = verifyWeights(Float64Array.of(0.5, -0.1, 0.05), {
    budget: 1,
    lower: new Float64Array(3),
    upper: new Float64Array(3).fill(0.4),
    minWeight: 0.1,
    groups: [{ name: "coins", assets: [0, 1], min: 0.5, max: 1 }],
    maxGross: 0.6,
    turnover: { previous, max: 0.5 },
  });
  expect(found.map(({ constraint, asset }) => (asset === undefined ? constraint : `${constraint} ${asset}`))).toEqual([
    "budget",
    "upper 0",
    "lower 1",
    "min_weight 1",
    "min_weight 2",
    "group",
    "gross",
    "turnover",
  ]);
  expect(found[1]).toEqual({
    constraint: "upper",
    asset: 0,
    got: 0.5,
    limit: 0.4,
    text: "upper: asset 0 has 0.5, limit 0.4",
  });
  expect(found[5]!.text).toBe("group: coins minimum is 0.4, limit 0.5");
});

test("a weight that is no number is reported alone", () => {
  const found = verifyWeights(Float64Array.of(Number.NaN, 2), { budget: 1 });
  expect(found.map(({ text }) => text)).toEqual(["number: asset 0 has NaN, limit NaN"]);
});

test("leaves cuts out of the turnover", () => {
  const previous = Float64Array.of(0.5, 0.5);
  const weights = Float64Array.of(0, 0.5);
  expect(verifyWeights(weights, { turnover: { previous, max: 0.1 } }).length).toBe(1);
  expect(verifyWeights(weights, { turnover: { previous, max: 0.1, cuts: Uint8Array.of(1, 0) } })).toEqual([]);
});
