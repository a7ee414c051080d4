import { describe, expect, test } from "vitest";
import { type Account, FILL_REASONS, type FillReason } from "../../src/core/contracts.ts";
import { createAxes } from "../../src/core/panel.ts";
import { type MatchedTrade, type Matching, matchTrades } from "../../src/metrics/match-trades.ts";

type Fill = readonly [bar: number, asset: number, quantity: number, price: number, fee: number, reason?: FillReason];

/** An account whose positions are worth `value[n]` currency at the end, on 10 bars of two assets. */
function accountOf(fills: readonly Fill[], value: readonly [number, number] = [0, 0]): Account {
  const axes = createAxes(
    Array.from({ length: 10 }, (_, t) => t),
    ["A", "B"],
  );
  const column = (i: 2 | 3 | 4): Float64Array => Float64Array.from(fills, (fill) => fill[i]);
  const flat = (): Float64Array => new Float64Array(10);
  const heldWeights = new Float64Array(20);
  heldWeights.set([value[0] / 1000, value[1] / 1000], 18);
  return {
    axes,
    equity: new Float64Array(10).fill(1000),
    cash: flat(),
    grossExposure: flat(),
    turnover: flat(),
    fees: flat(),
    slippage: flat(),
    impact: flat(),
    funding: flat(),
    borrow: flat(),
    positionPnl: flat(),
    writeOff: flat(),
    liquidationLoss: flat(),
    heldWeights,
    finalUnits: new Float64Array(2),
    fills: {
      bar: Int32Array.from(fills, (fill) => fill[0]),
      asset: Int32Array.from(fills, (fill) => fill[1]),
      quantity: column(2),
      price: column(3),
      fee: column(4),
      slippage: new Float64Array(fills.length),
      impact: new Float64Array(fills.length),
      reason: Uint8Array.from(fills, (fill) => FILL_REASONS.indexOf(fill[5] ?? "target")),
    },
    events: [],
    ruinBar: -1,
  };
}

/** Trades as a line each: bars, side, units, entry and exit price, reason. */
function lines(account: Account, matching: Matching): string[] {
  return matchTrades(account, matching).map(
    ({ asset, side, entryBar, exitBar, units, entryPrice, exitPrice, reason }) =>
      `${account.axes.assets[asset]} ${side} ${entryBar}..${exitBar} ${units} ${entryPrice} ${exitPrice} ${reason}`,
  );
}
const profits = (account: Account, matching: Matching) => matchTrades(account, matching).map(({ profit }) => profit);

/** Buys 10 at 5 and 2 at 6, sells 6 at 8 and 6 at 9. */
const rebalanced = accountOf([
  [1, 0, 10, 5, 1],
  [3, 0, 2, 6, 0.5],
  [4, 0, -6, 8, 0.5],
  [7, 0, -6, 9, 1, "stop_loss"],
]);

describe("at the average entry", () => {
  test("a trade runs from the opening fill to the closing one, rebalancing included", () => {
    // 50 + 12 in, 48 + 54 out, 3 of fees
    const want: MatchedTrade = {
      asset: 0,
      side: "long",
      entryBar: 1,
      exitBar: 7,
      reason: "stop_loss",
      units: 12,
      entryPrice: 62 / 12,
      exitPrice: 102 / 12,
      lastPrice: 9,
      invested: 62,
      profit: 37,
      profitRate: 37 / 62,
      fees: 3,
      barsHeld: 6,
    };
    expect(matchTrades(rebalanced, "average")).toEqual([want]);
  });

  test("units are the most that was held, not all that was ever bought", () => {
    const account = accountOf([
      [1, 0, 10, 5, 0],
      [2, 0, -4, 6, 0],
      [3, 0, 2, 7, 0],
      [4, 0, -8, 8, 0],
    ]);
    // in 50 + 14 = 64 over 12 units; out 24 + 64 = 88 over 12
    expect(lines(account, "average")).toEqual([`A long 1..4 10 ${64 / 12} ${88 / 12} target`]);
    expect(profits(account, "average")).toEqual([24]);
  });

  test("a position still held counts at the last close, beside what was sold of it", () => {
    // 4 of 10 sold at 6, 6 left at 42 / 6 = 7: 24 + 42 - 50 - 1; one short unit sold at 40 is worth -30
    const account = accountOf(
      [
        [2, 1, 10, 5, 1],
        [3, 0, -1, 40, 0],
        [4, 1, -4, 6, 0],
      ],
      [-30, 42],
    );
    expect(lines(account, "average")).toEqual(["A short 3..-1 1 40 30 open", "B long 2..-1 10 5 6.6 open"]);
    expect(profits(account, "average")).toEqual([10, 15]);
    expect(matchTrades(account, "average").map(({ barsHeld }) => barsHeld)).toEqual([6, 7]);
  });
});

