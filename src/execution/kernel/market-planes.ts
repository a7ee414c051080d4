/** A market in kernel memory: price planes without holes, and where the holes were. */
import { type MovePlan, OUTSIDE_PLANS, type PlanGate } from "../../core/contracts.ts";
import type { Ohlcv } from "../../core/ohlcv.ts";
import type { Floats } from "../../core/panel.ts";
import type { ExecutionPanels } from "../step-context.ts";
import { type Arena, floatsAt, take, wordsOf } from "./arena.ts";
import { MARKET_BYTES, type MarketRecord, writeMarket } from "./records.ts";

export const LAYOUTS = ["pair", "lone"] as const;
/** Lanes of a vector: the same asset of two configs, or two assets of one. */
export type Layout = (typeof LAYOUTS)[number];

/** Bytes that placing a market takes, at most. */
export function marketBytes(market: Ohlcv): number {
  return 5 * 8 * market.open.length + 64 * market.axes.assets.length + market.axes.time.length + 4096;
}

/** True when every price there is can be divided by. */
export function hasSoundPrices({ open, close }: Ohlcv): boolean {
  for (let i = 0; i < open.length; i++) {
    if (open[i]! <= 0 || close[i]! <= 0) return false;
    if (open[i] === Number.POSITIVE_INFINITY || close[i] === Number.POSITIVE_INFINITY) return false;
  }
  return true;
}

/**
 * Places a market.
 *
 * Opens that are missing are the last mark, marks the last close or the first open where no close came yet, both 1
 * where an asset was never listed; nothing is held there.
 *
 * @returns address of its record
 */
export function placeMarket(arena: Arena, market: Ohlcv, panels: ExecutionPanels, layout: Layout): number {
  const bars = market.axes.time.length;
  const assets = market.axes.assets.length;
  const cells = bars * assets;
  const open = take(arena, 8 * cells);
  const mark = take(arena, 8 * cells);
  const opens = floatsAt(arena, open, cells + 4).fill(1, cells);
  const marks = floatsAt(arena, mark, cells + 4).fill(1, cells);
  const holes = hasHoles(market.open, cells) ? { gap: take(arena, 8 * cells), waiting: take(arena, bars) } : null;
  if (holes === null && !hasHoles(market.close, cells)) {
    opens.set(market.open as Float64Array);
    marks.set(market.close as Float64Array);
  } else {
    const gaps = holes === null ? null : floatsAt(arena, holes.gap, cells);
    fillHoles(market, opens, marks, gaps);
    if (holes !== null) noteWaiting(gaps!, assets, new Uint8Array(arena.memory.buffer, holes.waiting, bars));
  }
  const lastMark = bars === 0 ? 0 : mark + 8 * (cells - assets);
  const growth = layout === "lone" ? 0 : placeGrowth(arena, opens, marks, bars, assets);
  const record = take(arena, MARKET_BYTES);
  const placed: MarketRecord = {
    bars,
    assets,
    growth,
    open,
    mark,
    gap: holes?.gap ?? 0,
    waiting: holes?.waiting ?? 0,
    fraction: placePlane(arena, fractions(panels.moves), 1),
    funding: placePlane(arena, panels.fundingRate ?? null, 0),
    lastMark,
    tail: placeTail(arena, assets, layout),
    ...placeGate(arena, panels.moves?.gate ?? null, bars, assets),
  };
  writeMarket(wordsOf(arena), record, placed);
  return record;
}

/** Plan numbers as a plane, and how many plans open with the decisions of each bar. */
function placeGate(arena: Arena, gate: PlanGate | null, bars: number, assets: number) {
  if (gate === null) return { opening: 0, plans: 0, summed: 0, gateThreshold: 0 };
  const opening = placePlane(arena, Float64Array.from(gate.opening), 0);
  const plans = take(arena, bars);
  const counts = new Uint8Array(arena.memory.buffer, plans, bars);
  for (const [i, plan] of gate.opening.entries()) {
    if (plan === OUTSIDE_PLANS) continue;
    const t = Math.floor(i / assets);
    counts[t] = Math.max(counts[t]!, plan);
  }
  return { opening, plans, summed: gate.measure === "l1" ? 1 : 0, gateThreshold: gate.threshold };
}

