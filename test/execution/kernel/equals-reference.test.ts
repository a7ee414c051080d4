import fc from "fast-check";
import { expect, test } from "vitest";
import { OUTSIDE_PLANS } from "../../../src/core/contracts.ts";
import { createAxes } from "../../../src/core/panel.ts";
import type { ExecutionPolicy } from "../../../src/execution/policy.ts";
import type { ExecutionPanels } from "../../../src/execution/step-context.ts";
import { expectSameAsReference } from "../../support/batch.ts";
import { type ExecutionCase, executionCases } from "../../support/execution-cases.ts";
import { costsOf, DAY, marketOn, policyOf } from "../../support/market.ts";

const RUNS = { seed: 23, numRuns: 1000 };

/** The case's policy without what only the reference knows. */
function known(policy: ExecutionPolicy, changes: Partial<ExecutionPolicy> = {}): ExecutionPolicy {
  const costs = { ...policy.costs, minFee: 0, liquidity: null, borrowPerBar: 0 };
  const off = { stops: null, margin: null, guards: null };
  return { ...policy, ...off, executionMode: "orders", priceType: "next_open", costs, ...changes };
}

/** 1 to 4 configs with the case's decisions, shifted by one cell each. */
function batchOf({ targets }: ExecutionCase, configs: number): Float64Array {
  const cells = targets.length;
  return Float64Array.from({ length: configs * cells }, (_, i) => targets[(i + Math.floor(i / cells)) % cells]!);
}

function equalsReference(
  title: string,
  policyOfCase: (c: ExecutionCase) => ExecutionPolicy,
  panelsOfCase: (c: ExecutionCase) => ExecutionPanels = () => ({}),
): void {
  test(title, async () => {
    let onKernel = 0;
    let configs = 0;
    await fc.assert(
      fc.asyncProperty(executionCases, fc.integer({ min: 1, max: 4 }), async (c, count) => {
        const policy = policyOfCase(c);
        const { path } = await expectSameAsReference(c.market, batchOf(c, count), policy, panelsOfCase(c));
        configs += count;
        for (const way of path) if (way === 0) onKernel++;
      }),
      RUNS,
    );
    // ties of round numbers, ruin and smallest_first are common here by design
    expect(onKernel / configs).toBeGreaterThan(0.8);
  });
}

equalsReference("pre_cost equals the reference", ({ policy }) =>
  known(policy, { sizing: "pre_cost", maxLeverage: Number.POSITIVE_INFINITY }),
);
equalsReference("post_cost equals the reference", ({ policy }) =>
  known(policy, { sizing: "post_cost", maxLeverage: Number.POSITIVE_INFINITY }),
);
equalsReference("leverage caps and pro rata buys equal the reference", ({ policy }) =>
  known(policy, { maxLeverage: policy.sizing === "pre_cost" ? 1.5 : 1, cashShortfall: "pro_rata" }),
);
equalsReference("costs per asset equal the reference", ({ policy, market }) => {
  const each = (first: number, step: number) => market.axes.assets.map((_, n) => first + step * n);
  return known(policy, { costs: costsOf(0, 0, { feeBps: each(5, 60), slippageBps: each(80, -20) }) });
});
equalsReference(
  "move fractions equal the reference",
  ({ policy }) => known(policy),
  ({ targets, moves }) => {
    const cycle = [1, 0.5, Number.NaN, 0.25, 1, 0, 1, 1];
    const fraction = moves?.fraction ?? Float64Array.from(targets, (_, i) => cycle[(7 * i) % cycle.length]!);
    return { moves: { fraction, gate: null } };
  },
);
equalsReference(
  "move fractions and costs per asset together equal the reference",
  ({ policy, market }) =>
    known(policy, {
      costs: costsOf(0, 20, { feeBps: market.axes.assets.map((_, n) => 10 + 50 * n) }),
    }),
  ({ targets }) => ({ moves: { fraction: targets.map((_, i) => [1, 0.5, 0, 0.3][i % 4]!), gate: null } }),
);
equalsReference(
  "plan gates equal the reference",
  ({ policy }) => known(policy, { cashShortfall: "pro_rata" }),
  ({ targets, moves }) => {
    const fraction = moves?.fraction ?? Float64Array.from(targets, (_, i) => [1, 0.5, 1, 0.25][(3 * i) % 4]!);
    const opening = Uint8Array.from(targets, (_, i) => [1, 0, 2, OUTSIDE_PLANS, 1, 0, 0][(3 * i) % 7]!);
    return { moves: { fraction, gate: moves?.gate ?? { opening, measure: "l1", threshold: 0.137 } } };
  },
);
equalsReference(
  "funding and borrowing equal the reference",
  ({ policy }) => known(policy, { costs: costsOf(10, 5, { borrowPerBar: 0.01 }) }),
  ({ funding, targets }) => ({ fundingRate: funding ?? targets.map((_, i) => ((i % 5) - 2) / 100) }),
);

const off = Number.POSITIVE_INFINITY;
const exitsOf = ({ policy }: ExecutionCase, changes: Partial<ExecutionPolicy>): ExecutionPolicy =>
  known(policy, { stops: policy.stops, margin: policy.margin, guards: policy.guards, ...changes });
