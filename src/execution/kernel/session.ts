/** A batch in kernel memory: its market, policies and results placed, block after block run on threads. */
import type { Ohlcv } from "../../core/ohlcv.ts";
import type { ExecutionPolicy } from "../policy.ts";
import type { ExecutionPanels } from "../step-context.ts";
import { type Arena, floatsAt, take, wordsOf } from "./arena.ts";
import { exitPlanesOf, type PlacedExitPlanes } from "./exit-planes.ts";
import { instantiate, type KernelJob } from "./kernel-module.ts";
import { hasSoundPrices, type Layout, placeMarket, wholeOpens } from "./market-planes.ts";
import { BATCH_BYTES, CONFIG_BYTES, EXITS_BYTES, writeBatch, writeConfig, writeExits } from "./records.ts";
import { type BatchPlane, placeResults, planeAddress, planeView, type ResultPlanes } from "./result-planes.ts";
import { type RunningKernel, runJobs } from "./threads.ts";
import { chooseFeature, chooseLayout, ENTRIES, FEATURES, type Feature, kernelKnows, placeTerms } from "./variant.ts";

/** Bytes of a thread's own state: bar, sums, terms, and hot lanes, cold lanes, rates and exits per vector. */
const SCRATCH_BYTES = 1536;
const VECTOR_BYTES = 352;
const MOST_THREADS = 64;
/** A thread's part of a run is taken in about so many steps. */
const STEPS = 16;

export interface Session {
  readonly market: Ohlcv;
  readonly configs: number;
  readonly arena: Arena;
  readonly layout: Layout;
  readonly hasSoundPrices: boolean;
  readonly kernel: RunningKernel;
  readonly results: ResultPlanes;
  /** Addresses: batch record, first config not taken by a thread, [P] config records, scratch per thread. */
  readonly batch: number;
  readonly next: number;
  readonly records: number;
  readonly scratch: number[];
  /** Markets placed so far, with the panels they were placed with. */
  readonly markets: { readonly panels: ExecutionPanels; readonly at: number }[];
  /** Addresses of rates per policy and feature. */
  readonly rates: Map<ExecutionPolicy, ReturnType<typeof placeTerms>>[];
  /** Addresses of highs, lows and of the ATR by its bars, placed so far. */
  readonly exitPlanes: PlacedExitPlanes;
}

/** What one run asks of a session. */
export interface SessionRun {
  readonly policies: readonly ExecutionPolicy[];
  readonly panels: ExecutionPanels;
  readonly planes: readonly BatchPlane[];
  readonly threads: number;
}

export function openSession(module: WebAssembly.Module, arena: Arena, market: Ohlcv, configs: number): Session {
  return {
    market,
    configs,
    arena,
    layout: chooseLayout(configs, market.axes.assets.length),
    hasSoundPrices: hasSoundPrices(market),
    kernel: { module, memory: arena.memory, instance: instantiate(module, arena.memory) },
    results: placeResults(arena, market, configs),
    batch: take(arena, BATCH_BYTES),
    next: take(arena, 4),
    records: take(arena, CONFIG_BYTES * configs),
    scratch: [],
    markets: [],
    rates: [],
    exitPlanes: { high: 0, low: 0, reach: 0, tame: true, atr: new Map() },
  };
}

/** Lays out a run; afterwards `runBlock` runs any range of its configs. */
export function prepareRun(session: Session, { policies, panels }: SessionRun): Feature {
  const { arena, market, configs, records } = session;
  const feature = chooseFeature(
    [...new Set(policies)].filter((policy) => kernelKnows(policy, panels)),
    panels,
  );
  const known = termsOf(session, feature);
  const words = wordsOf(arena);
  for (let p = 0; p < configs; p++) {
    const policy = policies[p]!;
    let terms = known.get(policy);
    if (terms === undefined) {
      const exits = feature === "exits" || feature === "ratesAndExits" ? placeExits(session, policy) : 0;
      terms = placeTerms(arena, policy, feature, market.axes.assets.length, exits);
      known.set(policy, terms);
    }
    writeConfig(words, records + CONFIG_BYTES * p, policy, terms);
  }
  new Uint8Array(arena.memory.buffer, session.results.status, configs).fill(0);
  return feature;
}

/**
 * Runs configs first .. first + count - 1.
 *
 * @param weights address of the weights of `first`
 */
