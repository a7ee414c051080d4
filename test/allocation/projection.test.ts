import fc from "fast-check";
import { expect, test } from "vitest";
import { attainableBudget, projectToBudget, projectWeights } from "../../src/allocation/projection.ts";
import { smoothingShare, smoothingStep } from "../../src/allocation/smoothing-step.ts";
import { verifyWeights } from "../../src/allocation/verify-weights.ts";
import { uniformBounds } from "../../src/allocation/weight-bounds.ts";
import { solveQuadraticProgram } from "../../src/math/quadratic-program.ts";
import { answerOf, largestDifference } from "../support/covariances.ts";
import { describeWith, readOracle } from "../support/oracle.ts";

describeWith("oracles/constraints.json", "the constraint step against its numpy reference", () => {
  for (const { name, input, expected } of readOracle("constraints").cases)
    test(name, () => {
      const raw = Float64Array.from(input.raw_weights as number[]);
      const { budget } = attainableBudget(raw.length, input.max_weight);
      expect(budget).toBe(expected.budget);
      const projected = new Float64Array(raw.length);
      answerOf(projectToBudget(raw, uniformBounds(raw.length, 0, input.max_weight, budget), projected));
      expect(largestDifference(projected, expected.projected)).toBeLessThan(1e-9);
      const out = new Float64Array(raw.length);
      const options = { share: input.smoothing_a, maxTurnover: input.max_turnover };
      const report = smoothingStep(Float64Array.from(input.previous_weights), projected, options, out);
      expect(largestDifference(out, expected.weights)).toBeLessThan(1e-9);
      expect(report.distance).toBeCloseTo(expected.l1_distance, 9);
      expect(report.step).toBeCloseTo(expected.step, 9);
      expect(report.turnover).toBeCloseTo(expected.l1_turnover, 9);
    });
});

