/** Simple returns bar over bar. */
import type { Floats } from "../core/panel.ts";

/**
 * `x[t] / x[t-1] - 1` per column; NaN in the first row and wherever either price is missing, so the bar
 * after a hole has no return rather than one that spans the hole.
 *
 * @param x      [T*N] prices
 * @param assets N
 * @param out    [T*N] fraction, written in full; must not alias x
 */
export function simpleReturns(x: Floats, assets: number, out: Float64Array): void {
  out.fill(Number.NaN, 0, Math.min(assets, out.length));
  for (let i = assets; i < x.length; i++) out[i] = x[i]! / x[i - assets]! - 1;
}
