import { expect, test } from "vitest";
import {
  kellyLeverage,
  kellyWeights,
  unconstrainedKellyWeights,
} from "../../../src/allocation/methods/kelly-weights.ts";
import { profitFactorEdge } from "../../../src/allocation/methods/profit-factor-edge.ts";
import { answerOf, largestDifference } from "../../support/covariances.ts";
import { describeWith, readOracle } from "../../support/oracle.ts";

describeWith("oracles/optimizers.json", "Kelly against numpy and cvxpy", () => {
  for (const { name, input, expected } of readOracle("optimizers").cases)
    for (const [title, peer] of Object.entries<{ weights: number[]; cash: number } & number[]>(expected.kelly)) {
      const riskFree = Number(/rf([\d.]+)$/.exec(title)![1]);
      const mu = Float64Array.from(input.mu_annual as number[]);
      const cov = Float64Array.from(input.cov_annual.flat() as number[]);
      const n = mu.length;
      const out = new Float64Array(n);
      if (title.includes("unconstrained"))
        test(`${name}, ${title}`, () => {
          const fraction = Number(/fraction([\d.]+)/.exec(title)?.[1] ?? 1);
          answerOf(unconstrainedKellyWeights(mu, cov, riskFree, fraction, out));
          expect(largestDifference(out, peer)).toBeLessThan(1e-6);
        });
      else
        test(`${name}, ${title}`, () => {
          const [, place, fraction, cap] = /fraction_(inside|after)_f([\d.]+)_long_cap([\d.]+)_gross1/.exec(title)!;
          const { cash } = answerOf(
            kellyWeights(
              mu,
              cov,
              {
                fraction: Number(fraction),
                riskFree,
                fractionApplies: place as "inside" | "after",
                lower: new Float64Array(n),
                upper: new Float64Array(n).fill(Number(cap)),
                maxSum: 1,
              },
              out,
            ),
          );
          expect(largestDifference(out, peer.weights)).toBeLessThan(1e-6);
          expect(Math.abs(cash - peer.cash)).toBeLessThan(1e-6);
        });
    }
});

const long = (n: number, cap: number, fraction = 1) => ({
  fraction,
  riskFree: 0,
  fractionApplies: "inside" as const,
  lower: new Float64Array(n),
  upper: new Float64Array(n).fill(cap),
  maxSum: 1,
});

test("stakes mu / variance on one asset: 0.02 over 0.04 is half the capital, a quarter at half Kelly", () => {
  const out = new Float64Array(1);
  const [mu, cov] = [Float64Array.of(0.02), Float64Array.of(0.04)];
  expect(answerOf(kellyWeights(mu, cov, long(1, 1), out)).cash).toBeCloseTo(0.5, 14);
  expect(out[0]).toBeCloseTo(0.5, 14);
  answerOf(kellyWeights(mu, cov, long(1, 1, 0.5), out));
  expect(out[0]).toBeCloseTo(0.25, 14);
});

test("holds cash when every edge is negative, and the caps when the edge knows no risk", () => {
  const out = new Float64Array(2);
  const cov = Float64Array.of(0.04, 0.01, 0.01, 0.04);
  expect(answerOf(kellyWeights(Float64Array.of(-0.1, -0.2), cov, long(2, 1), out)).cash).toBe(1);
  expect(Array.from(out)).toEqual([0, 0]);
  answerOf(kellyWeights(Float64Array.of(0.1, 0.2), new Float64Array(4), long(2, 0.4), out));
  expect(Array.from(out)).toEqual([0.4, 0.4]);
});

test("has no unbounded stake where the covariance is singular", () => {
  const out = new Float64Array(2);
  const answer = unconstrainedKellyWeights(Float64Array.of(0.1, 0.1), Float64Array.of(1, 1, 1, 1), 0, 1, out);
  expect(answer).toEqual({ ok: false, reason: "singular covariance: the unbounded Kelly stake has no finite size" });
});

test("leverage is k w'mu / w'Cw: half Kelly of 0.1 over 0.04 is 1.25 times the weights", () => {
  const w = Float64Array.of(0.5, 0.5);
  const cov = Float64Array.of(0.08, 0, 0, 0.08);
  expect(answerOf(kellyLeverage(w, Float64Array.of(0.1, 0.1), cov, 0.5))).toBeCloseTo(1.25, 14);
  expect(kellyLeverage(w, Float64Array.of(0.1, 0.1), Float64Array.of(1, -1, -1, 1), 0.5).ok).toBe(false);
});

test("the edge of 3 wins of 2 and 2 losses of 1 is 0.6 - 0.4 / 2 = 0.4", () => {
  const edge = profitFactorEdge(Float64Array.of(0.02, -0.01, Number.NaN, 0.02, 0, -0.01, 0.02));
  expect(edge.winRate).toBe(0.6);
  expect(edge.payoff).toBeCloseTo(2, 14);
  expect(edge.profitFactor).toBeCloseTo(3, 14);
  expect(edge.kellyFraction).toBeCloseTo(0.4, 14);
});

test("the edge is 1 without a loss, -Infinity without a win, NaN without either", () => {
  expect(profitFactorEdge(Float64Array.of(0.1)).kellyFraction).toBe(1);
  expect(profitFactorEdge(Float64Array.of(-0.1)).kellyFraction).toBe(Number.NEGATIVE_INFINITY);
  expect(profitFactorEdge(Float64Array.of(0, Number.NaN)).kellyFraction).toBeNaN();
});
