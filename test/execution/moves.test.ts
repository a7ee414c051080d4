import { describe, expect, test } from "vitest";
import { type MovePlan, OUTSIDE_PLANS, type PlanGate } from "../../src/core/contracts.ts";
import { simulate } from "../../src/execution/reference.ts";
import { costsOf, decisionsAt, flatten, marketOf, policyOf } from "../support/market.ts";

const NONE = null;
const flat = (bars: number, assets = 1) => {
  const rows = Array.from({ length: bars }, () => new Array<number>(assets).fill(10));
  return marketOf(rows, rows);
};

function movesOf(fraction: readonly (readonly (number | null)[])[], gate: PlanGate | null = null): MovePlan {
  return { fraction: flatten(fraction), gate };
}

describe("move fractions", () => {
  test("slices of 50, 30 and 20 per cent move s_k / sum of the rest of what remains", () => {
    const market = flat(4);
    const moves = movesOf([[0.5], [0.6], [1], [NONE]]);
    const targets = decisionsAt(market.axes, { 0: [0.8], 1: [0.8], 2: [0.8] });
    const account = simulate(market, targets, policyOf(), { moves });
    // 0.5 * 800 = 400; 0.6 * 400 = 240; the rest 160, in units of 10
    expect([...account.fills.quantity].map((q) => Number(q.toFixed(9)))).toEqual([40, 24, 16]);
  });

  test("0 pauses: nothing is traded, and the decision is used up", () => {
    const market = flat(4);
    const targets = decisionsAt(market.axes, { 0: [0.8] });
    expect(simulate(market, targets, policyOf(), { moves: movesOf([[0], [1], [1], [1]]) }).fills.bar.length).toBe(0);
  });

  test("slices pass the threshold, the last one of a plan too; a plain move does not", () => {
    const market = flat(4);
    const targets = decisionsAt(market.axes, { 0: [0.1], 1: [0.1] });
    const policy = policyOf({ rebalanceThreshold: 0.3 });
    const sliced = simulate(market, targets, policy, { moves: movesOf([[0.5], [1], [1], [1]]) });
    expect([...sliced.fills.quantity]).toEqual([5, 5]);
    expect(simulate(market, targets, policy, { moves: movesOf([[1], [1], [1], [1]]) }).fills.bar.length).toBe(0);
    const after = decisionsAt(market.axes, { 0: [0.1], 1: [0.1], 2: [0.2] });
    const plain = simulate(market, after, policy, { moves: movesOf([[0.5], [1], [1], [1]]) });
    expect(plain.fills.bar.length).toBe(2);
  });

  test("under post_cost the slice is sized on the value that its own costs leave", () => {
    const market = flat(2);
    const policy = policyOf({ costs: costsOf(100, 0) });
    const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policy, { moves: movesOf([[0.5], [1]]) });
    // x = 0.5 V', V' = 1000 - 0.01 x: x = 500 / 1.005
    expect(account.fills.quantity[0]).toBeCloseTo(500 / 1.005 / 10, 10);
  });

  test("the cap scales the target, not the part that is kept", () => {
    const market = flat(3);
    const policy = policyOf({ maxLeverage: 1 });
    const targets = decisionsAt(market.axes, { 0: [0.6], 1: [2] });
    const account = simulate(market, targets, policy, { moves: movesOf([[1], [0.5], [1]]) });
    // half of 600 is kept; half of the target may be worth the other 700
    expect(account.grossExposure[2]).toBeCloseTo(1, 12);
  });

  test("what a participation cap leaves of a slice is traded later, and no more", () => {
    const market = { ...flat(5), volume: new Float64Array(5).fill(100) };
    const liquidity = {
      impactCoefficient: 0,
      participationCap: 0.3,
      volatilityBars: 2,
      advBars: 1,
      volumeUnit: "units" as const,
    };
    const policy = policyOf({ costs: costsOf(0, 0, { liquidity }) });
    const account = simulate(market, decisionsAt(market.axes, { 0: [0.8] }), policy, {
      moves: movesOf([[0.5], [1], [1], [1], [1]]),
    });
    // 300 of the wanted 400, then 100 of the 500 to the target: a fifth
    expect([...account.fills.quantity].map((q) => Number(q.toFixed(9)))).toEqual([30, 10]);
  });

  test("are refused outside 0..1, at another size, and under signals", () => {
    const market = flat(2);
    const targets = decisionsAt(market.axes, {});
    const run = (moves: MovePlan, changes = {}) => simulate(market, targets, policyOf(changes), { moves });
    expect(() => run(movesOf([[1], [1.5]]))).toThrow("move fractions, bar 1 A0: must be in [0, 1], got 1.5");
    expect(() => run(movesOf([[1]]))).toThrow("move fractions: must have 2 cells, got 1");
    expect(() => run(movesOf([[1], [1]]), { executionMode: "signals" })).toThrow("need execution mode orders");
  });
});

