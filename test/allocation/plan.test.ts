import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planAllocation } from "../../src/allocation/plan.ts";
import type { AllocationPolicy } from "../../src/allocation/plan-step.ts";
import { createAxes } from "../../src/core/panel.ts";
import { DAY, marketOf, marketOn } from "../support/market.ts";
import { allocationInputs, allocationPolicyOf } from "../support/weighting.ts";

const policy = allocationPolicyOf;
const plan = (rows: (number | null)[][], changes: Partial<AllocationPolicy>) => {
  const { targets, record } = planAllocation(allocationInputs(marketOf(rows, rows)), policy(changes));
  return { targets, record, decisionBars: record.bars };
};

describe("equal_weight", () => {
  test("gives 1/n to what is listed and no decision to what has no close", () => {
    const { targets } = plan(
      [
        [1, 1, null],
        [1, null, 1],
      ],
      {},
    );
    expect([...targets.values]).toEqual([0.5, 0.5, Number.NaN, 0.5, Number.NaN, 0.5]);
  });

  test("decides every rebalance_bars from the first bar on", () => {
    const { decisionBars, targets } = plan([[1], [1], [1], [1], [1]], { rebalanceBars: 2 });
    expect([...decisionBars]).toEqual([0, 2, 4]);
    expect([...targets.values]).toEqual([1, Number.NaN, 1, Number.NaN, 1]);
  });

  test("goes to cash when nothing is wanted", () => {
    const market = marketOf([[1, 1]], [[1, 1]]);
    const { targets } = planAllocation(allocationInputs(market, new Float64Array(2)), policy({}));
    expect([...targets.values]).toEqual([0, 0]);
  });
});

describe("inverse_volatility", () => {
  test("weighs by the inverse sample deviation of the lookback, hand-worked", () => {
    // A returns +10%, -10%: mean 0, deviation sqrt(0.02 / 1) = 0.141421; B +20%, -20%: twice that
    const { targets, decisionBars } = plan(
      [
        [100, 100],
        [110, 120],
        [99, 96],
      ],
      { method: "inverse_volatility", lookbackBars: 2 },
    );
    expect([...decisionBars]).toEqual([2]);
    expect(targets.values[4]).toBeCloseTo(2 / 3, 12);
    expect(targets.values[5]).toBeCloseTo(1 / 3, 12);
  });

  test("an asset that never moved, or has too little history, gets weight 0", () => {
    const rows = [
      [100, 50, null],
      [110, 50, null],
      [99, 50, 7],
    ];
    const { targets } = plan(rows, { method: "inverse_volatility", lookbackBars: 2 });
    expect([...targets.values.subarray(6)]).toEqual([1, 0, 0]);
  });

  test("says why when nothing has a volatility, and asks the simpler methods", () => {
    const { record, targets } = plan([[5], [5], [5]], { method: "inverse_volatility", lookbackBars: 2 });
    expect(record.events).toEqual([
      { bar: 2, kind: "method_failed", detail: "inverse_volatility: no participant has a positive volatility" },
      { bar: 2, kind: "method_failed", detail: "sharpe_proportional: no participant has a Sharpe ratio above 0" },
    ]);
    expect(record.methods).toEqual(["equal_weight"]);
    expect([...targets.values]).toEqual([Number.NaN, Number.NaN, 1]);
  });

  test("a critical tier asks nobody else: without a last plan there is no decision", () => {
    const { record, targets } = plan([[5], [5], [5]], {
      method: "inverse_volatility",
      lookbackBars: 2,
      tier: "critical",
    });
    expect(record.events.map(({ kind }) => kind)).toEqual(["method_failed", "no_plan"]);
    expect([...record.decided]).toEqual([0]);
    expect(targets.values.every((x) => x !== x)).toBe(true);
  });
});

