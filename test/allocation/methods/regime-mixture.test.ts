import { expect, test } from "vitest";
import { regimeMixtureWeights, smoothPosterior } from "../../../src/allocation/methods/regime-mixture.ts";
import { answerOf, largestDifference } from "../../support/covariances.ts";
import { describeWith, readOracle } from "../../support/oracle.ts";

describeWith("oracles/mixture.json", "the regime mixture against its numpy reference", () => {
  for (const { name, input, expected } of readOracle("mixture").cases)
    test(name, () => {
      const scores = Float64Array.from(input.scores.flat() as number[]);
      const out = new Float64Array(expected.weights.length);
      const report = answerOf(regimeMixtureWeights(Float64Array.from(input.posterior), scores, input.temperature, out));
      expect(largestDifference(out, expected.weights)).toBeLessThan(1e-12);
      expect(report.regimesUsed).toEqual(expected.regimes_used);
      expect(largestDifference(report.regimeWeights, expected.regime_weights.flat())).toBeLessThan(1e-12);
    });
});

test("a score of 0 or NaN is not positive, and equal scores share", () => {
  const out = new Float64Array(4);
  answerOf(regimeMixtureWeights(Float64Array.of(1), Float64Array.of(2, 0, Number.NaN, 2), 0.5, out));
  expect(Array.from(out)).toEqual([0.5, 0, 0, 0.5]);
});

test("the posterior of a dropped regime goes to the others: 0.2 and 0.6 become 0.25 and 0.75", () => {
  const out = new Float64Array(2);
  const scores = Float64Array.of(1, -1, -1, -1, -1, 1);
  const { regimesUsed } = answerOf(regimeMixtureWeights(Float64Array.of(0.2, 0.2, 0.6), scores, 1, out));
  expect(largestDifference(out, [0.25, 0.75])).toBeLessThan(1e-15);
  expect(regimesUsed).toEqual([0, 2]);
});

test("scores far beyond the temperature do not overflow", () => {
  const out = new Float64Array(2);
  answerOf(regimeMixtureWeights(Float64Array.of(1), Float64Array.of(1e6, 1e6 - 1e-3), 1e-3, out));
  expect(out[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
});

test("says why there is no mixture and leaves the output alone", () => {
  const out = new Float64Array(2).fill(7);
  const of = (posterior: number[], scores: number[], temperature = 1) =>
    regimeMixtureWeights(Float64Array.from(posterior), Float64Array.from(scores), temperature, out);
  expect(of([1], [-1, 0])).toEqual({ ok: false, reason: "no regime has a positive score" });
  expect(of([0, 1], [1, 1, -1, -1])).toEqual({
    ok: false,
    reason: "every regime with a positive score has probability 0",
  });
  expect(of([Number.NaN], [1, 1])).toEqual({ ok: false, reason: "posterior of regime 0 is NaN" });
  expect(of([1], [1, Number.POSITIVE_INFINITY])).toEqual({ ok: false, reason: "a score of regime 0 is infinite" });
  expect(of([1], [1, 1], 0).ok).toBe(false);
  expect(Array.from(out)).toEqual([7, 7]);
});

test("a posterior goes half the way in one half-life, all the way at the first time", () => {
  const out = new Float64Array(2);
  smoothPosterior(undefined, Float64Array.of(1, 0), 7, 7, out);
  expect(Array.from(out)).toEqual([1, 0]);
  smoothPosterior(out, Float64Array.of(0, 1), 7, 7, out);
  expect(Array.from(out)).toEqual([0.5, 0.5]);
  smoothPosterior(out, Float64Array.of(0, 1), 1, 0, out);
  expect(Array.from(out)).toEqual([0, 1]);
});
