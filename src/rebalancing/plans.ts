/** Plans under way: one a scope at most, the assets of a group leaving the plan of the whole book when something
 *  concerns their group alone. A plan never knows what is held; it says how far each slice goes. */
import { isPending, type RebalancingLog } from "./debounce.ts";
import type { RebalancingPolicy } from "./rebalancing-policy.ts";
import type { RebalancingState } from "./rebalancing-state.ts";
import { BOOK, counted, isInScope, scopeName } from "./scope.ts";
import { sliceFraction } from "./split-entry.ts";

/** Planes that steps write their own row of. */
export interface RebalancingRows {
  /** [T*N] NaN = hold. */
  readonly targets: Float64Array;
  /** [T*N] of the way from what is held to the target. */
  readonly fraction: Float64Array;
  /** What a PlanGate says of each cell; null where nothing is gated. */
  readonly gate: { readonly opening: Uint8Array; readonly quiet: Uint8Array } | null;
}

/** One bar at work: what its parts pass on to each other. */
export interface RebalancingBar {
  readonly t: number;
  readonly state: RebalancingState;
  readonly policy: RebalancingPolicy;
  readonly out: RebalancingRows;
  readonly log: RebalancingLog;
}

/** How a plan begins. */
export interface Opening {
  readonly equal: boolean;
  /** True where the account weighs it first. */
  readonly gated: boolean;
  readonly quiet: boolean;
  readonly reason: string;
}

/** Begins the plan of a scope for the assets whose `plan` says so already, and trades its first slice. */
export function beginPlan(bar: RebalancingBar, scope: number, opening: Opening): void {
  const { state, out, t } = bar;
  const { plan, slice, equal, paused, quiet } = state;
  slice[scope] = 0;
  equal[scope] = opening.equal ? 1 : 0;
  paused[scope] = 0;
  quiet[scope] = opening.quiet ? 1 : 0;
  if (opening.gated && out.gate !== null)
    for (let n = 0; n < plan.length; n++) {
      if (plan[n] !== scope + 1) continue;
      out.gate.opening[t * plan.length + n] = scope + 1;
      out.gate.quiet[t * plan.length + n] = quiet[scope]!;
    }
  if (opening.reason !== "") say(bar, "opened", scope, opening.reason);
  tradeSlice(bar, scope);
}

/** Writes the next slice of a plan, and ends the plan with its last. */
export function tradeSlice(bar: RebalancingBar, scope: number): void {
  const { state, policy } = bar;
  const slices = policy.split.length;
  const k = state.slice[scope]!;
  const fraction = sliceFraction(policy.split, k, state.equal[scope] === 1);
  writeRows(bar, scope, fraction);
  state.slice[scope] = k + 1;
  const loud = slices > 1 && state.quiet[scope] === 0;
  if (loud) say(bar, "slice", scope, `slice ${k + 1} of ${slices}: ${Number(fraction.toPrecision(6))} of what remains`);
  if (k + 1 < slices) return;
  if (loud) say(bar, "completed", scope, `after ${counted(slices, "slice")}`);
  endPlan(state, scope);
}

/**
 * Stops what must wait for a pending change and lets go on what need not any more. Inside the plan of the whole book a
 * group stops alone, and from then on goes its own way at its own pace.
 */
export function pausePlans(bar: RebalancingBar): void {
  const { state, policy } = bar;
  const { held, slice, paused } = state;
  for (let g = 0; g + 1 < held.length; g++) if (held[g + 1]! > 0) detachGroup(bar, g);
  for (let scope = 0; scope < held.length; scope++) {
    if (slice[scope]! < 0) continue;
    const waits = scope === BOOK ? held[BOOK]! > 0 : isPending(state, scope - 1);
    if (waits === (paused[scope] === 1)) continue;
    paused[scope] = waits ? 1 : 0;
    const progress = `${slice[scope]!} of ${policy.split.length} slices done`;
    if (state.quiet[scope] === 0) say(bar, waits ? "paused" : "resumed", scope, progress);
    if (waits) writeRows(bar, scope, 0);
  }
}

/** Ends plans all of whose assets have left them. */
export function dropEmptyPlans(bar: RebalancingBar, why: string): void {
  const { state, policy } = bar;
  for (let scope = 0; scope < state.slice.length; scope++) {
    const done = state.slice[scope]!;
    if (done < 0 || state.plan.includes(scope + 1)) continue;
    if (state.quiet[scope] === 0)
      say(bar, "abandoned", scope, `after ${done} of ${policy.split.length} slices: ${why}`);
    endPlan(state, scope);
  }
}

/** The group's part of the plan of the whole book becomes a plan of its own, as far advanced. */
function detachGroup({ state, policy }: RebalancingBar, group: number): void {
  const { plan, slice, equal, entering, paused, quiet } = state;
  const own = group + 1;
  if (slice[BOOK]! < 0) return;
  let left = 0;
  let stays = 0;
  for (let n = 0; n < plan.length; n++) {
    if (plan[n] !== BOOK + 1) continue;
    if (isInScope(n, own, policy)) {
      plan[n] = own + 1;
      left++;
    } else stays++;
  }
  if (left === 0) return;
  slice[own] = slice[BOOK]!;
  equal[own] = equal[BOOK]!;
  entering[own] = entering[BOOK]!;
  paused[own] = paused[BOOK]!;
  quiet[own] = quiet[BOOK]!;
  if (stays === 0) endPlan(state, BOOK);
}

function endPlan({ slice, plan }: RebalancingState, scope: number): void {
  slice[scope] = -1;
  for (let n = 0; n < plan.length; n++) if (plan[n] === scope + 1) plan[n] = 0;
}

function writeRows({ state, out, t }: RebalancingBar, scope: number, fraction: number): void {
  const { plan, confirmed } = state;
  const row = t * plan.length;
  for (let n = 0; n < plan.length; n++) {
    if (plan[n] !== scope + 1) continue;
    out.targets[row + n] = confirmed[n]!;
    out.fraction[row + n] = fraction;
  }
}

/** Into the log, under the scope's name. */
export function say(
  { t, policy, log }: RebalancingBar,
  kind: Parameters<RebalancingLog>[0]["kind"],
  scope: number,
  detail: string,
): void {
  log({ kind, bar: t, scope: scopeName(scope, policy), detail });
}
