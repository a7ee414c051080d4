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
  reach: number;
  /** True when every open lies between its low and its high. */
  tame: boolean;
  /** Address by bars of the mean. */
  readonly atr: Map<number, number>;
}

/**
 * Where the planes are, placed now where no earlier policy asked for them.
 *
 * @param opens [T*N] without holes, as the market has them; null where the layout needs no reach
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
    const [highs, lows] = [placed.high, placed.low].map((at) => floatsAt(arena, at, open.length));
    placed.tame = isTame(market, highs!, lows!);
  }
  if (placed.reach === 0 && opens !== null) placed.reach = placeReach(arena, market, placed, opens);
  const { high, low, reach, tame } = placed;
  if (stops === null || stops.atrMultiple === Number.POSITIVE_INFINITY) return { high, low, reach, tame, atr: 0 };
  let atr = placed.atr.get(stops.atrBars);
  if (atr === undefined) {
    const range = averageTrueRange(market, stops.atrBars);
    atr = placePlane(arena, range.length, (i) => range[i]!);
    placed.atr.set(stops.atrBars, atr);
  }
  return { high, low, reach, tame, atr };
}

/** [T*N][2] highest and lowest of a bar and the next open. */
function placeReach(
  arena: Arena,
  market: Ohlcv,
  { high, low }: { readonly high: number; readonly low: number },
  opens: Float64Array,
): number {
  const cells = opens.length;
  const assets = market.axes.assets.length;
  const highs = floatsAt(arena, high, cells);
  const lows = floatsAt(arena, low, cells);
  return placePlane(arena, 2 * cells, (i) => {
    const cell = i >> 1;
    const own = (i % 2 === 0 ? highs : lows)[cell]!;
    const next = cell + assets < cells ? opens[cell + assets]! : own;
    if (own !== own) return next;
    return i % 2 === 0 ? Math.max(own, next) : Math.min(own, next);
  });
}

function isTame({ open }: Ohlcv, high: Float64Array, low: Float64Array): boolean {
  for (let i = 0; i < open.length; i++) if (open[i]! > high[i]! || open[i]! < low[i]!) return false;
  return true;
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
