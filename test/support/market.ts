/** Small markets for tests, built from literal rows. */
import type { TargetWeights } from "../../src/core/contracts.ts";
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import { type Axes, createAxes } from "../../src/core/panel.ts";
import type { CostModel, ExecutionPolicy } from "../../src/execution/policy.ts";

type Rows = readonly (readonly (number | null)[])[];

export const DAY = 86_400_000;

export function flatten(rows: Rows): Float64Array {
  return Float64Array.from(rows.flat(), (x) => x ?? Number.NaN);
}

/** Daily bars from 2020-01-01; high and low are the larger and smaller of open and close. */
export function marketOf(open: Rows, close: Rows, assets?: readonly string[]): Ohlcv {
  const symbols = assets ?? Array.from({ length: open[0]?.length ?? 0 }, (_, n) => `A${n}`);
  const axes = createAxes(
    open.map((_, t) => Date.UTC(2020, 0, 1) + t * DAY),
    symbols,
  );
  return marketOn(axes, flatten(open), flatten(close));
}

export function marketOn(axes: Axes, open: Float64Array, close: Float64Array): Ohlcv {
  return {
    axes,
    open,
    close,
    high: open.map((o, i) => Math.max(o, close[i]!)),
    low: open.map((o, i) => Math.min(o, close[i]!)),
    volume: new Float64Array(open.length).fill(1e6),
    extras: new Map(),
  };
}

/** One asset from rows of open, high, low, close. */
export function barsOf(rows: Rows): Ohlcv {
  const column = (i: number) => rows.map((row) => [row[i]!]);
  return { ...marketOf(column(0), column(3)), high: flatten(column(1)), low: flatten(column(2)) };
}

/** Target weights with decisions at the given bars only. */
export function decisionsAt(axes: Axes, rows: Readonly<Record<number, readonly (number | null)[]>>): TargetWeights {
  const N = axes.assets.length;
  const values = new Float64Array(axes.time.length * N).fill(Number.NaN);
  for (const [t, row] of Object.entries(rows)) values.set(flatten([row]), Number(t) * N);
  return { axes, values };
}

/** Fee and slippage in bps, the rest of the cost model off. */
export function costsOf(feeBps: number, slippageBps: number, changes: Partial<CostModel> = {}): CostModel {
  return { feeBps, slippageBps, minFee: 0, borrowPerBar: 0, liquidity: null, ...changes };
}

export function policyOf(changes: Partial<ExecutionPolicy> = {}): ExecutionPolicy {
  return {
    executionMode: "orders",
    uponOppositeEntry: "reverse",
    priceType: "next_open",
    sizing: "post_cost",
    cashShortfall: "pro_rata",
    costs: costsOf(0, 0),
    initialCash: 1000,
    rebalanceThreshold: 0,
    maxLeverage: Number.POSITIVE_INFINITY,
    delistAfterBars: 20,
    delistHaircut: 0,
    stops: null,
    margin: null,
    guards: null,
    ...changes,
  };
}
