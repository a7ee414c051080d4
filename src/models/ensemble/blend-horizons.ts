/** Two horizons' scores in one: alpha * short + (1 - alpha) * long. Each horizon is combined on its own before. */
import type { Floats } from "../../core/panel.ts";

/**
 * @param short [T*N] NaN = no score
 * @param long  [T*N]
 * @param alpha weight of the short horizon, in [0, 1]; a horizon without weight may be missing
 * @param out   [T*N] written in full, NaN where a score that is needed is missing; may be one of the inputs
 * @throws RangeError when shapes differ or alpha is outside [0, 1]
 */
export function blendHorizons(short: Floats, long: Floats, alpha: number, out: Float64Array): void {
  if (!(alpha >= 0 && alpha <= 1)) throw new RangeError(`blendHorizons: alpha must be in [0, 1], got ${alpha}`);
  if (long.length !== short.length || out.length !== short.length)
    throw new RangeError(`blendHorizons: short has ${short.length} cells, long ${long.length}, out ${out.length}`);
  for (let i = 0; i < short.length; i++)
    out[i] = (alpha === 0 ? 0 : alpha * short[i]!) + (alpha === 1 ? 0 : (1 - alpha) * long[i]!);
}
