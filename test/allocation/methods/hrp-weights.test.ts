import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pairwiseCovariance } from "../../../src/allocation/estimators/pairwise-covariance.ts";
import { createHrpScratch, type HrpOptions, hrpWeights } from "../../../src/allocation/methods/hrp-weights.ts";
import { recursiveBisection } from "../../../src/allocation/methods/recursive-bisection.ts";
import { dendrogramLeafOrder } from "../../../src/math/leaf-order.ts";
import { type LinkageMethod, linkage } from "../../../src/math/linkage.ts";
import { describeWith, readOracle, sharedPath } from "../../support/oracle.ts";

const PLAIN: HrpOptions = { linkage: "single", leafOrder: "dendrogram", distance: "direct" };
const options: fc.Arbitrary<HrpOptions> = fc.record({
  linkage: fc.constantFrom("single", "ward", "average", "complete"),
  leafOrder: fc.constantFrom("dendrogram", "optimal"),
  distance: fc.constantFrom("direct", "of_distances"),
});
/** B B' of a random [n * (n + 3)] B: positive definite, correlations all different. */
const covariances = fc.integer({ min: 1, max: 9 }).chain((n) =>
  fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: n * (n + 3), maxLength: n * (n + 3) })
    .map((b) => {
      const width = n + 3;
      const covariance = new Float64Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
          for (let k = 0; k < width; k++) covariance[i * n + j]! += b[i * width + k]! * b[j * width + k]!;
      return { n, covariance };
    })
    .filter(({ covariance }) => covariance.every((c, i) => i % (n + 1) !== 0 || c > 1e-6)),
);

function weightsOf(covariance: Float64Array, n: number, given: HrpOptions = PLAIN): number[] {
  const out = new Float64Array(n);
  const answer = hrpWeights(covariance, n, given, out);
  if (!answer.ok) expect.fail(answer.reason);
  return [...out];
}
const near = (got: readonly number[], want: readonly number[], tolerance: number): void => {
  expect(got.length).toBe(want.length);
  for (let i = 0; i < got.length; i++) expect(Math.abs(got[i]! - want[i]!)).toBeLessThanOrEqual(tolerance);
};

describe("hrpWeights", () => {
  test("is inverse variance for uncorrelated assets, whatever the tree", () => {
    // Variances 1, 2, 4: weights 4/7, 2/7, 1/7 by every split.
    near(weightsOf(Float64Array.of(1, 0, 0, 0, 2, 0, 0, 0, 4), 3), [4 / 7, 2 / 7, 1 / 7], 1e-15);
  });

  test("splits by cluster variance, not by single assets", () => {
    // Assets 0 and 1 correlate at 0.5, asset 2 with neither; all variances 1. The leaf order is 2, 0, 1 and its half
    // [2] against [0, 1]: variance 1 against (1 + 1 + 2 * 0.5)/4 = 0.75. Weight of asset 2: 0.75/1.75 = 3/7.
    near(weightsOf(Float64Array.of(1, 0.5, 0, 0.5, 1, 0, 0, 0, 1), 3), [2 / 7, 2 / 7, 3 / 7], 1e-15);
  });

  test("gives everything to an only asset", () => {
    expect(weightsOf(Float64Array.of(0.04), 1)).toEqual([1]);
  });

  test("gives nothing to a zero-variance asset and to the others what they get without it", () => {
    const without = weightsOf(Float64Array.of(1, 0.3, 0.3, 2), 2);
    expect(weightsOf(Float64Array.of(1, 0, 0.3, 0, 0, 0, 0.3, 0, 2), 3)).toEqual([without[0], 0, without[1]]);
  });

  test("shares equally between duplicates", () => {
    near(weightsOf(new Float64Array(16).fill(0.02), 4), [0.25, 0.25, 0.25, 0.25], 1e-15);
  });

  test("splits evenly where both halves cancel to no variance", () => {
    // Two perfect hedges of variance 1: each pair under inverse-variance weights has variance 0.
    const hedge = Float64Array.of(1, -1, 0, 0, -1, 1, 0, 0, 0, 0, 1, -1, 0, 0, -1, 1);
    near([weightsOf(hedge, 4).reduce((sum, w) => sum + w, 0)], [1], 1e-15);
  });

  test("has no answer without a variance, or for a number that is not finite", () => {
    const out = Float64Array.of(7, 7);
    expect(hrpWeights(new Float64Array(4), 2, PLAIN, out).ok).toBe(false);
    expect(hrpWeights(new Float64Array(0), 0, PLAIN, out).ok).toBe(false);
    expect(hrpWeights(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2, PLAIN, out).ok).toBe(false);
    expect(hrpWeights(Float64Array.of(1, 0, 0, Number.NaN), 2, PLAIN, out)).toEqual({
      ok: false,
      reason: "variance of participant 1 is NaN",
    });
    expect([...out]).toEqual([7, 7]);
  });

  test("is never negative and sums to one, from a used and larger scratch too", () => {
    const scratch = createHrpScratch(12);
    fc.assert(
      fc.property(covariances, options, ({ covariance, n }, given) => {
        const weights = weightsOf(covariance, n, given);
        expect(weights.every((w) => w >= 0)).toBe(true);
        near([weights.reduce((sum, w) => sum + w, 0)], [1], 1e-12);
        const again = new Float64Array(n);
        hrpWeights(covariance, n, given, again, scratch);
        expect([...again]).toEqual(weights);
      }),
    );
  });

  test("does not depend on the scale of the covariance", () => {
    fc.assert(
      fc.property(covariances, options, fc.integer({ min: -40, max: 40 }), ({ covariance, n }, given, power) => {
        const scaled = covariance.map((c) => c * 2 ** power);
        expect(weightsOf(scaled, n, given)).toEqual(weightsOf(covariance, n, given));
      }),
    );
  });

  test("permutes with the assets where the halves are whole clusters", () => {
    // Two tight pairs: the first cut falls between them and the next inside one, however the tree is drawn.
    const plain = [
      [1, 0.9, 0.1, 0.2],
      [0.9, 2, 0.15, 0.1],
      [0.1, 0.15, 3, 2.5],
      [0.2, 0.1, 2.5, 4],
    ];
    const permutations = (rest: readonly number[]): number[][] =>
      rest.length === 0 ? [[]] : rest.flatMap((i) => permutations(rest.filter((j) => j !== i)).map((p) => [i, ...p]));
    fc.assert(
      fc.property(options, fc.constantFrom(...permutations([0, 1, 2, 3])), (given, order) => {
        const turned = Float64Array.from(order.flatMap((i) => order.map((j) => plain[i]![j]!)));
        const want = weightsOf(Float64Array.from(plain.flat()), 4, given);
        near(
          weightsOf(turned, 4, given),
          order.map((i) => want[i]!),
          1e-14,
        );
      }),
    );
  });

  test("needs no inverse: more assets than rows will do", () => {
    fc.assert(
      fc.property(options, fc.infiniteStream(fc.integer({ min: -1000, max: 1000 })), (given, stream) => {
        const returns = Float64Array.from([...stream.take(3 * 8)]);
        const covariance = pairwiseCovariance({ returns, bars: 3, count: 8 });
        fc.pre(covariance.some((c) => c > 0));
        const weights = weightsOf(covariance, 8, given);
        expect(weights.every((w) => w >= 0)).toBe(true);
        near([weights.reduce((sum, w) => sum + w, 0)], [1], 1e-12);
      }),
    );
  });
});

