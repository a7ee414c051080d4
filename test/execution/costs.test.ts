import { describe, expect, test } from "vitest";
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import { liquidityPanels } from "../../src/execution/cost-schedule.ts";
import type { LiquidityModel } from "../../src/execution/policy.ts";
import { simulate } from "../../src/execution/reference.ts";
import { costsOf, decisionsAt, marketOf, policyOf } from "../support/market.ts";

const liquidity = (changes: Partial<LiquidityModel>): LiquidityModel => ({
  impactCoefficient: 0,
  participationCap: Number.POSITIVE_INFINITY,
  volatilityBars: 2,
  advBars: 1,
  volumeUnit: "units",
  ...changes,
});
const withVolume = (market: Ohlcv, units: number): Ohlcv => ({ ...market, volume: market.volume.map(() => units) });
const flat = (bars: number, price = 10, assets = 1) => {
  const rows = Array.from({ length: bars }, () => Array.from({ length: assets }, () => price));
  return marketOf(rows, rows);
};

describe("per-asset rates and the minimum fee", () => {
  test("each asset pays its own fee and slippage", () => {
    const market = flat(2, 10, 2);
    const costs = costsOf(0, 0, { feeBps: [100, 0], slippageBps: [0, 200] });
    const account = simulate(
      market,
      decisionsAt(market.axes, { 0: [0.25, 0.25] }),
      policyOf({ sizing: "pre_cost", costs }),
    );
    // 25 units each: fee 1% of 250 on the first, slippage 2% of 250 on the second
    expect([...account.fills.fee]).toEqual([2.5, 0]);
    expect(account.fills.slippage[1]).toBeCloseTo(5, 12);
    expect(account.fills.price[1]).toBeCloseTo(10.2, 12);
    expect(account.equity[1]).toBeCloseTo(992.5, 10);
  });

  test("a small trade pays the minimum, a large one its rate, and post_cost weights hold after both", () => {
    const market = flat(3);
    const costs = costsOf(100, 0, { minFee: 4 });
    const account = simulate(market, decisionsAt(market.axes, { 0: [0.2], 1: [0.8] }), policyOf({ costs }));
    // 0.2: fee max(4, 1% of 199.2) = 4, V' = 996; 0.8: x = 0.8 V', V' = 996 - 0.01 (0.8 V' - 199.2) -> V' = 997.992 / 1.008
    expect(account.equity[1]).toBeCloseTo(996, 9);
    const after = 997.992 / 1.008;
    expect(account.equity[2]).toBeCloseTo(after, 9);
    expect(account.heldWeights[2]).toBeCloseTo(0.8, 12);
  });

  test("pre_cost leaves room for the minimum fee", () => {
    const market = flat(2);
    const account = simulate(
      market,
      decisionsAt(market.axes, { 0: [1] }),
      policyOf({ sizing: "pre_cost", costs: costsOf(0, 0, { minFee: 5 }) }),
    );
    expect(account.finalUnits[0]).toBeCloseTo(99.5, 9);
    expect(account.cash[1]).toBeCloseTo(0, 9);
  });

  test("a rate list of the wrong length is refused", () => {
    const market = flat(1);
    const costs = costsOf(0, 0, { feeBps: [1, 2] });
    expect(() => simulate(market, decisionsAt(market.axes, {}), policyOf({ costs }))).toThrow(
      "fee: must have one number for each of the 1 assets, got 2",
    );
  });
});

