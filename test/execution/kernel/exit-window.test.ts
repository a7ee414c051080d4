import fc from "fast-check";
import { expect, test } from "vitest";
import { createAxes } from "../../../src/core/panel.ts";
import { createRng } from "../../../src/core/rng.ts";
import type { ExecutionPolicy } from "../../../src/execution/policy.ts";
import { expectSameAsReference } from "../../support/batch.ts";
import { costsOf, DAY, marketOn, policyOf } from "../../support/market.ts";

const BARS = 160;
const ASSETS = 3;

/** Walks of small steps, so that most bars are nowhere near a level; `wild` opens are beyond their bar. */
function walk(seed: number, step: number, wild: boolean) {
  const rng = createRng(seed);
  const axes = createAxes(
    Array.from({ length: BARS }, (_, t) => t * DAY),
    Array.from({ length: ASSETS }, (_, n) => `A${n}`),
  );
  const [open, close, high, low] = [0, 0, 0, 0].map(() => new Float64Array(BARS * ASSETS)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let n = 0; n < ASSETS; n++) {
    let price = 50 * (n + 1);
    for (let i = n; i < open.length; i += ASSETS) {
      open[i] = price *= 1 + 0.3 * step * (rng.uniform() - 0.5);
      close[i] = price *= 1 + step * (rng.uniform() - 0.5);
      high[i] = Math.max(open[i]!, close[i]!) * (1 + 0.3 * step * rng.uniform());
      low[i] = Math.min(open[i]!, close[i]!) * (1 - 0.3 * step * rng.uniform());
      if (wild && rng.uniform() < 0.1) open[i]! *= rng.uniform() < 0.5 ? 0.97 : 1.03;
    }
  }
  return { ...marketOn(axes, open, close), high, low };
}

/** Weights of either sign that grow and shrink, turn round and stop; so many of the bars decide. */
function decisions(seed: number, configs: number, often: number): Float64Array {
  const rng = createRng(seed + 1);
  const weights = new Float64Array(configs * BARS * ASSETS).fill(Number.NaN);
  for (let row = 0; row < weights.length; row += ASSETS) {
    if (rng.uniform() >= often) continue;
    for (let i = row; i < row + ASSETS; i++) {
      const kind = rng.uniform();
      if (kind < 0.1) weights[i] = 0;
      else if (kind < 0.9) weights[i] = (kind < 0.7 ? 0.3 : -0.3) * (0.2 + 0.8 * rng.uniform());
    }
  }
  return weights;
}

const OFF = Number.POSITIVE_INFINITY;
const exits = fc.record({
  stops: fc.option(
    fc.record({
      stopLoss: fc.constantFrom(0.03, 0.1, 0.4, OFF),
      takeProfit: fc.constantFrom(0.04, 0.15, 1.5, OFF),
      trailing: fc.constantFrom(0.05, 0.2, OFF),
      atrMultiple: fc.constantFrom(2, 6, OFF),
      atrBars: fc.constantFrom(1, 14),
    }),
    { freq: 4, nil: null },
  ),
  margin: fc.option(
    fc.record({ initialRate: fc.constantFrom(0.1, 0.5), maintenanceRate: fc.constantFrom(0.005, 0.05) }),
    { freq: 1, nil: null },
  ),
});

for (const sizing of ["pre_cost", "post_cost"] as const)
  test(`exits that most bars are far from equal the reference under ${sizing}`, async () => {
    let onKernel = 0;
    let all = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(0.003, 0.01, 0.04),
        fc.constantFrom(0.05, 0.5, 1),
        fc.constantFrom(0, 0.02),
        fc.constantFrom(0, 5, 80),
        fc.boolean(),
        exits,
        async (seed, configs, step, often, rebalanceThreshold, slippageBps, perAsset, rules) => {
          const feeBps = perAsset ? [3, 10, 20] : 10;
          const costs = costsOf(0, 0, { feeBps, slippageBps: perAsset ? [slippageBps, 5, 0] : slippageBps });
          const policy: ExecutionPolicy = policyOf({ sizing, rebalanceThreshold, costs, ...rules });
          const market = walk(seed, step, seed % 8 === 0);
          const { path } = await expectSameAsReference(market, decisions(seed, configs, often), policy);
          all += configs;
          for (const way of path) if (way === 0) onKernel++;
        },
      ),
      { seed: 29, numRuns: 300 },
    );
    expect(onKernel / all).toBeGreaterThan(0.9);
  });
