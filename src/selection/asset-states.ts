/** The states of an asset and what leads from one to the other, as a table. When a signal is given is the selector's
 *  part; what it does is read here. A pair of state and signal that is not in the table changes nothing. */
import { SELECTOR_STATES, type SelectionEventKind, type SelectorStateName } from "../core/selection-record.ts";

/**
 * hard: Sharpe ratio and drawdown beyond their limits. low: the score was below the lower threshold for as long as the
 * state asks; low_at_zero is the same at k = 0. high: it was above the upper one. ramp_end: k came to the end the
 * state moves it towards.
 */
export type Signal = "hard" | "low" | "low_at_zero" | "high" | "ramp_end";

export interface Transition {
  readonly kind: SelectionEventKind;
  readonly from: SelectorStateName;
  readonly on: Signal;
  readonly to: SelectorStateName;
  /** False: bars counted before go on counting in the new state. */
  readonly countsAnew: boolean;
  /** True: the multiplier is 0 at once; else k stays as it is. */
  readonly dropsOut: boolean;
}

export const TRANSITIONS: readonly Transition[] = [
  { from: "ACTIVE", on: "hard", to: "COOLDOWN", kind: "hard_exclusion", countsAnew: true, dropsOut: true },
  { from: "ACTIVE", on: "low", to: "UNDERPERFORMING", kind: "exclude", countsAnew: true, dropsOut: false },
  { from: "UNDERPERFORMING", on: "hard", to: "COOLDOWN", kind: "hard_exclusion", countsAnew: true, dropsOut: true },
  { from: "UNDERPERFORMING", on: "high", to: "RE_ENTRY", kind: "recover", countsAnew: true, dropsOut: false },
  { from: "UNDERPERFORMING", on: "ramp_end", to: "COOLDOWN", kind: "cooldown", countsAnew: true, dropsOut: true },
  { from: "COOLDOWN", on: "high", to: "RE_ENTRY", kind: "re_entry", countsAnew: true, dropsOut: false },
  { from: "RE_ENTRY", on: "hard", to: "COOLDOWN", kind: "hard_exclusion", countsAnew: true, dropsOut: true },
  { from: "RE_ENTRY", on: "low", to: "UNDERPERFORMING", kind: "relapse", countsAnew: true, dropsOut: false },
  { from: "RE_ENTRY", on: "low_at_zero", to: "COOLDOWN", kind: "relapse", countsAnew: true, dropsOut: true },
  { from: "RE_ENTRY", on: "ramp_end", to: "ACTIVE", kind: "active", countsAnew: false, dropsOut: false },
];

/** Positions in SELECTOR_STATES. */
export const ACTIVE = 0;
export const UNDERPERFORMING = 1;
export const COOLDOWN = 2;
export const RE_ENTRY = 3;

/** By state, then signal. */
const table = SELECTOR_STATES.map((from) => {
  const row: { [on in Signal]?: Transition } = {};
  for (const transition of TRANSITIONS) if (transition.from === from) row[transition.on] = transition;
  return row;
});

/**
 * @param state position in SELECTOR_STATES
 * @returns undefined where the signal means nothing in that state
 */
export function transitionOn(state: number, signal: Signal): Transition | undefined {
  return table[state]?.[signal];
}

/**
 * States that count towards min_active_assets. They count bars in a row with a score below the lower threshold, the
 * others bars with one above the upper: one counter will do, as the bar that ends one kind of count is no bar of the
 * other.
 */
export function takesPart(state: number): boolean {
  return state === ACTIVE || state === RE_ENTRY;
}
