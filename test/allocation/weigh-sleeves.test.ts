import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WEIGHTING_METHOD_NAMES } from "../../src/allocation/methods/catalogue.ts";
import { type SleeveProblem, weighSleeves } from "../../src/allocation/weigh-sleeves.ts";
import { loadLinearProgram } from "../../src/math/linear-program.ts";
import { allocationPolicyOf, constraintsOf, parametersOf } from "../support/weighting.ts";

const NONE = Number.NaN;
const linearProgram = await loadLinearProgram();

/** Columns are sleeves. */
function problemOf(rows: readonly (readonly number[])[], changes: Partial<SleeveProblem> = {}): SleeveProblem {
  const count = rows[0]!.length;
  return {
    window: { returns: Float64Array.from(rows.flat()), bars: rows.length, count },
    strength: new Float64Array(count).fill(1),
    posterior: null,
    trades: null,
    previous: null,
    barsSincePrevious: 0,
    covariance: null,
    linearProgram,
    names: Array.from({ length: count }, (_, k) => `S${k}`),
    ...changes,
  };
}

const kinds = (plan: { events: readonly { kind: string }[] }) => plan.events.map(({ kind }) => kind);

describe("cuts", () => {
  // S0 falls 20% and comes back, S1 never falls, S2 has two returns only
  const rows = [
    [-0.2, 0.01, NONE],
    [0.25, 0.02, NONE],
    [0.1, 0.01, 0.01],
    [0.1, 0.02, 0.03],
  ];

  test("a sleeve with a deeper drawdown than max_dd gets 0 and the others share its weight", () => {
    const plan = weighSleeves(
      problemOf(rows),
      allocationPolicyOf({ constraints: constraintsOf({ maxDrawdown: 0.15 }) }),
    );
    expect([...plan.weights!]).toEqual([0, 0.5, 0.5]);
    expect(plan.events).toEqual([{ kind: "cut", detail: "S0: max_dd is 0.200, limit 0.150" }]);
  });

  test("too little history cuts only under a method that looks at it", () => {
    const constraints = constraintsOf({ minHistoryBars: 3 });
    expect([...weighSleeves(problemOf(rows), allocationPolicyOf({ constraints })).weights!]).toEqual([
      1 / 3,
      1 / 3,
      1 / 3,
    ]);
    const plan = weighSleeves(problemOf(rows), allocationPolicyOf({ method: "inverse_volatility", constraints }));
    expect(plan.weights![2]).toBe(0);
    expect(plan.events[0]!.detail).toBe("S2: min_history is 2, limit 3");
  });

  test("expected shortfall is the mean of the worst 5% of returns, at least one", () => {
    const constraints = constraintsOf({ maxExpectedShortfall: 0.1 });
    const plan = weighSleeves(problemOf(rows), allocationPolicyOf({ constraints }));
    expect(plan.events[0]!.detail).toBe("S0: max_var_es is 0.200, limit 0.100");
  });

  test("trades count where they are known", () => {
    const policy = allocationPolicyOf({ constraints: constraintsOf({ minTrades: 10 }) });
    expect([...weighSleeves(problemOf(rows, { trades: [12, 9, 30] }), policy).weights!]).toEqual([0.5, 0, 0.5]);
    expect(kinds(weighSleeves(problemOf(rows), policy))).toEqual([]);
  });

  test("fewer left than min_active keeps the last plan without what was cut, or gives no plan", () => {
    const constraints = constraintsOf({ maxDrawdown: 0.15, minActive: 3 });
    const policy = allocationPolicyOf({ constraints });
    const kept = weighSleeves(problemOf(rows, { previous: Float64Array.of(0.5, 0.3, 0.2) }), policy);
    expect([...kept.weights!]).toEqual([0, 0.3, 0.2]);
    expect(kept.method).toBe("previous");
    expect(kept.turnover).toBe(0.5);
    expect(kinds(kept)).toEqual(["cut", "too_few_active", "kept_previous"]);
    const none = weighSleeves(problemOf(rows), policy);
    expect(none.weights).toBeNull();
    expect(kinds(none).at(-1)).toBe("no_plan");
  });
});

