import fc from "fast-check";
import { expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import { executionCases, mapMarket, runCase } from "../support/execution-cases.ts";
import { costsOf, DAY, marketOn, policyOf } from "../support/market.ts";

const RUNS = { seed: 11, numRuns: 1500 };

function near(got: number, want: number, scale: number, label: string): void {
  const bothNaN = got !== got && want !== want;
  if (!bothNaN && !(Math.abs(got - want) <= 1e-9 * scale)) expect.fail(`${label}: want ${want}, got ${got}`);
}

test("change in equity equals position P&L less every cost plus what was written off", () => {
  fc.assert(
    fc.property(executionCases, (c) => {
      const a = runCase(c);
      for (let t = 0; t < a.equity.length; t++) {
        const before = t === 0 ? c.policy.initialCash : a.equity[t - 1]!;
        const costs = a.fees[t]! + a.slippage[t]! + a.impact[t]! + a.funding[t]! + a.borrow[t]! + a.liquidationLoss[t]!;
        const explained = a.positionPnl[t]! - costs + a.writeOff[t]!;
        near(a.equity[t]! - before, explained, 1 + before + Math.abs(a.positionPnl[t]!), `bar ${t}`);
      }
    }),
    RUNS,
  );
});

test("equity is never negative or NaN, and stays zero after ruin", () => {
  fc.assert(
    fc.property(executionCases, (c) => {
      const a = runCase(c);
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
    fc.property(executionCases, fc.nat(), (c, k) => {
      const { axes } = c.market;
      const [T, N] = [axes.time.length, axes.assets.length];
      const cut = k % T;
      const later = (values: Float64Array, from: number) => values.map((x, i) => (i >= from * N ? x * 1.7 : x));
      const edited = runCase({
        ...c,
        market: mapMarket(c.market, (plane) => later(plane, cut + 1)),
        targets: later(c.targets, cut),
        funding: c.funding ? later(c.funding, cut + 1) : null,
        moves: c.moves ? { ...c.moves, fraction: c.moves.fraction.map((f, i) => (i >= cut * N ? 1 - f : f)) } : null,
      });
      const a = runCase(c);
      const planes = ["equity", "cash", "turnover", "fees", "slippage", "positionPnl", "grossExposure"] as const;
      for (const plane of planes) expect(edited[plane].subarray(0, cut + 1)).toEqual(a[plane].subarray(0, cut + 1));
      expect(edited.heldWeights.subarray(0, (cut + 1) * N)).toEqual(a.heldWeights.subarray(0, (cut + 1) * N));
    }),
    RUNS,
  );
});

test("permuting symbols permutes the result", () => {
  fc.assert(
    fc.property(executionCases, (c) => {
      const { axes } = c.market;
      const N = axes.assets.length;
      const flip = (values: ArrayLike<number>) =>
        Float64Array.from(values, (_, i) => values[i - (i % N) + (N - 1 - (i % N))]!);
      const mirrored = createAxes(axes.time as Float64Array, axes.assets.toReversed());
      const policy = { ...c.policy, cashShortfall: "pro_rata" as const };
      const a = runCase({ ...c, policy });
      const b = runCase({
        policy,
        market: mapMarket(c.market, flip, mirrored),
        targets: flip(c.targets),
        funding: c.funding ? flip(c.funding) : null,
        moves: c.moves
          ? {
              fraction: flip(c.moves.fraction),
              gate: c.moves.gate ? { ...c.moves.gate, opening: Uint8Array.from(flip(c.moves.gate.opening)) } : null,
            }
          : null,
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
    fc.property(executionCases, (c) => {
      const N = c.market.axes.assets.length;
      // powers of two scale a double exactly, so thresholds cannot flip on rounding
      const scaled = (values: ArrayLike<number>) => Float64Array.from(values, (x, i) => x * 4 ** ((i % N) + 1));
      const market = mapMarket(c.market, scaled);
      const inUnits = c.policy.costs.liquidity?.volumeUnit !== "currency";
      const volume = c.market.volume as Float64Array;
      const shares = inUnits ? volume.map((v, i) => v / 4 ** ((i % N) + 1)) : volume;
      const a = runCase(c);
      const b = runCase({ ...c, market: { ...market, volume: shares } });
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
      const a = runCase({ market, targets, policy: policyOf({ costs: costsOf(50, 30) }) });
      for (let n = 0; n < 3; n++) near(a.heldWeights[6 + n]!, second[n]!, 1e-3, `asset ${n}`);
    }),
    RUNS,
  );
});

test("gross exposure after a trade never passes the cap, whatever is held beside it", () => {
  fc.assert(
    fc.property(executionCases, (c) => {
      // opens are closes here, so exposure at the close is exposure after the trade
      const market = { ...c.market, open: c.market.close };
      const a = runCase({
        ...c,
        market,
        funding: null,
        moves: null,
        policy: {
          ...c.policy,
          stops: null,
          margin: null,
          guards: null,
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
    fc.property(executionCases, (c) => {
      const targets = c.targets.map((w) => Math.max(0, w));
      const a = runCase({
        ...c,
        targets,
        funding: null,
        policy: {
          ...c.policy,
          margin: null,
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
