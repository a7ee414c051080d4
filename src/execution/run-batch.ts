/** Many configs on one market at once: the kernel where it can, the reference engine where only that knows the answer. */
import { availableParallelism } from "node:os";
import { InputError } from "../core/errors.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import { type BatchWeights, placeOf } from "./batch-weights.ts";
import { type CheckedBatch, checkBatch, naming } from "./check-batch.ts";
import { createArena, floatsAt, take } from "./kernel/arena.ts";
import { processKernel } from "./kernel/kernel-module.ts";
import { hasSoundPrices, marketBytes } from "./kernel/market-planes.ts";
import { type BatchPlane, resultBytes } from "./kernel/result-planes.ts";
import {
  isPlaced,
  needsExact,
  openSession,
  prepareRun,
  runBlock,
  type Session,
  viewPlane,
  viewUnits,
} from "./kernel/session.ts";
import { kernelKnows } from "./kernel/variant.ts";
import type { ExecutionPolicy } from "./policy.ts";
import { simulate } from "./reference.ts";
import type { ExecutionPanels } from "./step-context.ts";

/** Which way a config took. The index into this list is what `BatchResult.path` stores. */
export const BATCH_PATHS = ["kernel", "reference"] as const;

export interface BatchOptions<K extends BatchPlane> {
  /** Funding rates and move fractions, the same for all configs. */
  readonly panels?: ExecutionPanels | undefined;
  /** Planes to return, 8 bytes per config and bar each; `equity` alone unless said otherwise. */
  readonly planes?: readonly K[] | undefined;
  /** Threads to use at most; results do not depend on it. Unless said otherwise, as many as the machine can feed. */
  readonly threads?: number | undefined;
  /** Bytes of weights held at once when they are copied or written, 256 MiB unless said otherwise. */
  readonly blockBytes?: number | undefined;
}

/** Results of P configs over T bars and N assets; planes [P*T] as in Account, config after config. */
export type BatchResult<K extends BatchPlane = "equity"> = Readonly<Record<K, Float64Array>> & {
  readonly configs: number;
  /** [P*N] units after the last bar. */
  readonly finalUnits: Float64Array;
  /** [P] first bar at which equity was <= 0; -1 when the book survived. */
  readonly ruinBar: Int32Array;
  /** [P] position in BATCH_PATHS. */
  readonly path: Uint8Array;
};

const BLOCK_BYTES = 256 * 2 ** 20;
/** Configs x bars x assets below which a thread costs more than it saves. */
const CELLS_PER_THREAD = 500_000;

/**
 * Simulates the target weights of P configs on one market; each config's result is what `simulate` returns for it, to
 * about 1e-13 of its equity, at some nanoseconds per config x bar x asset instead of some hundred.
 *
 *     const weights = allocateWeights(market, policies.length);   // [P*T*N], fill it: NaN = no decision
 *     const { equity, turnover } = await runBatch(market, weights, policies, { planes: ["equity", "turnover"] });
 *     const second = equity.subarray(1 * T, 2 * T);
 *
 * Weights come as an array of `allocateWeights` (used where it is), as any other Float64Array (copied, a block at a
 * time), or as a writer that fills one block after another, so that weights of any number need no more than a block.
 * Sorted by policy, neighbours share vectors best; the order changes no result.
 *
 * The reference engine runs, and takes its time over, what the kernel does not know: move fractions together with
 * stops, margin or guards, minimum fees, liquidity, `signals` and `next_close`; and single configs that are ruined or
 * nearly so, cannot afford their trades, fill `smallest_first`, or have a drift or a stop within rounding of its level.
 * `path` tells which those were.
 *
 * @param market   prices [T*N]; not to be edited between runs on the same `allocateWeights` array
 * @param weights  [P*T*N] row-major, row t decided at close t and traded at open t + 1, NaN = no decision
 * @param policies one for all configs, or P of them
 * @returns arrays that look into the kernel's memory: with weights of `allocateWeights` the next run on them overwrites
 *   them, otherwise they are the caller's own
 * @throws InputError naming the config when a weight is infinite; when counts or lengths disagree or a policy number is
 *   out of its range; when results, or weights in place, do not fit into 4 GiB
 */
export async function runBatch<K extends BatchPlane = "equity">(
  market: Ohlcv,
  weights: BatchWeights,
  policies: ExecutionPolicy | readonly ExecutionPolicy[],
  options: BatchOptions<K> = {},
): Promise<BatchResult<K>> {
  return runBatchOn(processKernel(), market, weights, policies, options);
}