describe("fallbacks", () => {
  // both lose throughout: no Sharpe ratio above 0
  const losing = [
    [-0.01, -0.02],
    [-0.02, -0.01],
    [-0.01, -0.03],
  ];

  test("a method without an answer is followed by sharpe_proportional, then equal_weight", () => {
    const plan = weighSleeves(
      problemOf(losing),
      allocationPolicyOf({
        method: "constrained_mv",
        parameters: parametersOf({ mv: { objective: "max_sharpe", expectedReturnSource: "mean", meanShrinkage: 0 } }),
      }),
    );
    expect(plan.method).toBe("equal_weight");
    expect(plan.events.filter(({ kind }) => kind === "method_failed").map(({ detail }) => detail)).toEqual([
      "constrained_mv: no positive expected excess return",
      "sharpe_proportional: no participant has a Sharpe ratio above 0",
    ]);
    expect([...plan.weights!]).toEqual([0.5, 0.5]);
  });

  test("a critical tier keeps the last plan instead", () => {
    const previous = Float64Array.of(0.7, 0.3);
    const policy = allocationPolicyOf({ method: "sharpe_proportional", tier: "critical" });
    const plan = weighSleeves(problemOf(losing, { previous }), policy);
    expect([...plan.weights!]).toEqual([0.7, 0.3]);
    expect(kinds(plan)).toEqual(["method_failed", "kept_previous"]);
  });
});

describe("limits and the step from the last plan", () => {
  const rows = [
    [0.01, 0.02, -0.01, 0.01, 0.02],
    [-0.01, 0.01, 0.02, 0.02, -0.02],
    [0.02, -0.02, 0.01, -0.01, 0.01],
  ];

  test("max_weight 0.1 on five sleeves holds half of the capital, and says so", () => {
    const plan = weighSleeves(problemOf(rows), allocationPolicyOf({ constraints: constraintsOf({ maxWeight: 0.1 }) }));
    expect([...plan.weights!]).toEqual([0.1, 0.1, 0.1, 0.1, 0.1]);
    expect(plan.events[0]).toMatchObject({ kind: "budget_reduced" });
  });

  test("a turnover cap stops on the way: 1.2 of distance, 0.3 allowed, a quarter of it", () => {
    const previous = Float64Array.of(0.8, 0.05, 0.05, 0.05, 0.05);
    const constraints = constraintsOf({ maxTurnover: 0.3 });
    const plan = weighSleeves(problemOf(rows, { previous }), allocationPolicyOf({ constraints }));
    // equal weights are 0.2 each: 0.8 - 0.6 / 4 = 0.65, 0.05 + 0.15 / 4 = 0.0875
    expect([...plan.weights!].map((w) => Number(w.toFixed(12)))).toEqual([0.65, 0.0875, 0.0875, 0.0875, 0.0875]);
    expect(plan.turnover).toBeCloseTo(0.3, 12);
  });

  test("a half-life goes part of the way: after one of them, half", () => {
    const previous = Float64Array.of(1, 0, 0, 0, 0);
    const constraints = constraintsOf({ smoothingHalfLifeBars: 10 });
    const plan = weighSleeves(
      problemOf(rows, { previous, barsSincePrevious: 10 }),
      allocationPolicyOf({ constraints }),
    );
    expect([...plan.weights!].map((w) => Number(w.toFixed(12)))).toEqual([0.6, 0.1, 0.1, 0.1, 0.1]);
  });

  test("a cut leaves at once, whatever the turnover cap", () => {
    const falling = rows.map((row, t) => (t === 0 ? [-0.5, ...row.slice(1)] : row));
    const previous = Float64Array.of(0.2, 0.2, 0.2, 0.2, 0.2);
    const constraints = constraintsOf({ maxTurnover: 0.08, maxDrawdown: 0.3 });
    const plan = weighSleeves(problemOf(falling, { previous }), allocationPolicyOf({ constraints }));
    // the four others want 0.25 each, 0.2 of distance of which 0.08 is allowed: 0.2 + 0.4 * 0.05
    expect([...plan.weights!].map((w) => Number(w.toFixed(12)))).toEqual([0, 0.22, 0.22, 0.22, 0.22]);
    expect(plan.events.find(({ kind }) => kind === "constraint_unmet")!.detail).toContain("budget");
  });

  test("a group limit holds, and one that cannot is given up with a reason", () => {
    const limited = (max: number, assets = [0, 1]) =>
      allocationPolicyOf({ constraints: constraintsOf({ groups: [{ name: "pair", assets, min: 0, max }] }) });
    const plan = weighSleeves(problemOf(rows), limited(0.2));
    expect(plan.weights![0]! + plan.weights![1]!).toBeCloseTo(0.2, 10);
    const impossible = weighSleeves(problemOf(rows), limited(0.5, [0, 1, 2, 3, 4]));
    expect([...impossible.weights!].reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(impossible.events[0]!.detail).toContain("group limits were given up");
  });

  test("a volatility target gives a scale and leaves the weights alone", () => {
    const policy = allocationPolicyOf({ covariance: { kind: "diagonal" }, volatilityTarget: 0.02 });
    const plan = weighSleeves(problemOf([[0.01], [-0.01], [0.01], [-0.01]]), policy);
    // one sleeve, deviation sqrt(4 * 1e-4 / 3) = 0.011547: scale 1.7320508
    expect([...plan.weights!]).toEqual([1]);
    expect(plan.scale).toBeCloseTo(Math.sqrt(3), 10);
    const capped = { ...policy, constraints: constraintsOf({ maxLeverage: 1.2 }) };
    expect(weighSleeves(problemOf([[0.01], [-0.01], [0.01], [-0.01]]), capped).scale).toBe(1.2);
  });
});

const cell = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -0.2, max: 0.2, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 0.01, NONE) },
);
const problems = fc
  .record({ bars: fc.integer({ min: 1, max: 12 }), count: fc.integer({ min: 1, max: 6 }) })
  .chain(({ bars, count }) =>
    fc.record({
      cells: fc.array(cell, { minLength: bars * count, maxLength: bars * count }),
      shape: fc.constantFrom("free", "free", "constant", "duplicated", "mirrored", "losing"),
      previous: fc.option(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: count, maxLength: count })),
      bars: fc.constant(bars),
      count: fc.constant(count),
      maxWeight: fc.constantFrom(0.1, 0.3, 0.5, 1),
      maxTurnover: fc.constantFrom(null, 0.05, 0.5),
      method: fc.constantFrom(...WEIGHTING_METHOD_NAMES),
      estimator: fc.constantFrom<"sample" | "oas" | "diagonal">("sample", "oas", "diagonal"),
    }),
  );

