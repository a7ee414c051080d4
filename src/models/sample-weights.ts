/** Training rows weigh less the older they are. */

/**
 * 2^(-(last bar - bar) / half-life), scaled to a mean of 1, so that a penalty or a least leaf weight means the same
 * at every half-life.
 *
 * @param bar          [rows] decision bars, ascending
 * @param halfLifeBars > 0
 * @param out          [rows] written in full
 * @throws RangeError when the half-life is not above 0
 */
export function recencyWeights(bar: Int32Array, halfLifeBars: number, out: Float64Array): void {
  if (!(halfLifeBars > 0)) throw new RangeError(`recencyWeights: half-life must be above 0, got ${halfLifeBars}`);
  const last = bar.at(-1) ?? 0;
  let sum = 0;
  for (let r = 0; r < bar.length; r++) {
    out[r] = 2 ** ((bar[r]! - last) / halfLifeBars);
    sum += out[r]!;
  }
  const scale = bar.length / sum;
  for (let r = 0; r < bar.length; r++) out[r] = out[r]! * scale;
}
