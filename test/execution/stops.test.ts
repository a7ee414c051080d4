import { describe, expect, test } from "vitest";
import type { Account } from "../../src/core/contracts.ts";
import { FILL_REASONS } from "../../src/core/contracts.ts";
import type { StopRules } from "../../src/execution/policy.ts";
import { simulate } from "../../src/execution/reference.ts";
import { averageTrueRange } from "../../src/execution/true-range.ts";
import { barsOf, costsOf, decisionsAt, policyOf } from "../support/market.ts";

const OFF = Number.POSITIVE_INFINITY;

function stopsOf(changes: Partial<StopRules>): StopRules {
  return { stopLoss: OFF, takeProfit: OFF, trailing: OFF, atrMultiple: OFF, atrBars: 3, ...changes };
}

/** "bar reason quantity @ price", one a fill. */
function fillsOf({ fills }: Account): string[] {
  return Array.from(fills.bar, (bar, i) => {
    const price = Number(fills.price[i]!.toFixed(6));
    return `${bar} ${FILL_REASONS[fills.reason[i]!]} ${Number(fills.quantity[i]!.toFixed(6))} @ ${price}`;
  });
}

/** A flat bar at 100, so that a decision of bar 0 enters at bar 1. */
const START = [100, 100, 100, 100];

describe("stop loss", () => {
  test("closes a long at its level, from the entry bar on", () => {
    const market = barsOf([START, [100, 101, 89, 95]]);
    const policy = policyOf({ stops: stopsOf({ stopLoss: 0.1 }) });
    const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policy);
    // 10 units at 100, level 90 is inside the entry bar: 1000 - 10 * 10 = 900
    expect(fillsOf(account)).toEqual(["1 target 10 @ 100", "1 stop_loss -10 @ 90"]);
    expect(account.equity[1]).toBeCloseTo(900, 10);
    expect(account.positionPnl[1]).toBeCloseTo(-100, 10);
  });

  test("fills at the open where the open gaps through it", () => {
    const market = barsOf([START, START, [80, 85, 78, 84]]);
    const policy = policyOf({ stops: stopsOf({ stopLoss: 0.1 }) });
    const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policy);
    // level 90, open 80: min(80, 90) = 80, so 1000 - 10 * 20 = 800
    expect(fillsOf(account)).toEqual(["1 target 10 @ 100", "2 stop_loss -10 @ 80"]);
    expect(account.equity[2]).toBe(800);
  });

  test("closes a short above its entry, and at the open after a gap", () => {
    const inside = barsOf([START, [100, 111, 99, 105]]);
    const policy = policyOf({ stops: stopsOf({ stopLoss: 0.1 }) });
    expect(fillsOf(simulate(inside, decisionsAt(inside.axes, { 0: [-0.5] }), policy))).toEqual([
      "1 target -5 @ 100",
      "1 stop_loss 5 @ 110",
    ]);
    const gap = barsOf([START, START, [120, 121, 119, 120]]);
    const account = simulate(gap, decisionsAt(gap.axes, { 0: [-0.5] }), policy);
    // 5 short, bought back at 120: 1000 - 5 * 20 = 900
    expect(fillsOf(account)).toEqual(["1 target -5 @ 100", "2 stop_loss 5 @ 120"]);
    expect(account.equity[2]).toBe(900);
  });

  test("comes first when a bar holds both stop and take profit", () => {
    const market = barsOf([START, START, [100, 115, 85, 110]]);
    const policy = policyOf({ stops: stopsOf({ stopLoss: 0.1, takeProfit: 0.1 }) });
    expect(fillsOf(simulate(market, decisionsAt(market.axes, { 0: [1] }), policy))).toEqual([
      "1 target 10 @ 100",
      "2 stop_loss -10 @ 90",
    ]);
  });

  test("pays fee and slippage like any trade, and is measured from the price paid", () => {
    const market = barsOf([START, START, [100, 100, 80, 90]]);
    const policy = policyOf({ sizing: "pre_cost", costs: costsOf(100, 200), stops: stopsOf({ stopLoss: 0.1 }) });
    const account = simulate(market, decisionsAt(market.axes, { 0: [0.5] }), policy);
    // bought 5 at 100 * 1.02 = 102; level 102 * 0.9 = 91.8; sold at 91.8 * 0.98 = 89.964
    expect(fillsOf(account)).toEqual(["1 target 5 @ 102", "2 stop_loss -5 @ 89.964"]);
    // cash 1000 - 510 - 5.10 + 449.82 - 4.4982
    expect(account.equity[2]).toBeCloseTo(1000 - 510 - 5.1 + 449.82 - 4.4982, 10);
  });

  test("is measured from the average of the fills that made the position", () => {
    const market = barsOf([START, START, [120, 120, 120, 120], [120, 120, 98, 100]]);
    const policy = policyOf({ stops: stopsOf({ stopLoss: 0.1 }) });
    const account = simulate(market, decisionsAt(market.axes, { 0: [0.5], 1: [0.75] }), policy);
    // 5 at 100; equity 1100 at 120: 825 wanted of 600, so 1.875 more at 120: (500 + 225) / 6.875 = 105.454545
    // level 94.909091 is below the low of 98: still held
    expect(fillsOf(account)).toEqual(["1 target 5 @ 100", "2 target 1.875 @ 120"]);
    const lower = barsOf([START, START, [120, 120, 120, 120], [120, 120, 94, 100]]);
    const stopped = simulate(lower, decisionsAt(lower.axes, { 0: [0.5], 1: [0.75] }), policy);
    expect(fillsOf(stopped)[2]).toBe("3 stop_loss -6.875 @ 94.909091");
  });

  test("waits for a bar with an open", () => {
    const market = barsOf([START, START, [null, 95, 70, 80], [85, 86, 84, 85]]);
    const policy = policyOf({ stops: stopsOf({ stopLoss: 0.1 }) });
    expect(fillsOf(simulate(market, decisionsAt(market.axes, { 0: [1] }), policy))[1]).toBe("3 stop_loss -10 @ 85");
  });

  test("is bounded by open and close where high and low are missing", () => {
    const market = barsOf([START, START, [100, null, null, 85]]);
    const policy = policyOf({ stops: stopsOf({ stopLoss: 0.1 }) });
    expect(fillsOf(simulate(market, decisionsAt(market.axes, { 0: [1] }), policy))[1]).toBe("2 stop_loss -10 @ 90");
  });

  test("with fills at the close, protects from the bar after the entry on", () => {
    const market = barsOf([START, [100, 100, 50, 100], [100, 100, 85, 95]]);
    const policy = policyOf({ priceType: "next_close", stops: stopsOf({ stopLoss: 0.1 }) });
    expect(fillsOf(simulate(market, decisionsAt(market.axes, { 0: [1] }), policy))).toEqual([
      "1 target 10 @ 100",
      "2 stop_loss -10 @ 90",
    ]);
  });
});

