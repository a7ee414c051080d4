/** Scores over time to positions over time. Scores may come less often than bars do: what the last scored bar selected
 *  is held until a newer one. */
import type { Axes, Floats } from "../core/panel.ts";
import { type RankSpace, rankSpace } from "../math/rank.ts";
import { type ScoreSelection, selectByScore } from "./score-selection.ts";
import type { Side } from "./side.ts";

export interface ScorePolicy {
  readonly select: ScoreSelection;
  readonly side: Side;
  /** Bars a selection is held for after its own; Infinity = until a newer one. */
  readonly maxAgeBars: number;
}

export interface ScoreInputs {
  readonly axes: Axes;
  /** [T*N] NaN = not listed: not among those compared, and no position. */
  readonly listed: Floats;
  /** [T*N] finite, higher = better; NaN = no score. A bar on which no listed asset has one changes nothing. */
  readonly scores: Floats;
}

/** What is known between bars. */
export interface PositionState {
  /** [N] of the last scored bar; NaN = had no score then, or there was no such bar. */
  readonly strength: Float64Array;
  /** Bars since then; 0 before the first. */
  ageBars: number;
}

/** Memory for `stepPositions`. */
export interface PositionSpace {
  readonly ranks: RankSpace;
  readonly row: Float64Array;
}

export function initPositions(assets: number): PositionState {
  return { strength: new Float64Array(assets).fill(Number.NaN), ageBars: 0 };
}

/** @param assets N */
export function positionSpace(assets: number): PositionSpace {
  return { ranks: rankSpace(assets), row: new Float64Array(assets) };
}

/**
 * One bar: a new selection where there are scores, the last one where not.
 *
 * @param state of the bar before; changed to that of bar t
 * @param t     only row t of the inputs is read
 * @param out   [T*N] row t is written: signed strength, 0 = scored but out, NaN = not listed, no score, or no selection
 *              young enough
 */
export function stepPositions(
  state: PositionState,
  t: number,
  { listed, scores }: Omit<ScoreInputs, "axes">,
  { select, side, maxAgeBars }: ScorePolicy,
  { ranks, row }: PositionSpace,
  out: Float64Array,
): void {
  const { strength } = state;
  const assets = strength.length;
  let scored = false;
  for (let n = 0; n < assets; n++) {
    const cell = t * assets + n;
    row[n] = listed[cell] === listed[cell] ? scores[cell]! : Number.NaN;
    if (row[n] === row[n]) scored = true;
  }
  if (scored) selectByScore(row, select, side, ranks, strength);
  state.ageBars = scored ? 0 : state.ageBars + 1;
  for (let n = 0; n < assets; n++) {
    const cell = t * assets + n;
    const held = listed[cell] === listed[cell] && state.ageBars <= maxAgeBars;
    out[cell] = held ? strength[n]! : Number.NaN;
  }
}

/**
 * `stepPositions` over all bars.
 *
 * @returns [T*N] signed strength, freshly allocated; what it sums to, `selectByScore` says
 */
export function positionsFromScores(inputs: ScoreInputs, policy: ScorePolicy): Float64Array {
  const assets = inputs.axes.assets.length;
  const positions = new Float64Array(inputs.scores.length);
  const state = initPositions(assets);
  const space = positionSpace(assets);
  for (let t = 0; t < inputs.axes.time.length; t++) stepPositions(state, t, inputs, policy, space, positions);
  return positions;
}
