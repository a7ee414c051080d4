import { describe, expect, test } from "vitest";
import { FILL_REASONS } from "../../src/core/contracts.ts";
import { simulate } from "../../src/execution/reference.ts";
import { costsOf, decisionsAt, marketOf, policyOf } from "../support/market.ts";

const NONE = null;

describe("timing", () => {
  test("a decision at a close trades at the next open and is marked at that close", () => {
    const market = marketOf([[10], [20], [20]], [[10], [25], [30]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policyOf());
    // 1000 / 20 = 50 units at bar 1; 50 * 25 and 50 * 30
    expect([...account.equity]).toEqual([1000, 1250, 1500]);
    expect([...account.cash]).toEqual([1000, 0, 0]);
    expect([...account.turnover]).toEqual([0, 1, 0]);
  });

  test("a decision at the last close is for a bar that is not there yet", () => {
    const market = marketOf([[10], [20]], [[10], [25]]);
    const account = simulate(market, decisionsAt(market.axes, { 1: [1] }), policyOf());
    expect(account.fills.bar.length).toBe(0);
    expect(account.events).toEqual([]);
  });

  test("holds when the whole row is NaN", () => {
    const market = marketOf([[10], [10], [20], [20]], [[10], [10], [20], [20]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [0.5] }), policyOf());
    // 50 units and 500 cash: 1500 from bar 2 on, weight 2/3 is left to drift
    expect([...account.equity]).toEqual([1000, 1000, 1500, 1500]);
    expect(account.fills.bar.length).toBe(1);
  });

  test("a NaN for one asset keeps its units while the others trade", () => {
    const market = marketOf(
      [
        [10, 10],
        [10, 10],
        [20, 10],
        [20, 10],
      ],
      [
        [10, 10],
        [20, 10],
        [20, 10],
        [20, 10],
      ],
    );
    const account = simulate(market, decisionsAt(market.axes, { 0: [0.5, 0.5], 1: [NONE, 0.2] }), policyOf());
    // bar 1: 50 and 50 units; bar 2: V = 1000 + 500 = 1500, asset 1 to 300 = 30 units, asset 0 untouched
    expect([...account.finalUnits]).toEqual([50, 30]);
    expect(account.cash[3]).toBe(200);
  });
});