describe("re-entry after a stop", () => {
  const fall = [100, 100, 85, 90];
  const calm = [90, 90, 90, 90];
  const policy = policyOf({ stops: stopsOf({ stopLoss: 0.1 }) });

  test("is refused while the target keeps its sign", () => {
    const market = barsOf([START, START, fall, calm, calm]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1], 1: [1], 2: [0.8], 3: [0.5] }), policy);
    expect(fillsOf(account)).toEqual(["1 target 10 @ 100", "2 stop_loss -10 @ 90"]);
  });

  test("is allowed once the target passed zero", () => {
    const market = barsOf([START, START, fall, calm, calm, calm]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1], 2: [1], 3: [0], 4: [0.5] }), policy);
    // 900 left; half of it at 90
    expect(fillsOf(account).slice(2)).toEqual(["5 target 5 @ 90"]);
  });

  test("is allowed at once on the other side", () => {
    const market = barsOf([START, START, fall, calm]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1], 2: [-0.5] }), policy);
    expect(fillsOf(account).slice(2)).toEqual(["3 target -5 @ 90"]);
  });

  test("is not held against a reversal that the gap overtook", () => {
    const market = barsOf([START, START, [80, 80, 80, 80], [80, 80, 80, 80]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1], 1: [-0.5], 2: [-0.5] }), policy);
    // the open stops the long at 80 (800 left) and the decision sells 400 / 80 short at the same open
    expect(fillsOf(account).slice(1)).toEqual(["2 stop_loss -10 @ 80", "2 target -5 @ 80"]);
  });
});

