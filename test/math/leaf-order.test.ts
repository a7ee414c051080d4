import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLeafOrderScratch, dendrogramLeafOrder, optimalLeafOrder } from "../../src/math/leaf-order.ts";
import { type LinkageMethod, linkage } from "../../src/math/linkage.ts";

interface Cloud {
  readonly n: number;
  readonly distances: Float64Array;
}
const coordinate = fc.integer({ min: 0, max: 10_000 }).map((x) => x / 1000);
const clouds = (maxLength: number): fc.Arbitrary<Cloud> =>
  fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength }).map((points) => ({
    n: points.length,
    distances: Float64Array.from(points.flatMap(([x, y]) => points.map(([a, b]) => Math.hypot(x - a, y - b)))),
  }));
const methods = fc.constantFrom<LinkageMethod>("single", "ward", "average", "complete");

function tableOf({ distances, n }: Cloud, method: LinkageMethod): Float64Array {
  const table = new Float64Array(4 * (n - 1));
  linkage(distances, n, method, table);
  return table;
}
const walk = ({ distances, n }: Cloud, order: ArrayLike<number>): number => {
  let sum = 0;
  for (let k = 1; k < n; k++) sum += distances[order[k - 1]! * n + order[k]!]!;
  return sum;
};
function leavesOf(table: Float64Array, n: number, cluster: number): number[] {
  if (cluster < n) return [cluster];
  const row = 4 * (cluster - n);
  return [...leavesOf(table, n, table[row]!), ...leavesOf(table, n, table[row + 1]!)];
}

describe("dendrogramLeafOrder", () => {
  test("visits left before right", () => {
    fc.assert(
      fc.property(clouds(15), methods, (cloud, method) => {
        const table = tableOf(cloud, method);
        const order = new Int32Array(cloud.n);
        dendrogramLeafOrder(table, cloud.n, order);
        expect([...order]).toEqual(leavesOf(table, cloud.n, 2 * cloud.n - 2));
      }),
    );
  });
});

describe("optimalLeafOrder", () => {
  test("turns a pair so that its nearer end faces the third point", () => {
    // Points 4, 5 and 0 on a line: {4, 5} joins first, and the short walk is 0-4-5 or 5-4-0, length 5; the dendrogram
    // draws 0 (point 2) after the pair's second member or before its first.
    const at = [5, 4, 0];
    const cloud = { n: 3, distances: Float64Array.from(at.flatMap((x) => at.map((y) => Math.abs(x - y)))) };
    const order = new Int32Array(3);
    optimalLeafOrder(cloud.distances, tableOf(cloud, "single"), 3, order);
    expect(walk(cloud, order)).toBe(5);
  });

  test("keeps every cluster of the tree together, also in a used and larger scratch", () => {
    const scratch = createLeafOrderScratch(20, true);
    fc.assert(
      fc.property(clouds(15), methods, (cloud, method) => {
        const { n } = cloud;
        const table = tableOf(cloud, method);
        const order = new Int32Array(n);
        const fresh = new Int32Array(n);
        optimalLeafOrder(cloud.distances, table, n, order, scratch);
        optimalLeafOrder(cloud.distances, table, n, fresh);
        expect(order).toEqual(fresh);
        for (let cluster = 0; cluster < 2 * n - 1; cluster++) {
          const places = leavesOf(table, n, cluster).map((leaf) => order.indexOf(leaf));
          expect(Math.max(...places) - Math.min(...places)).toBe(places.length - 1);
        }
      }),
    );
  });

  test("is the shortest walk the tree allows for three points", () => {
    fc.assert(
      fc.property(clouds(3), methods, (cloud, method) => {
        fc.pre(cloud.n === 3);
        const table = tableOf(cloud, method);
        const order = new Int32Array(3);
        optimalLeafOrder(cloud.distances, table, 3, order);
        const [a, b] = leavesOf(table, 3, 3);
        const lone = 3 - a! - b!;
        const shortest = Math.min(walk(cloud, [a!, b!, lone]), walk(cloud, [b!, a!, lone]));
        expect(walk(cloud, order)).toBeLessThanOrEqual(shortest * (1 + 1e-6));
      }),
    );
  });

  test("refuses a scratch made without turning", () => {
    const cloud = { n: 2, distances: Float64Array.of(0, 1, 1, 0) };
    const small = createLeafOrderScratch(2, false);
    expect(() => optimalLeafOrder(cloud.distances, tableOf(cloud, "single"), 2, new Int32Array(2), small)).toThrow(
      RangeError,
    );
  });
});
