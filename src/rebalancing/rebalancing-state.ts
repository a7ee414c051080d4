/** What the schedule carries from one bar to the next; plain data, so a run can stop and go on anywhere.
 *  N assets, G groups (one where there are none), 1 + G scopes: the whole book, then the groups. */
import { checkRebalancing, type RebalancingPolicy } from "./rebalancing-policy.ts";
import { type CalendarState, initCalendar } from "./trigger.ts";

/** What a bar brought for the change of a scope; `redirected`: it was confirmed while a plan of the scope was under way. */
export const OUTCOME = { none: 0, confirmed: 1, reverted: 2, redirected: 3 } as const;

/** Whether a plan opens on a group's assets: not, in one with other groups, or in one of its own. */
export const OPENS = { no: 0, together: 1, apart: 2 } as const;

export interface RebalancingState {
  readonly calendar: CalendarState;
  /** [N] last value decided; NaN = none. */
  readonly standing: Float64Array;
  /** [N] last value confirmed, which plans go for; NaN = none. */
  readonly confirmed: Float64Array;
  /** [N] bar of the first decision that is not confirmed yet; -1 = none. */
  readonly freshSince: Int32Array;
  /** [N] bar of the first decision that waits for a plan; -1 = none. */
  readonly dueSince: Int32Array;
  /** [N] 1 where what waits is another value than the one before. */
  readonly dueChange: Uint8Array;
  /** [N] scope of the plan that trades the asset, plus one; 0 = none does. */
  readonly plan: Int32Array;
  /** [1+G] closes that the pending change has held for; 0 = none is pending. */
  readonly held: Int32Array;
  /** [1+G] OUTCOME of the bar. */
  readonly outcome: Uint8Array;
  /** [G] bar at which a standing value of the group last changed; -1 = never. */
  readonly movedAt: Int32Array;
  /** [G] change of the summed weight that is not confirmed. */
  readonly shift: Float64Array;
  /** [G] 1 where a standing value is not the confirmed one. */
  readonly differs: Uint8Array;
  /** [G] 1 where what waits came from a change inside the group. */
  readonly local: Uint8Array;
  /** [G] 1 where plans could have opened while a change was pending. */
  readonly kept: Uint8Array;
  /** [1+G] next slice of the scope's plan; -1 = there is no plan. */
  readonly slice: Int32Array;
  /** [1+G] 1 where its slices are of equal size. */
  readonly equal: Uint8Array;
  /** [1+G] 1 where the plan is the first entry, or what that was redirected to: never weighed. */
  readonly entering: Uint8Array;
  /** [1+G] 1 where it waits for a pending change. */
  readonly paused: Uint8Array;
  /** [1+G] 1 where the plan only looks again at targets that stand, and the gate alone knows whether it trades. */
  readonly quiet: Uint8Array;
  /** [G] OPENS of the bar. */
  readonly opens: Uint8Array;
}

/** @throws InputError for a policy no plan could be made by */
export function initRebalancing(policy: RebalancingPolicy, assets: number): RebalancingState {
  checkRebalancing(policy, assets);
  const groups = Math.max(1, policy.groups.length);
  const scopes = 1 + groups;
  const never = (length: number) => new Int32Array(length).fill(-1);
  return {
    calendar: initCalendar(),
    standing: new Float64Array(assets).fill(Number.NaN),
    confirmed: new Float64Array(assets).fill(Number.NaN),
    freshSince: never(assets),
    dueSince: never(assets),
    dueChange: new Uint8Array(assets),
    plan: new Int32Array(assets),
    held: new Int32Array(scopes),
    outcome: new Uint8Array(scopes),
    movedAt: never(groups),
    shift: new Float64Array(groups),
    differs: new Uint8Array(groups),
    local: new Uint8Array(groups),
    kept: new Uint8Array(groups),
    slice: never(scopes),
    equal: new Uint8Array(scopes),
    entering: new Uint8Array(scopes),
    paused: new Uint8Array(scopes),
    quiet: new Uint8Array(scopes),
    opens: new Uint8Array(groups),
  };
}
