/** Random accounts: walks with gaps, holes and wicks under every feature the engine has. */
import fc from "fast-check";
import { type Account, type MovePlan, OUTSIDE_PLANS } from "../../src/core/contracts.ts";
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import { createAxes } from "../../src/core/panel.ts";
import type { ExecutionPolicy } from "../../src/execution/policy.ts";
import { simulate } from "../../src/execution/reference.ts";
import { costsOf, DAY, marketOn, policyOf } from "./market.ts";

export interface ExecutionCase {
  readonly market: Ohlcv;
  readonly targets: Float64Array;
  readonly policy: ExecutionPolicy;
  readonly funding?: Float64Array | null;
  readonly moves?: MovePlan | null;
}

export function runCase({ market, targets, policy, funding = null, moves = null }: ExecutionCase): Account {
  return simulate(market, { axes: market.axes, values: targets }, policy, { fundingRate: funding, moves });
}

/** The same market with every plane mapped, on other axes where given. */
export function mapMarket(market: Ohlcv, map: (plane: Float64Array) => Float64Array, axes = market.axes): Ohlcv {
  const { open, high, low, close, volume } = market as unknown as Record<string, Float64Array>;
  return {
    axes,
    open: map(open!),
    high: map(high!),
    low: map(low!),
    close: map(close!),
    volume: map(volume!),
    extras: market.extras,
  };
}

const OFF = Number.POSITIVE_INFINITY;
const move = fc.double({ min: -0.3, max: 0.4, noNaN: true });
const rarely = <T, U>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof(
    { weight: 6, arbitrary: usual as fc.Arbitrary<T | U> },
    { weight: 1, arbitrary: rare as fc.Arbitrary<T | U> },
  );
const orNull = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof(fc.constant(null), fc.constant(null), some);

const stops = fc.record({
  stopLoss: fc.constantFrom(0.1, 0.3, OFF),
  takeProfit: fc.constantFrom(0.1, 0.5, OFF),
  trailing: fc.constantFrom(0.1, 0.25, OFF),
  atrMultiple: fc.constantFrom(1, 3, OFF),
  atrBars: fc.constantFrom(1, 3),
});
const margin = fc.record({ initialRate: fc.constantFrom(0.2, 0.5, 1), maintenanceRate: fc.constantFrom(0, 0.1) });
const guards = fc.record({
  lossLimit: fc.constantFrom(0.1, 0.3, OFF),
  drawdownLimit: fc.constantFrom(0.1, 0.3, OFF),
  flatBars: fc.constantFrom(1, 3, OFF),
});

/** Markets of up to 14 bars and 4 assets; decisions, costs, modes and every kind of exit. */
export const executionCases: fc.Arbitrary<ExecutionCase> = fc
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
      wicks: plane(fc.constantFrom(0, 0, 0.05, 0.3, Number.NaN)),
      fractions: plane(fc.constantFrom(1, 1, 0.5, 0.25, 0, Number.NaN)),
      openings: plane(fc.constantFrom(0, 0, 1, 2, OUTSIDE_PLANS)),
      gate: orNull(
        fc.record({ measure: fc.constantFrom("max" as const, "l1" as const), threshold: fc.constantFrom(0, 0.1, 0.4) }),
      ),
      moving: rarely(fc.constant(false), fc.constant(true)),
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
        stops: orNull(stops),
        margin: orNull(margin),
        guards: orNull(guards),
      }),
    });
  })
  .map(
    ({ T, N, gaps, days, wicks, weights, fractions, openings, gate, moving, policy, funding, volumes, extraCosts }) => {
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
      const { high, low } = marketOn(axes, open, close);
      const moves = {
        fraction: Float64Array.from(fractions),
        gate: gate === null ? null : { ...gate, opening: Uint8Array.from(openings) },
      };
      return {
        market: {
          ...marketOn(axes, open, close),
          high: high.map((x, i) => x * (1 + wicks[i]!)),
          low: low.map((x, i) => x * (1 - wicks[i]!)),
          volume: Float64Array.from(volumes),
        },
        targets: Float64Array.from(weights),
        policy: policyOf({ ...rest, costs: costsOf(feeBps, slippageBps, extraCosts) }),
        funding: funding === null ? null : Float64Array.from(funding),
        moves: moving && policy.executionMode === "orders" ? moves : null,
      };
    },
  );