describe("first in, first out", () => {
  test("every exit is matched with the oldest units, costs split by units", () => {
    expect(lines(rebalanced, "fifo")).toEqual([
      "A long 1..4 6 5 8 target",
      "A long 1..7 4 5 9 stop_loss",
      "A long 3..7 2 6 9 stop_loss",
    ]);
    // 6 * 3 less 6/10 of the entry's 1 and all of 0.5; 4 * 4 less 4/10 and 4/6 of 1; 2 * 3 less 0.5 and 2/6 of 1
    const want = [18 - 0.6 - 0.5, 16 - 0.4 - 4 / 6, 6 - 0.5 - 2 / 6];
    for (const [i, profit] of profits(rebalanced, "fifo").entries()) expect(profit).toBeCloseTo(want[i]!, 12);
  });

  test("every lot still held is a trade of its own", () => {
    const account = accountOf(
      [
        [1, 0, -4, 10, 0],
        [2, 0, -2, 9, 0],
        [5, 0, 1, 8, 0],
      ],
      [-35, 0],
    );
    // 5 units short are worth -35: 7 each
    expect(lines(account, "fifo")).toEqual([
      "A short 1..5 1 10 8 target",
      "A short 1..-1 3 10 7 open",
      "A short 2..-1 2 9 7 open",
    ]);
    expect(profits(account, "fifo")).toEqual([2, 9, 4]);
  });
});

describe.each(["average", "fifo"] as const)("%s", (matching) => {
  test("a fill that turns the position round closes one trade and opens another, its fee split by units", () => {
    const account = accountOf([
      [1, 0, 10, 5, 0],
      [2, 0, -30, 6, 3],
      [5, 0, 20, 4, 0],
    ]);
    expect(lines(account, matching)).toEqual(["A long 1..2 10 5 6 target", "A short 2..5 20 6 4 target"]);
    expect(profits(account, matching)).toEqual([60 - 50 - 1, 120 - 80 - 2]);
    expect(matchTrades(account, matching).map(({ fees }) => fees)).toEqual([1, 2]);
  });

  test("what rounding leaves of a position does not keep it open", () => {
    const account = accountOf([
      [1, 0, 0.1, 1, 0],
      [2, 0, 0.2, 1, 0],
      [3, 0, -0.3, 1, 0],
      [5, 0, 1, 1, 0],
      [6, 0, -1, 1, 0],
    ]);
    const spans = matchTrades(account, matching).map(({ entryBar, exitBar }) => [entryBar, exitBar]);
    const lots = [
      [1, 3],
      [2, 3],
      [5, 6],
    ];
    expect(spans).toEqual(matching === "fifo" ? lots : [lots[0], lots[2]]);
  });

  test("a reason is that of the fill that closed", () => {
    const account = accountOf([
      [1, 0, 1, 5, 0],
      [1, 1, -1, 5, 0],
      [2, 0, -1, 4, 0, "liquidation"],
      [2, 1, 1, 4, 0, "delisting"],
    ]);
    expect(matchTrades(account, matching).map(({ reason }) => reason)).toEqual(["liquidation", "delisting"]);
  });

  test("an account without fills has no trades", () => {
    expect(matchTrades(accountOf([]), matching)).toEqual([]);
  });
});
