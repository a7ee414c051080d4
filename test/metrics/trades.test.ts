import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Account, FILL_REASONS } from "../../src/core/contracts.ts";
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import { createAxes } from "../../src/core/panel.ts";
import type { ExecutionPolicy } from "../../src/execution/policy.ts";
import { simulate } from "../../src/execution/reference.ts";
import { type TradeOptions, trades } from "../../src/metrics/trades.ts";
import { costsOf, DAY, decisionsAt, marketOf, marketOn, policyOf } from "../support/market.ts";

/** One asset over bars of [open, high, low, close]. */
function barsOf(...bars: readonly (readonly [number | null, number | null, number | null, number | null])[]): Ohlcv {
  const plane = (k: 0 | 1 | 2 | 3) => bars.map((bar) => [bar[k]]);
  const market = marketOf(plane(0), plane(3));
  const column = (k: 1 | 2) => Float64Array.from(bars, (bar) => bar[k] ?? Number.NaN);
  return { ...market, high: column(1), low: column(2) };
}

/** The only trade of an account that takes `weight` at bar 0 and leaves at bar `leave`. */
function only(market: Ohlcv, weight: number, leave: number, fillAt: TradeOptions["fillAt"]) {
  const priceType = fillAt === "open" ? "next_open" : "next_close";
  const targets = decisionsAt(market.axes, { 0: [weight], [leave]: [0] });
  const account = simulate(market, targets, policyOf({ priceType }));
  const found = trades(account, market, { matching: "average", fillAt });
  expect(found).toHaveLength(1);
  return found[0]!;
}

describe("how far the price went", () => {
  // entered on bar 1, left on bar 3
  const market = barsOf([10, 10, 10, 10], [10, 14, 9, 11], [11, 13, 8, 12], [12, 30, 1, 20], [20, 20, 20, 20]);

  test("fills at the open see the whole entry bar and of the exit bar its open", () => {
    // lows 9 and 8, highs 14 and 13, exit at 12; what bar 3 did after its open was not held
    expect(only(market, 1, 2, "open")).toMatchObject({
      entryBar: 1,
      exitBar: 3,
      entryPrice: 10,
      exitPrice: 12,
      barsHeld: 2,
      maxAdverse: 8 / 10 - 1,
      maxFavourable: 14 / 10 - 1,
    });
  });

  test("fills at the close see nothing of the entry bar and the whole exit bar", () => {
    // entry at 11; lows 8 and 1, highs 13 and 30
    expect(only(market, 1, 2, "close")).toMatchObject({
      entryPrice: 11,
      exitPrice: 20,
      maxAdverse: 1 / 11 - 1,
      maxFavourable: 30 / 11 - 1,
    });
  });

  test("a short position suffers from highs", () => {
    expect(only(market, -1, 2, "open")).toMatchObject({
      side: "short",
      maxAdverse: 1 - 14 / 10,
      maxFavourable: 1 - 8 / 10,
    });
  });

  test("a trade that is still open sees the last bar", () => {
    expect(only(market, 1, 4, "open")).toMatchObject({
      exitBar: -1,
      reason: "open",
      exitPrice: 20,
      barsHeld: 3,
      maxAdverse: 1 / 10 - 1,
      maxFavourable: 30 / 10 - 1,
    });
  });

  test("a missing high or low falls back on open and close, and a bar without a price on nothing", () => {
    const holes = barsOf(
      [10, 10, 10, 10],
      [10, null, null, 11],
      [null, null, null, null],
      [null, null, 9, 12],
      [12, 12, 12, 12],
    );
    // highs 11 and 12, lows 10 and 9
    expect(only(holes, 1, 3, "open")).toMatchObject({ maxAdverse: 9 / 10 - 1, maxFavourable: 12 / 10 - 1 });
  });

  test("a position that only gained was never under water", () => {
    const up = barsOf([10, 10, 10, 10], [10, 11, 10, 11], [11, 12, 11, 12]);
    expect(only(up, 1, 1, "open")).toMatchObject({ maxAdverse: 0, maxFavourable: 11 / 10 - 1 });
  });

  test("of a bar in which a stop is hit, the open and the price of the exit count", () => {
    const plain = simulate(market, decisionsAt(market.axes, { 0: [1], 2: [0] }), policyOf());
    const reason = Uint8Array.of(0, FILL_REASONS.indexOf("stop_loss"));
    const stopped: Account = { ...plain, fills: { ...plain.fills, price: Float64Array.of(10, 7), reason } };
    for (const matching of ["average", "fifo"] as const)
      expect(trades(stopped, market, { matching, fillAt: "open" })).toMatchObject([
        { reason: "stop_loss", exitPrice: 7, maxAdverse: 7 / 10 - 1, maxFavourable: 14 / 10 - 1 },
      ]);
    // entered and stopped in bar 3: from its open at 12 down to 7, its high of 30 came who knows when
    const atOnce = { ...stopped.fills, bar: Int32Array.of(3, 3), price: Float64Array.of(12, 7) };
    expect(trades({ ...stopped, fills: atOnce }, market, { matching: "average", fillAt: "open" })).toMatchObject([
      { barsHeld: 0, maxAdverse: 7 / 12 - 1, maxFavourable: 0 },
    ]);
  });

  test("a market on other axes is refused", () => {
    const account = simulate(market, decisionsAt(market.axes, {}), policyOf());
    const other = { ...market, axes: createAxes(market.axes.time as Float64Array, ["A0"]) };
    expect(() => trades(account, other, { matching: "fifo", fillAt: "open" })).toThrow(RangeError);
  });
});

