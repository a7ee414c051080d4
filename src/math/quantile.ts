/** Quantiles by linear interpolation between order statistics: numpy's default, type 7 of Hyndman & Fan (1996). */
import type { Floats } from "../core/panel.ts";

/**
 * The q-quantile of `values`, which are left in their order.
 *
 * @param values [n] any order; a NaN among them makes the result NaN
 * @param q      in [0, 1]
 * @returns NaN when n = 0
 * @throws RangeError when q is outside [0, 1]
 */
export function quantile(values: Floats, q: number): number {
  return quantileSorted(sortedCopy(values), q);
}

/**
 * The q-quantile of ascending values; take this when several quantiles of one sample are needed.
 *
 * @param sorted [n] ascending, NaN last (as typed arrays sort); a NaN makes the result NaN
 * @param q      in [0, 1]
 * @returns NaN when n = 0
 * @throws RangeError when q is outside [0, 1]
 */
export function quantileSorted(sorted: Floats, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`quantile: q must be in [0, 1], got ${q}`);
  const last = sorted.length - 1;
  if (last < 0 || sorted[last] !== sorted[last]) return Number.NaN;
  const position = q * last;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, last)]!;
  const share = position - below;
  if (low === high) return low;
  // From the nearer end, so that the result is monotone in q and exact at both order statistics.
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}

/** Ascending copy, NaN last. */
export function sortedCopy(values: Floats): Float64Array {
  return Float64Array.from(values as unknown as ArrayLike<number>).sort();
}
