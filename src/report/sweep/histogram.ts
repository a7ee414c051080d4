/** Counts of values in bins of equal, round width. */

export interface Histogram {
  /** Lower edge of the first bin, a whole multiple of `width`. */
  readonly start: number;
  readonly width: number;
  /** Values v with start + k width <= v < start + (k+1) width. */
  readonly counts: readonly number[];
}

/** Values closer to one another than this part of their size count as equal. */
const LEAST_SPREAD = 1e-9;

/**
 * @param values those that are not finite are left out
 * @param aim    bins wished for; round widths give between half and twice as many
 * @returns null without a finite value
 */
export function histogram(values: Iterable<number>, aim: number): Histogram | null {
  const finite = [...values].filter(Number.isFinite);
  if (finite.length === 0) return null;
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  const size = Math.max(Math.abs(low), Math.abs(high));
  const width = roundWidth(
    high - low > LEAST_SPREAD * Math.max(size, LEAST_SPREAD) ? (high - low) / aim : Math.max(size, 1) / aim,
  );
  const first = Math.floor(low / width);
  const counts = new Array<number>(Math.floor(high / width) - first + 1).fill(0);
  for (const value of finite) counts[Math.floor(value / width) - first]!++;
  return { start: first * width, width, counts };
}

/** The bin a value lies in; may lie outside the histogram. */
export function binOf({ start, width }: Histogram, value: number): number {
  return Math.floor(value / width) - Math.round(start / width);
}

/** The nearest of 1, 2, 2.5, 5 and 10 times a power of ten, by ratio. */
function roundWidth(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const ratios = [1, 2, 2.5, 5, 10].map((step) => ({ step, off: Math.abs(Math.log((step * power) / width)) }));
  return ratios.reduce((a, b) => (b.off < a.off ? b : a)).step * power;
}
