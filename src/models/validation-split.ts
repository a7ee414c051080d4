/** The last part of a training window, kept back to tell when to stop; rows whose labels reach into it are purged. */
import { InputError } from "../core/errors.ts";

export interface ValidationSplit {
  /** Rows to learn from: known before the first validation bar. */
  readonly fit: Int32Array;
  /** Rows to measure on. */
  readonly validation: Int32Array;
  readonly firstValidationBar: number;
  /** Rows before the validation part whose label ends in it. */
  readonly purged: number;
}

/**
 * The last `share` of the distinct bars for validation, at least one; a row before them is kept only if its label
 * ended before the first of them.
 *
 * @param rows     the rows to split, ascending
 * @param bar      [all rows] decision bars, ascending
 * @param labelEnd [all rows]
 * @param share    of the distinct bars, in (0, 1)
 * @throws InputError when no row is left to learn from
 */
export function splitForValidation(
  rows: Int32Array,
  bar: Int32Array,
  labelEnd: Int32Array,
  share: number,
): ValidationSplit {
  const bars: number[] = [];
  for (const r of rows) if (bars.at(-1) !== bar[r]!) bars.push(bar[r]!);
  const kept = Math.max(1, Math.round(share * bars.length));
  const firstValidationBar = bars[Math.max(0, bars.length - kept)]!;
  const earlier = rows.filter((r) => bar[r]! < firstValidationBar);
  const fit = earlier.filter((r) => labelEnd[r]! < firstValidationBar);
  if (fit.length === 0)
    throw InputError.of({
      where: "early_stopping.share",
      rule: `leaves no row to learn from: the window has ${bars.length} bars, and labels that end in the validation part are purged`,
      got: share,
    });
  return { fit, validation: rows.subarray(earlier.length), firstValidationBar, purged: earlier.length - fit.length };
}
