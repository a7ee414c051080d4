import fc from "fast-check";
import { expect, test } from "vitest";
import type { Account } from "../../src/core/contracts.ts";
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import { createAxes } from "../../src/core/panel.ts";
import type { ExecutionPolicy } from "../../src/execution/policy.ts";
import { simulate } from "../../src/execution/reference.ts";
import { costsOf, DAY, marketOn, policyOf } from "../support/market.ts";

interface Case {
  market: Ohlcv;
  targets: Float64Array;
  policy: ExecutionPolicy;
  funding?: Float64Array | null;
}

const move = fc.double({ min: -0.3, max: 0.4, noNaN: true });
const rarely = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: rare });

/** Random walks with gaps, holes, shorts, leverage, thresholds and every sizing. */
const cases: fc.Arbitrary<Case> = fc
  .record({ T: fc.integer({ min: 1, max: 14 }), N: fc.integer({ min: 1, max: 4 }) })
  .chain(({ T, N }) => {
    const cells = T * N;
    const plane = <X>(cell: fc.Arbitrary<X>) => fc.array(cell, { minLength: cells, maxLength: cells });
    return fc.record({
      T: fc.constant(T),
      N: fc.constant(N),
      gaps: plane(rarely(move, fc.constant(Number.NaN))),
      days: plane(rarely(move, fc.constant(Number.NaN))),
      weights: plane(rarely(fc.constant(Number.NaN), fc.constantFrom(0, 0.2, 0.5, 1, -0.3, -1, 2))),
      funding: rarely(fc.constant(null), plane(fc.constantFrom(0.01, -0.02, Number.NaN))),
      volumes: plane(fc.constantFrom(0, 5, 100, 1e6)),
      extraCosts: rarely(
        fc.constant({}),
        fc.record({
          minFee: fc.constantFrom(0, 2),
          borrowPerBar: fc.constantFrom(0, 0.01),
          liquidity: fc.record({
            impactCoefficient: fc.constantFrom(0, 0.5),
            participationCap: fc.constantFrom(0.1, 1, Number.POSITIVE_INFINITY),
            volatilityBars: fc.constant(3),
            advBars: fc.constantFrom(1, 3),
            volumeUnit: fc.constantFrom("units" as const, "currency" as const),
          }),
        }),
      ),
      policy: fc.record({
        executionMode: fc.constantFrom("orders" as const, "orders" as const, "signals" as const),
        uponOppositeEntry: fc.constantFrom("reverse" as const, "close" as const, "ignore" as const),
        priceType: fc.constantFrom("next_open" as const, "next_open" as const, "next_close" as const),
        sizing: fc.constantFrom("post_cost" as const, "pre_cost" as const),
        cashShortfall: fc.constantFrom("pro_rata" as const, "smallest_first" as const),
        feeBps: fc.constantFrom(0, 10, 300),
        slippageBps: fc.constantFrom(0, 5, 200),
        rebalanceThreshold: fc.constantFrom(0, 0.05, 0.3),
        maxLeverage: fc.constantFrom(1, 1.5, Number.POSITIVE_INFINITY),
        delistAfterBars: fc.constantFrom(1, 3, 20),
        delistHaircut: fc.constantFrom(0, 0.5),
      }),
    });
  })
  .map(({ T, N, gaps, days, weights, policy, funding, volumes, extraCosts }) => {
    const axes = createAxes(
      Array.from({ length: T }, (_, t) => t * DAY),
      Array.from({ length: N }, (_, n) => `A${n}`),
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
    const { feeBps, slippageBps, ...rest } = policy;
    return {
      market: { ...marketOn(axes, open, close), volume: Float64Array.from(volumes) },
      targets: Float64Array.from(weights),
      policy: policyOf({ ...rest, costs: costsOf(feeBps, slippageBps, extraCosts) }),
      funding: funding === null ? null : Float64Array.from(funding),
    };
  });

const run = ({ market, targets, policy, funding = null }: Case): Account =>
  simulate(market, { axes: market.axes, values: targets }, policy, { fundingRate: funding });
/** The same market with every plane mapped, on other axes where given. */
function mapped(market: Ohlcv, map: (plane: Float64Array) => Float64Array, axes = market.axes): Ohlcv {
  const prices = marketOn(axes, map(market.open as Float64Array), map(market.close as Float64Array));
  return { ...prices, volume: map(market.volume as Float64Array) };
}
const RUNS = { seed: 11, numRuns: 1500 };

function near(got: number, want: number, scale: number, label: string): void {
  const bothNaN = got !== got && want !== want;
  if (!bothNaN && !(Math.abs(got - want) <= 1e-9 * scale)) expect.fail(`${label}: want ${want}, got ${got}`);
}

test("change in equity equals position P&L less every cost plus what was written off", () => {
  fc.assert(
    fc.property(cases, (c) => {
      const a = run(c);
      for (let t = 0; t < a.equity.length; t++) {
        const before = t === 0 ? c.policy.initialCash : a.equity[t - 1]!;
        const costs = a.fees[t]! + a.slippage[t]! + a.impact[t]! + a.funding[t]! + a.borrow[t]!;
        const explained = a.positionPnl[t]! - costs + a.writeOff[t]!;
        near(a.equity[t]! - before, explained, 1 + before + Math.abs(a.positionPnl[t]!), `bar ${t}`);
      }
    }),
    RUNS,
  );
});

test("equity is never negative or NaN, and stays zero after ruin", () => {
  fc.assert(
    fc.property(cases, (c) => {
      const a = run(c);
      for (let t = 0; t < a.equity.length; t++) {
        expect(a.equity[t]).toBeGreaterThanOrEqual(0);
        if (a.ruinBar >= 0 && t >= a.ruinBar) expect(a.equity[t]).toBe(0);
      }
    }),
    RUNS,
  );
});

test("edits to the future leave the past unchanged, to the bit", () => {
  fc.assert(
    fc.property(cases, fc.nat(), (c, k) => {
      const { axes } = c.market;
      const [T, N] = [axes.time.length, axes.assets.length];
      const cut = k % T;
      const later = (values: Float64Array, from: number) => values.map((x, i) => (i >= from * N ? x * 1.7 : x));
      const edited = run({
        ...c,
        market: mapped(c.market, (plane) => later(plane, cut + 1)),
        targets: later(c.targets, cut),
        funding: c.funding ? later(c.funding, cut + 1) : null,
      });
      const a = run(c);
      const planes = ["equity", "cash", "turnover", "fees", "slippage", "positionPnl", "grossExposure"] as const;
      for (const plane of planes) expect(edited[plane].subarray(0, cut + 1)).toEqual(a[plane].subarray(0, cut + 1));
      expect(edited.heldWeights.subarray(0, (cut + 1) * N)).toEqual(a.heldWeights.subarray(0, (cut + 1) * N));
    }),
    RUNS,
  );
});

test("permuting symbols permutes the result", () => {
  fc.assert(
    fc.property(cases, (c) => {
      const { axes } = c.market;
      const N = axes.assets.length;
      const flip = (values: ArrayLike<number>) =>
        Float64Array.from(values, (_, i) => values[i - (i % N) + (N - 1 - (i % N))]!);
      const mirrored = createAxes(axes.time as Float64Array, axes.assets.toReversed());
      const policy = { ...c.policy, cashShortfall: "pro_rata" as const };
      const a = run({ ...c, policy });
      const b = run({
        policy,
        market: mapped(c.market, flip, mirrored),
        targets: flip(c.targets),
        funding: c.funding ? flip(c.funding) : null,
      });
      for (let t = 0; t < a.equity.length; t++) near(b.equity[t]!, a.equity[t]!, 1 + a.equity[t]!, `equity at ${t}`);
      const held = flip(b.heldWeights);
      for (let i = 0; i < held.length; i++)
        near(held[i]!, a.heldWeights[i]!, 1 + Math.abs(a.heldWeights[i]!), `cell ${i}`);
    }),
    RUNS,
  );
});

test("rescaling an asset's prices changes nothing but its units", () => {
  fc.assert(
    fc.property(cases, (c) => {
      const N = c.market.axes.assets.length;
      // powers of two scale a double exactly, so thresholds cannot flip on rounding
      const scaled = (values: ArrayLike<number>) => Float64Array.from(values, (x, i) => x * 4 ** ((i % N) + 1));
      const market = mapped(c.market, scaled);
      const inUnits = c.policy.costs.liquidity?.volumeUnit !== "currency";
      const volume = c.market.volume as Float64Array;
      const shares = inUnits ? volume.map((v, i) => v / 4 ** ((i % N) + 1)) : volume;
      const a = run(c);
      const b = run({ ...c, market: { ...market, volume: shares } });
      expect(b.equity).toEqual(a.equity);
      expect(b.heldWeights).toEqual(a.heldWeights);
      expect(b.turnover).toEqual(a.turnover);
    }),
    RUNS,
  );
});

test("after a post_cost rebalance of the whole book the weights at the open are the targets", () => {
  const weights = fc.array(fc.double({ min: -0.4, max: 0.4, noNaN: true }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(weights, weights, (first, second) => {
      const axes = createAxes([0, DAY, 2 * DAY], ["A", "B", "C"]);
      const prices = Float64Array.of(10, 20, 30, 10, 20, 30, 12, 18, 33);
      const market = marketOn(axes, prices, prices);
      const targets = Float64Array.of(...first, ...second, Number.NaN, Number.NaN, Number.NaN);
      const a = run({ market, targets, policy: policyOf({ costs: costsOf(50, 30) }) });
      for (let n = 0; n < 3; n++) near(a.heldWeights[6 + n]!, second[n]!, 1e-3, `asset ${n}`);
    }),
    RUNS,
  );
});

test("gross exposure after a trade never passes the cap, whatever is held beside it", () => {
  fc.assert(
    fc.property(cases, (c) => {
      // opens are closes here, so exposure at the close is exposure after the trade
      const market = { ...c.market, open: c.market.close };
      const a = run({
        ...c,
        market,
        funding: null,
        policy: {
          ...c.policy,
          // a limit can hold a sale back, and a minimum fee can eat the room it was paid for
          costs: { ...c.policy.costs, borrowPerBar: 0, minFee: 0, liquidity: null },
          executionMode: "orders",
          maxLeverage: 1,
          rebalanceThreshold: 0,
          sizing: "post_cost",
        },
      });
      const N = market.axes.assets.length;
      const tradedAt = new Map<number, Set<number>>();
      for (const [i, bar] of a.fills.bar.entries())
        tradedAt.set(bar, (tradedAt.get(bar) ?? new Set()).add(a.fills.asset[i]!));
      for (const [bar, traded] of tradedAt) {
        let untouched = 0;
        for (let n = 0; n < N; n++) if (!traded.has(n)) untouched += Math.abs(a.heldWeights[bar * N + n]!);
        if (bar !== a.ruinBar) expect(a.grossExposure[bar]).toBeLessThanOrEqual(Math.max(1, untouched) + 1e-9);
      }
    }),
    RUNS,
  );
});

test("pre_cost without a leverage cap never borrows", () => {
  fc.assert(
    fc.property(cases, (c) => {
      const targets = c.targets.map((w) => Math.max(0, w));
      const a = run({
        ...c,
        targets,
        funding: null,
        policy: {
          ...c.policy,
          // a sale worth less than the minimum fee costs cash by itself
          costs: { ...c.policy.costs, minFee: 0 },
          sizing: "pre_cost",
          maxLeverage: Number.POSITIVE_INFINITY,
        },
      });
      for (let t = 0; t < a.cash.length; t++) expect(a.cash[t]).toBeGreaterThanOrEqual(-1e-9 * (1 + a.equity[t]!));
    }),
    RUNS,
  );
});
