import fc from "fast-check";
import { agnes } from "ml-hclust";
import { describe, expect, test } from "vitest";
import { dendrogramLeafOrder, optimalLeafOrder } from "../../src/math/leaf-order.ts";
import { createLinkageScratch, type LinkageMethod, linkage } from "../../src/math/linkage.ts";
import { describeWith, readOracle } from "../support/oracle.ts";

const METHODS = ["single", "ward", "average", "complete"] as const satisfies readonly LinkageMethod[];

function tableOf(distances: Float64Array, n: number, method: LinkageMethod): number[][] {
  const out = new Float64Array(4 * (n - 1));
  linkage(distances, n, method, out);
  return Array.from({ length: n - 1 }, (_, k) => [...out.subarray(4 * k, 4 * k + 4)]);
}

/** Euclidean distances between random points of the plane. */
const coordinate = fc.integer({ min: 0, max: 10_000 }).map((x) => x / 1000);
const clouds = fc.array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 12 }).map((points) => ({
  n: points.length,
  distances: Float64Array.from(points.flatMap(([x, y]) => points.map(([a, b]) => Math.hypot(x - a, y - b)))),
}));

/** Joins the closest pair n - 1 times, every distance between clusters from its definition. */
function naiveHeights(distances: Float64Array, n: number, method: "single" | "average" | "complete"): number[] {
  const between = (a: readonly number[], b: readonly number[]): number => {
    const all = a.flatMap((i) => b.map((j) => distances[i * n + j]!));
    if (method === "single") return Math.min(...all);
    if (method === "complete") return Math.max(...all);
    return all.reduce((sum, d) => sum + d, 0) / all.length;
  };
  let clusters = Array.from({ length: n }, (_, i) => [i]);
  const heights: number[] = [];
  while (clusters.length > 1) {
    let best = { height: Number.POSITIVE_INFINITY, a: 0, b: 0 };
    for (let a = 0; a < clusters.length; a++)
      for (let b = 0; b < a; b++) {
        const height = between(clusters[a]!, clusters[b]!);
        if (height < best.height) best = { height, a, b };
      }
    heights.push(best.height);
    const joined = [...clusters[best.a]!, ...clusters[best.b]!];
    clusters = [...clusters.filter((_, i) => i !== best.a && i !== best.b), joined];
  }
  return heights;
}

const close = (got: readonly number[], want: readonly number[]): boolean =>
  got.length === want.length && got.every((x, i) => Math.abs(x - want[i]!) <= 1e-9 * (1 + Math.abs(want[i]!)));

