/** The identity of a market's numbers, whatever file they came from. */
import { hashFloats, hashValue } from "../core/hash.ts";
import type { Ohlcv } from "../core/ohlcv.ts";

/** @returns 64 hex digits over axes and planes in a fixed order; extras enter by name in sorted order */
export function hashMarket(market: Ohlcv): string {
  const { axes, open, high, low, close, volume, extras } = market;
  const named = [...extras.keys()].sort().map((name) => [`extra ${name}`, extras.get(name)!] as const);
  const planes = hashFloats([
    ["time", axes.time],
    ["open", open],
    ["high", high],
    ["low", low],
    ["close", close],
    ["volume", volume],
    ...named,
  ]);
  return hashValue([axes.assets, planes]);
}
