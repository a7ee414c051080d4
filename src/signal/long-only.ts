/** The plainest opinion: full strength in everything that is listed. */
import type { Ohlcv } from "../core/ohlcv.ts";

/** @returns [T*N] 1 where the asset has a close at that bar, 0 elsewhere */
export function longOnly(market: Ohlcv): Float64Array {
  const strength = new Float64Array(market.close.length);
  for (let i = 0; i < strength.length; i++) strength[i] = market.close[i] === market.close[i] ? 1 : 0;
  return strength;
}
