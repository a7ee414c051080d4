import { describe, expect, test } from "vitest";
import { type AccountEvent, FILL_REASONS, type FillReason } from "../../src/core/contracts.ts";
import { simulate } from "../../src/execution/reference.ts";
import { runWarnings } from "../../src/experiment/warnings.ts";
import { fabricateRecord } from "../report/fabricate-record.ts";
import { decisionsAt, marketOf, policyOf } from "../support/market.ts";

const { quality } = fabricateRecord({ bars: 4, assets: 2 });
const prices = Array.from({ length: 4 }, () => [1, 1]);
const market = marketOf(prices, prices, ["BTC", "ETH"]);
const quiet = simulate(market, decisionsAt(market.axes, { 0: [0.5, 0.5] }), policyOf());

/** Of an account on 1 to 4 January 2020 with these events and nothing else to tell. */
function warningsOf(
  ...events: readonly (readonly [AccountEvent["kind"], bar: number, asset: number, value: number])[]
) {
  const told = events.map(([kind, bar, asset, value]) => ({ kind, bar, asset, value, detail: "" }));
  return runWarnings({ ...quiet, events: told }, quality);
}

describe("what took positions out of the market is told", () => {
  test("nothing is told of an account in which nothing happened", () => {
    expect(warningsOf()).toEqual([]);
  });

  test("liquidations are counted and their symbols named once each", () => {
    expect(warningsOf(["liquidated", 2, 1, 10])).toEqual(["a position was liquidated, first at 2020-01-03: ETH"]);
    expect(warningsOf(["liquidated", 1, 1, 10], ["liquidated", 2, 0, 10], ["liquidated", 3, 1, 10])).toEqual([
      "3 positions were liquidated, first at 2020-01-02: ETH, BTC",
    ]);
  });

  test("what was stopped out for good is named, what came back is not", () => {
    const of = (...reasons: readonly FillReason[]) => {
      const bar = Int32Array.from(reasons, (_, i) => i + 1);
      const asset = Int32Array.from(reasons, () => 1);
      const reason = Uint8Array.from(reasons, (name) => FILL_REASONS.indexOf(name));
      const finalUnits = Float64Array.of(5, reasons.at(-1) === "target" ? 1 : 0);
      return runWarnings({ ...quiet, finalUnits, fills: { ...quiet.fills, bar, asset, reason } }, quality);
    };
    expect(of("target", "stop_loss")).toEqual([
      "an asset was stopped out and not entered again, as no target of the other sign or zero came: ETH",
    ]);
    expect(of("target", "take_profit", "target")).toEqual([]);
    expect(of("target", "delisting")).toEqual([]);
  });

  test("a sold book says when, how far down it was, and that it came back", () => {
    expect(warningsOf(["kill_switch", 1, -1, 0.1234], ["kill_switch_released", 3, -1, 0])).toEqual([
      "the kill switch sold the whole book once, first at 2020-01-02, 12.3% down",
      "after that it came back once, first at 2020-01-04",
    ]);
  });

  test("dropped rebalancings are counted", () => {
    expect(warningsOf(["plan_dropped", 0, -1, 0.01], ["plan_dropped", 2, -1, 0.01])).toEqual([
      "2 rebalancings were dropped, the drift being below the threshold, first at 2020-01-01",
    ]);
  });
});