describe("what a decision sees", () => {
  test("exactly the lookback: the return before it does not count", () => {
    // lookback 2 at bar 3 sees +10%, -10% of A and +20%, -20% of B; the +900% of A before them must not
    const rows = [
      [10, 100],
      [100, 100],
      [110, 120],
      [99, 96],
    ];
    const { targets } = plan(rows, { method: "inverse_volatility", lookbackBars: 2, rebalanceBars: 1 });
    expect(targets.values[6]).toBeCloseTo(2 / 3, 12);
    expect(targets.values[7]).toBeCloseTo(1 / 3, 12);
  });

  test("nothing before the first bar it is told", () => {
    const market = marketOf([[1], [1], [1]], [[1], [1], [1]]);
    const { record } = planAllocation(allocationInputs(market), policy({}), 2);
    expect([...record.bars]).toEqual([2]);
  });

  test("strength scales and signs the weight, and no strength means no part", () => {
    const market = marketOf([[1, 1, 1, 1]], [[1, 1, 1, 1]]);
    const { targets } = planAllocation(allocationInputs(market, Float64Array.of(1, -0.5, 0, Number.NaN)), policy({}));
    // two take part, 1/2 each
    expect([...targets.values]).toEqual([0.5, -0.25, 0, 0]);
  });

  test("an asset without a close takes no part, whatever its strength and history", () => {
    const rows = [
      [10, 10],
      [11, 12],
      [10, 10],
      [11, null],
    ];
    const market = marketOf(rows, rows);
    const { targets } = planAllocation(
      allocationInputs(market, new Float64Array(8).fill(1)),
      policy({ method: "inverse_volatility" }),
    );
    expect([...targets.values.subarray(6)]).toEqual([1, Number.NaN]);
  });

  test("a return that only rounds is no volatility", () => {
    // 0.1 * 1.1^t: every return is 10% up to rounding
    const rows = [0, 1, 2, 3].map((t) => [0.1 * 1.1 ** t, 10 + (t % 2)]);
    const { targets } = plan(rows, { method: "inverse_volatility" });
    expect([...targets.values.subarray(6)]).toEqual([0, 1]);
  });
});

test("every decision sums to one over the listed assets, ignores the future and follows a permutation", () => {
  const walk = fc.array(fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 3, maxLength: 3 }), {
    minLength: 6,
    maxLength: 12,
  });
  fc.assert(
    fc.property(
      walk,
      fc.constantFrom("equal_weight" as const, "inverse_volatility" as const),
      fc.nat(),
      (moves, method, k) => {
        const price = [10, 20, 30];
        const rows = moves.map((row) => row.map((m, n) => (price[n] = price[n]! * (1 + m))));
        const { targets, decisionBars } = plan(rows, { method });
        for (const t of decisionBars) {
          const row = targets.values.subarray(t * 3, t * 3 + 3);
          expect(Math.abs(row[0]! + row[1]! + row[2]! - 1)).toBeLessThan(1e-12);
        }
        const cut = k % rows.length;
        const shorter = plan(rows.slice(0, cut + 1), { method });
        expect(shorter.targets.values).toEqual(targets.values.subarray(0, (cut + 1) * 3));
        const mirrored = plan(
          rows.map((row) => row.toReversed()),
          { method },
        );
        for (let i = 0; i < targets.values.length; i++) {
          const j = i - (i % 3) + 2 - (i % 3);
          const [a, b] = [targets.values[i]!, mirrored.targets.values[j]!];
          expect((a !== a && b !== b) || Math.abs(a - b) < 1e-12).toBe(true);
        }
      },
    ),
    { seed: 3, numRuns: 300 },
  );
});

test("rescaling prices leaves weights", () => {
  const axes = createAxes([0, DAY, 2 * DAY, 3 * DAY], ["A", "B"]);
  const close = Float64Array.of(10, 20, 11, 19, 12, 22, 11, 21);
  const scaled = close.map((x, i) => x * (i % 2 ? 1024 : 0.125));
  const targetsOf = (prices: Float64Array) => {
    const market = marketOn(axes, prices, prices);
    return planAllocation(allocationInputs(market), policy({ method: "inverse_volatility" })).targets.values;
  };
  expect(targetsOf(scaled)).toEqual(targetsOf(close));
});
