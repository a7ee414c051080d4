/** Agglomerative clustering of a distance matrix, O(n^2): minimum spanning tree (Prim) for single linkage, the
 *  nearest-neighbour chain for ward, average and complete. Source: D. Muellner, arXiv:1109.2378.
 *  Rows, their order and every tie follow scipy.cluster.hierarchy.linkage, so that dendrograms can be compared. */

export type LinkageMethod = "single" | "ward" | "average" | "complete";

/** Working memory for up to `capacity` points; holds nothing between calls. */
export interface LinkageScratch {
  readonly capacity: number;
  readonly work: Float64Array;
  readonly nearest: Float64Array;
  readonly size: Int32Array;
  readonly chain: Int32Array;
  readonly order: Int32Array;
  readonly parent: Int32Array;
  readonly merges: Float64Array;
}

export function createLinkageScratch(capacity: number): LinkageScratch {
  return {
    capacity,
    work: new Float64Array(capacity * capacity),
    nearest: new Float64Array(capacity),
    size: new Int32Array(capacity),
    chain: new Int32Array(capacity),
    order: new Int32Array(capacity),
    parent: new Int32Array(2 * capacity),
    merges: new Float64Array(3 * capacity),
  };
}

/**
 * The dendrogram as scipy's table: row k joins clusters `[left, right, height, leaves]` into cluster n + k, left being
 * the smaller number; heights ascend, equal heights keep the order in which they were found.
 *
 * @param distances [n*n] symmetric, finite, diagonal not read; ward takes Euclidean distances, not their squares.
 *                  Not changed
 * @param out       [(n-1)*4] written in full (more room is allowed); nothing is written for n = 1
 * @param scratch   without it one is allocated; pass one where many small problems are solved
 * @throws RangeError when a distance is not finite, or a buffer is too short
 */
export function linkage(
  distances: Float64Array,
  n: number,
  method: LinkageMethod,
  out: Float64Array,
  scratch: LinkageScratch = createLinkageScratch(n),
): void {
  if (!(n >= 1) || distances.length < n * n || out.length < (n - 1) * 4 || scratch.capacity < n)
    throw new RangeError(`linkage: a buffer is too short for ${n} points`);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      if (i !== j && !Number.isFinite(distances[i * n + j]))
        throw new RangeError(`linkage: distance ${distances[i * n + j]} between ${i} and ${j} is not finite`);
  if (method === "single") spanningTree(distances, n, scratch);
  else neighbourChain(distances, n, method, scratch);
  writeTable(n, out, scratch);
}

/** Prim's algorithm from point 0; merge k is the k-th edge of the tree. */
function spanningTree(distances: Float64Array, n: number, { nearest, size, merges }: LinkageScratch): void {
  nearest.fill(Number.POSITIVE_INFINITY, 0, n);
  size.fill(1, 0, n);
  let from = 0;
  for (let k = 0; k < n - 1; k++) {
    size[from] = 0;
    let best = Number.POSITIVE_INFINITY;
    let next = 0;
    const row = from * n;
    for (let i = 0; i < n; i++) {
      if (size[i] === 0) continue;
      const distance = distances[row + i]!;
      if (distance < nearest[i]!) nearest[i] = distance;
      if (nearest[i]! < best) {
        best = nearest[i]!;
        next = i;
      }
    }
    merges[3 * k] = from;
    merges[3 * k + 1] = next;
    merges[3 * k + 2] = best;
    from = next;
  }
}

/** Follows nearest neighbours until two are mutual, joins them under the larger index, and goes on from what is left
 *  of the chain: reducible linkages never break the rest of it. */
function neighbourChain(distances: Float64Array, n: number, method: LinkageMethod, scratch: LinkageScratch): void {
  const { work, size, chain, merges } = scratch;
  for (let i = 0; i < n * n; i++) work[i] = distances[i]!;
  size.fill(1, 0, n);
  let length = 0;
  let first = 0;
  for (let k = 0; k < n - 1; k++) {
    if (length === 0) {
      while (size[first] === 0) first++;
      chain[0] = first;
      length = 1;
    }
    let tip = 0;
    let other = 0;
    let height = 0;
    for (;;) {
      tip = chain[length - 1]!;
      const before = length > 1 ? chain[length - 2]! : -1;
      const row = tip * n;
      // The link just followed wins ties, or equal distances could go round for ever.
      other = before;
      height = before < 0 ? Number.POSITIVE_INFINITY : work[row + before]!;
      for (let i = 0; i < n; i++) {
        if (size[i] === 0 || i === tip || !(work[row + i]! < height)) continue;
        height = work[row + i]!;
        other = i;
      }
      if (other === before) break;
      chain[length++] = other;
    }
    length -= 2;
    const dropped = Math.min(tip, other);
    const kept = Math.max(tip, other);
    merges[3 * k] = dropped;
    merges[3 * k + 1] = kept;
    merges[3 * k + 2] = height;
    join(work, n, size, dropped, kept, height, method);
  }
}

/** Lance-Williams: distances from the joined cluster to all others, written where `kept` was. */
function join(
  work: Float64Array,
  n: number,
  size: Int32Array,
  dropped: number,
  kept: number,
  height: number,
  method: LinkageMethod,
): void {
  const a = size[dropped]!;
  const b = size[kept]!;
  size[dropped] = 0;
  size[kept] = a + b;
  for (let i = 0; i < n; i++) {
    const c = size[i]!;
    if (c === 0 || i === kept) continue;
    const p = work[dropped * n + i]!;
    const q = work[kept * n + i]!;
    let distance: number;
    if (method === "complete") distance = p > q ? p : q;
    else if (method === "average") distance = (a * p + b * q) / (a + b);
    else {
      const share = 1 / (a + b + c);
      const square = (c + a) * share * p * p + (c + b) * share * q * q - c * share * height * height;
      distance = Math.sqrt(Math.max(square, 0));
    }
    work[kept * n + i] = distance;
    work[i * n + kept] = distance;
  }
}

/** Sorts the merges by height, keeping the order of equals, and numbers the clusters in that order. */
function writeTable(n: number, out: Float64Array, { order, parent, merges }: LinkageScratch): void {
  for (let k = 0; k < n - 1; k++) {
    const height = merges[3 * k + 2]!;
    let place = k;
    while (place > 0 && merges[3 * order[place - 1]! + 2]! > height) {
      order[place] = order[place - 1]!;
      place--;
    }
    order[place] = k;
  }
  for (let i = 0; i < 2 * n - 1; i++) parent[i] = i;
  for (let k = 0; k < n - 1; k++) {
    const merge = 3 * order[k]!;
    const a = rootOf(parent, merges[merge]!);
    const b = rootOf(parent, merges[merge + 1]!);
    parent[a] = n + k;
    parent[b] = n + k;
    out[4 * k] = Math.min(a, b);
    out[4 * k + 1] = Math.max(a, b);
    out[4 * k + 2] = merges[merge + 2]!;
    out[4 * k + 3] = leavesIn(out, n, a) + leavesIn(out, n, b);
  }
}

function rootOf(parent: Int32Array, start: number): number {
  let node = start;
  while (parent[node] !== node) {
    parent[node] = parent[parent[node]!]!;
    node = parent[node]!;
  }
  return node;
}

/** Number of points under a cluster of the table. */
export function leavesIn(table: Float64Array, n: number, cluster: number): number {
  return cluster < n ? 1 : table[4 * (cluster - n) + 3]!;
}