describe("missing prices", () => {
  test("a target without an open waits, and a newer decision replaces it", () => {
    const market = marketOf([[10], [NONE], [NONE], [10]], [[10], [NONE], [NONE], [10]]);
    const waited = simulate(market, decisionsAt(market.axes, { 0: [0.5] }), policyOf());
    expect([...waited.finalUnits]).toEqual([50]);
    const replaced = simulate(market, decisionsAt(market.axes, { 0: [0.5], 1: [0.2] }), policyOf());
    expect([...replaced.finalUnits]).toEqual([20]);
  });

  test("a target that meets no open until the end is reported", () => {
    const market = marketOf([[10], [NONE]], [[10], [NONE]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policyOf());
    expect(account.events).toEqual([expect.objectContaining({ kind: "unfilled_target", asset: 0, value: 1 })]);
  });

  test("a late listing is bought at its first open", () => {
    const market = marketOf([[NONE], [NONE], [4]], [[NONE], [NONE], [5]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policyOf());
    expect([...account.finalUnits]).toEqual([250]);
    expect([...account.equity]).toEqual([1000, 1000, 1250]);
  });

  test("a halted asset is valued at its last close", () => {
    const market = marketOf([[10], [10], [NONE], [10]], [[10], [12], [NONE], [11]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policyOf());
    expect([...account.equity]).toEqual([1000, 1200, 1200, 1100]);
  });

  test("a delisting closes at the last price less haircut and costs, on the bar the rule says", () => {
    const rows = [[10], [10], [NONE], [NONE], [NONE]];
    const market = marketOf(rows, rows);
    const policy = policyOf({
      delistAfterBars: 2,
      delistHaircut: 0.1,
      costs: costsOf(100, 0),
      sizing: "pre_cost",
    });
    const account = simulate(market, decisionsAt(market.axes, { 0: [0.5] }), policy);
    // buy 50 at 10, fee 5 -> cash 495; second missing bar (t = 3): sell 50 at 9, fee 4.5 -> 495 + 445.5
    expect(account.equity[1]).toBeCloseTo(995, 10);
    expect(account.equity[2]).toBeCloseTo(995, 10);
    expect(account.equity[3]).toBeCloseTo(940.5, 10);
    expect(FILL_REASONS[account.fills.reason[1]!]).toBe("delisting");
    expect(account.events).toEqual([expect.objectContaining({ kind: "delisted", bar: 3, asset: 0 })]);
  });

  test("an asset that comes back after a delisting is bought again by a newer decision only", () => {
    const rows = [[10], [10], [NONE], [NONE], [5], [5]];
    const market = marketOf(rows, rows);
    const policy = policyOf({ delistAfterBars: 2 });
    const stale = simulate(market, decisionsAt(market.axes, { 0: [1], 2: [1] }), policy);
    expect([...stale.finalUnits]).toEqual([0]);
    const renewed = simulate(market, decisionsAt(market.axes, { 0: [1], 3: [1] }), policy);
    expect([...renewed.finalUnits]).toEqual([200]);
  });
});

describe("thresholds, leverage and cash", () => {
  test("the threshold blocks a small drift but never a close to zero", () => {
    const rows = [
      [10, 10],
      [10, 10],
      [10, 10],
      [10, 10],
    ];
    const market = marketOf(rows, rows);
    const policy = policyOf({ rebalanceThreshold: 0.05 });
    const account = simulate(
      market,
      decisionsAt(market.axes, { 0: [0.5, 0.05], 1: [0.52, 0.03], 2: [0.5, 0] }),
      policy,
    );
    // bar 2 moves by 0.02 each: blocked; bar 3 closes asset 1 although 0.05 is not above the threshold
    expect([...account.finalUnits]).toEqual([50, 0]);
    expect([...account.fills.bar]).toEqual([1, 1, 3]);
  });

  test("the gross cap counts what is held and scales what is traded", () => {
    const open = [
      [10, 10],
      [10, 10],
      [20, 10],
    ];
    const market = marketOf(open, open);
    const account = simulate(
      market,
      decisionsAt(market.axes, { 0: [0.6, 0], 1: [NONE, 0.5] }),
      policyOf({ maxLeverage: 1 }),
    );
    // bar 2: V = 400 + 60 * 20 = 1600, held 1200 = 75%, so asset 1 gets 25% = 400 = 40 units
    expect(account.finalUnits[1]).toBeCloseTo(40, 10);
    expect(account.events[0]).toMatchObject({ kind: "leverage_capped", bar: 2 });
    expect(account.events[0]!.value).toBeCloseTo(0.5, 10);
  });

  test("a short earns when the price falls and pays both costs", () => {
    const market = marketOf([[10], [10], [8]], [[10], [10], [8]]);
    const policy = policyOf({ sizing: "pre_cost", costs: costsOf(10, 100) });
    const account = simulate(market, decisionsAt(market.axes, { 0: [-0.5], 1: [0] }), policy);
    // sell 50 at 9.9, fee 0.495; cover 50 at 8.08, fee 0.404: 1000 + 495 - 0.495 - 404 - 0.404
    expect(account.equity[2]).toBeCloseTo(1090.101, 10);
    expect(account.slippage[1]).toBeCloseTo(5, 10);
  });

  test("pre_cost shrinks all buys by one factor, smallest_first only the last", () => {
    const rows = [
      [10, 10],
      [10, 10],
    ];
    const market = marketOf(rows, rows);
    const targets = decisionsAt(market.axes, { 0: [0.25, 0.75] });
    const costs = costsOf(100, 0);
    const shared = simulate(market, targets, policyOf({ sizing: "pre_cost", costs }));
    // 1000 / 1.01 = 990.099 to spend
    expect(shared.finalUnits[0]).toBeCloseTo(25 / 1.01, 10);
    expect(shared.finalUnits[1]).toBeCloseTo(75 / 1.01, 10);
    const last = simulate(market, targets, policyOf({ sizing: "pre_cost", costs, cashShortfall: "smallest_first" }));
    // 25 units cost 252.5, the rest 747.5 / 10.1
    expect(last.finalUnits[0]).toBeCloseTo(25, 10);
    expect(last.finalUnits[1]).toBeCloseTo(747.5 / 10.1, 10);
  });

  test("pre_cost borrows up to the leverage cap and no further", () => {
    const rows = [[10], [10]];
    const market = marketOf(rows, rows);
    const policy = policyOf({ sizing: "pre_cost", costs: costsOf(100, 0), maxLeverage: 1.5 });
    const account = simulate(market, decisionsAt(market.axes, { 0: [2] }), policy);
    // capped to 1.5 = 1500; cash may fall to -500, so 1500 / 1.01 is spent
    expect(account.cash[1]).toBeCloseTo(-500, 9);
    expect(account.finalUnits[0]).toBeCloseTo(150 / 1.01, 9);
  });
});

describe("rules that are easy to lose", () => {
  const flat = (bars: number, prices: (number | null)[]) => {
    const rows = Array.from({ length: bars }, () => prices);
    return marketOf(rows, rows);
  };

  test("the threshold judges the target after the leverage cap has scaled it", () => {
    const market = flat(3, [10, 10]);
    // capped to 0.5 each at once; the same wish again is no drift, although 1 - 0.5 would be far over the threshold
    const policy = policyOf({ maxLeverage: 1, rebalanceThreshold: 0.1 });
    const account = simulate(market, decisionsAt(market.axes, { 0: [1, 1], 1: [1, 1] }), policy);
    expect([...account.fills.bar]).toEqual([1, 1]);
  });

  test("a target below the threshold is met by holding, not kept for later", () => {
    const market = marketOf([[10], [10], [10], [20]], [[10], [10], [10], [20]]);
    const account = simulate(
      market,
      decisionsAt(market.axes, { 0: [0.5], 1: [0.54] }),
      policyOf({ rebalanceThreshold: 0.05 }),
    );
    // bar 3 opens at weight 2/3: a pending 0.54 would sell then
    expect([...account.fills.bar]).toEqual([1]);
  });

  test("a close leaves exactly nothing, whatever the rounding of value and price", () => {
    const market = flat(3, [0.1]);
    const account = simulate(
      market,
      decisionsAt(market.axes, { 0: [1 / 3], 1: [0] }),
      policyOf({ costs: costsOf(7, 3) }),
    );
    expect([...account.finalUnits]).toEqual([0]);
  });

  test("a bar with an open but no close keeps the last mark and counts as priced", () => {
    const market = marketOf([[10], [10], [30], [NONE], [NONE]], [[10], [10], [NONE], [NONE], [NONE]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policyOf({ delistAfterBars: 2 }));
    expect([...account.equity]).toEqual([1000, 1000, 1000, 1000, 1000]);
    expect(account.events).toEqual([expect.objectContaining({ kind: "delisted", bar: 4 })]);
  });

  test("an exit that meets no price until the end is reported, for the position is still there", () => {
    const market = marketOf([[10], [10], [NONE]], [[10], [10], [10]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1], 1: [0] }), policyOf());
    expect([...account.finalUnits]).toEqual([100]);
    expect(account.events).toEqual([expect.objectContaining({ kind: "unfilled_target", asset: 0, value: 0 })]);
  });

  test("rounding under the cap buys no dust", () => {
    const market = flat(3, [10, 10]);
    const account = simulate(
      market,
      decisionsAt(market.axes, { 0: [1, NONE], 1: [NONE, 0.5] }),
      policyOf({ maxLeverage: 1, costs: costsOf(7, 3) }),
    );
    expect([...account.fills.asset]).toEqual([0]);
  });

  test("a delisting counts as turnover", () => {
    const rows = [[10], [10], [NONE]];
    const market = marketOf(rows, rows);
    const account = simulate(market, decisionsAt(market.axes, { 0: [0.5] }), policyOf({ delistAfterBars: 1 }));
    expect([...account.turnover]).toEqual([0, 0.5, 0.5]);
  });

  test("purchases beyond cash are reported with the share that cash could pay", () => {
    const market = flat(2, [10]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [1.25] }), policyOf({ sizing: "pre_cost" }));
    expect(account.events).toEqual([expect.objectContaining({ kind: "cash_shortfall", value: 0.8 })]);
    // costs alone are no shortfall: the target itself fits
    const fits = simulate(
      market,
      decisionsAt(market.axes, { 0: [1] }),
      policyOf({ sizing: "pre_cost", costs: costsOf(50, 0) }),
    );
    expect(fits.events).toEqual([]);
  });

  test("a close that costs more than the book is worth is not traded, and says so", () => {
    const market = marketOf([[10], [10], [19.9]], [[10], [10], [19.9]]);
    const account = simulate(
      market,
      decisionsAt(market.axes, { 0: [-1], 1: [0] }),
      policyOf({ costs: costsOf(0, 0, { minFee: 100 }) }),
    );
    // after the entry fee V' = 900 = 90 units short, so bar 2 is worth 900 - 891 = 9, and covering costs 100
    expect([...account.fills.bar]).toEqual([1]);
    expect(account.events[0]).toMatchObject({ kind: "unaffordable", bar: 2 });
  });
});

