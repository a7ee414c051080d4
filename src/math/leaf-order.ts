/** Left-to-right orders of the leaves of a linkage table: as the dendrogram is drawn, or with its branches turned so
 *  that neighbours are near. Turning: the O(n^3) dynamic programme of Bar-Joseph, Gifford & Jaakkola (2001), with the
 *  orientations read off as scipy.cluster.hierarchy.optimal_leaf_ordering reads them. */
import { leavesIn } from "./linkage.ts";

/** Working memory for up to `capacity` leaves; holds nothing between calls. */
export interface LeafOrderScratch {
  readonly capacity: number;
  readonly starts: Int32Array;
  readonly turned: Uint8Array;
  readonly sorted: Float64Array;
  readonly cost: Float32Array;
  readonly through: Float64Array;
}

/** @param turning false when only `dendrogramLeafOrder` will be called, which needs no n x n buffers */
export function createLeafOrderScratch(capacity: number, turning: boolean): LeafOrderScratch {
  const square = turning ? capacity * capacity : 0;
  return {
    capacity,
    starts: new Int32Array(2 * capacity),
    turned: new Uint8Array(2 * capacity),
    sorted: new Float64Array(square),
    cost: new Float32Array(square),
    through: new Float64Array(capacity),
  };
}

/**
 * Leaves in pre-order, the left child of every row first: scipy's `to_tree(table).pre_order()`.
 *
 * @param table [(n-1)*4] as `linkage` writes it
 * @param out   [n] leaf numbers, written in full
 */
export function dendrogramLeafOrder(
  table: Float64Array,
  n: number,
  out: Int32Array,
  scratch: LeafOrderScratch = createLeafOrderScratch(n, false),
): void {
  scratch.turned.fill(0, 0, 2 * n);
  placeLeaves(table, n, out, scratch);
}

/**
 * The dendrogram with branches turned for a short walk along the leaves, the tree itself unchanged. Every branch is
 * laid out between its own best pair of ends and then turned as a whole, which is scipy's rule; fixing the ends from
 * the root down could shorten the walk further, but would not compare with skfolio or Riskfolio.
 * Sums are kept in single precision as there, so that equal walks are equal and the first one found wins.
 *
 * @param distances [n*n] symmetric, those the table was made from
 * @param table     [(n-1)*4] as `linkage` writes it
 * @param out       [n] leaf numbers, written in full
 * @throws RangeError when the scratch was made without turning or is too small
 */
export function optimalLeafOrder(
  distances: Float64Array,
  table: Float64Array,
  n: number,
  out: Int32Array,
  scratch: LeafOrderScratch = createLeafOrderScratch(n, true),
): void {
  if (scratch.capacity < n || scratch.cost.length < n * n)
    throw new RangeError(`optimalLeafOrder: scratch is too small for ${n} leaves`);
  dendrogramLeafOrder(table, n, out, scratch);
  const { starts, turned, sorted, cost } = scratch;
  for (let p = 0; p < n; p++) {
    for (let q = 0; q < n; q++) sorted[p * n + q] = distances[out[p]! * n + out[q]!]!;
    cost[p * n + p] = 0;
  }
  for (let k = 0; k < n - 1; k++) {
    const left = table[4 * k]!;
    const right = table[4 * k + 1]!;
    const from = starts[left]!;
    const middle = starts[right]!;
    const to = middle + leavesIn(table, n, right);
    const leftCut = cutOf(table, n, starts, left);
    const rightCut = cutOf(table, n, starts, right);
    joinWalks(n, from, leftCut, middle, rightCut, to, scratch);
    let best = Number.POSITIVE_INFINITY;
    let head = from;
    let tail = middle;
    for (let u = from; u < middle; u++)
      for (let w = middle; w < to; w++)
        if (cost[u * n + w]! < best) {
          best = cost[u * n + w]!;
          head = u;
          tail = w;
        }
    if (left >= n) turned[left] = head >= leftCut ? 1 : 0;
    if (right >= n) turned[right] = tail < rightCut ? 1 : 0;
  }
  placeLeaves(table, n, out, scratch);
}

/** Where the right child of a cluster begins; its end for a leaf, so that [start, cut) is the leaf. */
function cutOf(table: Float64Array, n: number, starts: Int32Array, cluster: number): number {
  return cluster < n ? starts[cluster]! + 1 : starts[table[4 * (cluster - n) + 1]!]!;
}

/** cost[u, w] for u in [from, middle) and w in [middle, to): the shortest walk over all leaves between them. The walk
 *  ends in the other child from the one it starts in, on either side of `middle`. */
function joinWalks(
  n: number,
  from: number,
  leftCut: number,
  middle: number,
  rightCut: number,
  to: number,
  { sorted, cost, through }: LeafOrderScratch,
): void {
  for (let u = from; u < middle; u++) {
    // A single leaf is both its ends; otherwise m lies in the child that u does not.
    const alone = middle - from === 1;
    const mFrom = alone || u >= leftCut ? from : leftCut;
    const mTo = alone || u < leftCut ? middle : leftCut;
    for (let k = middle; k < to; k++) {
      let best = Number.POSITIVE_INFINITY;
      for (let m = mFrom; m < mTo; m++) {
        const walk = cost[u * n + m]! + sorted[k * n + m]!;
        if (walk < best) best = walk;
      }
      through[k] = best;
    }
    for (let w = middle; w < to; w++) {
      const single = to - middle === 1;
      const kFrom = single || w >= rightCut ? middle : rightCut;
      const kTo = single || w < rightCut ? to : rightCut;
      let best = Number.POSITIVE_INFINITY;
      for (let k = kFrom; k < kTo; k++) {
        const walk = through[k]! + cost[w * n + k]!;
        if (walk < best) best = walk;
      }
      cost[u * n + w] = best;
      cost[w * n + u] = best;
    }
  }
}

/** Root first, each cluster hands its stretch of places to its children; a turn goes down to all below it. */
function placeLeaves(table: Float64Array, n: number, out: Int32Array, { starts, turned }: LeafOrderScratch): void {
  starts[2 * n - 2] = 0;
  for (let k = n - 2; k >= 0; k--) {
    const start = starts[n + k]!;
    const turn = turned[n + k]!;
    const left = table[4 * k + turn]!;
    const right = table[4 * k + 1 - turn]!;
    starts[left] = start;
    starts[right] = start + leavesIn(table, n, left);
    turned[left] = turned[left]! ^ turn;
    turned[right] = turned[right]! ^ turn;
  }
  for (let i = 0; i < n; i++) out[starts[i]!] = i;
}
