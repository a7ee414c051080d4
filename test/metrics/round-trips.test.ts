import { expect, test } from "vitest";
import type { Account } from "../../src/core/contracts.ts";
import { createAxes } from "../../src/core/panel.ts";
import { roundTripSummary, roundTrips } from "../../src/metrics/round-trips.ts";

type Fill = readonly [bar: number, asset: number, quantity: number, price: number, fee: number];

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
      reason: new Uint8Array(fills.length),
    },
    events: [],
    ruinBar: -1,
  };
}

test("a trip runs from the opening fill to the closing one, rebalancing included", () => {
  const trips = roundTrips(
    accountOf([
      [1, 0, 10, 5, 1],
      [3, 0, 2, 6, 0.5],
      [4, 0, -6, 8, 0.5],
      [7, 0, -6, 9, 1],
    ]),
  );
  // -50 - 1 - 12 - 0.5 + 48 - 0.5 + 54 - 1 = 37.
  expect(trips).toEqual([
    { asset: 0, side: "long", entryBar: 1, exitBar: 7, invested: 62, profit: 37, fees: 3, fills: 4 },
  ]);
});

test("a fill that turns the position round closes one trip and opens another, its fee split by units", () => {
  const trips = roundTrips(
    accountOf([
      [1, 0, 10, 5, 0],
      [2, 0, -30, 6, 3],
      [5, 0, 20, 4, 0],
    ]),
  );
  expect(trips).toEqual([
    { asset: 0, side: "long", entryBar: 1, exitBar: 2, invested: 50, profit: 60 - 50 - 1, fees: 1, fills: 2 },
    { asset: 0, side: "short", entryBar: 2, exitBar: 5, invested: 120, profit: 120 - 80 - 2, fees: 2, fills: 2 },
  ]);
});

test("a position still held is valued at the last close", () => {
  const trips = roundTrips(
    accountOf(
      [
        [2, 1, 10, 5, 1],
        [3, 0, -1, 40, 0],
      ],
      [-30, 70],
    ),
  );
  expect(trips).toEqual([
    { asset: 0, side: "short", entryBar: 3, exitBar: -1, invested: 40, profit: 10, fees: 0, fills: 1 },
    { asset: 1, side: "long", entryBar: 2, exitBar: -1, invested: 50, profit: 19, fees: 1, fills: 1 },
  ]);
});

test("what rounding leaves of a position does not keep it open", () => {
  const trips = roundTrips(
    accountOf([
      [1, 0, 0.1, 1, 0],
      [2, 0, 0.2, 1, 0],
      [3, 0, -0.3, 1, 0],
      [5, 0, 1, 1, 0],
      [6, 0, -1, 1, 0],
    ]),
  );
  expect(trips.map(({ entryBar, exitBar }) => [entryBar, exitBar])).toEqual([
    [1, 3],
    [5, 6],
  ]);
});

test("the summary counts closed trips", () => {
  const trips = roundTrips(
    accountOf(
      [
        [1, 0, 10, 5, 0],
        [3, 0, -10, 6, 0],
        [4, 0, 10, 5, 0],
        [8, 0, -10, 4.5, 0],
        [5, 1, 1, 1, 0],
      ],
      [0, 1],
    ),
  );
  // Profits 10 and -5 on 50 each, over 2 and 4 bars.
  expect(roundTripSummary(trips)).toEqual({
    closed: 2,
    open: 1,
    winRate: 0.5,
    profitFactor: 2,
    meanReturn: 0.05,
    meanBars: 3,
  });
  const none = roundTripSummary([]);
  expect(none).toEqual({
    closed: 0,
    open: 0,
    winRate: Number.NaN,
    profitFactor: Number.NaN,
    meanReturn: Number.NaN,
    meanBars: Number.NaN,
  });
});