describe("the plan gate", () => {
  const gateOf = (
    opening: readonly (readonly number[])[],
    measure: PlanGate["measure"],
    threshold: number,
  ): PlanGate => ({
    opening: Uint8Array.from(opening.flat()),
    measure,
    threshold,
  });

  test("drops a whole plan below its threshold, later slices included", () => {
    const market = flat(5, 2);
    const targets = decisionsAt(market.axes, { 0: [0.5, 0.5], 1: [0.45, 0.55], 2: [0.4, 0.6], 3: [0.2, 0.8] });
    const ones = Array.from({ length: 5 }, () => [0.5, 0.5]);
    const opening = [
      [1, 1],
      [1, 1],
      [0, 0],
      [1, 1],
      [0, 0],
    ];
    const account = simulate(market, targets, policyOf(), { moves: movesOf(ones, gateOf(opening, "max", 0.1)) });
    // bar 1: drift 0.5, half of it: 25 units each, weights 0.25. bar 2: drift 0.2 (0.45 - 0.25) and 0.3: goes on.
    // held then 0.35 and 0.4; bar 3 goes on with that plan: 0.375 and 0.5. bar 4: 0.3 of drift: goes on
    expect(account.events.length).toBe(0);
    const dropped = simulate(market, targets, policyOf(), {
      moves: movesOf(
        ones,
        gateOf(
          [
            [1, 1],
            [1, 1],
            [0, 0],
            [0, 0],
            [0, 0],
          ],
          "max",
          0.31,
        ),
      ),
    });
    expect([...new Set(dropped.fills.bar)]).toEqual([1]);
    expect(dropped.events).toEqual([
      expect.objectContaining({ kind: "plan_dropped", bar: 2, value: expect.closeTo(0.3, 12) }),
    ]);
  });

  test("does not hold back what is decided outside plans, and weighs the rest without it", () => {
    const market = flat(5, 2);
    const targets = decisionsAt(market.axes, { 0: [0.04, 0.5], 1: [0.04, 0.52], 2: [0, 0.52], 3: [null, 0.53] });
    const whole = movesOf(Array.from({ length: 5 }, () => [1, 1]));
    const opening = [
      [0, 0],
      [1, 1],
      [OUTSIDE_PLANS, 1],
      [0, 0],
      [0, 0],
    ];
    const account = simulate(market, targets, policyOf(), { moves: { ...whole, gate: gateOf(opening, "l1", 0.05) } });
    // bar 2: drift 0.02, dropped. bar 3: the asset of the dropped plan, held at 0.04, is sold; the other's 0.02 is not
    // bought, and at bar 4 it still belongs to the plan that was dropped
    expect([...account.fills.bar]).toEqual([1, 1, 3]);
    expect(account.fills.quantity[2]).toBeCloseTo(-4, 12);
    expect(account.events.map(({ kind, bar, value }) => [kind, bar, Number(value.toFixed(9))])).toEqual([
      ["plan_dropped", 2, 0.02],
      ["plan_dropped", 3, 0.02],
    ]);
  });

  test("says nothing of a plan that only looked again", () => {
    const market = flat(4, 2);
    const targets = decisionsAt(market.axes, { 0: [0.5, 0.5], 1: [0.5, 0.5], 2: [0.5, 0.45] });
    const whole = movesOf(Array.from({ length: 4 }, () => [1, 1]));
    const opening = Array.from({ length: 4 }, (_, t) => [t === 0 ? 0 : 1, t === 0 ? 0 : 1]);
    const gate = { ...gateOf(opening, "max", 0.1), quiet: Uint8Array.of(0, 0, 1, 1, 0, 0, 0, 0) };
    const account = simulate(market, targets, policyOf(), { moves: { ...whole, gate } });
    expect([...account.fills.bar]).toEqual([1, 1]);
    expect(account.events).toEqual([expect.objectContaining({ kind: "plan_dropped", bar: 3 })]);
    const short = { ...gate, quiet: Uint8Array.of(1) };
    expect(() => simulate(market, targets, policyOf(), { moves: { ...whole, gate: short } })).toThrow(
      "quiet plans: must have 8 cells, got 1",
    );
  });

  test("measures the largest drift or their sum", () => {
    const market = flat(3, 2);
    const targets = decisionsAt(market.axes, { 0: [0.5, 0.5], 1: [0.4, 0.6] });
    const whole = movesOf(Array.from({ length: 3 }, () => [1, 1]));
    const opening = [
      [0, 0],
      [1, 1],
      [0, 0],
    ];
    const fills = (measure: PlanGate["measure"]) =>
      simulate(market, targets, policyOf(), { moves: { ...whole, gate: gateOf(opening, measure, 0.15) } }).fills.bar;
    // drifts of 0.1 each: 0.1 is below 0.15, their sum 0.2 is not
    expect([...fills("max")]).toEqual([1, 1]);
    expect([...fills("l1")]).toEqual([1, 1, 2, 2]);
  });

  test("weighs the plans of one bar apart", () => {
    const market = flat(3, 3);
    const targets = decisionsAt(market.axes, { 0: [0.3, 0.3, 0.3], 1: [0.29, 0.31, 0.1] });
    const whole = movesOf(Array.from({ length: 3 }, () => [1, 1, 1]));
    const gate = gateOf(
      [
        [0, 0, 0],
        [1, 1, 2],
        [0, 0, 0],
      ],
      "max",
      0.05,
    );
    const account = simulate(market, targets, policyOf(), { moves: { ...whole, gate } });
    expect([...account.fills.asset]).toEqual([0, 1, 2, 2]);
  });

  test("does not count an asset that a stop holds out of the market", () => {
    const market = marketOf(
      [
        [10, 10],
        [10, 10],
        [8, 10],
        [8, 10],
      ],
      [
        [10, 10],
        [10, 10],
        [8, 10],
        [8, 10],
      ],
    );
    const stops = {
      stopLoss: 0.1,
      takeProfit: 9,
      trailing: Number.POSITIVE_INFINITY,
      atrMultiple: Number.POSITIVE_INFINITY,
      atrBars: 1,
    };
    const targets = decisionsAt(market.axes, { 0: [0.5, 0.5], 2: [0.5, 0.54] });
    const whole = movesOf(Array.from({ length: 4 }, () => [1, 1]));
    const gate = gateOf(
      [
        [0, 0],
        [0, 0],
        [1, 1],
        [0, 0],
      ],
      "max",
      0.1,
    );
    const account = simulate(market, targets, policyOf({ stops }), { moves: { ...whole, gate } });
    // the first asset was stopped at 8 (900 left, 500 = 0.5556 in the second): 0.0156 of drift, not 0.5
    expect(account.events.at(-1)).toMatchObject({ kind: "plan_dropped", bar: 3 });
  });
});
