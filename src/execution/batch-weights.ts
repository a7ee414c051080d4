/** Target weights of many configs on one market, and how they reach the kernel. */
import type { Ohlcv } from "../core/ohlcv.ts";
import { createArena, floatsAt, take } from "./kernel/arena.ts";
import { processKernel } from "./kernel/kernel-module.ts";
import { marketBytes } from "./kernel/market-planes.ts";
import { resultBytes } from "./kernel/result-planes.ts";
import { openSession, type Session } from "./kernel/session.ts";

/** Makes the weights of a block of configs when it is their turn, so that they never exist all at once. */
export interface WeightsWriter {
  /** P */
  readonly configs: number;
  /**
   * Writes the weights of configs first .. first + count - 1.
   *
   * @param into [count*T*N] to be fully written; what an earlier block left is still in it. Not to be kept.
   */
  write(first: number, count: number, into: Float64Array): void;
}

/** [P*T*N] row-major, config after config, NaN = no decision; or a writer of them. */
export type BatchWeights = Float64Array | WeightsWriter;

/** Weights that already are where the kernel reads them. */
export interface PlacedWeights {
  readonly session: Session;
  /** Address of the first. */
  readonly at: number;
}

const placed = new WeakMap<Float64Array, PlacedWeights>();

/**
 * Room for the weights of a batch in the memory the kernel works in: filled and handed to `runBatch` as it is, nothing
 * is copied, and a later run on the same market finds prices and results in place.
 *
 * @param configs P; 8 * P * T * N bytes are taken at once, whatever the block size
 * @returns [P*T*N], all NaN = no decision; on a SharedArrayBuffer, or an ordinary array where there is no kernel
 * @throws InputError when weights and results do not fit into 4 GiB
 */
export function allocateWeights(market: Ohlcv, configs: number): Float64Array {
  const cells = configs * market.open.length;
  const kernel = processKernel();
  if (kernel === null) return new Float64Array(cells).fill(Number.NaN);
  const arena = createArena(8 * cells + marketBytes(market) + resultBytes(market, configs, 1));
  const at = take(arena, 8 * cells);
  const weights = floatsAt(arena, at, cells).fill(Number.NaN);
  placed.set(weights, { session: openSession(kernel, arena, market, configs), at });
  return weights;
}

/** Where `allocateWeights` put these weights; undefined for others, and on another market. */
export function placeOf(weights: BatchWeights, market: Ohlcv): PlacedWeights | undefined {
  const place = weights instanceof Float64Array ? placed.get(weights) : undefined;
  return place?.session.market === market ? place : undefined;
}