function fractions(moves: MovePlan | null | undefined): Floats | null {
  return moves ? moves.fraction : null;
}

/** A copy of a panel with `missing` for NaN, and behind its end. */
function placePlane(arena: Arena, panel: Floats | null, missing: number): number {
  if (panel === null) return 0;
  const at = take(arena, 8 * panel.length);
  const plane = floatsAt(arena, at, panel.length + 4);
  for (let i = 0; i < plane.length; i++) {
    const x = i < panel.length ? panel[i]! : missing;
    plane[i] = x === x ? x : missing;
  }
  return at;
}

function hasHoles(plane: Floats, cells: number): boolean {
  for (let i = 0; i < cells; i++) if (plane[i] !== plane[i]) return true;
  return false;
}

/** Opens without holes: the last mark where one is missing, 1 where an asset was never listed. */
export function wholeOpens(market: Ohlcv): Float64Array {
  const opens = new Float64Array(market.open.length);
  fillHoles(market, opens, new Float64Array(opens.length), null);
  return opens;
}

/** The engine's marking rule (close.ts), for every asset at once. */
function fillHoles(market: Ohlcv, opens: Float64Array, marks: Float64Array, gaps: Float64Array | null): void {
  const assets = market.axes.assets.length;
  const cells = market.open.length;
  for (let n = 0; n < assets; n++) {
    let mark = Number.NaN;
    let without = 0;
    for (let i = n; i < cells; i += assets) {
      const open = market.open[i]!;
      const close = market.close[i]!;
      const priced = open === open || close === close;
      const known = mark === mark;
      opens[i] = open === open ? open : known ? mark : 1;
      without = priced || !known ? 0 : without + 1;
      if (gaps !== null) gaps[i] = open === open ? 0 : without > 0 ? without : -1;
      if (close === close) mark = close;
      else if (!known && open === open) mark = open;
      marks[i] = mark === mark ? mark : 1;
    }
  }
}

/** Marks the bars where an order can have to wait, or can have waited until now. */
function noteWaiting(gaps: Float64Array, assets: number, waiting: Uint8Array): void {
  let before = 0;
  for (let t = 0; t < waiting.length; t++) {
    let now = 0;
    for (let n = 0; n < assets; n++) if (gaps[t * assets + n] !== 0) now = 1;
    waiting[t] = now | before;
    before = now;
  }
}

/** [T*N][2] mark over open and next open over open; the last bar stays at its mark. */
function placeGrowth(arena: Arena, opens: Float64Array, marks: Float64Array, bars: number, assets: number): number {
  const cells = bars * assets;
  const at = take(arena, 16 * cells);
  const growth = floatsAt(arena, at, 2 * cells + 8).fill(1, 2 * cells);
  const lastRow = cells - assets;
  for (let i = 0; i < cells; i++) {
    growth[2 * i] = marks[i]! / opens[i]!;
    growth[2 * i + 1] = i < lastRow ? opens[i + assets]! / opens[i]! : marks[i]! / opens[i]!;
  }
  return at;
}

/** One mask per vector: all bits, which is NaN, in lanes beyond the last asset. */
function placeTail(arena: Arena, assets: number, layout: Layout): number {
  const width = layout === "lone" ? 2 : 1;
  const vectors = Math.ceil(assets / (2 * width)) * 2;
  const at = take(arena, 16 * vectors);
  const masks = new BigInt64Array(arena.memory.buffer, at, 2 * vectors);
  for (let lane = 0; lane < 2 * vectors; lane++) {
    const asset = layout === "lone" ? lane : lane >> 1;
    masks[lane] = asset < assets ? 0n : -1n;
  }
  return at;
}
