import fc from "fast-check";
import { expect, test } from "vitest";
import { createAxes } from "../../../src/core/panel.ts";
import { createRng } from "../../../src/core/rng.ts";
import { expectSameAsReference } from "../../support/batch.ts";
import { costsOf, DAY, marketOn, policyOf } from "../../support/market.ts";

const BARS = 80;

function walk(seed: number, assets: number) {
  const rng = createRng(seed);
  const axes = createAxes(
    Array.from({ length: BARS }, (_, t) => t * DAY),
    Array.from({ length: assets }, (_, n) => `A${n}`),
  );
  const open = new Float64Array(BARS * assets);
  const close = new Float64Array(BARS * assets);
  for (let n = 0; n < assets; n++) {
    let price = 50 * (n + 1);
    for (let i = n; i < open.length; i += assets) {
      open[i] = price *= 1 + 0.02 * (rng.uniform() - 0.5);
      close[i] = price *= 1 + 0.04 * (rng.uniform() - 0.5);
    }
  }
  return marketOn(axes, open, close);
}

/** Rows mostly decide for every asset: new weights, those of the row before, nothing for some assets, nothing at all. */
function decisions(seed: number, configs: number, assets: number, whole: number): Float64Array {
  const rng = createRng(seed + 1);
  const weights = new Float64Array(configs * BARS * assets).fill(Number.NaN);
  for (let row = 0; row < weights.length; row += assets) {
    const kind = rng.uniform();
    if (kind > 0.95) continue;
    for (let i = row; i < row + assets; i++) {
      if (kind > whole && rng.uniform() < 0.5) continue;
      if (kind < 0.15 && row > 0) weights[i] = weights[i - assets]!;
      else weights[i] = rng.uniform() < 0.15 ? 0 : ((rng.uniform() < 0.8 ? 1 : -1) * rng.uniform()) / assets;
    }
  }
  return weights;
}

const choices = fc.record({
  sizing: fc.constantFrom("post_cost" as const, "post_cost" as const, "post_cost" as const, "pre_cost" as const),
  feeBps: fc.constantFrom(0, 10, 100),
  slippageBps: fc.constantFrom(0, 5, 150),
  borrowPerBar: fc.constantFrom(0, 0, 0, 0.001),
  maxLeverage: fc.constantFrom(0.4, 1, Number.POSITIVE_INFINITY),
  rebalanceThreshold: fc.constantFrom(0, 0, 0, 0.011),
});
const batches = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  assets: fc.constantFrom(1, 2, 5, 8),
  whole: fc.constantFrom(0.5, 0.9, 1),
  configs: fc.array(choices, { minLength: 1, maxLength: 5 }),
});

test("costs that are guessed on some bars and not on others leave what the reference has", async () => {
  let onKernel = 0;
  let all = 0;
  await fc.assert(
    fc.asyncProperty(batches, async ({ seed, assets, whole, configs }) => {
      const weights = decisions(seed, configs.length, assets, whole);
      const policies = configs.map(({ feeBps, slippageBps, borrowPerBar, ...rest }) =>
        policyOf({ ...rest, costs: costsOf(feeBps, slippageBps, { borrowPerBar }) }),
      );
      const { path } = await expectSameAsReference(walk(seed, assets), weights, policies);
      all += configs.length;
      for (const way of path) if (way === 0) onKernel++;
    }),
    { seed: 37, numRuns: 300 },
  );
  expect(onKernel / all).toBeGreaterThan(0.9);
});