describe("funding and borrowing", () => {
  test("a short receives a positive funding rate and pays to borrow", () => {
    const market = flat(3);
    const funding = Float64Array.of(0.01, 0.01, Number.NaN);
    const policy = policyOf({ costs: costsOf(0, 0, { borrowPerBar: 0.002 }) });
    const account = simulate(market, decisionsAt(market.axes, { 0: [-0.5] }), policy, { fundingRate: funding });
    // bar 1: short 500: funding -5 (received), borrow 1 -> 1004; bar 2: no rate, borrow 1
    expect([...account.funding]).toEqual([0, -5, 0]);
    expect([...account.borrow]).toEqual([0, 1, 1]);
    expect([...account.equity]).toEqual([1000, 1004, 1003]);
  });

  test("a long pays a positive rate on its notional at the close", () => {
    const market = marketOf([[10], [10]], [[10], [12]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policyOf(), {
      fundingRate: Float64Array.of(0, 0.01),
    });
    // 100 units at 12: 1200 less 1%
    expect(account.equity[1]).toBe(1188);
  });
});

describe("impact and participation", () => {
  test("ADV and sigma are trailing, over the bars present, and unknown until there is one", () => {
    const market = {
      ...marketOf([[10], [11], [null], [11]], [[10], [11], [null], [11]]),
      volume: Float64Array.of(5, 7, Number.NaN, 9),
    };
    const model = liquidity({ impactCoefficient: 2, participationCap: 0.1, advBars: 2, volatilityBars: 2 });
    const { limit, impactScale } = liquidityPanels(market, model);
    // ADV: 50, (50 + 77) / 2, 77, 99; no two returns ever stand in one window of two
    expect([...limit].map((x) => Math.round(x * 1e9) / 1e9)).toEqual([5, 6.35, 7.7, 9.9]);
    expect(impactScale.every((x) => x !== x)).toBe(true);
  });

  test("the square-root law moves the fill price", () => {
    const rows = [[100], [110], [99], [99]];
    const market = withVolume(marketOf(rows, rows), 1000);
    const policy = policyOf({
      sizing: "pre_cost",
      costs: costsOf(0, 0, { liquidity: liquidity({ impactCoefficient: 0.5 }) }),
    });
    const account = simulate(market, decisionsAt(market.axes, { 2: [0.5] }), policy);
    // returns +10%, -10%: sigma 0.1414214; ADV 99,000; 500 traded: 0.5 * 0.1414214 * sqrt(500 / 99000) = 0.00502519
    const moved = 0.5 * Math.sqrt(0.02) * Math.sqrt(500 / 99_000);
    expect(account.fills.price[0]).toBeCloseTo(99 * (1 + moved), 10);
    expect(account.impact[3]).toBeCloseTo(500 * moved, 10);
    expect(account.slippage[3]).toBe(0);
  });

  test("an order larger than the market is filled over three bars, then forgotten", () => {
    const market = withVolume(flat(6), 100);
    const policy = policyOf({ costs: costsOf(0, 0, { liquidity: liquidity({ participationCap: 0.2 }) }) });
    const account = simulate(market, decisionsAt(market.axes, { 0: [0.5] }), policy);
    // ADV 1000, 20% = 200 a bar: 500 wanted = 200 + 200 + 100
    expect([...account.fills.bar]).toEqual([1, 2, 3]);
    expect([...account.fills.quantity]).toEqual([20, 20, 10]);
    expect(account.events.map(({ kind, bar }) => `${kind} ${bar}`)).toEqual([
      "participation_limited 1",
      "participation_limited 2",
    ]);
  });

  test("what is left over is traded on whatever the mode and the threshold", () => {
    const market = withVolume(flat(6), 100);
    const costs = costsOf(0, 0, { liquidity: liquidity({ participationCap: 0.2 }) });
    for (const changes of [{ executionMode: "signals" as const }, { rebalanceThreshold: 0.15 }]) {
      const account = simulate(market, decisionsAt(market.axes, { 0: [0.5] }), policyOf({ costs, ...changes }));
      expect([...account.fills.quantity]).toEqual([20, 20, 10]);
    }
  });

  test("a newer decision replaces what was still waiting", () => {
    const market = withVolume(flat(5), 100);
    const policy = policyOf({ costs: costsOf(0, 0, { liquidity: liquidity({ participationCap: 0.2 }) }) });
    const account = simulate(market, decisionsAt(market.axes, { 0: [0.9], 1: [0.2] }), policy);
    expect([...account.fills.quantity]).toEqual([20]);
  });

  test("a sale that is held back leaves no room for purchases under the cap", () => {
    const rows = Array.from({ length: 4 }, () => [10, 10]);
    const market = { ...marketOf(rows, rows), volume: Float64Array.of(1e4, 1e4, 10, 1e4, 10, 1e4, 10, 1e4) };
    const policy = policyOf({
      maxLeverage: 1,
      costs: costsOf(0, 0, { liquidity: liquidity({ participationCap: 1 }) }),
    });
    const account = simulate(market, decisionsAt(market.axes, { 0: [1, 0], 1: [0, 1] }), policy);
    // bar 2 trades on the ADV of bar 1: 10 units of the first, 100 of 1000, so 100 of the second
    expect(account.grossExposure[2]).toBeCloseTo(1, 12);
    expect(account.cash[2]).toBeCloseTo(0, 9);
    expect(account.heldWeights[4]).toBeCloseTo(0.9, 12);
  });

  test("purchases that had to make room for a sale held back go on as it goes on", () => {
    const rows = Array.from({ length: 5 }, () => [10, 10]);
    // the first can be sold 40 a bar, the second bought without limit
    const volume = Float64Array.from({ length: 10 }, (_, i) => (i < 2 ? 1e4 : i % 2 === 0 ? 40 : 1e4));
    const market = { ...marketOf(rows, rows), volume };
    const policy = policyOf({
      maxLeverage: 1,
      costs: costsOf(0, 0, { liquidity: liquidity({ participationCap: 1 }) }),
    });
    const account = simulate(market, decisionsAt(market.axes, { 0: [1, 0], 1: [0, 1] }), policy);
    // 100 of the first at bar 1; then 40, 40 and 20 change hands
    expect([...account.heldWeights].map((w) => Math.round(w * 1e9) / 1e9)).toEqual([
      0, 0, 1, 0, 0.6, 0.4, 0.2, 0.8, 0, 1,
    ]);
    expect(account.cash[4]).toBeCloseTo(0, 9);
  });

  test("repeating a signal does not abandon the entry that is still being filled", () => {
    const market = withVolume(flat(6), 100);
    const costs = costsOf(0, 0, { liquidity: liquidity({ participationCap: 0.2 }) });
    const daily = decisionsAt(market.axes, { 0: [0.5], 1: [0.5], 2: [0.6], 3: [0.5] });
    const account = simulate(market, daily, policyOf({ costs, executionMode: "signals" }));
    expect([...account.fills.quantity]).toEqual([20, 20, 10]);
    // while a zero ends it at once
    const ended = simulate(
      market,
      decisionsAt(market.axes, { 0: [0.5], 1: [0] }),
      policyOf({ costs, executionMode: "signals" }),
    );
    expect([...ended.fills.quantity]).toEqual([20, -20]);
  });

  test("without any volume the order waits and says so at the end", () => {
    const market = { ...flat(3), volume: new Float64Array(3).fill(Number.NaN) };
    const policy = policyOf({ costs: costsOf(0, 0, { liquidity: liquidity({ participationCap: 0.2 }) }) });
    const account = simulate(market, decisionsAt(market.axes, { 0: [0.5] }), policy);
    expect(account.fills.bar.length).toBe(0);
    expect(account.events).toEqual([expect.objectContaining({ kind: "unfilled_target" })]);
  });
});
