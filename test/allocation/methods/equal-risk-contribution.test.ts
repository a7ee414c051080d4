import fc from "fast-check";
import { expect, test } from "vitest";
import { equalRiskContributionWeights } from "../../../src/allocation/methods/equal-risk-contribution.ts";
import {
  answerOf,
  anyEstimates,
  factorCovariance,
  largestDifference,
  permuted,
  permutedMatrix,
  regularEstimates,
} from "../../support/covariances.ts";
import { describeWith, readOracle } from "../../support/oracle.ts";

/** w_i (C w)_i / w'Cw */
function riskShares(weights: Float64Array, cov: Float64Array): Float64Array {
  const n = weights.length;
  const out = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) out[i] = out[i]! + weights[i]! * cov[i * n + k]! * weights[k]!;
    total += out[i]!;
  }
  return out.map((value) => value / total);
}

describeWith("oracles/risk_parity.json", "risk budgets against Newton, coordinate descent and skfolio", () => {
  for (const { name, input, expected } of readOracle("risk_parity").cases)
    for (const kind of ["equal", "uneven"])
      test(`${name}, ${kind} budget`, () => {
        const cov = Float64Array.from(input.cov.flat() as number[]);
        const { budget, weights, vol } = expected.erc[kind];
        const out = new Float64Array(budget.length);
        const { volatility } = answerOf(equalRiskContributionWeights(cov, out, Float64Array.from(budget)));
        expect(largestDifference(out, weights)).toBeLessThan(1e-8);
        expect(Math.abs(volatility - vol)).toBeLessThan(1e-12);
        expect(largestDifference(riskShares(out, cov), budget)).toBeLessThan(1e-12);
      });
});

test("meets any risk budget to 1e-12", () => {
  fc.assert(
    fc.property(
      regularEstimates,
      fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
      ({ n, cov }, parts) => {
        const budgets = Float64Array.from(parts.slice(0, n));
        const total = budgets.reduce((sum, b) => sum + b, 0);
        const out = new Float64Array(n);
        answerOf(equalRiskContributionWeights(cov, out, budgets));
        expect(
          largestDifference(
            riskShares(out, cov),
            budgets.map((b) => b / total),
          ),
        ).toBeLessThan(1e-12);
        expect(Math.abs(out.reduce((sum, w) => sum + w, 0) - 1)).toBeLessThan(1e-14);
      },
    ),
    { numRuns: 300 },
  );
});

test("gives weights >= 0 that sum to 1 on any estimates, unless no asset moves", () => {
  fc.assert(
    fc.property(anyEstimates, ({ n, cov }) => {
      const out = new Float64Array(n);
      const answer = equalRiskContributionWeights(cov, out);
      if (!answer.ok) {
        expect(answer.reason).toBe("no asset with a risk budget has a positive variance");
        return;
      }
      expect(Math.abs(out.reduce((sum, w) => sum + w, 0) - 1)).toBeLessThan(1e-14);
      for (const w of out) expect(w).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 500 },
  );
});

test("follows a permutation of the assets and does not mind the unit of returns", () => {
  fc.assert(
    fc.property(regularEstimates, ({ n, cov }) => {
      const order = Array.from({ length: n }, (_, i) => n - 1 - i);
      const out = new Float64Array(n);
      const other = new Float64Array(n);
      answerOf(equalRiskContributionWeights(cov, out));
      answerOf(equalRiskContributionWeights(permutedMatrix(cov, order), other));
      expect(largestDifference(other, permuted(out, order))).toBeLessThan(1e-12);
      answerOf(
        equalRiskContributionWeights(
          cov.map((c) => c * 1e-9),
          other,
        ),
      );
      expect(largestDifference(other, out)).toBeLessThan(1e-12);
    }),
  );
});

test("is inverse volatility for two assets whatever their correlation, a perfect hedge included", () => {
  for (const rho of [-1, -0.5, 0.9, 1]) {
    const out = new Float64Array(2);
    answerOf(equalRiskContributionWeights(Float64Array.of(0.04, rho * 0.02, rho * 0.02, 0.01), out));
    expect(largestDifference(out, [1 / 3, 2 / 3])).toBeLessThan(1e-8);
  }
});

test("gives nothing to an asset without variance or budget", () => {
  const out = new Float64Array(3);
  const cov = Float64Array.of(0.04, 0, 0, 0, 0, 0, 0, 0, 0.01);
  answerOf(equalRiskContributionWeights(cov, out));
  expect(largestDifference(out, [1 / 3, 0, 2 / 3])).toBeLessThan(1e-15);
  answerOf(equalRiskContributionWeights(cov, out, Float64Array.of(0, 0.5, 0.5)));
  expect(Array.from(out)).toEqual([0, 0, 1]);
  expect(equalRiskContributionWeights(cov, out, Float64Array.of(-1, 1, 1)).ok).toBe(false);
});

test("holds at 500 assets", () => {
  const cov = factorCovariance(500, 700);
  const out = new Float64Array(500);
  answerOf(equalRiskContributionWeights(cov, out));
  expect(largestDifference(riskShares(out, cov), new Float64Array(500).fill(1 / 500))).toBeLessThan(1e-14);
});
