/** What became of a plan's weights by the market alone. */
import type { Floats } from "../core/panel.ts";

/**
 * w_i g_i / (1 + sum w_j (g_j - 1)) with g the growth of each sleeve over the bars after the plan; cash keeps its value, a
 * missing return is no growth.
 *
 * @param weights [N] of the plan
 * @param returns [T*N] simple returns
 * @param from    bar of the plan
 * @param to      bar the weights are wanted for, >= from
 * @param out     [N] written in full; must not alias the weights. Without it one is made
 * @returns out; zeros where nothing would be left of the book
 */
export function driftedWeights(
  weights: Float64Array,
  returns: Floats,
  from: number,
  to: number,
  out: Float64Array = new Float64Array(weights.length),
): Float64Array {
  const count = weights.length;
  for (let n = 0; n < count; n++) out[n] = weights[n]!;
  for (let t = from + 1; t <= to; t++)
    for (let n = 0; n < count; n++) {
      const r = returns[t * count + n]!;
      if (r === r) out[n] = out[n]! * (1 + r);
    }
  let book = 1;
  for (let n = 0; n < count; n++) book += out[n]! - weights[n]!;
  for (let n = 0; n < count; n++) out[n] = book > 0 ? out[n]! / book : 0;
  return out;
}