describeWith("oracles/hrp.json", "hrpWeights against PyPortfolioOpt and scipy", () => {
  const variants = [
    ["weights", "dendrogram", "direct"],
    ["weights_optimal_leaf_ordering", "optimal", "direct"],
    ["weights_dist_of_dist", "dendrogram", "of_distances"],
  ] as const;
  for (const { name, input, expected } of readOracle("hrp").cases)
    for (const method of ["single", "ward", "average", "complete"] as const)
      for (const [field, leafOrder, distance] of variants) {
        const want = expected[method]?.[field];
        if (!want) continue;
        test(`${name}: ${method} ${field}`, () => {
          const { covariance, n } = covarianceOf(input);
          if (expected.corr_pairwise)
            return near(fromCorrelation(covariance, expected.corr_pairwise, method), want, 1e-10);
          near(weightsOf(covariance, n, { linkage: method, leafOrder, distance }), want, 1e-10);
        });
      }
});

interface HrpInput {
  readonly kind: "returns" | "cov" | "prices_csv";
  readonly symbols: string[];
  readonly cov: number[][];
  readonly returns: number[][];
  readonly file: string;
}

function covarianceOf(input: HrpInput): { covariance: Float64Array; n: number } {
  const n = input.symbols.length;
  if (input.kind === "cov") return { covariance: Float64Array.from(input.cov.flat()), n };
  const rows: number[][] = input.kind === "returns" ? input.returns : filledReturns(input.file);
  return {
    covariance: pairwiseCovariance({ returns: Float64Array.from(rows.flat()), bars: rows.length, count: n }),
    n,
  };
}

/** With gaps PyPortfolioOpt clusters pandas' pairwise correlations, each from variances over the pair's common rows,
 *  which no covariance matrix holds: the same steps, started from the given correlations. */
function fromCorrelation(covariance: Float64Array, rho: readonly number[][], method: LinkageMethod): number[] {
  const n = rho.length;
  const distances = Float64Array.from(rho.flatMap((row) => row.map((r) => Math.sqrt(Math.max(0, (1 - r) / 2)))));
  const table = new Float64Array(4 * (n - 1));
  const order = new Int32Array(n);
  const out = new Float64Array(n);
  linkage(distances, n, method, table);
  dendrogramLeafOrder(table, n, order);
  recursiveBisection(covariance, n, order, n, out);
  return [...out];
}

/** Prices carried forward over inner gaps before the return, as pandas' pct_change did by default. */
function filledReturns(file: string): number[][] {
  const text = gunzipSync(readFileSync(sharedPath(`oracles/${file}`))).toString();
  const [, ...lines] = text.trim().split("\n");
  const prices = lines.map((line) => line.split(",").slice(1));
  const last: number[] = prices[0]!.map(() => Number.NaN);
  return prices
    .map((row) =>
      row.map((cell, n) => {
        const before = last[n]!;
        if (cell !== "") last[n] = Number(cell);
        return last[n]! / before - 1;
      }),
    )
    .slice(1);
}
