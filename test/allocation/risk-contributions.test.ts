import { describe, expect, test } from "vitest";
import { marginalRisk, riskContributions } from "../../src/allocation/risk-contributions.ts";
import { portfolioVariance } from "../../src/allocation/weight-bounds.ts";
import { describeWith, readOracle } from "../support/oracle.ts";

describe("riskContributions", () => {
  test("adds up to the volatility by hand", () => {
    // w = (3, 4), C = [1 0; 0 1]: variance 25, volatility 5, contributions 9/5 and 16/5.
    const out = new Float64Array(2);
    const weights = Float64Array.of(3, 4);
    const covariance = Float64Array.of(1, 0, 0, 1);
    expect(portfolioVariance(weights, covariance)).toBe(25);
    expect(riskContributions(weights, covariance, 2, out)).toBe(5);
    expect(out[0]).toBeCloseTo(1.8, 14);
    expect(out[1]).toBeCloseTo(3.2, 14);
  });

  test("is zero for a portfolio without variance", () => {
    const out = Float64Array.of(7, 7);
    expect(riskContributions(Float64Array.of(1, -1), Float64Array.of(1, 1, 1, 1), 2, out)).toBe(0);
    expect([...out].map(Math.abs)).toEqual([0, 0]);
  });
});

describeWith("oracles/risk_parity.json", "risk contributions against the reference", () => {
  for (const { name, input, expected } of readOracle("risk_parity").cases)
    for (const [title, want] of [...Object.entries(expected.simple), ...Object.entries(expected.erc)])
      test(`${name}: ${title}`, () => {
        const { weights, vol, marginal_risk, risk_contribution } = want as Record<string, number[]>;
        const n = input.symbols.length;
        const covariance = Float64Array.from(input.cov.flat());
        const out = new Float64Array(n);
        const given = Float64Array.from(weights!);
        expect(Math.abs(riskContributions(given, covariance, n, out) - Number(vol))).toBeLessThan(1e-12);
        for (let i = 0; i < n; i++) expect(Math.abs(out[i]! - risk_contribution![i]!)).toBeLessThan(1e-12);
        expect(Math.abs(Math.sqrt(portfolioVariance(given, covariance)) - Number(vol))).toBeLessThan(1e-12);
        if (!marginal_risk) return;
        marginalRisk(given, covariance, n, out);
        for (let i = 0; i < n; i++) expect(Math.abs(out[i]! - marginal_risk[i]!)).toBeLessThan(1e-12);
      });
});
