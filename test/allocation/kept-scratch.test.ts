import { expect, test } from "vitest";
import { keptScratch } from "../../src/allocation/kept-scratch.ts";
import {
  createRiskContributionScratch,
  equalRiskContributionWeights,
} from "../../src/allocation/methods/equal-risk-contribution.ts";
import { createHrpScratch, hrpWeights } from "../../src/allocation/methods/hrp-weights.ts";
import { minVarianceWeights } from "../../src/allocation/methods/min-variance-weights.ts";
import { uniformBounds } from "../../src/allocation/weight-bounds.ts";
import { createRng } from "../../src/core/rng.ts";
import { createQuadraticScratch } from "../../src/math/quadratic-scratch.ts";

/** [n*n] covariance of 2n normal rows. */
function covarianceOf(n: number): Float64Array {
  const rng = createRng(7).fork(`${n}`);
  const rows = Array.from({ length: 2 * n }, () => Array.from({ length: n }, () => rng.normal()));
  return Float64Array.from({ length: n * n }, (_, i) =>
    rows.reduce((sum, row) => sum + row[Math.floor(i / n)]! * row[i % n]!, 0),
  );
}

const SIZES = [9, 4, 9, 1, 6, 12, 5];

test("memory is made once for the largest problem so far", () => {
  const made: number[] = [];
  const scratch = keptScratch((capacity) => {
    made.push(capacity);
    return { capacity };
  });
  expect(SIZES.map((n) => scratch(n).capacity)).toEqual([9, 9, 9, 9, 9, 12, 12]);
  expect(made).toEqual([9, 12]);
});

test("what problems before left in the memory is not seen, whatever their size", () => {
  const hrp = keptScratch(createHrpScratch);
  const parity = keptScratch(createRiskContributionScratch);
  const program = keptScratch(createQuadraticScratch);
  const options = { linkage: "single", leafOrder: "optimal", distance: "of_distances" } as const;
  for (const n of SIZES) {
    const covariance = covarianceOf(n);
    const bounds = uniformBounds(n, 0, Math.max(0.3, 1.5 / n));
    const solve = (weigh: (out: Float64Array) => { readonly ok: boolean }) => {
      const out = new Float64Array(n);
      expect(weigh(out).ok).toBe(true);
      return out;
    };
    expect(solve((out) => hrpWeights(covariance, n, options, out, hrp(n)))).toEqual(
      solve((out) => hrpWeights(covariance, n, options, out)),
    );
    expect(solve((out) => equalRiskContributionWeights(covariance, out, undefined, parity(n)))).toEqual(
      solve((out) => equalRiskContributionWeights(covariance, out)),
    );
    expect(solve((out) => minVarianceWeights(covariance, bounds, out, undefined, program(n)))).toEqual(
      solve((out) => minVarianceWeights(covariance, bounds, out)),
    );
  }
});