describe("take profit", () => {
  test("closes at its level, or at a better open", () => {
    const policy = policyOf({ stops: stopsOf({ takeProfit: 0.2 }) });
    const inside = barsOf([START, START, [110, 125, 108, 115]]);
    expect(fillsOf(simulate(inside, decisionsAt(inside.axes, { 0: [1] }), policy))[1]).toBe("2 take_profit -10 @ 120");
    const gap = barsOf([START, START, [130, 131, 129, 130]]);
    expect(fillsOf(simulate(gap, decisionsAt(gap.axes, { 0: [1] }), policy))[1]).toBe("2 take_profit -10 @ 130");
  });
});

describe("trailing stop", () => {
  test("follows the highest price of earlier bars, never of its own", () => {
    const policy = policyOf({ stops: stopsOf({ trailing: 0.1 }) });
    const market = barsOf([START, [100, 110, 99.5, 108], [108, 130, 100, 120], [120, 121, 116, 118]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policy);
    // bar 1: best 100 so far, level 90; bar 2: best 110, level 99 (130 comes later); bar 3: best 130, level 117
    expect(fillsOf(account)[1]).toBe("3 trailing_stop -10 @ 117");
  });

  test("follows the lowest price for a short", () => {
    const policy = policyOf({ stops: stopsOf({ trailing: 0.1 }) });
    const market = barsOf([START, [100, 101, 80, 82], [82, 89, 81, 85]]);
    // lowest 80, level 88
    expect(fillsOf(simulate(market, decisionsAt(market.axes, { 0: [-0.5] }), policy))[1]).toBe(
      "2 trailing_stop 5 @ 88",
    );
  });
});

describe("ATR stop", () => {
  test("the true range spans the last close, and its mean leaves out bars without one", () => {
    const market = barsOf([
      [10, 12, 9, 11],
      [14, 15, 13, 14],
      [null, null, null, null],
      [10, 11, 10, 10],
    ]);
    // 12 - 9 = 3; 15 - 11 = 4; none; 14 - 10 = 4
    expect([...averageTrueRange(market, 2)]).toEqual([3, 3.5, 4, 4]);
  });

  test("stands a multiple of the range known at the decision below the entry", () => {
    const wide = [100, 103, 97, 100];
    const market = barsOf([wide, wide, [100, 150, 95, 120], [120, 120, 87, 90]]);
    const policy = policyOf({ stops: stopsOf({ atrMultiple: 2, atrBars: 2 }) });
    const account = simulate(market, decisionsAt(market.axes, { 1: [1] }), policy);
    // ATR 6 at bar 1, entry 100 at bar 2, level 88 whatever the range does later
    expect(fillsOf(account)).toEqual(["2 target 10 @ 100", "3 atr_stop -10 @ 88"]);
  });

  test("is armed by the first close that knows a range above 0", () => {
    const market = barsOf([START, START, [100, 104, 98, 100], [100, 101, 93, 95]]);
    const policy = policyOf({ stops: stopsOf({ atrMultiple: 2, atrBars: 1 }) });
    const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policy);
    // no range at the decision, 6 at bar 2: the level is 88, which bar 3 does not reach
    expect(account.fills.bar.length).toBe(1);
    const lower = { ...market, low: market.low.map((x, i) => (i === 3 ? 87 : x)) };
    expect(fillsOf(simulate(lower, decisionsAt(market.axes, { 0: [1] }), policy))[1]).toBe("3 atr_stop -10 @ 88");
  });
});
