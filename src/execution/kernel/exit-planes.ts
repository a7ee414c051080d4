/** Highs, lows and true ranges in kernel memory, for the variants that know exits. */
import type { Ohlcv } from "../../core/ohlcv.ts";
import type { StopRules } from "../policy.ts";
import { averageTrueRange } from "../true-range.ts";
import { type Arena, floatsAt, take } from "./arena.ts";
import type { ExitPlanes } from "./records.ts";

export interface PlacedExitPlanes {
  /** 0 = not placed yet. */
  high: number;
  low: number;
  spread: number;
  /** Address by bars of the mean. */
  readonly atr: Map<number, number>;
}

/**
 * Where the planes are, placed now where no earlier policy asked for them.
 *
 * @param opens [T*N] without holes, as the market has them; null where the layout needs no spread
 */
export function exitPlanesOf(
  arena: Arena,
  market: Ohlcv,
  stops: StopRules | null,
  placed: PlacedExitPlanes,
  opens: Float64Array | null,
): ExitPlanes {
  if (placed.high === 0) {
    const { open, close, high, low } = market;
    placed.high = placePlane(arena, high.length, (i) => orOutermost(high[i]!, open[i]!, close[i]!, Math.max));
    placed.low = placePlane(arena, low.length, (i) => orOutermost(low[i]!, open[i]!, close[i]!, Math.min));
  }
  if (placed.spread === 0 && opens !== null) {
    const [lows, highs] = [placed.low, placed.high].map((at) => floatsAt(arena, at, opens.length)) as [
      Float64Array,
      Float64Array,
    ];
    placed.spread = placePlane(arena, 2 * opens.length, (i) => (i % 2 === 0 ? lows : highs)[i >> 1]! / opens[i >> 1]!);
  }
  const { high, low, spread } = placed;
  if (stops === null || stops.atrMultiple === Number.POSITIVE_INFINITY) return { high, low, spread, atr: 0 };
  let atr = placed.atr.get(stops.atrBars);
  if (atr === undefined) {
    const range = averageTrueRange(market, stops.atrBars);
    atr = placePlane(arena, range.length, (i) => range[i]!);
    placed.atr.set(stops.atrBars, atr);
  }
  return { high, low, spread, atr };
}

function placePlane(arena: Arena, cells: number, of: (i: number) => number): number {
  const at = take(arena, 8 * cells);
  const plane = floatsAt(arena, at, cells);
  for (let i = 0; i < cells; i++) plane[i] = of(i);
  return at;
}

/** Open and close bound a bar without the extreme; NaN where there is no price at all. */
function orOutermost(extreme: number, open: number, close: number, pick: (a: number, b: number) => number): number {
  if (extreme === extreme) return extreme;
  if (open !== open) return close;
  return close === close ? pick(open, close) : open;
}
