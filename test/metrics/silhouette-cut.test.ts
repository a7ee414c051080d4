import fc from "fast-check";
import { expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { linkage } from "../../src/math/linkage.ts";
import { silhouetteCut } from "../../src/metrics/silhouette-cut.ts";

type Points = readonly (readonly number[])[];
const dendrogram = (points: Points) => {
  const n = points.length;
  const distances = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      distances[i * n + j] = Math.hypot(...points[i]!.map((value, axis) => value - points[j]![axis]!));
  const merges = new Float64Array((n - 1) * 4);
  linkage(distances, n, "average", merges);
  return { distances, merges, cut: silhouetteCut(distances, n, merges) };
};

test("two pairs on a line, by hand", () => {
  // 0, 1, 10, 11. The outer points are 1 from their own and 10.5 from the others on average, the inner 1 and 9.5.
  const { cut } = dendrogram([[0], [1], [10], [11]]);
  expect(cut.clusters).toBe(2);
  expect(cut.silhouette).toBeCloseTo((9.5 / 10.5 + 8.5 / 9.5) / 2, 12);
  expect([...cut.labels]).toEqual([0, 0, 1, 1]);
});

test("of cuts that are as good the finest is taken: lone points are clusters of their own", () => {
  // Ten points close together at 0 and two far away on either side. Together or apart, the two add nothing worth 0.01.
  const near = Array.from({ length: 10 }, (_, k) => [k / 1e6, 0]);
  const { cut } = dendrogram([[-99, 0], ...near, [0, 99]]);
  expect(cut.clusters).toBe(3);
  expect([...cut.labels]).toEqual([0, ...near.map(() => 1), 2]);
});

test("points in one place have no silhouette, and are not told apart from points on their own", () => {
  expect(dendrogram([[1], [1], [1]]).cut).toEqual({ clusters: 3, silhouette: 0, labels: Int32Array.of(0, 1, 2) });
  expect(dendrogram([[1], [2]]).cut).toEqual({ clusters: 2, silhouette: 0, labels: Int32Array.of(0, 1) });
});

/** Rousseeuw's definition. */
function naiveSilhouette(distances: Float64Array, labels: readonly number[]): number {
  const n = labels.length;
  const average = (i: number, label: number): number => {
    const others = labels.flatMap((own, j) => (own === label && j !== i ? [distances[i * n + j]!] : []));
    return others.reduce((sum, d) => sum + d, 0) / others.length;
  };
  const each = labels.map((own, i) => {
    if (labels.filter((label) => label === own).length === 1) return 0;
    const inside = average(i, own);
    const outside = Math.min(...[...new Set(labels)].filter((label) => label !== own).map((l) => average(i, l)));
    return (outside - inside) / Math.max(inside, outside);
  });
  return each.reduce((sum, s) => sum + s, 0) / n;
}

test("the cut is the finest within 0.01 of the best, by the definition over every cut", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 14 }), fc.nat(), (n, seed) => {
      const rng = createRng(seed);
      const points = Array.from({ length: n }, () => [rng.integer(3) * 3 + rng.normal(), rng.normal()]);
      const { distances, merges, cut } = dendrogram(points);
      // The cut into k clusters is what is left after the first n - k merges.
      let groups = points.map((_, i) => ({ id: i, members: [i] }));
      const scores: number[] = [];
      for (let k = n; k >= 2; k--) {
        const labels = points.map((_, i) => groups.findIndex(({ members }) => members.includes(i)));
        scores[k] = naiveSilhouette(distances, labels);
        if (k === cut.clusters) expect([...cut.labels]).toEqual(renumbered(labels));
        const [left, right] = [merges[4 * (n - k)], merges[4 * (n - k) + 1]];
        const members = groups.filter(({ id }) => id === left || id === right).flatMap((group) => group.members);
        groups = [...groups.filter(({ id }) => id !== left && id !== right), { id: 2 * n - k, members }];
      }
      const best = Math.max(...Object.values(scores));
      expect(cut.silhouette).toBeCloseTo(scores[cut.clusters]!, 12);
      expect(cut.silhouette).toBeGreaterThanOrEqual(best - 0.01 - 1e-12);
      for (let k = cut.clusters + 1; k <= n; k++) expect(scores[k]).toBeLessThan(best - 0.01 + 1e-12);
    }),
    { seed: 7, numRuns: 200 },
  );
});

/** Labels numbered in the order in which they appear. */
function renumbered(labels: readonly number[]): number[] {
  const order = [...new Set(labels)];
  return labels.map((label) => order.indexOf(label));
}
