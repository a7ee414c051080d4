/** Where who takes part meets how much each gets. */
import type { Floats } from "../core/panel.ts";

/**
 * One bar's sizes before strengths: `m_i w_i`, or with `redistribute` `max_j(m_j) m_i w_i / sum_j m_j w_j`, where what
 * an asset loses by its multiplier goes to the others and only the best multiplier lowers the gross.
 *
 * @param weights     [N] >= 0, of the assets with a multiplier above 0; what the others have does not count
 * @param multiplier  [N] 0..1
 * @param out         [N] written in full; may alias `weights`; all 0 where nothing has both weight and multiplier
 */
export function applyMultipliers(weights: Floats, multiplier: Floats, redistribute: boolean, out: Float64Array): void {
  let best = 0;
  let sum = 0;
  for (let n = 0; n < weights.length; n++) {
    out[n] = multiplier[n]! > 0 ? multiplier[n]! * weights[n]! : 0;
    sum += out[n]!;
    best = Math.max(best, multiplier[n]!);
  }
  if (!redistribute || sum === 0) return;
  for (let n = 0; n < weights.length; n++) out[n] = (best * out[n]!) / sum;
}