describe("ruin", () => {
  test("a short squeezed past its equity ends flat at zero, flagged and written off", () => {
    const market = marketOf([[10], [10], [10], [5]], [[10], [10], [25], [5]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [-1] }), policyOf());
    // -100 units: 2000 cash - 2500 = -500 at bar 2
    expect([...account.equity]).toEqual([1000, 1000, 0, 0]);
    expect(account.ruinBar).toBe(2);
    expect([...account.writeOff]).toEqual([0, 0, 500, 0]);
    expect([...account.finalUnits]).toEqual([0]);
    expect(account.events).toEqual([expect.objectContaining({ kind: "ruin", bar: 2 })]);
  });

  test("a gap through zero at the open ruins before anything trades", () => {
    const market = marketOf([[10], [10], [30], [5]], [[10], [10], [1], [5]]);
    const account = simulate(market, decisionsAt(market.axes, { 0: [-1], 1: [1] }), policyOf());
    expect(account.ruinBar).toBe(2);
    expect([...account.equity]).toEqual([1000, 1000, 0, 0]);
    expect([...account.writeOff]).toEqual([0, 0, 1000, 0]);
  });
});

describe("refusals", () => {
  test("a policy number out of range is named", () => {
    const market = marketOf([[10]], [[10]]);
    const targets = decisionsAt(market.axes, {});
    expect(() => simulate(market, targets, policyOf({ initialCash: 0 }))).toThrow(
      "initial cash: must be > 0 and finite, got 0",
    );
    expect(() => simulate(market, targets, policyOf({ costs: costsOf(-1, 0) }))).toThrow(
      "fee: must be in [0, 10000) bps, got -1",
    );
  });

  test("an infinite target and a fraction of a bar are refused", () => {
    const market = marketOf([[10]], [[10]]);
    const infinite = decisionsAt(market.axes, { 0: [Number.POSITIVE_INFINITY] });
    expect(() => simulate(market, infinite, policyOf())).toThrow(
      "targets, bar 0 A0: must be finite, or NaN for no decision, got Infinity",
    );
    const halves = policyOf({ delistAfterBars: 2.5 });
    expect(() => simulate(market, decisionsAt(market.axes, {}), halves)).toThrow(
      "delist after bars: must be a whole number >= 1, got 2.5",
    );
  });

  test("targets on other axes are refused", () => {
    const market = marketOf([[10]], [[10]]);
    const other = marketOf([[10]], [[10]]);
    expect(() => simulate(market, decisionsAt(other.axes, {}), policyOf())).toThrow("must share one Axes object");
  });
});

test("twenty targets of 5% under a cap of 1 pass a threshold of 5%, whatever their sum rounds to", () => {
  const row = new Array<number>(20).fill(10);
  const market = marketOf([row, row], [row, row]);
  const policy = policyOf({ maxLeverage: 1, rebalanceThreshold: 0.05 });
  const account = simulate(market, decisionsAt(market.axes, { 0: new Array<number>(20).fill(0.05) }), policy);
  // 0.05 twenty times adds up to 1.0000000000000002; 5 units of 10 each
  expect([...account.finalUnits].every((units) => Math.abs(units - 5) < 1e-9)).toBe(true);
});

test("closing a short with the cash it brought leaves nothing behind, though the cash is short by rounding", () => {
  const rows = [
    [30, 40],
    [30, 40],
    [30, 40],
    [30, 40],
  ];
  const market = marketOf(rows, rows);
  const targets = decisionsAt(market.axes, { 0: [1, NONE], 1: [NONE, -0.3], 2: [NONE, 0] });
  // 1000 / 30 units cost 1000.0000000000001; 7.5 are sold short and bought back
  expect(simulate(market, targets, policyOf({ sizing: "pre_cost" })).finalUnits[1]).toBe(0);
});