equalsReference("stops equal the reference under pre_cost", (c) =>
  exitsOf(c, {
    stops: c.policy.stops ?? { stopLoss: 0.15, takeProfit: 0.4, trailing: 0.2, atrMultiple: 2, atrBars: 2 },
    sizing: "pre_cost",
    maxLeverage: off,
    margin: null,
    guards: null,
  }),
);
equalsReference("stops and margin equal the reference", (c) =>
  exitsOf(c, {
    stops: c.policy.stops ?? { stopLoss: 0.15, takeProfit: off, trailing: 0.3, atrMultiple: 1.5, atrBars: 3 },
    margin: c.policy.margin ?? { initialRate: 0.3, maintenanceRate: 0.02 },
    cashShortfall: "pro_rata",
    guards: null,
  }),
);
equalsReference("guards equal the reference", (c) =>
  exitsOf(c, {
    guards: c.policy.guards ?? { lossLimit: 0.12, drawdownLimit: 0.17, flatBars: 2 },
    cashShortfall: "pro_rata",
  }),
);
equalsReference(
  "exits with costs per asset, funding and borrowing equal the reference",
  (c) =>
    exitsOf(c, {
      cashShortfall: "pro_rata",
      costs: costsOf(0, 20, { feeBps: c.market.axes.assets.map((_, n) => 10 + 50 * n), borrowPerBar: 0.002 }),
    }),
  ({ funding }) => ({ fundingRate: funding ?? null }),
);

test("configs of different policies, known to the kernel or not, each equal the reference", async () => {
  const batches = fc.array(executionCases, { minLength: 2, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(batches, async (cases) => {
      const { market, targets } = cases[0]!;
      const policies = cases.map(({ policy }, i) => (i % 2 === 0 ? known(policy) : policy));
      const weights = batchOf({ ...cases[0]!, targets }, policies.length);
      await expectSameAsReference(market, weights, policies);
    }),
    { ...RUNS, numRuns: 500 },
  );
});

/** A market without holes, prices by hand-made sines, weights that are no round numbers. */
function calm(configs: number, assets: number, bars: number) {
  const axes = createAxes(
    Array.from({ length: bars }, (_, t) => t * DAY),
    Array.from({ length: assets }, (_, n) => `A${n}`),
  );
  const wave = (i: number, shift: number) => 100 + 20 * Math.sin(0.7 * i + shift) + (i % assets);
  const open = Float64Array.from({ length: bars * assets }, (_, i) => wave(i, 0));
  const close = Float64Array.from({ length: bars * assets }, (_, i) => wave(i, 0.1));
  const weights = Float64Array.from({ length: configs * bars * assets }, (_, i) =>
    i % 7 === 0 ? Number.NaN : Math.sin(1.3 * i) / assets,
  );
  return { market: marketOn(axes, open, close), weights };
}

for (const [configs, assets] of [
  [1, 1],
  [1, 7],
  [3, 1],
  [5, 7],
  [4, 20],
  [2, 101],
] as const)
  test(`${configs} ordinary configs of ${assets} assets all stay on the kernel`, async () => {
    const { market, weights } = calm(configs, assets, 60);
    for (const sizing of ["post_cost", "pre_cost"] as const)
      for (const maxLeverage of [1, 3, Number.POSITIVE_INFINITY])
        for (const rebalanceThreshold of [0, 0.01 / assets]) {
          const policy = policyOf({ sizing, maxLeverage, rebalanceThreshold, costs: costsOf(10, 5) });
          const { path } = await expectSameAsReference(market, weights, policy);
          expect([...path]).toEqual(new Array(configs).fill(0));
        }
  });

test("ordinary configs with stops, margin and guards stay on the kernel, hits included", async () => {
  const { market, weights } = calm(5, 7, 60);
  const stops = { stopLoss: 0.2, takeProfit: 0.5, trailing: 0.25, atrMultiple: 4, atrBars: 5 };
  const margin = { initialRate: 0.4, maintenanceRate: 0.01 };
  const guards = { lossLimit: 0.3, drawdownLimit: 0.25, flatBars: 4 };
  for (const sizing of ["post_cost", "pre_cost"] as const)
    for (const exits of [{ stops }, { margin }, { guards }, { stops, margin, guards }]) {
      const policy = policyOf({ sizing, maxLeverage: 3, costs: costsOf(10, 5), ...exits });
      for (const configs of [5, 1]) {
        const some = weights.slice(0, configs * market.open.length);
        const { path } = await expectSameAsReference(market, some, policy);
        expect([...path]).toEqual(new Array(configs).fill(0));
      }
    }
});

test("late listings, halts with a target waiting and delistings stay on the kernel", async () => {
  const { market, weights } = calm(3, 6, 60);
  const hole = (plane: Float64Array, n: number, from: number, to: number) => {
    for (let t = from; t < to; t++) plane[t * 6 + n] = Number.NaN;
  };
  const open = Float64Array.from(market.open as Float64Array);
  const close = Float64Array.from(market.close as Float64Array);
  for (const [n, from, to] of [
    [0, 0, 30],
    [1, 10, 13],
    [2, 40, 60],
  ] as const) {
    hole(open, n, from, to);
    hole(close, n, from, to);
  }
  hole(open, 3, 20, 21);
  hole(close, 4, 25, 27);
  const policy = policyOf({ costs: costsOf(10, 5), delistAfterBars: 5, delistHaircut: 0.4, maxLeverage: 1 });
  const { path } = await expectSameAsReference(marketOn(market.axes, open, close), weights, policy);
  expect([...path]).toEqual([0, 0, 0]);
});
