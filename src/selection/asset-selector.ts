/** Who takes part: one bar of the selector, the same step for batch runs and for runs that are stopped and resumed.
 *  An asset starts active at its first close. A bar without its close is none of its bars: state, ramp and counters
 *  wait, and the outputs say not listed, multiplier 0, which the account takes for "no decision" as for any asset
 *  without a price. */
import { NOT_LISTED, SELECTOR_STATES, type SelectionEvent, type SelectionEventKind } from "../core/selection-record.ts";
import {
  ACTIVE,
  COOLDOWN,
  RE_ENTRY,
  type Transition,
  takesPart,
  transitionOn,
  UNDERPERFORMING,
} from "./asset-states.ts";
import type { ScorePanels } from "./score.ts";
import { assetReason, universeReason } from "./selection-reasons.ts";
import type { TransitionPolicy } from "./selector-policy.ts";
import type { SelectorState } from "./selector-state.ts";

/** Planes [T*N] that a step writes one row of. */
export interface SelectorPlanes {
  readonly k: Uint8Array;
  /** null where only multipliers are wanted. */
  readonly state: Uint8Array | null;
}

/**
 * One bar: every asset counts, then makes at most one move; active ones leave last, when all others have moved.
 *
 * @param state  as left by bar t - 1; changed
 * @param out    row t is written; may be null for a caller that reads `state`
 * @param events what happened is appended; null = nobody asks
 */
export function stepSelector(
  state: SelectorState,
  t: number,
  panels: ScorePanels,
  policy: TransitionPolicy,
  out: SelectorPlanes | null,
  events: SelectionEvent[] | null,
): void {
  const { score, sharpe, drawdown } = panels;
  const { excludeScore, includeScore, hardExcludeSharpe, hardExcludeDrawdown, excludeConfirmationBars } = policy;
  const { count, k } = state;
  const codes = state.state;
  const assets = codes.length;
  const row = t * assets;
  const outK = out === null ? null : out.k;
  const outState = out === null ? null : out.state;
  let listed = 0;
  let included = 0;
  let takingPart = 0;
  let leaving = 0;
  for (let n = 0; n < assets; n++) {
    const value = score[row + n]!;
    if (value !== value) {
      if (outK !== null) outK[row + n] = 0;
      if (outState !== null) outState[row + n] = NOT_LISTED;
      continue;
    }
    let code = codes[n]!;
    if (code === NOT_LISTED) {
      code = codes[n] = ACTIVE;
      k[n] = policy.rampSteps;
    }
    let transition: Transition | undefined;
    if (code === COOLDOWN) transition = waitOut(state, n, value, policy);
    else if (sharpe[row + n]! < hardExcludeSharpe && drawdown[row + n]! > hardExcludeDrawdown)
      transition = transitionOn(code, "hard");
    else {
      const counted = takesPart(code) ? value < excludeScore : value > includeScore;
      const inARow = counted ? count[n]! + 1 : 0;
      count[n] = inARow;
      if (code !== ACTIVE) transition = rampMove(state, n, inARow, policy);
      else if (inARow >= excludeConfirmationBars) leaving++;
    }
    if (transition !== undefined) {
      change(state, n, transition, t, panels, policy, events);
      code = codes[n]!;
    }
    const step = k[n]!;
    listed++;
    if (takesPart(code)) takingPart++;
    if (step > 0) included++;
    if (outK !== null) outK[row + n] = step;
    if (outState !== null) outState[row + n] = code;
  }
  if (leaving > 0) takingPart -= leave(state, t, panels, policy, takingPart, leaving, outState, events);
  if (listed > 0) noteUniverse(state, t, { listed, takingPart, included }, policy, events);
}

/** Cooldown: what is above the threshold counts from the last bar of the wait on. */
function waitOut(
  { count, cooldown }: SelectorState,
  n: number,
  score: number,
  policy: TransitionPolicy,
): Transition | undefined {
  cooldown[n] = cooldown[n]! + 1;
  if (cooldown[n]! < policy.minExclusionBars) return undefined;
  count[n] = score > policy.includeScore ? count[n]! + 1 : 0;
  return count[n]! >= policy.includeConfirmationBars ? transitionOn(COOLDOWN, "high") : undefined;
}

