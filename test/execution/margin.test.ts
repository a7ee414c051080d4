import { describe, expect, test } from "vitest";
import { FILL_REASONS } from "../../src/core/contracts.ts";
import { simulate } from "../../src/execution/reference.ts";
import { barsOf, decisionsAt, marketOf, policyOf } from "../support/market.ts";

const margin = { initialRate: 0.2, maintenanceRate: 0.05 };
const START = [100, 100, 100, 100];

describe("isolated margin", () => {
  test("a long is liquidated where its margin is down to maintenance, and loses all of it", () => {
    const market = barsOf([START, START, [100, 101, 84, 95]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [2] }), policyOf({ margin }));
    // 20 units at 100, margin 0.2 * 2000 = 400; liquidated at 100 * 0.8 / 0.95 = 84.210526: the price loss is
    // 20 * 15.789474 = 315.789474, and the 84.210526 left of the margin go with it: 1000 - 400 = 600
    expect(account.fills.price[1]).toBeCloseTo(80 / 0.95, 10);
    expect(FILL_REASONS[account.fills.reason[1]!]).toBe("liquidation");
    expect(account.positionPnl[2]).toBeCloseTo(-20 * (100 - 80 / 0.95), 9);
    expect(account.liquidationLoss[2]).toBeCloseTo(400 - 20 * (100 - 80 / 0.95), 9);
    expect(account.equity[2]).toBeCloseTo(600, 9);
    expect(account.events).toEqual([expect.objectContaining({ kind: "liquidated", bar: 2, asset: 0, value: 400 })]);
  });

  test("a gap beyond the margin costs no more than the margin", () => {
    const market = barsOf([START, START, [50, 60, 40, 55]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [3] }), policyOf({ margin }));
    // 30 units: the price loss is 1500, the margin 600: 900 are not the account's
    expect(account.positionPnl[2]).toBeCloseTo(-1500, 9);
    expect(account.liquidationLoss[2]).toBeCloseTo(-900, 9);
    expect(account.equity[2]).toBeCloseTo(400, 9);
    expect(account.ruinBar).toBe(-1);
  });

  test("a short is liquidated above its entry", () => {
    const market = barsOf([START, START, [100, 116, 99, 110]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [-1] }), policyOf({ margin }));
    // 10 short at 100, margin 200, liquidated at 100 * 1.2 / 1.05 = 114.285714
    expect(account.fills.price[1]).toBeCloseTo(120 / 1.05, 10);
    expect(account.equity[2]).toBeCloseTo(800, 9);
  });

  test("leaves the other positions alone", () => {
    const open = [
      [100, 10],
      [100, 10],
      [100, 10],
    ];
    const market = {
      ...marketOf(open, [
        [100, 10],
        [100, 10],
        [100, 10],
      ]),
    };
    const low = Float64Array.from(market.low);
    low[4] = 80;
    const account = simulate({ ...market, low }, decisionsAt(market.axes, { 0: [1, 1] }), policyOf({ margin }));
    expect([...account.finalUnits]).toEqual([0, 100]);
    expect(account.equity[2]).toBeCloseTo(800, 9);
  });

  test("caps gross exposure at what the margin allows", () => {
    const market = barsOf([START, START]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [8] }), policyOf({ margin }));
    expect(account.grossExposure[1]).toBeCloseTo(5, 12);
    expect(account.events[0]).toMatchObject({ kind: "leverage_capped", value: 0.625 });
  });

  test("is one-way: a reversal closes the long and opens a short with an entry of its own", () => {
    const market = barsOf([START, START, [90, 90, 90, 90], [90, 102, 90, 100]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1], 1: [-1] }), policyOf({ margin }));
    // long 10 from 100 to 90 loses 100; short 900 at 90, liquidated at 90 * 1.2 / 1.05 = 102.857 > 102: still held
    expect([...account.fills.quantity]).toEqual([10, -20]);
    expect([...account.finalUnits]).toEqual([-10]);
    expect(account.equity[3]).toBeCloseTo(900 - 10 * 10, 9);
  });

  test("a stop nearer than the liquidation price comes before it", () => {
    const market = barsOf([START, START, [100, 100, 80, 90]]);
    const off = Number.POSITIVE_INFINITY;
    const stops = { stopLoss: 0.1, takeProfit: off, trailing: off, atrMultiple: off, atrBars: 1 };
    const account = simulate(market, decisionsAt(market.axes, { 0: [2] }), policyOf({ margin, stops }));
    expect(account.equity[2]).toBeCloseTo(1000 - 20 * 10, 9);
    expect(FILL_REASONS[account.fills.reason[1]!]).toBe("stop_loss");
  });

  test("refuses re-entry until the target passed zero", () => {
    const market = barsOf([START, START, [100, 101, 80, 95], [95, 95, 95, 95]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [2], 2: [2] }), policyOf({ margin }));
    expect(account.fills.bar.length).toBe(2);
  });
});
