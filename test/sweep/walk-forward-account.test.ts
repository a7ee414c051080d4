/** One account that follows several configs: what a change costs, what it takes over, and that a change to the same
 *  config is none. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OUTSIDE_PLANS, type PlanGate } from "../../src/core/contracts.ts";
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import { simulate } from "../../src/execution/reference.ts";
import { type Leg, type LegDecisions, runLegs } from "../../src/sweep/walk-forward-account.ts";
import { barsOf, costsOf, decisionsAt, marketOf, policyOf } from "../support/market.ts";

const NONE = Number.NaN;

function decided(
  market: Ohlcv,
  rows: Readonly<Record<number, readonly (number | null)[]>>,
  policy = policyOf(),
): LegDecisions {
  return { targets: decisionsAt(market.axes, rows).values, moves: null, policy };
}

const leg = (decisions: LegDecisions, from: number, to: number): Leg => ({ decisions, from, to });
const flat = (bars: number, assets = 2) => Array.from({ length: bars }, () => new Array<number>(assets).fill(100));
/** Weights held at the close of a bar. */
const heldAt = (ledger: { readonly heldWeights: Float64Array }, bar: number, assets = 2) =>
  Array.from(ledger.heldWeights.subarray(bar * assets, (bar + 1) * assets));

describe("an account that changes its config", () => {
  test("is in cash before the first, and pays for every change", () => {
    const market = marketOf(flat(6), flat(6));
    const policy = policyOf({ initialCash: 1000, costs: costsOf(10, 0) });
    const first = decided(market, { 0: [1, 0] }, policy);
    const second = decided(market, { 0: [0, 1] }, policy);
    const { equity, turnover, fees } = runLegs(market, null, [leg(first, 2, 4), leg(second, 4, 6)]);
    // 10 bps on what is bought: V' = V / 1.001; then on what is sold and on what is bought: V' = V (1 - 0.001) / 1.001
    const entered = 1000 / 1.001;
    const changed = (entered * 0.999) / 1.001;
    for (const [t, value] of [1000, 1000, entered, entered, changed, changed].entries())
      expect(equity[t]).toBeCloseTo(value, 9);
    expect(turnover[3]).toBe(0);
    expect(turnover[4]).toBeGreaterThan(1.99);
    expect(fees[4]).toBeCloseTo(entered - changed, 9);
  });

  test("takes over what the new config's own account holds by then, not what it once decided", () => {
    // B trebles at bar 2: half and half has become a quarter and three quarters
    const prices = [
      [100, 100],
      [100, 100],
      [100, 300],
      [100, 300],
      [100, 300],
    ];
    const market = marketOf(prices, prices);
    const both = decided(market, { 0: [0.5, 0.5] });
    const cash = decided(market, { 0: [0, 0] });
    const ledger = runLegs(market, null, [leg(cash, 1, 3), leg(both, 3, 5)]);
    expect(heldAt(ledger, 2)).toEqual([0, 0]);
    expect(heldAt(ledger, 3)[0]).toBeCloseTo(0.25, 12);
    expect(heldAt(ledger, 3)[1]).toBeCloseTo(0.75, 12);
  });

  test("follows the decision of the close at which it changes", () => {
    const market = marketOf(flat(5), flat(5));
    const moves = decided(market, { 0: [0.2, 0.2], 2: [0.7, null] });
    const ledger = runLegs(market, null, [leg(moves, 3, 5)]);
    expect(heldAt(ledger, 3).map((weight) => Number(weight.toFixed(12)))).toEqual([0.7, 0.2]);
  });

  test("goes on with slices under way where the config's own account is", () => {
    const market = marketOf(flat(7, 1), flat(7, 1));
    const { targets } = decided(market, { 1: [1], 4: [1] });
    // half at bar 2, the rest at bar 5
    const fraction = Float64Array.of(1, 0.5, 1, 1, 1, 1, 1);
    const sliced: LegDecisions = { targets, moves: { fraction, gate: null }, policy: policyOf() };
    const late = runLegs(market, null, [leg(sliced, 4, 7)]);
    expect([3, 4, 5, 6].map((t) => Number(heldAt(late, t, 1)[0]!.toFixed(12)))).toEqual([0, 0.5, 1, 1]);
    const atOnce = runLegs(market, null, [leg(sliced, 2, 7)]);
    expect([1, 2, 3, 5].map((t) => Number(heldAt(atOnce, t, 1)[0]!.toFixed(12)))).toEqual([0, 0.5, 0.5, 1]);
  });

  test("leaves out what the new config's gate drops, at the change and after it", () => {
    const market = marketOf(flat(7, 1), flat(7, 1));
    const { targets } = decided(market, { 0: [0.5], 3: [0.55], 4: [0.9] });
    // the plan of bar 3 is 0.05 from what is held, below 0.1: dropped, and its slice at bar 4 with it
    const gate: PlanGate = { opening: Uint8Array.of(1, 0, 0, 2, 0, 0, 0), measure: "max", threshold: 0.1 };
    const fraction = new Float64Array(7).fill(1);
    const gated: LegDecisions = { targets, moves: { fraction, gate }, policy: policyOf() };
    for (const from of [4, 5]) {
      const { heldWeights } = runLegs(market, null, [leg(decided(market, { 0: [1] }), 1, from), leg(gated, from, 7)]);
      expect(Array.from(heldWeights.subarray(from), (weight) => Number(weight.toFixed(12)))).toEqual(
        new Array(7 - from).fill(0.5),
      );
    }
  });

  test("keeps to what the new config's stop forbids", () => {
    // open, high, low, close: the fall at bar 2 passes a stop of 10%; the same target at bars 3 and 4 does not count
    const market = barsOf([
      [100, 100, 100, 100],
      [100, 100, 100, 100],
      [100, 100, 80, 80],
      [80, 80, 80, 80],
      [80, 80, 80, 80],
      [80, 80, 80, 80],
      [80, 80, 80, 80],
    ]);
    const stops = { stopLoss: 0.1, takeProfit: NONE, trailing: NONE, atrMultiple: NONE, atrBars: 14 };
    const infinite = Object.fromEntries(
      Object.entries(stops).map(([key, value]) => [key, Number.isNaN(value) ? Number.POSITIVE_INFINITY : value]),
    ) as unknown as typeof stops;
    const stopped = decided(market, { 0: [1], 3: [1], 4: [1] }, policyOf({ stops: infinite }));
    const holder = decided(market, { 0: [1] });
    const own = simulate(market, decisionsAt(market.axes, { 0: [1], 3: [1], 4: [1] }), stopped.policy);
    expect(Array.from(own.heldWeights)).toEqual([0, 1, 0, 0, 0, 0, 0]);
    const ledger = runLegs(market, null, [leg(holder, 1, 4), leg(stopped, 4, 7)]);
    expect(Array.from(ledger.heldWeights)).toEqual([0, 1, 1, 1, 0, 0, 0]);
    const fromCash = runLegs(market, null, [leg(stopped, 4, 7)]);
    expect(Array.from(fromCash.heldWeights)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    // and no longer to what the old one's did
    const buyer = decided(market, { 2: [1] });
    const back = runLegs(market, null, [leg(stopped, 1, 4), leg(buyer, 4, 7)]);
    expect(Array.from(back.heldWeights)).toEqual([0, 1, 0, 0, 1, 1, 1]);
  });

  test("lets stops count from where the new config's own account entered", () => {
    // held since 100 by one, since 84 by the other, whose stop of 10% is at 75.6 and not at 90
    const prices = [100, 100, 84, 84, 80, 80, 74].map((price) => [price]);
    const market = marketOf(prices, prices);
    const infinite = Number.POSITIVE_INFINITY;
    const stops = { stopLoss: 0.1, takeProfit: infinite, trailing: infinite, atrMultiple: infinite, atrBars: 14 };
    const late = decided(market, { 2: [1] }, policyOf({ stops }));
    const ledger = runLegs(market, null, [leg(decided(market, { 0: [1] }), 1, 4), leg(late, 4, 7)]);
    expect(Array.from(ledger.heldWeights)).toEqual([0, 1, 1, 1, 1, 1, 0]);
    // bought at 80 it would be stopped at 72
    const fromCash = runLegs(market, null, [leg(late, 4, 7)]);
    expect(Array.from(fromCash.heldWeights)).toEqual([0, 0, 0, 0, 1, 1, 0]);
  });

  test("is out of the market as long as the new config's own account is, and not for the old one's losses", () => {
    const prices = [100, 100, 80, 80, 80, 80, 80, 80].map((price) => [price]);
    const market = marketOf(prices, prices);
    const always = { 0: [1], 1: [1], 2: [1], 3: [1], 4: [1], 5: [1], 6: [1] };
    // a loss of a fifth at bar 2: sold at bar 3, out to the close of bar 6, bought at bar 7
    const guarded = decided(market, always, policyOf({ guards: { lossLimit: 0.1, drawdownLimit: 1, flatBars: 4 } }));
    const bold = decided(market, always);
    const cautious = runLegs(market, null, [leg(bold, 1, 4), leg(guarded, 4, 8)]);
    expect(Array.from(cautious.heldWeights)).toEqual([0, 1, 1, 1, 0, 0, 0, 1]);
    const back = runLegs(market, null, [leg(guarded, 1, 4), leg(bold, 4, 8)]);
    expect(Array.from(back.heldWeights)).toEqual([0, 1, 1, 0, 1, 1, 1, 1]);
  });

  test("changes nothing where the other config is the same", () => {
    // of 97ths and 991ths no drift, loss or fall comes to a threshold to the last bit
    const weight = fc.integer({ min: 0, max: 48 }).map((k) => k / 97);
    const row = fc.option(fc.array(weight, { minLength: 2, maxLength: 2 }), { freq: 2 });
    const gain = fc.integer({ min: -80, max: 90 }).map((k) => k / 991);
    const bars = 24;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(gain, gain), { minLength: bars, maxLength: bars }),
        fc.array(fc.tuple(row, fc.constantFrom(0.25, 0.5, 1)), { minLength: bars, maxLength: bars }),
        fc.uniqueArray(fc.integer({ min: 2, max: bars - 1 }), { maxLength: 4 }),
        fc.constantFrom(0, 0.05),
        fc.boolean(),
        fc.boolean(),
        fc.option(
          fc.tuple(
            fc.array(fc.constantFrom(0, 0, 1, 2, OUTSIDE_PLANS), { minLength: 2 * bars, maxLength: 2 * bars }),
            fc.constantFrom("max", "l1"),
          ),
        ),
        (gains, rows, cuts, rebalanceThreshold, hasStops, hasGuards, gated) => {
          // every open is the close before, so that the account sees what it decided on
          const close: number[][] = [];
          for (const [a, b] of gains) {
            const before = close.at(-1) ?? [100, 100];
            close.push([before[0]! * (1 + a), before[1]! * (1 + b)]);
          }
          const open = close.map((own, t) => close[t - 1] ?? own);
          const market = marketOf(open, close);
          const infinite = Number.POSITIVE_INFINITY;
          const stops = hasStops
            ? { stopLoss: 0.06, takeProfit: infinite, trailing: infinite, atrMultiple: infinite, atrBars: 14 }
            : null;
          const guards = hasGuards ? { lossLimit: 0.05, drawdownLimit: 0.06, flatBars: 3 } : null;
          const policy = policyOf({ rebalanceThreshold, stops, guards, costs: costsOf(0, 0) });
          const targets = decisionsAt(
            market.axes,
            Object.fromEntries(rows.flatMap(([own], t) => (own === null ? [] : [[t, own] as const]))),
          );
          // slices pass the threshold, a change of config does not: not both at once
          const fraction = Float64Array.from(
            rows.flatMap(([, move]) => (rebalanceThreshold > 0 ? [1, 1] : [move, move])),
          );
          const gate: PlanGate | null =
            gated === null ? null : { opening: Uint8Array.from(gated[0]), measure: gated[1], threshold: 0.1 };
          const moves = { fraction, gate };
          const edges = [1, ...cuts.sort((a, b) => a - b), bars];
          const legs = edges
            .slice(0, -1)
            .map((from, k) => leg({ targets: targets.values, moves, policy }, from, edges[k + 1]!));
          const whole = simulate(market, targets, policy, { moves });
          const { equity } = runLegs(market, null, legs);
          for (let t = 0; t < bars; t++) expect(Math.abs(equity[t]! / whole.equity[t]! - 1)).toBeLessThan(1e-9);
        },
      ),
    );
  });
});