describe("properties", () => {
  const move = fc.double({ min: -0.3, max: 0.4, noNaN: true });
  const cell = fc.oneof({ weight: 7, arbitrary: move }, { weight: 1, arbitrary: fc.constant(Number.NaN) });
  const cases = fc
    .record({ T: fc.integer({ min: 1, max: 25 }), N: fc.integer({ min: 1, max: 3 }) })
    .chain(({ T, N }) => {
      const plane = <X>(of: fc.Arbitrary<X>) => fc.array(of, { minLength: T * N, maxLength: T * N });
      return fc.record({
        size: fc.constant([T, N] as const),
        gaps: plane(cell),
        days: plane(cell),
        weights: plane(fc.constantFrom(Number.NaN, Number.NaN, 0, 0.2, 0.6, 1, 4, -0.3, -1, -4)),
        funding: plane(fc.constantFrom(0, 0.01, -0.02, Number.NaN)),
        bps: fc.constantFrom(0, 10, 200),
        policy: fc.record({
          executionMode: fc.constantFrom("orders" as const, "signals" as const),
          priceType: fc.constantFrom("next_open" as const, "next_close" as const),
          sizing: fc.constantFrom("post_cost" as const, "pre_cost" as const),
          rebalanceThreshold: fc.constantFrom(0, 0.05),
          maxLeverage: fc.constantFrom(1, 3, 9),
          delistAfterBars: fc.constantFrom(2, 20),
          delistHaircut: fc.constantFrom(0, 0.5),
          stops: fc.constantFrom(
            null,
            { stopLoss: 0.05, takeProfit: 0.1, trailing: 0.08, atrMultiple: Number.POSITIVE_INFINITY, atrBars: 3 },
            { stopLoss: 0.3, takeProfit: 0.3, trailing: 0.3, atrMultiple: 1, atrBars: 3 },
          ),
          margin: fc.constantFrom(null, { initialRate: 0.3, maintenanceRate: 0.1 }),
          guards: fc.constantFrom(null, { lossLimit: 0.1, drawdownLimit: 0.1, flatBars: 2 }),
        }),
      });
    })
    .map(({ size: [T, N], gaps, days, weights, funding, bps, policy }) => {
      const symbols = Array.from({ length: N }, (_, n) => `A${n}`);
      const axes = createAxes(
        Array.from({ length: T }, (_, t) => t * DAY),
        symbols,
      );
      const open = new Float64Array(T * N);
      const close = new Float64Array(T * N);
      for (let n = 0; n < N; n++) {
        let price = 10 * (n + 1);
        for (let i = n; i < T * N; i += N) {
          open[i] = price * (1 + gaps[i]!);
          if (open[i]! > 0) price = open[i]!;
          close[i] = price * (1 + days[i]!);
          if (close[i]! > 0) price = close[i]!;
        }
      }
      const bodies = marketOn(axes, open, close);
      const market = { ...bodies, high: bodies.high.map((x) => x * 1.03), low: bodies.low.map((x) => x * 0.96) };
      const costs = costsOf(bps, bps / 2, { minFee: bps / 100, borrowPerBar: bps / 1e5 });
      const rules: ExecutionPolicy = policyOf({ ...policy, costs });
      const targets = { axes, values: Float64Array.from(weights) };
      const account = simulate(market, targets, rules, { fundingRate: Float64Array.from(funding) });
      return { market, account, fillAt: rules.priceType === "next_open" ? ("open" as const) : ("close" as const) };
    });
  const RUNS = { seed: 5, numRuns: 1500 };
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

  test("the cases end trades for every reason", () => {
    const reasons = new Set<string>();
    fc.assert(
      fc.property(cases, ({ market, account, fillAt }) => {
        for (const { reason } of trades(account, market, { matching: "average", fillAt })) reasons.add(reason);
      }),
      RUNS,
    );
    expect([...reasons].sort()).toEqual([...FILL_REASONS, "open"].sort());
  });

  test("profits sum to the account's gain before carry, forfeited margin and write-off, whatever the matching", () => {
    fc.assert(
      fc.property(cases, ({ market, account, fillAt }) => {
        const { equity, funding, borrow, liquidationLoss, writeOff } = account;
        const gain = equity.at(-1)! - equity[0]!;
        const want = gain + sum(funding) + sum(borrow) + sum(liquidationLoss) - sum(writeOff);
        const traded = sum(account.fills.quantity.map((units, i) => Math.abs(units * account.fills.price[i]!)));
        for (const matching of ["average", "fifo"] as const) {
          const found = trades(account, market, { matching, fillAt });
          expect(Math.abs(sum(found.map(({ profit }) => profit)) - want)).toBeLessThanOrEqual(1e-9 * (1000 + traded));
          const fees = sum(found.map((trade) => trade.fees));
          expect(Math.abs(fees - sum(account.fees))).toBeLessThanOrEqual(1e-9 * (1000 + traded));
        }
      }),
      RUNS,
    );
  });

  test("the excursions of a lot are those of every price at which it was held for certain", () => {
    fc.assert(
      fc.property(cases, ({ market, account, fillAt }) => {
        const { axes, open, high, low, close } = market;
        const N = axes.assets.length;
        for (const trade of trades(account, market, { matching: "fifo", fillAt })) {
          const seen = [trade.entryPrice, trade.exitPrice];
          const last = trade.exitBar < 0 ? axes.time.length - 1 : trade.exitBar;
          for (let t = trade.entryBar; t <= last; t++) {
            const i = t * N + trade.asset;
            const untilClose = trade.exitBar < 0 || t < last || trade.reason === "delisting";
            if (t === trade.entryBar && fillAt === "close") continue;
            if (untilClose || (fillAt === "close" && ["target", "kill_switch"].includes(trade.reason)))
              for (const price of [high[i]!, low[i]!, open[i]!, close[i]!]) seen.push(price);
            else seen.push(open[i]!);
          }
          const moves = seen.filter((price) => price === price).map((price) => price / trade.entryPrice - 1);
          const [least, most] = [Math.min(...moves), Math.max(...moves)];
          const long = trade.side === "long";
          expect([trade.maxAdverse, trade.maxFavourable]).toEqual(long ? [least, most] : [0 - most, 0 - least]);
        }
      }),
      RUNS,
    );
  });

  test("no excursion has the wrong sign, and those of a lot enclose its exit", () => {
    fc.assert(
      fc.property(cases, ({ market, account, fillAt }) => {
        for (const matching of ["average", "fifo"] as const)
          for (const trade of trades(account, market, { matching, fillAt })) {
            expect(trade.maxAdverse).toBeLessThanOrEqual(0);
            expect(trade.maxFavourable).toBeGreaterThanOrEqual(0);
            expect(trade.units).toBeGreaterThan(0);
            const direction = trade.side === "long" ? 1 : -1;
            const moved = direction * (trade.exitPrice / trade.entryPrice - 1);
            if (matching === "fifo") {
              expect(moved).toBeGreaterThanOrEqual(trade.maxAdverse - 1e-12);
              expect(moved).toBeLessThanOrEqual(trade.maxFavourable + 1e-12);
            }
          }
      }),
      RUNS,
    );
  });
});