describe("linkage", () => {
  test("joins four points on a line by hand", () => {
    // Points 0, 1, 3, 7. Single: gaps 1, 2, 4. Complete: {0,1} 1, with 3 at 3, with 7 at 7.
    // Average: {0,1} to 3 is (3 + 2)/2, then to 7 is (7 + 6 + 4)/3.
    // Ward: sqrt((2 * 3^2 + 2 * 2^2 - 1)/3) = sqrt(25/3), then to 7 from the centroid 4/3: (17/3) * sqrt(2*3*1/4).
    const at = [0, 1, 3, 7];
    const distances = Float64Array.from(at.flatMap((x) => at.map((y) => Math.abs(x - y))));
    const heights = (method: LinkageMethod) => tableOf(distances, 4, method).map((row) => row[2]!);
    expect(heights("single")).toEqual([1, 2, 4]);
    expect(heights("complete")).toEqual([1, 3, 7]);
    expect(close(heights("average"), [1, 2.5, 17 / 3])).toBe(true);
    expect(close(heights("ward"), [1, Math.sqrt(25 / 3), (17 / 3) * Math.sqrt(1.5)])).toBe(true);
    expect(tableOf(distances, 4, "single").map(([a, b, , size]) => [a, b, size])).toEqual([
      [0, 1, 2],
      [2, 4, 3],
      [3, 5, 4],
    ]);
  });

  test("joins equal distances in the order of the points", () => {
    const distances = new Float64Array(9).fill(1);
    for (const method of ["single", "average", "complete"] as const)
      expect(tableOf(distances, 3, method)).toEqual([
        [0, 1, 1, 2],
        [2, 3, 1, 3],
      ]);
  });

  test("equals the O(n^3) definition", () => {
    fc.assert(
      fc.property(clouds, fc.constantFrom("single", "average", "complete"), ({ distances, n }, method) =>
        close(
          tableOf(distances, n, method).map((row) => row[2]!),
          naiveHeights(distances, n, method),
        ),
      ),
    );
  });

  test("has the merge heights of ml-hclust", () => {
    const heightsOf = (tree: { height: number; children: unknown[] }): number[] =>
      tree.children.length === 0
        ? []
        : [tree.height, ...(tree.children as (typeof tree)[]).flatMap((child) => heightsOf(child))];
    fc.assert(
      fc.property(clouds, fc.constantFrom("single", "ward"), ({ distances, n }, method) => {
        const rows = Array.from({ length: n }, (_, i) => [...distances.subarray(i * n, i * n + n)]);
        const tree = agnes(rows, { method: method === "ward" ? "ward2" : "single", isDistanceMatrix: true });
        return close(
          tableOf(distances, n, method).map((row) => row[2]!),
          heightsOf(tree as never).sort((a, b) => a - b),
        );
      }),
      { numRuns: 50 },
    );
  });

  test("writes heights that ascend over every point once, and leaves the distances alone", () => {
    fc.assert(
      fc.property(clouds, fc.constantFrom(...METHODS), ({ distances, n }, method) => {
        const before = distances.slice();
        const table = tableOf(distances, n, method);
        expect(distances).toEqual(before);
        expect(table.at(-1)![3]).toBe(n);
        expect(table.flatMap(([a, b]) => [a!, b!]).sort((a, b) => a - b)).toEqual(
          Array.from({ length: 2 * n - 2 }, (_, i) => i),
        );
        for (let k = 1; k < n - 1; k++) expect(table[k]![2]!).toBeGreaterThanOrEqual(table[k - 1]![2]!);
      }),
    );
  });

  test("has single-linkage heights that no renumbering of the points changes", () => {
    fc.assert(
      fc.property(clouds, fc.nat(), ({ distances, n }, turn) => {
        const from = (i: number) => (i + turn) % n;
        const turned = distances.map((_, c) => distances[from(Math.floor(c / n)) * n + from(c % n)]!);
        const heights = (given: Float64Array) => tableOf(given, n, "single").map((row) => row[2]);
        expect(heights(turned)).toEqual(heights(distances));
      }),
    );
  });

  test("gives the same from a used, larger scratch", () => {
    const scratch = createLinkageScratch(20);
    fc.assert(
      fc.property(clouds, fc.constantFrom(...METHODS), ({ distances, n }, method) => {
        const out = new Float64Array(4 * (n - 1));
        linkage(distances, n, method, out, scratch);
        expect([...out]).toEqual(tableOf(distances, n, method).flat());
      }),
    );
  });

  test("writes nothing for a single point", () => {
    const out = new Float64Array(0);
    linkage(new Float64Array(1), 1, "ward", out);
    expect(out.length).toBe(0);
  });

  test("refuses a distance that is not finite", () => {
    expect(() => tableOf(Float64Array.of(0, Number.NaN, Number.NaN, 0), 2, "ward")).toThrow(/not finite/);
  });
});

describeWith("oracles/hrp.json", "linkage against scipy", () => {
  for (const { name, input, expected } of readOracle("hrp").cases)
    for (const method of METHODS) {
      if (expected[method]?.linkage === undefined) continue;
      test(`${name}: ${method} table and both leaf orders`, () => {
        const { distances, n } = distancesOf(input, expected);
        const table = tableOf(distances, n, method);
        for (const [k, [left, right, height, size]] of expected[method].linkage.entries()) {
          expect([table[k]![0], table[k]![1], table[k]![3]]).toEqual([left, right, size]);
          expect(Math.abs(table[k]![2]! - height)).toBeLessThan(1e-10);
        }
        const order = new Int32Array(n);
        const flat = Float64Array.from(table.flat());
        dendrogramLeafOrder(flat, n, order);
        expect([...order]).toEqual(expected[method].leaf_order);
        if (expected[method].leaf_order_optimal === undefined) return;
        optimalLeafOrder(distances, flat, n, order);
        expect([...order]).toEqual(expected[method].leaf_order_optimal);
      });
    }
});

interface HrpInput {
  readonly kind: "returns" | "cov" | "prices_csv";
  readonly symbols: string[];
  readonly cov: number[][];
  readonly returns: number[][];
}

/** d = sqrt((1 - rho)/2); where a covariance goes in, PyPortfolioOpt rounds the correlation to six decimals. */
function distancesOf(
  input: HrpInput,
  expected: { readonly corr_pairwise: number[][] },
): { distances: Float64Array; n: number } {
  const n = input.symbols.length;
  const distances = new Float64Array(n * n);
  const covariance = input.kind === "cov" ? input.cov : input.kind === "returns" ? covarianceOf(input.returns) : null;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let rho = covariance
        ? covariance[i]![j]! / Math.sqrt(covariance[i]![i]! * covariance[j]![j]!)
        : expected.corr_pairwise[i]![j]!;
      if (input.kind === "cov") rho = Math.round(rho * 1e6) / 1e6;
      distances[i * n + j] = i === j ? 0 : Math.sqrt(Math.max(0, (1 - rho) / 2));
    }
  return { distances, n };
}

function covarianceOf(rows: readonly (readonly number[])[]): number[][] {
  const means = rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
  return means.map((a, i) =>
    means.map((b, j) => rows.reduce((sum, row) => sum + (row[i]! - a) * (row[j]! - b), 0) / (rows.length - 1)),
  );
}
