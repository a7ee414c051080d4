/** One feature on one date put on a common scale across the listed symbols, so that features can be weighed against
 *  each other. Nothing is carried from date to date. */
import type { Floats } from "../core/panel.ts";
import { ascendingOrder, type OrderSpace, orderSpace } from "../math/ascending-order.ts";
import { quantileSorted } from "../math/quantile.ts";

/**
 * `rank`   average rank over the number present, in (0, 1], as pandas' `rank(pct=True)`;
 * `zscore` distance from the mean in standard deviations (ddof 1, as qlib's CSZScoreNorm);
 * `winsor` the same after values beyond the two tail quantiles were set to them.
 */
export const NORMALISERS = ["rank", "zscore", "winsor"] as const;

export interface Normaliser {
  readonly kind: (typeof NORMALISERS)[number];
  /** Share of each tail that `winsor` pulls in, in [0, 0.5); quantiles interpolate linearly. */
  readonly winsorTail: number;
}

/** Memory for `normaliseRow`, so that a loop over rows allocates next to nothing. */
export interface NormaliseSpace {
  readonly order: OrderSpace;
  readonly sorted: Float64Array;
}

/** @param count most values a row will have */
export function normaliseSpace(count: number): NormaliseSpace {
  return { order: orderSpace(count), sorted: new Float64Array(count) };
}

/**
 * Sums run in ascending order of value, so that the result does not depend on the order of the assets to the last bit.
 *
 * @param row finite, any unit; NaN = missing, stays NaN and counts for nobody
 * @param out [N] written in full; must not alias `row`. A z-score is 0 where all values agree, or there is one only
 * @returns how many values are present
 */
export function normaliseRow(row: Float64Array, by: Normaliser, space: NormaliseSpace, out: Float64Array): number {
  const present = ascendingOrder(row, 0, row.length, space.order);
  if (present < row.length) out.fill(Number.NaN);
  if (by.kind === "rank") writePercentiles(row, space.order.order, present, out);
  else writeZScores(row, by, space, present, out);
  return present;
}

/** What a missing value counts as: the mean of those present. */
export function neutralValue({ kind }: Normaliser, present: number): number {
  if (kind !== "rank") return 0;
  return present === 0 ? 0.5 : (present + 1) / (2 * present);
}

function writePercentiles(row: Floats, order: Int32Array, present: number, out: Float64Array): void {
  for (let first = 0; first < present; ) {
    const value = row[order[first]!]!;
    let past = first + 1;
    while (past < present && row[order[past]!] === value) past++;
    const percentile = (first + 1 + past) / 2 / present;
    for (let i = first; i < past; i++) out[order[i]!] = percentile;
    first = past;
  }
}

function writeZScores(
  row: Floats,
  { kind, winsorTail }: Normaliser,
  { order: { order }, sorted }: NormaliseSpace,
  present: number,
  out: Float64Array,
): void {
  if (present === 0) return;
  for (let i = 0; i < present; i++) sorted[i] = row[order[i]!]!;
  let least = sorted[0]!;
  let most = sorted[present - 1]!;
  if (kind === "winsor") {
    const values = sorted.subarray(0, present);
    least = quantileSorted(values, winsorTail);
    most = quantileSorted(values, 1 - winsorTail);
  }
  // Measured from the least, so that equal values have a deviation of exactly 0.
  let mean = 0;
  for (let i = 0; i < present; i++) {
    sorted[i] = Math.min(most, Math.max(least, sorted[i]!)) - least;
    mean += sorted[i]!;
  }
  mean /= present;
  let squares = 0;
  for (let i = 0; i < present; i++) squares += (sorted[i]! - mean) * (sorted[i]! - mean);
  const deviation = Math.sqrt(squares / (present - 1));
  for (let i = 0; i < present; i++) out[order[i]!] = most === least ? 0 : (sorted[i]! - mean) / deviation;
}
