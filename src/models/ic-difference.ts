/** Whether one score's ICs are better than another's: the paired difference, date by date. What moves both (an easy
 *  month, a thin date) falls out of it. Diebold & Mariano (1995) with ICs in place of losses; standard error of Newey &
 *  West (1987) as in ic-summary. */
import type { Floats } from "../core/panel.ts";
import { normalCdf } from "../math/normal.ts";
import { summariseIc } from "./ic-summary.ts";

export interface IcDifference {
  /** Dates on which both have an IC; the others count for nothing. */
  readonly dates: number;
  /** Mean of the first less the second; NaN without a common date. */
  readonly mean: number;
  /** Of the mean; NaN for one date, or where all differences are alike. */
  readonly tStatNeweyWest: number;
  /** Two-sided, by the normal distribution: the chance of a |t| as large when neither is better. */
  readonly pValue: number;
  /** Share of dates on which the first is above the other; a tie is not. */
  readonly ahead: number;
}

/**
 * @param ic    [T] one value a bar; NaN = none
 * @param other [T] the same of what it is held against
 * @param lag   bars over which differences are taken to be alike, >= 0: horizon - 1
 * @throws RangeError when lengths differ
 */
export function icDifference(ic: Floats, other: Floats, lag: number): IcDifference {
  if (other.length !== ic.length)
    throw new RangeError(`icDifference: the first has ${ic.length} bars, the other ${other.length}`);
  const { dates, mean, tStatNeweyWest, hitRatio } = summariseIc(
    Float64Array.from(ic, (value, t) => value - other[t]!),
    lag,
  );
  return {
    dates,
    mean,
    tStatNeweyWest,
    pValue: 2 * normalCdf(-Math.abs(tStatNeweyWest)),
    ahead: hitRatio,
  };
}
