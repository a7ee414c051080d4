import { describe, expect, test } from "vitest";
import { simulate } from "../../src/execution/reference.ts";
import { costsOf, decisionsAt, marketOf, policyOf } from "../support/market.ts";

const rows = Array.from({ length: 6 }, () => [10]);
const market = marketOf(rows, rows);

describe("execution_mode signals", () => {
  const units = (uponOppositeEntry: "reverse" | "close" | "ignore", decisions: Record<number, number[]>) => {
    const account = simulate(
      market,
      decisionsAt(market.axes, decisions),
      policyOf({ executionMode: "signals", uponOppositeEntry }),
    );
    return [...account.fills.bar].map((bar, i) => [bar, account.fills.quantity[i]]);
  };

  test("enters once, holds while the sign stays, exits at zero", () => {
    expect(units("reverse", { 0: [0.5], 1: [0.8], 2: [0.1], 3: [0] })).toEqual([
      [1, 50],
      [4, -50],
    ]);
  });

  test("an opposite target reverses, closes, or is ignored", () => {
    const turn = { 0: [0.5], 1: [-0.5], 2: [-0.5] };
    expect(units("reverse", turn)).toEqual([
      [1, 50],
      [2, -100],
    ]);
    // closed at bar 2; the next decision finds a flat book and enters
    expect(units("close", turn)).toEqual([
      [1, 50],
      [2, -50],
      [3, -50],
    ]);
    expect(units("ignore", turn)).toEqual([[1, 50]]);
  });

  test("the threshold of orders does not hold back an entry", () => {
    const policy = policyOf({ executionMode: "signals", rebalanceThreshold: 0.3 });
    expect(simulate(market, decisionsAt(market.axes, { 0: [0.1] }), policy).finalUnits[0]).toBe(10);
  });
});

describe("price_type next_close", () => {
  test("fills at the close of the next bar, which then earns nothing on the new position", () => {
    const moving = marketOf([[10], [11], [30]], [[10], [20], [25]]);
    const policy = policyOf({ priceType: "next_close", sizing: "pre_cost", costs: costsOf(100, 0) });
    const account = simulate(moving, decisionsAt(moving.axes, { 0: [0.5] }), policy);
    // bar 1: 500 / 20 = 25 units at 20, fee 5; bar 2: 25 * 25 + 495
    expect([...account.fills.price]).toEqual([20]);
    expect([...account.equity]).toEqual([1000, 995, 1120]);
    expect([...account.positionPnl]).toEqual([0, 0, 125]);
  });

  test("a missing close makes the target wait although there is an open", () => {
    const holed = marketOf([[10], [10], [10]], [[10], [null], [10]]);
    const account = simulate(holed, decisionsAt(holed.axes, { 0: [0.5] }), policyOf({ priceType: "next_close" }));
    expect([...account.fills.bar]).toEqual([2]);
  });
});
