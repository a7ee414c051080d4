import fc from "fast-check";
import { expect, test } from "vitest";
import { quantile } from "../../src/math/quantile.ts";
import { expectedShortfall, orderTails, tailRatio, valueAtRisk } from "../../src/metrics/tail.ts";

test("ordering the ends alone gives what a sort of everything gives, ties at the quantiles included", () => {
  const value = fc.integer({ min: -12, max: 12 }).map((k) => k / 100 + 0);
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 120 }), (values) => {
      const returns = Float64Array.from(values);
      const limit = quantile(returns, 0.05);
      const worst = returns.toSorted().filter((r) => r <= limit);
      orderTails(returns);
      expect(valueAtRisk(returns)).toBe(limit);
      expect(expectedShortfall(returns)).toBe(worst.reduce((sum, r) => sum + r, 0) / worst.length);
      const ratio = Math.abs(quantile(returns, 0.95)) / Math.abs(limit);
      expect(tailRatio(returns)).toBe(limit === 0 ? Number.NaN : ratio);
      expect(returns.toSorted()).toEqual(Float64Array.from(values).sort());
    }),
    { seed: 7, numRuns: 1000 },
  );
});

test("is undefined without returns", () => {
  const none = new Float64Array();
  orderTails(none);
  expect([valueAtRisk(none), expectedShortfall(none), tailRatio(none)]).toEqual([NaN, NaN, NaN]);
});
