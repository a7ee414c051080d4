/** What the rebalancing stage did and why: its log of events, for the report. What the account made of a plan (dropped,
 *  not filled) is among the account's own events. */

export const REBALANCING_EVENTS = [
  /** A change was seen and has not held long enough. */
  "pending",
  /** The pending change gave way to another one, whose count begins. */
  "restarted",
  /** It was taken back before it was confirmed. */
  "reverted",
  /** It held for the closes asked for. */
  "confirmed",
  "opened",
  "slice",
  /** Waits while a change of its scope is pending. */
  "paused",
  "resumed",
  /** Ended before its last slice. */
  "abandoned",
  "completed",
] as const;

export interface RebalancingEvent {
  readonly kind: (typeof REBALANCING_EVENTS)[number];
  /** At whose close it was decided; its trades are filled at the next open. */
  readonly bar: number;
  /** "global", or the group it concerns. */
  readonly scope: string;
  /** The reason, with the numbers behind it. */
  readonly detail: string;
}

/** In order of time. Plans that only look again at what was decided before leave no events. */
export interface RebalancingRecord {
  readonly events: readonly RebalancingEvent[];
}
