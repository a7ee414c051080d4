import { expect, test } from "vitest";
import { FILL_REASONS } from "../../src/core/contracts.ts";
import { simulate } from "../../src/execution/reference.ts";
import { decisionsAt, marketOf, policyOf } from "../support/market.ts";

const OFF = Number.POSITIVE_INFINITY;
const rows = (prices: readonly number[]) => prices.map((price) => [price]);
const priced = (...prices: number[]) => marketOf(rows(prices), rows(prices));

test("a loss since the start sells everything at the next open, for good", () => {
  const market = priced(100, 100, 89, 95, 95, 95);
  const guards = { lossLimit: 0.1, drawdownLimit: OFF, flatBars: OFF };
  const account = simulate(market, decisionsAt(market.axes, { 0: [1], 2: [1], 3: [1], 4: [1] }), policyOf({ guards }));
  // 10 units: 890 at the close of bar 2 is a loss of 11%; sold at 95 on bar 3
  expect([...account.fills.bar]).toEqual([1, 3]);
  expect(FILL_REASONS[account.fills.reason[1]!]).toBe("kill_switch");
  expect([...account.equity]).toEqual([1000, 1000, 890, 950, 950, 950]);
  expect(account.events).toEqual([
    expect.objectContaining({ kind: "kill_switch", bar: 2, value: expect.closeTo(0.11, 12) }),
  ]);
});

test("a drawdown is measured from the highest close", () => {
  const market = priced(100, 100, 150, 125, 130);
  const guards = { lossLimit: 0.1, drawdownLimit: 0.15, flatBars: OFF };
  const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policyOf({ guards }));
  // 1500 to 1250 is 16.7%, while there is still a gain of 25% on the start
  expect(account.events[0]).toMatchObject({ kind: "kill_switch", bar: 3 });
  expect(account.events[0]!.value).toBeCloseTo(1 / 6, 12);
  expect(account.equity[4]).toBe(1300);
});

test("after the bars it sits out, decisions count again and losses are measured anew", () => {
  const market = priced(100, 100, 80, 80, 80, 80, 75, 70);
  const guards = { lossLimit: 0.1, drawdownLimit: OFF, flatBars: 2 };
  const daily = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((t) => [t, [1]]));
  const account = simulate(market, decisionsAt(market.axes, daily), policyOf({ guards }));
  // 20% lost at bar 2: flat on bars 3 and 4, released at the close of 4, whose decision is filled on bar 5.
  // 800 is the new start: 750 on bar 6 is 6.25%, 700 on bar 7 is 12.5%
  expect(account.events.map(({ kind, bar }) => `${kind} ${bar}`)).toEqual([
    "kill_switch 2",
    "kill_switch_released 4",
    "kill_switch 7",
  ]);
  expect([...account.fills.bar]).toEqual([1, 3, 5]);
});

test("what has no price is sold when it has one", () => {
  const market = marketOf([[100], [100], [80], [null], [null], [70]], [[100], [100], [80], [null], [null], [70]]);
  const guards = { lossLimit: 0.1, drawdownLimit: OFF, flatBars: OFF };
  const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policyOf({ guards }));
  expect([...account.fills.bar]).toEqual([1, 5]);
  expect(account.equity[5]).toBe(700);
});

test("no threshold holds the sale back", () => {
  const market = priced(100, 100, 50, 50);
  const guards = { lossLimit: 0.01, drawdownLimit: OFF, flatBars: OFF };
  const policy = policyOf({ guards, rebalanceThreshold: 0.5 });
  const account = simulate(market, decisionsAt(market.axes, { 0: [0.5] }), policy);
  expect(account.finalUnits[0]).toBe(0);
});