export async function runBlock(
  session: Session,
  run: SessionRun,
  feature: Feature,
  block: { readonly first: number; readonly count: number; readonly weights: number },
): Promise<void> {
  const { arena, batch, next, records, results, layout } = session;
  const bars = session.market.axes.time.length;
  const plane = (name: BatchPlane) => (run.planes.includes(name) ? planeAddress(arena, results, name, bars) : 0);
  const record = {
    market: marketAt(session, run.panels),
    configs: records,
    weights: block.weights,
    firstWeights: block.first,
    equity: plane("equity"),
    turnover: plane("turnover"),
    fees: plane("fees"),
    slippage: plane("slippage"),
    grossExposure: plane("grossExposure"),
    funding: plane("funding"),
    borrow: plane("borrow"),
    units: results.units,
    status: results.status,
  };
  const entry = ENTRIES[layout][feature];
  const { threads, step } = shareOut(block.count, layout, run.threads);
  const last = block.first + block.count;
  const jobs: KernelJob[] = Array.from({ length: threads }, (_, i) => ({
    entry,
    batch,
    scratch: scratchAt(session, i),
    next,
    last,
    step,
  }));
  wordsOf(arena).setInt32(next, block.first, true);
  writeBatch(wordsOf(arena), batch, record);
  await runJobs(session.kernel, jobs);
}

/** True where only the exact path can finish the config. */
export function needsExact({ arena, results }: Session, p: number): boolean {
  return new Uint8Array(arena.memory.buffer, results.status + p, 1)[0] !== 0;
}

/** True when an earlier run has checked these panels and put them in place. */
export function isPlaced(session: Session, panels: ExecutionPanels): boolean {
  return findMarket(session, panels) !== undefined;
}

/** A result plane [P*T] in kernel memory. */
export function viewPlane({ arena, results, market }: Session, plane: BatchPlane): Float64Array {
  planeAddress(arena, results, plane, market.axes.time.length);
  return planeView(arena, results, plane, market.axes.time.length);
}

/** [P*N] in kernel memory. */
export function viewUnits({ arena, results, market, configs }: Session): Float64Array {
  return floatsAt(arena, results.units, configs * market.axes.assets.length);
}

function placeExits({ arena, market, layout, exitPlanes }: Session, policy: ExecutionPolicy): number {
  const opens = layout === "pair" && exitPlanes.reach === 0 ? wholeOpens(market) : null;
  const planes = exitPlanesOf(arena, market, policy.stops, exitPlanes, opens);
  const at = take(arena, EXITS_BYTES);
  writeExits(wordsOf(arena), at, policy, planes);
  return at;
}

function termsOf(session: Session, feature: Feature): Map<ExecutionPolicy, ReturnType<typeof placeTerms>> {
  const at = FEATURES.indexOf(feature);
  session.rates[at] ??= new Map();
  return session.rates[at];
}

function marketAt(session: Session, panels: ExecutionPanels): number {
  const known = findMarket(session, panels);
  if (known !== undefined) return known.at;
  const at = placeMarket(session.arena, session.market, panels, session.layout);
  session.markets.push({ panels, at });
  return at;
}

function findMarket({ markets }: Session, { fundingRate = null, moves = null }: ExecutionPanels) {
  return markets.find(
    ({ panels }) =>
      (panels.fundingRate ?? null) === fundingRate &&
      (panels.moves?.fraction ?? null) === (moves?.fraction ?? null) &&
      (panels.moves?.gate ?? null) === (moves?.gate ?? null),
  );
}

function scratchAt(session: Session, thread: number): number {
  const vectors = session.market.axes.assets.length + 2;
  session.scratch[thread] ??= take(session.arena, SCRATCH_BYTES + VECTOR_BYTES * vectors);
  return session.scratch[thread];
}

/** Threads there is work for, and configs they take at a time; pairs are kept together. */
function shareOut(count: number, layout: Layout, most: number): { readonly threads: number; readonly step: number } {
  const width = layout === "pair" ? 2 : 1;
  const groups = Math.ceil(count / width);
  const threads = Math.max(1, Math.min(most, groups, MOST_THREADS));
  return { threads, step: width * Math.max(1, threads === 1 ? groups : Math.ceil(groups / (threads * STEPS))) };
}
