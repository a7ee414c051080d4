/** Hierarchical risk parity, Lopez de Prado (2016): cluster on correlation, order the leaves, halve the order again and
 *  again, splitting the weight of each half inversely to its variance under inverse-variance weights.
 *  Departs from the paper: a zero-variance asset gets weight 0 and takes no part in the clustering. The paper's own
 *  setting is `distance: "of_distances"`; PyPortfolioOpt's is "direct"; skfolio's is "direct" with "optimal" leaves. */
import { fail, ok, type Result } from "../../core/result.ts";
import {
  createLeafOrderScratch,
  dendrogramLeafOrder,
  type LeafOrderScratch,
  optimalLeafOrder,
} from "../../math/leaf-order.ts";
import { createLinkageScratch, type LinkageMethod, type LinkageScratch, linkage } from "../../math/linkage.ts";
import { type BisectionScratch, createBisectionScratch, recursiveBisection } from "./recursive-bisection.ts";

export interface HrpOptions {
  readonly linkage: LinkageMethod;
  /** The dendrogram as drawn, or with its branches turned so that neighbours are near. */
  readonly leafOrder: "dendrogram" | "optimal";
  /** Cluster d = sqrt((1 - rho)/2) itself, or the Euclidean distance between the columns of d. */
  readonly distance: "direct" | "of_distances";
}

/** Working memory for up to `capacity` assets; holds nothing between calls. */
export interface HrpScratch {
  readonly capacity: number;
  readonly movers: Int32Array;
  readonly order: Int32Array;
  readonly distances: Float64Array;
  readonly columns: Float64Array;
  readonly table: Float64Array;
  readonly bisection: BisectionScratch;
  readonly linkage: LinkageScratch;
  readonly leaves: LeafOrderScratch;
}

export function createHrpScratch(capacity: number): HrpScratch {
  return {
    capacity,
    movers: new Int32Array(capacity),
    order: new Int32Array(capacity),
    distances: new Float64Array(capacity * capacity),
    columns: new Float64Array(capacity * capacity),
    table: new Float64Array(4 * capacity),
    bisection: createBisectionScratch(capacity),
    linkage: createLinkageScratch(capacity),
    leaves: createLeafOrderScratch(capacity, true),
  };
}

/**
 * HRP weights of a covariance matrix: >= 0, summing to 1. The scale of the matrix does not matter; the order of the
 * assets can, because it says which of two branches is drawn left and so where the halves are cut.
 *
 * @param covariance [n*n] symmetric; a variance of exactly 0 takes its asset out. It may be slightly indefinite:
 *                   correlations are cut to [-1, 1] and negative cluster variances to 0
 * @param out        [n] written in full when ok, left alone otherwise; must not alias the covariance
 * @param scratch    without it one is allocated; pass one where many small problems are solved
 * @returns why there is no answer: no asset with a positive variance, or a number that is not finite
 * @throws RangeError when the scratch is too small
 */
export function hrpWeights(
  covariance: Float64Array,
  n: number,
  options: HrpOptions,
  out: Float64Array,
  scratch: HrpScratch = createHrpScratch(n),
): Result<void> {
  if (scratch.capacity < n) throw new RangeError(`hrpWeights: scratch holds ${scratch.capacity} assets, got ${n}`);
  const { movers, order, distances, columns, table } = scratch;
  let count = 0;
  for (let i = 0; i < n; i++) {
    const variance = covariance[i * n + i]!;
    if (!(variance >= 0 && variance < Number.POSITIVE_INFINITY))
      return fail(`variance of participant ${i} is ${variance}`);
    if (variance > 0) movers[count++] = i;
  }
  if (count === 0) return fail("no participant has a positive variance");
  if (!correlationDistances(covariance, n, movers, count, distances))
    return fail("a covariance between participants is not finite");

  let clustered = distances;
  if (options.distance === "of_distances") {
    distancesOfColumns(distances, count, columns);
    clustered = columns;
  }
  linkage(clustered, count, options.linkage, table, scratch.linkage);
  if (options.leafOrder === "optimal") optimalLeafOrder(clustered, table, count, order, scratch.leaves);
  else dendrogramLeafOrder(table, count, order, scratch.leaves);
  for (let k = 0; k < count; k++) order[k] = movers[order[k]!]!;

  out.fill(0, 0, n);
  recursiveBisection(covariance, n, order, count, out, scratch.bisection);
  return ok(undefined);
}

/** d = sqrt((1 - rho)/2) between the assets that move; false when a covariance is not finite. */
function correlationDistances(
  covariance: Float64Array,
  n: number,
  movers: Int32Array,
  count: number,
  out: Float64Array,
): boolean {
  for (let a = 0; a < count; a++) {
    const i = movers[a]!;
    const variance = covariance[i * n + i]!;
    out[a * count + a] = 0;
    for (let b = 0; b < a; b++) {
      const j = movers[b]!;
      const product = variance * covariance[j * n + j]!;
      // One root of the product makes duplicated assets correlate at exactly 1; two where the product leaves range.
      const scale =
        product > 1e-290 && product < 1e290
          ? Math.sqrt(product)
          : Math.sqrt(variance) * Math.sqrt(covariance[j * n + j]!);
      const half = (1 - covariance[i * n + j]! / scale) / 2;
      if (half !== half) return false;
      const distance = half <= 0 ? 0 : half >= 1 ? 1 : Math.sqrt(half);
      out[a * count + b] = distance;
      out[b * count + a] = distance;
    }
  }
  return true;
}

function distancesOfColumns(distances: Float64Array, count: number, out: Float64Array): void {
  for (let a = 0; a < count; a++) {
    out[a * count + a] = 0;
    for (let b = 0; b < a; b++) {
      let squares = 0;
      for (let k = 0; k < count; k++) {
        const apart = distances[a * count + k]! - distances[b * count + k]!;
        squares += apart * apart;
      }
      out[a * count + b] = Math.sqrt(squares);
      out[b * count + a] = out[a * count + b]!;
    }
  }
}
