/** Who took part in a run, bar by bar, and why that changed: what the selection stage hands to allocation, files and
 *  reports. */
import type { Axes, Floats } from "./panel.ts";

/** The index into this list is what `SelectionRecord.state` stores. */
export const SELECTOR_STATES = ["ACTIVE", "UNDERPERFORMING", "COOLDOWN", "RE_ENTRY"] as const;
export type SelectorStateName = (typeof SELECTOR_STATES)[number];

/** Stored instead of a state where an asset has no close. */
export const NOT_LISTED = 255;

export const SELECTION_EVENT_KINDS = [
  "exclude",
  "recover",
  "cooldown",
  "re_entry",
  "active",
  "relapse",
  "hard_exclusion",
  "held_by_min_active",
  "below_min_active",
  "all_excluded",
  "all_excluded_ended",
] as const;
export type SelectionEventKind = (typeof SELECTION_EVENT_KINDS)[number];

/** A change of state, or a condition on the first bar of every stretch of bars on which it holds. */
export interface SelectionEvent {
  readonly kind: SelectionEventKind;
  readonly bar: number;
  /** Position on the axes; -1 when it concerns the whole universe. */
  readonly asset: number;
  /** States before and after, the same where none changed; null for the whole universe. */
  readonly from: SelectorStateName | null;
  readonly to: SelectorStateName | null;
  /** The reason, with its numbers. */
  readonly detail: string;
}

/** All planes [T*N], row t after the close of bar t. */
export interface SelectionRecord {
  readonly axes: Axes;
  /** Position in SELECTOR_STATES; NOT_LISTED where there is no close. */
  readonly state: Uint8Array;
  /** Step of the ramp, 0..rampSteps; 0 where there is no close. */
  readonly k: Uint8Array;
  /** K of the policy. */
  readonly rampSteps: number;
  /** k / K. */
  readonly multiplier: Float64Array;
  /** 0..1, 1 = best; 0.5 where history is short; NaN where there is no close. */
  readonly score: Floats;
  /** Annualised; NaN where history is short. */
  readonly sharpe: Floats;
  /** Deepest drawdown in the window, fraction >= 0; NaN where history is short. */
  readonly drawdown: Floats;
  /** In order of bar. */
  readonly events: readonly SelectionEvent[];
}
