/** Where to cut a dendrogram: the number of clusters whose members are closest to their own and farthest from the
 *  others by the silhouette of Rousseeuw, "Silhouettes", J. Computational and Applied Mathematics 20 (1987) 53-65. */

export interface Cut {
  readonly clusters: number;
  /** Mean silhouette of all points, in [-1, 1]; a cluster of one has 0. */
  readonly silhouette: number;
  /** [n] cluster of each point, numbered in the order of their first points. */
  readonly labels: Int32Array;
}

/** Cuts this close to the best are as good as it; the one with the most clusters is taken. */
const AS_GOOD = 0.01;

/**
 * The cut with the highest mean silhouette among those into 2 to n clusters. A lone point far from all others adds
 * nothing to the silhouette whether it is a cluster of its own or not, so of cuts that are as good within 0.01 the finest
 * is taken. O(n^2) and what it takes to find the nearest cluster anew for points whose nearest was merged: a tenth of a
 * second for 1,000 points.
 *
 * @param distances [n*n] symmetric, 0 on the diagonal, finite, n >= 2
 * @param merges    [(n-1)*4] the dendrogram, as linkage writes it
 */
export function silhouetteCut(distances: Float64Array, n: number, merges: Float64Array): Cut {
  const scores = scoreCuts(distances, n, merges);
  let best = Number.NEGATIVE_INFINITY;
  for (let k = 2; k <= n; k++) best = Math.max(best, scores[k]!);
  let clusters = n;
  while (scores[clusters]! < best - AS_GOOD) clusters--;
  return { clusters, silhouette: scores[clusters]!, labels: labelsOf(n, merges, clusters) };
}

/** [n+1] mean silhouette of the cut into k clusters, k >= 2. */
function scoreCuts(distances: Float64Array, n: number, merges: Float64Array): Float64Array {
  const scores = new Float64Array(n + 1);
  // Column c of row i: the sum of the distances from point i to the points of cluster c. A cluster lives in the column
  // of one of its points.
  const sums = distances.slice(0, n * n);
  const size = new Float64Array(n).fill(1);
  const home = Int32Array.from({ length: n }, (_, i) => i);
  const columnOf = new Int32Array(2 * n - 1);
  for (let i = 0; i < n; i++) columnOf[i] = i;
  const columns = home.slice();
  // Of each point: the cluster nearest to it beside its own, and how far; -1 = to be found.
  const neighbour = new Int32Array(n).fill(-1);
  const nearest = new Float64Array(n);
  for (let k = n - 1; k >= 2; k--) {
    const merge = n - 1 - k;
    const kept = columnOf[merges[4 * merge]!]!;
    const dropped = columnOf[merges[4 * merge + 1]!]!;
    columnOf[n + merge] = kept;
    size[kept] = size[kept]! + size[dropped]!;
    for (let i = 0; i < n; i++) {
      sums[i * n + kept] = sums[i * n + kept]! + sums[i * n + dropped]!;
      if (home[i] === dropped) home[i] = kept;
    }
    columns[columns.indexOf(dropped)] = columns[k]!;
    const standing = columns.subarray(0, k);
    for (let i = 0; i < n; i++) {
      const before = neighbour[i]!;
      if (before < 0 || before === kept || before === dropped) {
        neighbour[i] = nearestColumn(sums, i * n, size, home[i]!, standing);
        nearest[i] = sums[i * n + neighbour[i]!]! / size[neighbour[i]!]!;
      } else if (home[i] !== kept && sums[i * n + kept]! / size[kept]! < nearest[i]!) {
        neighbour[i] = kept;
        nearest[i] = sums[i * n + kept]! / size[kept]!;
      }
    }
    scores[k] = meanSilhouette(sums, n, size, home, nearest);
  }
  return scores;
}

/** @param columns of the clusters there are, two or more */
function nearestColumn(sums: Float64Array, row: number, size: Float64Array, own: number, columns: Int32Array): number {
  let found = -1;
  let nearest = Number.POSITIVE_INFINITY;
  for (let c = 0; c < columns.length; c++) {
    const column = columns[c]!;
    const distance = sums[row + column]! / size[column]!;
    if (column === own || !(distance < nearest || found < 0)) continue;
    nearest = distance;
    found = column;
  }
  return found;
}

function meanSilhouette(
  sums: Float64Array,
  n: number,
  size: Float64Array,
  home: Int32Array,
  nearest: Float64Array,
): number {
  let total = 0;
  for (let i = 0; i < n; i++) {
    const own = home[i]!;
    if (size[own] === 1) continue;
    const outside = nearest[i]!;
    const inside = sums[i * n + own]! / (size[own]! - 1);
    const larger = Math.max(inside, outside);
    if (larger > 0) total += (outside - inside) / larger;
  }
  return total / n;
}

function labelsOf(n: number, merges: Float64Array, clusters: number): Int32Array {
  const parent = Int32Array.from({ length: 2 * n - 1 }, (_, i) => i);
  for (let merge = 0; merge < n - clusters; merge++) {
    parent[merges[4 * merge]!] = n + merge;
    parent[merges[4 * merge + 1]!] = n + merge;
  }
  const labels = new Int32Array(n);
  const numbered = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    let root = i;
    while (parent[root] !== root) root = parent[root]!;
    if (!numbered.has(root)) numbered.set(root, numbered.size);
    labels[i] = numbered.get(root)!;
  }
  return labels;
}
