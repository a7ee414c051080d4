/** Exponential averages with a fixed weight for the newest value: Wilder's (weight 1/n) and the usual EMA (2/(n+1)),
 *  both begun at the mean of the first n values as in Wilder (1978) and TA-Lib. pandas' ewm begins at the first value. */
import type { Floats } from "../core/panel.ts";

/**
 * `average += weight * (value - average)` per column, from the mean of the first `seedBars` values on.
 *
 * @param x        [T*N] any unit, finite; NaN = missing, leaves the average as it is, however long the hole
 * @param seedBars values the first average is the mean of, whole and >= 1
 * @param weight   of the newest value, in (0, 1]
 * @param out      [T*N] written in full, unit of x; NaN until the seed is complete and where x is missing; may alias x
 * @throws RangeError when x is not a whole number of rows, `out` differs in length, or a parameter is out of range
 */
export function exponentialAverage(
  x: Floats,
  assets: number,
  { seedBars, weight }: { readonly seedBars: number; readonly weight: number },
  out: Float64Array,
): void {
  if (!(Number.isInteger(seedBars) && seedBars >= 1))
    throw new RangeError(`exponentialAverage: seedBars must be a whole number >= 1, got ${seedBars}`);
  if (!(weight > 0 && weight <= 1))
    throw new RangeError(`exponentialAverage: weight must be above 0 and at most 1, got ${weight}`);
  if (!(assets >= 1) || x.length % assets !== 0 || out.length !== x.length)
    throw new RangeError(
      `exponentialAverage: x has ${x.length} cells and out ${out.length}, for ${assets} assets a row`,
    );
  const average = new Float64Array(assets);
  const seen = new Float64Array(assets);
  for (let row = 0; row < x.length; row += assets) {
    for (let n = 0; n < assets; n++) {
      const value = x[row + n]!;
      if (value !== value) {
        out[row + n] = Number.NaN;
        continue;
      }
      const before = average[n]!;
      const count = seen[n]! + 1;
      // Up to the seed the running mean, whose weight is 1 / count.
      average[n] = before + (value - before) * (count > seedBars ? weight : 1 / count);
      seen[n] = count;
      out[row + n] = count >= seedBars ? average[n]! : Number.NaN;
    }
  }
}

/** Wilder's smoothing over n bars: an EMA with weight 1/n. */
export function wilderAverage(x: Floats, assets: number, bars: number, out: Float64Array): void {
  exponentialAverage(x, assets, { seedBars: bars, weight: 1 / bars }, out);
}

/** The EMA over n bars: weight 2 / (n + 1). */
export function ema(x: Floats, assets: number, bars: number, out: Float64Array): void {
  exponentialAverage(x, assets, { seedBars: bars, weight: 2 / (bars + 1) }, out);
}