/** The ramp's step down or up, or the transition instead of it. */
function rampMove(
  { state, k }: SelectorState,
  n: number,
  inARow: number,
  policy: TransitionPolicy,
): Transition | undefined {
  if (state[n] === UNDERPERFORMING) {
    if (inARow >= policy.includeConfirmationBars) return transitionOn(UNDERPERFORMING, "high");
    k[n] = k[n]! - 1;
    return k[n] === 0 ? transitionOn(UNDERPERFORMING, "ramp_end") : undefined;
  }
  if (inARow >= policy.relapseConfirmationBars) return transitionOn(RE_ENTRY, k[n] === 0 ? "low_at_zero" : "low");
  // one that recovered before its first step down is at K already
  if (k[n]! < policy.rampSteps) k[n] = k[n]! + 1;
  return k[n] === policy.rampSteps ? transitionOn(RE_ENTRY, "ramp_end") : undefined;
}

function change(
  state: SelectorState,
  n: number,
  { kind, from, to, countsAnew, dropsOut }: Transition,
  t: number,
  panels: ScorePanels,
  policy: TransitionPolicy,
  events: SelectionEvent[] | null,
): void {
  if (events !== null)
    events.push({ kind, bar: t, asset: n, from, to, detail: reason(kind, state, n, t, panels, policy) });
  state.state[n] = SELECTOR_STATES.indexOf(to);
  if (countsAnew) state.count[n] = 0;
  state.cooldown[n] = 0;
  if (dropsOut) state.k[n] = 0;
}

/**
 * Active assets whose score was low for long enough leave, the lowest first (ties: in order of column), while
 * min_active_assets would stay.
 *
 * @returns how many left
 */
function leave(
  state: SelectorState,
  t: number,
  panels: ScorePanels,
  policy: TransitionPolicy,
  takingPart: number,
  leaving: number,
  outState: Uint8Array | null,
  events: SelectionEvent[] | null,
): number {
  const assets = state.state.length;
  const row = t * assets;
  const allowed = Math.max(0, Math.min(leaving, takingPart - policy.minActiveAssets));
  for (let left = 0; left < allowed; left++) {
    let worst = -1;
    for (let n = 0; n < assets; n++)
      if (
        isLeaving(state, n, panels, row, policy) &&
        (worst < 0 || panels.score[row + n]! < panels.score[row + worst]!)
      )
        worst = n;
    change(state, worst, transitionOn(ACTIVE, "low")!, t, panels, policy, events);
    if (outState !== null) outState[row + worst] = state.state[worst]!;
  }
  if (allowed === leaving) return allowed;
  for (let n = 0; n < assets; n++) {
    if (!isLeaving(state, n, panels, row, policy)) continue;
    if (events !== null && state.count[n] !== state.heldCount[n]! + 1) {
      const detail = reason("held_by_min_active", state, n, t, panels, policy);
      events.push({ kind: "held_by_min_active", bar: t, asset: n, from: "ACTIVE", to: "ACTIVE", detail });
    }
    state.heldCount[n] = state.count[n]!;
  }
  return allowed;
}

function isLeaving(
  { state, count }: SelectorState,
  n: number,
  { score }: ScorePanels,
  row: number,
  policy: TransitionPolicy,
): boolean {
  const priced = score[row + n] === score[row + n];
  return priced && state[n] === ACTIVE && count[n]! >= policy.excludeConfirmationBars;
}

function reason(
  kind: SelectionEventKind,
  { count, cooldown, k }: SelectorState,
  n: number,
  t: number,
  { score, sharpe, drawdown }: ScorePanels,
  policy: TransitionPolicy,
): string {
  const cell = t * k.length + n;
  const counters = { count: count[n]!, cooldown: cooldown[n]!, k: k[n]! };
  return assetReason(
    kind,
    { score: score[cell]!, sharpe: sharpe[cell]!, drawdown: drawdown[cell]!, ...counters },
    policy,
  );
}

/** Events of the whole universe, on the first bar of each stretch. */
function noteUniverse(
  state: SelectorState,
  t: number,
  { listed, takingPart, included }: { readonly listed: number; readonly takingPart: number; readonly included: number },
  policy: TransitionPolicy,
  events: SelectionEvent[] | null,
): void {
  const allExcluded = included === 0;
  const belowMinActive = takingPart < policy.minActiveAssets;
  if (events !== null) {
    const note = (kind: SelectionEventKind): void => {
      const detail = universeReason(kind, listed, takingPart, policy);
      events.push({ kind, bar: t, asset: -1, from: null, to: null, detail });
    };
    if (belowMinActive && !state.belowMinActive) note("below_min_active");
    if (allExcluded !== state.allExcluded) note(allExcluded ? "all_excluded" : "all_excluded_ended");
  }
  state.allExcluded = allExcluded;
  state.belowMinActive = belowMinActive;
}
