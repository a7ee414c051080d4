/** Where a batch's results are in kernel memory. */
import type { Ohlcv } from "../../core/ohlcv.ts";
import { type Arena, floatsAt, take } from "./arena.ts";

/** Planes a batch can return, each [P*T]. */
export const BATCH_PLANES = ["equity", "turnover", "fees", "slippage", "grossExposure", "funding", "borrow"] as const;
export type BatchPlane = (typeof BATCH_PLANES)[number];

export interface ResultPlanes {
  readonly configs: number;
  /** Addresses of the planes wanted so far. */
  readonly planes: Map<BatchPlane, number>;
  /** [P*N] */
  readonly units: number;
  /** [P] bytes */
  readonly status: number;
}

/** Bytes of results with so many planes. */
export function resultBytes(market: Ohlcv, configs: number, planes: number): number {
  const { time, assets } = market.axes;
  return configs * (8 * planes * time.length + 8 * assets.length + 1 + 96) + 65_536;
}

export function placeResults(arena: Arena, market: Ohlcv, configs: number): ResultPlanes {
  return {
    configs,
    planes: new Map(),
    units: take(arena, 8 * configs * market.axes.assets.length),
    status: take(arena, configs),
  };
}

/** The plane's address, taken now where no earlier run wanted it. */
export function planeAddress(arena: Arena, results: ResultPlanes, plane: BatchPlane, bars: number): number {
  let at = results.planes.get(plane);
  if (at === undefined) {
    at = take(arena, 8 * results.configs * bars);
    results.planes.set(plane, at);
  }
  return at;
}

export function planeView(arena: Arena, results: ResultPlanes, plane: BatchPlane, bars: number): Float64Array {
  return floatsAt(arena, results.planes.get(plane)!, results.configs * bars);
}
