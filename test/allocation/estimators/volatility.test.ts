import { describe, expect, test } from "vitest";
import { estimateVolatilities, type VolatilityEstimator } from "../../../src/allocation/estimators/volatility.ts";
import { describeWith, readOracle } from "../../support/oracle.ts";

const volatilities = (rows: readonly (readonly (number | null)[])[], estimator: VolatilityEstimator): number[] => {
  const count = rows[0]!.length;
  const out = new Float64Array(count);
  const returns = Float64Array.from(rows.flat().map((r) => r ?? Number.NaN));
  estimateVolatilities({ returns, bars: rows.length, count }, estimator, out);
  return [...out];
};

describe("estimateVolatilities", () => {
  test("is the standard deviation with ddof 1 over the returns present", () => {
    // 1, 2, 3: sqrt(2/2). 1 and 5, one missing: sqrt(8/1).
    const [plain, holed] = volatilities(
      [
        [1, 1],
        [2, null],
        [3, 5],
      ],
      { kind: "sample" },
    );
    expect(plain).toBeCloseTo(1, 14);
    expect(holed).toBeCloseTo(Math.sqrt(8), 14);
  });

  test("weights the newest return most", () => {
    // lambda 0.5, returns 0 then 3: weights 0.5 and 1, mean 2, squares 0.5 * 4 + 1 = 3; times W / (W^2 - W2) =
    // 1.5 / (2.25 - 1.25) gives 4.5. A missing return in between decays nothing.
    const ewma = { kind: "ewma", decay: { lambda: 0.5 } } as const;
    expect(volatilities([[0], [3]], ewma)[0]).toBeCloseTo(Math.sqrt(4.5), 14);
    expect(volatilities([[0], [null], [3]], ewma)[0]).toBeCloseTo(Math.sqrt(4.5), 14);
  });

  test("counts returns above the target as no shortfall", () => {
    // Target 1: shortfalls -1, 0, -2, 0; root of 5/4.
    const downside = { kind: "downside", targetReturn: 1 } as const;
    expect(volatilities([[0], [4], [-1], [1]], downside)[0]).toBeCloseTo(Math.sqrt(1.25), 14);
  });

  test("is exactly zero for a constant column, rounding aside, and NaN for a single return", () => {
    const rows = Array.from({ length: 9 }, (_, t) => [0.1, 1e-3 * (1 + (t % 2) * 2e-16), t === 4 ? 0.2 : null]);
    for (const estimator of [{ kind: "sample" }, { kind: "ewma", decay: { halfLifeBars: 3 } }] as const)
      expect(volatilities(rows, estimator)).toEqual([0, 0, Number.NaN]);
    expect(volatilities([[null]], { kind: "downside", targetReturn: 0 })).toEqual([Number.NaN]);
  });
});

describeWith("oracles/covariance.json", "volatility against pandas", () => {
  for (const { name, input, expected } of readOracle("covariance").cases)
    test(name, () => {
      const found = volatilities(input.returns, { kind: "sample" });
      for (const [n, want] of expected.std_ddof1.entries()) expect(Math.abs(found[n]! / want - 1)).toBeLessThan(1e-10);
      const ewma = expected.ewma_pandas_last?.halflife30_adjust_unbiased;
      if (!ewma) return;
      const weighted = volatilities(input.returns, { kind: "ewma", decay: { halfLifeBars: 30 } });
      for (let n = 0; n < found.length; n++)
        expect(Math.abs(weighted[n]! / Math.sqrt(ewma[n][n]) - 1)).toBeLessThan(1e-10);
    });
});
