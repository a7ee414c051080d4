/** One step from the previous weights towards the target: smoothing and turnover cap together, never renormalised.
 *  w = w_prev + min(a, T / |w* - w_prev|_1) (w* - w_prev). The sum and bounds of the result are those of a mix of
 *  the two, so a target that meets its constraints is only approached where w_prev did not meet them. */
import type { Floats } from "../core/panel.ts";

export interface SmoothingOptions {
  /** a in [0, 1], see smoothingShare; 1 = go all the way */
  readonly share: number;
  /** T, most |w - w_prev| in sum; null = no cap */
  readonly maxTurnover: number | null;
  /** [N] 1 = a risk cut: goes to its target at once and outside T. The weight it frees is not handed on. */
  readonly cuts?: Uint8Array;
}

export interface SmoothingReport {
  /** |w* - w_prev|_1, cuts aside */
  readonly distance: number;
  /** Part of the way taken, min(a, T / distance). */
  readonly step: number;
  /** |w - w_prev|_1, cuts included */
  readonly turnover: number;
}

/** a = 1 - 2^(-days / halfLifeDays); a half-life of 0 or null means no smoothing, 1. */
export function smoothingShare(days: number, halfLifeDays: number | null): number {
  return halfLifeDays === null || halfLifeDays === 0 ? 1 : 1 - 2 ** (-days / halfLifeDays);
}

/**
 * @param previous [N] plan of last time, drifted by sleeve returns
 * @param target   [N] finite, as is previous
 * @param out      [N] written in full; may alias either
 * @throws RangeError when the share is outside [0, 1] or the cap is negative
 */
export function smoothingStep(
  previous: Floats,
  target: Float64Array,
  { share, maxTurnover, cuts }: SmoothingOptions,
  out: Float64Array,
): SmoothingReport {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`smoothingStep: share must be in [0, 1], got ${share}`);
  if (maxTurnover !== null && !(maxTurnover >= 0))
    throw new RangeError(`smoothingStep: maxTurnover must be >= 0, got ${maxTurnover}`);
  let distance = 0;
  for (let i = 0; i < target.length; i++) if (cuts?.[i] !== 1) distance += Math.abs(target[i]! - previous[i]!);
  const step = maxTurnover === null || distance === 0 ? share : Math.min(share, maxTurnover / distance);
  let turnover = 0;
  for (let i = 0; i < target.length; i++) {
    const from = previous[i]!;
    // All the way is the target itself, not previous plus a rounded difference.
    const weight = cuts?.[i] === 1 || step === 1 ? target[i]! : from + step * (target[i]! - from);
    turnover += Math.abs(weight - from);
    out[i] = weight;
  }
  return { distance, step, turnover };
}