test("whatever the returns, a plan sums to its budget within its bounds and its turnover", () => {
  fc.assert(
    fc.property(problems, ({ cells, shape, previous, bars, count, maxWeight, maxTurnover, method, estimator }) => {
      const returns = Float64Array.from(cells, (value, i) => {
        const first = cells[i - (i % count)]!;
        if (shape === "constant") return 0.01;
        if (shape === "duplicated") return first;
        if (shape === "mirrored") return (i % count) % 2 === 0 ? first : -first;
        return shape === "losing" ? -Math.abs(value) : value;
      });
      const total = previous === null ? 1 : previous.reduce((a, b) => a + b, 0) || 1;
      const before = previous === null ? null : Float64Array.from(previous, (w) => w / total);
      const covariance =
        estimator === "oas" ? ({ kind: "shrinkage", intensity: "oas" } as const) : ({ kind: estimator } as const);
      const constraints = constraintsOf({ maxWeight, maxTurnover, minHistoryBars: 1 });
      const problem = problemOf([new Array<number>(count).fill(0)], {
        window: { returns, bars, count },
        previous: before,
        barsSincePrevious: 5,
      });
      const plan = weighSleeves(problem, allocationPolicyOf({ method, covariance, constraints }));
      if (plan.weights === null || plan.method === "previous") return;
      const sum = plan.weights.reduce((a, b) => a + b, 0);
      const active = count - plan.events.filter(({ kind }) => kind === "cut").length;
      for (const w of plan.weights) expect(w).toBeGreaterThanOrEqual(-1e-9);
      if (before === null) {
        expect(sum).toBeCloseTo(Math.min(1, active * maxWeight), 9);
        for (const w of plan.weights) expect(w).toBeLessThanOrEqual(maxWeight + 1e-9);
      } else if (maxTurnover !== null && active === count)
        expect(plan.turnover).toBeLessThanOrEqual(maxTurnover + 1e-9);
    }),
    { seed: 9, numRuns: 1500 },
  );
});

test("permuting sleeves permutes the weights, and rescaling all returns leaves them", () => {
  const methods = WEIGHTING_METHOD_NAMES.filter((name) => !["moe", "cdar_min", "hrp"].includes(name));
  const rows = fc.array(fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 3, maxLength: 3 }), {
    minLength: 8,
    maxLength: 8,
  });
  fc.assert(
    fc.property(rows, fc.constantFrom(...methods), (values, method) => {
      const policy = allocationPolicyOf({ method, constraints: constraintsOf({ maxWeight: 0.6 }) });
      const plan = weighSleeves(problemOf(values), policy);
      const mirrored = weighSleeves(problemOf(values.map((row) => row.toReversed())), policy);
      const scaled = weighSleeves(problemOf(values.map((row) => row.map((r) => r / 8))), policy);
      if (plan.method !== mirrored.method || plan.method !== scaled.method) return;
      for (let k = 0; k < 3; k++) {
        expect(mirrored.weights![2 - k]).toBeCloseTo(plan.weights![k]!, 6);
        expect(scaled.weights![k]).toBeCloseTo(plan.weights![k]!, 6);
      }
    }),
    { seed: 4, numRuns: 400 },
  );
});