/** `runBatch` on a given kernel; null = on the reference engine alone. */
export async function runBatchOn<K extends BatchPlane>(
  kernel: WebAssembly.Module | null,
  market: Ohlcv,
  weights: BatchWeights,
  policies: ExecutionPolicy | readonly ExecutionPolicy[],
  options: BatchOptions<K>,
): Promise<BatchResult<K>> {
  const { panels = {}, blockBytes = BLOCK_BYTES } = options;
  const inPlace = placeOf(weights, market);
  const batch = checkBatch(market, weights, policies, inPlace && isPlaced(inPlace.session, panels) ? {} : panels);
  const planes: readonly BatchPlane[] = options.planes ?? ["equity"];
  const perConfig = market.open.length;
  const known = batch.policies.some((policy) => kernelKnows(policy, panels));
  const sound = inPlace?.session.hasSoundPrices ?? hasSoundPrices(market);
  if (kernel === null || !known || !sound || batch.configs * perConfig === 0)
    return onReference(market, weights, batch, panels, planes);

  const perBlock = inPlace ? batch.configs : blockOf(batch.configs, perConfig, blockBytes);
  const placed = inPlace ?? openPlaced(kernel, market, batch.configs, perBlock, planes.length);
  const { session, at } = placed;
  const threads = Math.max(1, Math.min(options.threads ?? availableParallelism(), threadsWorth(batch, perConfig)));
  const run = { policies: batch.policies, panels, planes, threads: options.threads ?? threads };
  const feature = prepareRun(session, run);
  const result = resultOf(session, planes);
  for (let first = 0; first < batch.configs; first += perBlock) {
    const count = Math.min(perBlock, batch.configs - first);
    const block = floatsAt(session.arena, at, count * perConfig);
    if (!inPlace) writeWeights(weights, first, count, block);
    await runBlock(session, run, feature, { first, count, weights: at });
    for (let p = first; p < first + count; p++) {
      if (!needsExact(session, p) && kernelKnows(batch.policies[p]!, panels)) continue;
      const values = block.subarray((p - first) * perConfig, (p - first + 1) * perConfig);
      runExact(market, values, p, batch.policies[p]!, panels, planes, result);
    }
  }
  return result as BatchResult<K>;
}

type AnyResult = BatchResult<never> & Partial<Record<BatchPlane, Float64Array>>;

function resultOf(session: Session, planes: readonly BatchPlane[]): AnyResult {
  const { configs } = session;
  const views = planes.map((plane) => [plane, viewPlane(session, plane)] as const);
  for (const [plane, view] of views) if (plane === "funding" || plane === "borrow") view.fill(0);
  return {
    ...Object.fromEntries(views),
    configs,
    finalUnits: viewUnits(session),
    ruinBar: new Int32Array(configs).fill(-1),
    path: new Uint8Array(configs),
  };
}

async function onReference<K extends BatchPlane>(
  market: Ohlcv,
  weights: BatchWeights,
  { configs, policies }: CheckedBatch,
  panels: ExecutionPanels,
  planes: readonly BatchPlane[],
): Promise<BatchResult<K>> {
  const bars = market.axes.time.length;
  const perConfig = market.open.length;
  const result: AnyResult = {
    ...Object.fromEntries(planes.map((plane) => [plane, new Float64Array(configs * bars)])),
    configs,
    finalUnits: new Float64Array(configs * market.axes.assets.length),
    ruinBar: new Int32Array(configs).fill(-1),
    path: new Uint8Array(configs),
  };
  const own = weights instanceof Float64Array ? null : new Float64Array(perConfig);
  for (let p = 0; p < configs; p++) {
    if (own !== null) writeWeights(weights, p, 1, own);
    const values = own ?? (weights as Float64Array).subarray(p * perConfig, (p + 1) * perConfig);
    runExact(market, values, p, policies[p]!, panels, planes, result);
  }
  return result as BatchResult<K>;
}

function runExact(
  market: Ohlcv,
  values: Float64Array,
  p: number,
  policy: ExecutionPolicy,
  panels: ExecutionPanels,
  planes: readonly BatchPlane[],
  result: AnyResult,
): void {
  const account = naming(p, () => simulate(market, { axes: market.axes, values }, policy, panels));
  for (const plane of planes) result[plane]!.set(account[plane], p * account.equity.length);
  result.finalUnits.set(account.finalUnits, p * account.finalUnits.length);
  result.ruinBar[p] = account.ruinBar;
  result.path[p] = BATCH_PATHS.indexOf("reference");
}

function writeWeights(weights: BatchWeights, first: number, count: number, into: Float64Array): void {
  if (!(weights instanceof Float64Array)) weights.write(first, count, into);
  else into.set(weights.subarray((first * into.length) / count, (first * into.length) / count + into.length));
}

function openPlaced(kernel: WebAssembly.Module, market: Ohlcv, configs: number, perBlock: number, planes: number) {
  const bytes = 8 * perBlock * market.open.length;
  const arena = createArena(bytes + marketBytes(market) + resultBytes(market, configs, planes));
  const at = take(arena, bytes);
  return { session: openSession(kernel, arena, market, configs), at };
}

/** Configs a block holds: pairs stay together, so that their lanes do not depend on it. */
function blockOf(configs: number, perConfig: number, blockBytes: number): number {
  if (!(blockBytes > 0)) throw InputError.of({ where: "block bytes", rule: "must be > 0", got: blockBytes });
  return Math.min(configs, Math.max(2, 2 * Math.floor(blockBytes / (16 * Math.max(1, perConfig)))));
}

function threadsWorth({ configs }: CheckedBatch, perConfig: number): number {
  return Math.ceil((configs * perConfig) / CELLS_PER_THREAD);
}