const rawWeights = fc
  .array(
    fc.oneof(
      fc.integer({ min: -20, max: 20 }).map((value) => value / 10),
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    ),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((values) => Float64Array.from(values));

test("the projection is the nearest point, as a quadratic program finds it", () => {
  fc.assert(
    fc.property(rawWeights, fc.constantFrom(0, -0.5), fc.constantFrom(1, 1.3, 20), (raw, low, wide) => {
      const n = raw.length;
      const bounds = uniformBounds(n, low, wide / n);
      const out = new Float64Array(n);
      answerOf(projectToBudget(raw, bounds, out));
      expect(verifyWeights(out, bounds)).toEqual([]);
      const quadratic = new Float64Array(n * n);
      for (let i = 0; i < n; i++) quadratic[i * n + i] = 1;
      const peer = answerOf(solveQuadraticProgram({ quadratic, linear: raw, ...bounds }));
      expect(largestDifference(out, peer.x)).toBeLessThan(1e-10);
    }),
    { numRuns: 500 },
  );
});

test("weights that meet their constraints stay as they are, and a common shift changes nothing", () => {
  const bounds = uniformBounds(3, 0, 0.6);
  const out = new Float64Array(3);
  answerOf(projectToBudget(Float64Array.of(0.5, 0.3, 0.2), bounds, out));
  expect(largestDifference(out, [0.5, 0.3, 0.2])).toBeLessThan(1e-15);
  answerOf(projectToBudget(Float64Array.of(8.5, 8.3, 8.2), bounds, out));
  expect(largestDifference(out, [0.5, 0.3, 0.2])).toBeLessThan(1e-14);
  answerOf(projectToBudget(Float64Array.of(0.9, 0.1, 0), bounds, out));
  // 0.9 is cut to 0.6; the missing 0.4 falls on 0.1 and 0 in equal steps of 0.15.
  expect(largestDifference(out, [0.6, 0.25, 0.15])).toBeLessThan(1e-15);
});

test("the budget is what the caps can hold, with a warning below 1", () => {
  expect(attainableBudget(4, 0.5)).toEqual({ budget: 1 });
  expect(attainableBudget(10, 0.1)).toEqual({ budget: 1 });
  expect(attainableBudget(3, 1 / 3)).toEqual({ budget: 1 });
  expect(attainableBudget(2, 0.25)).toEqual({
    budget: 0.5,
    warning: "max_weight 0.25 on 2 assets holds at most 0.5 of the capital; the rest stays in cash",
  });
});

test("every weight is 0 or at least the minimum, whenever a number of holdings allows it", () => {
  fc.assert(
    fc.property(rawWeights, fc.integer({ min: 1, max: 45 }), fc.integer({ min: 5, max: 100 }), (raw, least, most) => {
      const [minWeight, cap] = [least / 100, Math.max(most, least) / 100];
      const { budget } = attainableBudget(raw.length, cap);
      const bounds = uniformBounds(raw.length, 0, cap, budget);
      const out = new Float64Array(raw.length);
      const { unmet } = answerOf(projectWeights(raw, bounds, { minWeight, groups: [] }, out));
      const possible = Array.from(raw, (_, k) => k + 1).some(
        (k) => k * minWeight <= budget + 1e-12 && k * cap >= budget - 1e-12,
      );
      expect(unmet.length).toBe(possible ? 0 : 1);
      expect(verifyWeights(out, possible ? { ...bounds, minWeight } : { ...bounds })).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("drops the smallest holding first: 0.55, 0.35, 0.1 at a minimum of 0.15 becomes 0.6, 0.4, 0", () => {
  const out = new Float64Array(3);
  const rules = { minWeight: 0.15, groups: [] };
  answerOf(projectWeights(Float64Array.of(0.55, 0.35, 0.1), uniformBounds(3, 0, 1), rules, out));
  expect(largestDifference(out, [0.6, 0.4, 0])).toBeLessThan(1e-15);
  // With caps of 0.45 two assets cannot hold the budget: the third is raised to 0.15 instead.
  answerOf(projectWeights(Float64Array.of(0.55, 0.35, 0.1), uniformBounds(3, 0, 0.45), rules, out));
  expect(largestDifference(out, [0.45, 0.4, 0.15])).toBeLessThan(1e-15);
});

test("holds group limits, and names the one that cannot be held", () => {
  const groups = [
    { name: "coins", assets: [0, 1], min: 0, max: 0.3 },
    { name: "bonds", assets: [3], min: 0.25, max: 1 },
  ];
  const out = new Float64Array(4);
  const bounds = uniformBounds(4, 0, 0.5);
  const raw = Float64Array.of(0.4, 0.3, 0.2, 0.1);
  expect(answerOf(projectWeights(raw, bounds, { minWeight: 0, groups }, out)).unmet).toEqual([]);
  expect(verifyWeights(out, { ...bounds, groups })).toEqual([]);
  // Coins take 0.3 in equal cuts of 0.2; of 0.7 left, equal steps of 0.2 on 0.2 and 0.1.
  expect(largestDifference(out, [0.2, 0.1, 0.4, 0.3])).toBeLessThan(1e-12);
  answerOf(projectWeights(raw, bounds, { minWeight: 0.15, groups }, out));
  expect(verifyWeights(out, { ...bounds, groups, minWeight: 0.15 })).toEqual([]);
  const impossible = [{ name: "coins", assets: [0], min: 0.6, max: 1 }];
  expect(projectWeights(raw, bounds, { minWeight: 0, groups: impossible }, out)).toEqual({
    ok: false,
    reason: "infeasible: group coins must hold at least 0.6, its upper bounds sum to 0.5",
  });
  const together = [
    { name: "coins", assets: [0, 1], min: 0, max: 0.3 },
    { name: "rest", assets: [2, 3], min: 0, max: 0.3 },
  ];
  expect(projectWeights(raw, bounds, { minWeight: 0, groups: together }, out).ok).toBe(false);
});

test("says which bounds cannot hold the budget, and refuses a weight that is no number", () => {
  const out = new Float64Array(2);
  expect(projectToBudget(Float64Array.of(1, 1), uniformBounds(2, 0, 0.4), out)).toEqual({
    ok: false,
    reason: "infeasible: upper bounds sum to 0.8, below the budget 1",
  });
  expect(projectToBudget(Float64Array.of(1, Number.NaN), uniformBounds(2, 0, 1), out).ok).toBe(false);
  const short = projectWeights(Float64Array.of(1, 1), uniformBounds(2, -1, 1), { minWeight: 0.1, groups: [] }, out);
  expect(short.ok).toBe(false);
});

test("a step goes as far as smoothing and turnover allow, and nowhere from a distance of 0", () => {
  const weights = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(
      weights,
      weights,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(null, 0, 0.2),
      (a, b, share, cap) => {
        const [previous, target] = [Float64Array.from(a), Float64Array.from(b)];
        const out = new Float64Array(6);
        const { distance, step, turnover } = smoothingStep(previous, target, { share, maxTurnover: cap }, out);
        expect(turnover).toBeCloseTo(distance * step, 12);
        expect(step).toBeLessThanOrEqual(share);
        if (cap !== null) expect(verifyWeights(out, { turnover: { previous, max: cap } })).toEqual([]);
      },
    ),
  );
  const same = Float64Array.of(0.3, 0.7);
  expect(smoothingStep(same, same, { share: 0.5, maxTurnover: 0 }, new Float64Array(2))).toEqual({
    distance: 0,
    step: 0.5,
    turnover: 0,
  });
});

test("a share of 1 lands on the target exactly; one half-life is half the way", () => {
  expect(smoothingShare(5, 5)).toBe(0.5);
  expect(smoothingShare(5, null)).toBe(1);
  expect(smoothingShare(5, 0)).toBe(1);
  const out = new Float64Array(2);
  smoothingStep(Float64Array.of(0.1, 0.9), Float64Array.of(0.7, 0.3), { share: 1, maxTurnover: null }, out);
  expect(Array.from(out)).toEqual([0.7, 0.3]);
});

test("a cut goes to zero at once, outside the turnover cap", () => {
  const out = new Float64Array(3);
  const report = smoothingStep(
    Float64Array.of(0.4, 0.4, 0.2),
    Float64Array.of(0, 0.5, 0.5),
    { share: 1, maxTurnover: 0.2, cuts: Uint8Array.of(1, 0, 0) },
    out,
  );
  expect(largestDifference(out, [0, 0.45, 0.35])).toBeLessThan(1e-15);
  expect(report.distance).toBeCloseTo(0.4, 15);
  expect(report.turnover).toBeCloseTo(0.6, 15);
});
