import { describe, expect, test } from "vitest";
import { arithmeticMeans, bayesSteinMeans } from "../../../src/allocation/estimators/mean.ts";
import { describeWith, readOracle } from "../../support/oracle.ts";

describe("bayesSteinMeans", () => {
  test("draws means towards the one of the minimum-variance portfolio by hand", () => {
    // Variances 1 and 2, means 0 and 3, 11 rows: minimum variance holds 2/3 and 1/3, so m0 = 1. Distance
    // (1/1 + 4/2) * (11 - 4)/10 = 2.1; share 4 / (4 + 11 * 2.1) = 4/27.1.
    const out = Float64Array.of(0, 3);
    const answer = bayesSteinMeans(out, Float64Array.of(1, 0, 0, 2), 2, 11, out);
    const share = 4 / 27.1;
    if (!answer.ok) expect.fail(answer.reason);
    expect(answer.value).toBeCloseTo(share, 14);
    expect(out[0]).toBeCloseTo(share, 14);
    expect(out[1]).toBeCloseTo(3 - 2 * share, 14);
  });

  test("moves equal means nowhere", () => {
    const out = new Float64Array(2);
    expect(bayesSteinMeans(Float64Array.of(0.01, 0.01), Float64Array.of(1, 0, 0, 2), 2, 9, out).ok).toBe(true);
    for (const mean of out) expect(mean).toBeCloseTo(0.01, 15);
  });

  test("has no answer for too few rows, a singular covariance or an unknown mean", () => {
    const means = Float64Array.of(1, 2);
    const out = new Float64Array(2);
    const identity = Float64Array.of(1, 0, 0, 1);
    expect(bayesSteinMeans(means, identity, 2, 4, out)).toEqual({
      ok: false,
      reason: "4 rows for 2 assets, shrinking the means needs 5",
    });
    expect(bayesSteinMeans(means, Float64Array.of(1, 1, 1, 1), 2, 9, out).ok).toBe(false);
    expect(bayesSteinMeans(Float64Array.of(Number.NaN, 1), identity, 2, 9, out).ok).toBe(false);
    expect([...out]).toEqual([0, 0]);
  });
});

describeWith("oracles/covariance.json", "arithmetic means against pandas", () => {
  for (const { name, input, expected } of readOracle("covariance").cases)
    test(name, () => {
      const count = input.symbols.length;
      const out = new Float64Array(count);
      const returns = Float64Array.from(input.returns.flat().map((r: number | null) => r ?? Number.NaN));
      arithmeticMeans({ returns, bars: input.returns.length, count }, out);
      for (const [n, want] of expected.mean.entries())
        expect(Math.abs(out[n]! - want)).toBeLessThan(1e-10 * Math.abs(want) + 1e-16);
    });
});
