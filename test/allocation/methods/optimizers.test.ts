import fc from "fast-check";
import { expect, test } from "vitest";
import { maxDiversificationWeights } from "../../../src/allocation/methods/max-diversification-weights.ts";
import { maxSharpeWeights, NO_POSITIVE_EXCESS } from "../../../src/allocation/methods/max-sharpe-weights.ts";
import { meanVarianceWeights } from "../../../src/allocation/methods/mean-variance-weights.ts";
import { minVarianceWeights } from "../../../src/allocation/methods/min-variance-weights.ts";
import { portfolioVariance, uniformBounds } from "../../../src/allocation/weight-bounds.ts";
import {
  answerOf,
  anyEstimates,
  type Estimates,
  largestDifference,
  permuted,
  permutedMatrix,
  regularEstimates,
} from "../../support/covariances.ts";
import { describeWith, readOracle } from "../../support/oracle.ts";

describeWith("oracles/optimizers.json", "optimisers against PyPortfolioOpt, cvxpy and scipy", () => {
  for (const { name, input, expected } of readOracle("optimizers").cases) {
    const n = input.symbols.length;
    const mu = Float64Array.from(input.mu_annual);
    const cov = Float64Array.from(input.cov_annual.flat());
    for (const box of ["long_only", "cap", "floor_cap", "long_short"]) {
      const [low, high] = expected[box].bounds;
      const bounds = uniformBounds(n, low, high);
      const out = new Float64Array(n);

      test(`minimum variance, ${name}, ${box}`, () => {
        const { variance } = answerOf(minVarianceWeights(cov, bounds, out));
        expect(largestDifference(out, expected[box].min_variance.weights)).toBeLessThan(1e-6);
        expect(Math.abs(variance / expected[box].min_variance.variance - 1)).toBeLessThan(1e-9);
      });

      for (const rf of ["0.0", "0.02"])
        test(`maximum Sharpe ratio, ${name}, ${box}, rf ${rf}`, () => {
          const peer = expected[box][`max_sharpe_rf${rf}`];
          const { ratio } = answerOf(maxSharpeWeights(mu, cov, bounds, Number(rf), out));
          expect(largestDifference(out, peer.weights)).toBeLessThan(1e-6);
          expect(Math.abs(ratio / peer.sharpe - 1)).toBeLessThan(1e-9);
        });

      for (const aversion of [2, 10])
        test(`utility, ${name}, ${box}, risk aversion ${aversion}`, () => {
          const peer = expected[box][`max_utility_ra${aversion}`];
          const { utility } = answerOf(meanVarianceWeights(mu, cov, bounds, aversion, out));
          expect(largestDifference(out, peer.weights)).toBeLessThan(1e-6);
          expect(Math.abs(utility / peer.utility - 1)).toBeLessThan(1e-9);
        });
    }

    test(`closed forms without bounds, ${name}`, () => {
      const open = uniformBounds(n, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
      const out = new Float64Array(n);
      answerOf(minVarianceWeights(cov, open, out));
      expect(largestDifference(out, expected.closed_form.min_variance_unconstrained)).toBeLessThan(1e-10);
      answerOf(maxSharpeWeights(mu, cov, open, 0, out));
      expect(largestDifference(out, expected.closed_form.tangency_rf0)).toBeLessThan(1e-9);
    });
  }
});

type Solver = (estimates: Estimates, low: number, high: number, out: Float64Array) => { ok: boolean };

const solvers: Record<string, Solver> = {
  "minimum variance": ({ n, cov }, low, high, out) => minVarianceWeights(cov, uniformBounds(n, low, high), out),
  "mean-variance utility": ({ n, mu, cov }, low, high, out) =>
    meanVarianceWeights(mu, cov, uniformBounds(n, low, high), 3, out),
  "maximum Sharpe ratio": ({ n, mu, cov }, low, high, out) =>
    maxSharpeWeights(mu, cov, uniformBounds(n, low, high), 0, out),
  "maximum diversification": ({ n, cov }, low, high, out) =>
    maxDiversificationWeights(cov, uniformBounds(n, low, high), out),
};

for (const [name, solve] of Object.entries(solvers)) {
  test(`${name} meets budget and bounds on any estimates, or leaves the output alone`, () => {
    fc.assert(
      fc.property(anyEstimates, fc.constantFrom(0, -0.3, 0.01), fc.constantFrom(1, 1.2, 3), (estimates, low, wide) => {
        const { n } = estimates;
        const out = new Float64Array(n).fill(7);
        const answer = solve(estimates, low, wide / n, out);
        if (!answer.ok) {
          expect(out.every((w) => w === 7)).toBe(true);
          return;
        }
        expect(Math.abs(out.reduce((sum, w) => sum + w, 0) - 1)).toBeLessThan(1e-9);
        for (const w of out) expect(w >= low && w <= wide / n).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test(`${name} follows a permutation of the assets, and does not mind the unit of returns`, () => {
    fc.assert(
      fc.property(regularEstimates, fc.constantFrom(0, -0.3), (estimates, low) => {
        const { n, mu, cov } = estimates;
        const out = new Float64Array(n);
        const moved = new Float64Array(n);
        if (!solve(estimates, low, 2 / n, out).ok) return;
        const order = Array.from({ length: n }, (_, i) => (i * 3 + 1) % n).filter(
          (i, at, all) => all.indexOf(i) === at,
        );
        if (order.length === n) {
          expect(solve({ n, mu: permuted(mu, order), cov: permutedMatrix(cov, order) }, low, 2 / n, moved).ok).toBe(
            true,
          );
          expect(largestDifference(moved, permuted(out, order))).toBeLessThan(1e-8);
        }
        if (name === "mean-variance utility") return;
        const scaled = { n, mu: mu.map((m) => m * 50), cov: cov.map((c) => c * 2500) };
        expect(solve(scaled, low, 2 / n, moved).ok).toBe(true);
        expect(largestDifference(moved, out)).toBeLessThan(1e-8);
      }),
    );
  });
}

test("no feasible weights have a better Sharpe ratio than the answer", () => {
  fc.assert(
    fc.property(regularEstimates, fc.array(fc.nat(100), { minLength: 8, maxLength: 8 }), ({ n, mu, cov }, parts) => {
      const out = new Float64Array(n);
      const answer = maxSharpeWeights(mu, cov, uniformBounds(n, 0, 1), 0, out);
      const total = parts.slice(0, n).reduce((sum, part) => sum + part, 0) || Number.NaN;
      const rival = Float64Array.from(parts.slice(0, n), (part) => part / total);
      const gain = rival.reduce((sum, w, i) => sum + w * mu[i]!, 0);
      if (!(gain > 0)) return;
      const sharpe = gain / Math.sqrt(portfolioVariance(rival, cov));
      expect(sharpe).toBeLessThanOrEqual(answerOf(answer).ratio * (1 + 1e-10));
    }),
    { numRuns: 300 },
  );
});

test("max Sharpe says so when nothing beats cash, and finds the short that does", () => {
  const mu = Float64Array.of(-0.01, -0.05);
  const cov = Float64Array.of(0.04, 0, 0, 0.04);
  const out = new Float64Array(2);
  expect(maxSharpeWeights(mu, cov, uniformBounds(2, 0, 1), 0, out)).toEqual({ ok: false, reason: NO_POSITIVE_EXCESS });
  // Long 1.5 and short 0.5 earns 0.01: the only kind of weights above cash.
  const { ratio } = answerOf(maxSharpeWeights(mu, cov, uniformBounds(2, -0.5, 1.5), 0, out));
  expect(Array.from(out)).toEqual([1.5, -0.5]);
  expect(ratio).toBeCloseTo(0.01 / Math.sqrt(0.04 * 2.5), 12);
});

test("of two independent assets the tangency portfolio holds mu / variance: 0.1/0.04 and 0.2/0.16 are 2 to 1", () => {
  const out = new Float64Array(2);
  const mu = Float64Array.of(0.1, 0.2);
  const cov = Float64Array.of(0.04, 0, 0, 0.16);
  answerOf(maxSharpeWeights(mu, cov, uniformBounds(2, 0, 1), 0, out));
  expect(largestDifference(out, [2 / 3, 1 / 3])).toBeLessThan(1e-14);
});

test("a riskless asset with a gain takes all, one without a gain nothing of the ratio", () => {
  const out = new Float64Array(3);
  const cov = Float64Array.of(0, 0, 0, 0, 0.04, 0, 0, 0, 0.09);
  const gain = answerOf(maxSharpeWeights(Float64Array.of(0.01, 0.1, 0.1), cov, uniformBounds(3, 0, 1), 0, out));
  expect(out[0]).toBeGreaterThan(0.999);
  expect(gain.ratio).toBeGreaterThan(1);
  answerOf(maxSharpeWeights(Float64Array.of(0, 0.1, 0.1), cov, uniformBounds(3, 0, 1), 0, out));
  // Any mix with the riskless asset has the same ratio; the two others are in proportion 9 to 4.
  expect(out[1]! / out[2]!).toBeCloseTo(9 / 4, 8);
});

test("without any risk the best gain within the caps is the answer", () => {
  const out = new Float64Array(3);
  const { ratio } = answerOf(
    maxSharpeWeights(Float64Array.of(0.1, -0.1, 0.05), new Float64Array(9), uniformBounds(3, 0, 0.7), 0, out),
  );
  expect(largestDifference(out, [0.7, 0, 0.3])).toBeLessThan(1e-9);
  expect(ratio).toBe(Number.POSITIVE_INFINITY);
});

test("maximum diversification of uncorrelated assets is inverse volatility, and skips one without variance", () => {
  const out = new Float64Array(3);
  const cov = Float64Array.of(0.04, 0, 0, 0, 0.01, 0, 0, 0, 0);
  const { ratio } = answerOf(maxDiversificationWeights(cov, uniformBounds(3, 0, 1), out));
  expect(largestDifference(out, [1 / 3, 2 / 3, 0])).toBeLessThan(1e-13);
  expect(ratio).toBeCloseTo(Math.SQRT2, 13);
  const flat = maxDiversificationWeights(new Float64Array(9), uniformBounds(3, 0, 1), out);
  expect(flat).toEqual({ ok: false, reason: "no asset has a positive variance" });
});

test("maximum diversification equals minimum variance on correlations over volatility while no bound binds", () => {
  fc.assert(
    fc.property(regularEstimates, ({ n, cov }) => {
      const open = uniformBounds(n, -1e6, 1e6);
      const sigma = Float64Array.from({ length: n }, (_, i) => Math.sqrt(cov[i * n + i]!));
      const correlation = cov.map((c, cell) => c / (sigma[Math.floor(cell / n)]! * sigma[cell % n]!));
      const naive = new Float64Array(n);
      const out = new Float64Array(n);
      answerOf(minVarianceWeights(correlation, open, naive));
      const total = naive.reduce((sum, w, i) => sum + w / sigma[i]!, 0);
      // A negative total turns the portfolio round: its ratio is then not the greatest but the least.
      if (total <= 0.05 / Math.max(...sigma)) return;
      answerOf(maxDiversificationWeights(cov, open, out));
      expect(
        largestDifference(
          out,
          Float64Array.from(naive, (w, i) => w / sigma[i]! / total),
        ),
      ).toBeLessThan(1e-8);
    }),
  );
});
