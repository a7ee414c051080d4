/** Weights proportional to 1 / volatility (naive risk parity). Sample standard deviation, ddof = 1, over the
 *  returns present in the window. A participant that never moved has no risk to divide by: it gets weight 0. */
import { fail, ok } from "../../core/result.ts";
import type { SleeveWindow, WeightingMethod } from "../weighting.ts";

export const inverseVolatility: WeightingMethod = {
  name: "inverse_volatility",
  usesHistory: true,
  weigh(window, out) {
    let total = 0;
    for (let k = 0; k < window.count; k++) {
      const volatility = columnVolatility(window, k);
      out[k] = volatility > 0 ? 1 / volatility : 0;
      total += out[k]!;
    }
    if (total === 0) return fail("no participant has a positive volatility");
    for (let k = 0; k < window.count; k++) out[k] = out[k]! / total;
    return ok(undefined);
  },
};

/** NaN for fewer than two returns; rounding noise around a constant return counts as zero. */
function columnVolatility({ returns, bars, count }: SleeveWindow, k: number): number {
  let sum = 0;
  let present = 0;
  let largest = 0;
  for (let i = k; i < bars * count; i += count) {
    const r = returns[i]!;
    if (r !== r) continue;
    sum += r;
    present++;
    largest = Math.max(largest, Math.abs(r));
  }
  if (present < 2) return Number.NaN;
  const mean = sum / present;
  let squares = 0;
  for (let i = k; i < bars * count; i += count) {
    const r = returns[i]!;
    if (r === r) squares += (r - mean) * (r - mean);
  }
  const deviation = Math.sqrt(squares / (present - 1));
  return deviation > 1e-14 * largest ? deviation : 0;
}
