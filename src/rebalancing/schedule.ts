/** From decided weights to what is traded when: target and move fraction per bar and asset, and a log of why.
 *  The schedule looks at decisions and the calendar alone, never at holdings; those are the gate's, inside the account.
 *  - A decision that repeats the confirmed weights trades drift back; one that changes them must hold for
 *    `debounceBars` closes first. What is decided immediately passes all of this at once and leaves the plan it was in.
 *  - The first decision that wants something held enters at its own bar: there is nothing yet to hold on to, to wait for
 *    or to drift from, so neither debounce, calendar nor gate apply to it, nor a gate to what redirects it. Decisions for cash before it
 *    pass as they are.
 *  - A change confirmed while a plan of its scope is under way redirects that plan at once, in equal slices; any other
 *    waits for the calendar. A calendar bar that meets a pending change is kept until that is settled.
 *  - `threshold` and `hybrid` look again at all standing targets on every opening bar; whether the account took such a
 *    plan up is not known here, so the next look comes after its last slice. */
import { type MovePlan, OUTSIDE_PLANS, type TargetWeights } from "../core/contracts.ts";
import { InputError } from "../core/errors.ts";
import type { Axes, Floats } from "../core/panel.ts";
import type { RebalancingEvent, RebalancingRecord } from "../core/rebalancing-record.ts";
import { acceptChanges } from "./accept.ts";
import { countCloses, type RebalancingLog } from "./debounce.ts";
import { beginPlans, findOpenings } from "./openings.ts";
import { dropEmptyPlans, pausePlans, type RebalancingBar, type RebalancingRows, tradeSlice } from "./plans.ts";
import type { RebalancingPolicy } from "./rebalancing-policy.ts";
import { initRebalancing, OUTCOME, type RebalancingState } from "./rebalancing-state.ts";
import { BOOK, SAME_WEIGHT, weightChange } from "./scope.ts";
import { stepCalendar } from "./trigger.ts";

/** All [T*N]; the step at bar t reads rows up to t. */
export interface RebalancingInputs {
  readonly axes: Axes;
  /** Fraction of equity; NaN = no new decision for that asset. */
  readonly targets: Floats;
  /** 1 = a decision that nothing may hold back: a risk exit, a step of the selector's ramp. */
  readonly immediate: Uint8Array | null;
  /** Closes, NaN where there is none: an asset without one is not looked at again for its drift. Without it all are. */
  readonly listed?: Floats | null;
}

export interface RebalancingPlan {
  /** NaN = hold. */
  readonly targets: TargetWeights;
  readonly moves: MovePlan;
  readonly record: RebalancingRecord;
}

/** @throws InputError for planes of another size, or a policy no plan could be made by */
export function planRebalancing(inputs: RebalancingInputs, policy: RebalancingPolicy): RebalancingPlan {
  const { axes } = inputs;
  checkSizes(inputs);
  const state = initRebalancing(policy, axes.assets.length);
  const out = rebalancingRows(axes, policy);
  const events: RebalancingEvent[] = [];
  const log: RebalancingLog = (event) => events.push(event);
  for (let t = 0; t < axes.time.length; t++) stepRebalancing(state, t, inputs, policy, out, log);
  const gate = out.gate === null ? null : { ...policy.gate!, ...out.gate };
  return { targets: { axes, values: out.targets }, moves: { fraction: out.fraction, gate }, record: { events } };
}

/** Planes for the steps of a run to write. */
export function rebalancingRows({ time, assets }: Axes, { gate }: RebalancingPolicy): RebalancingRows {
  const cells = time.length * assets.length;
  return {
    targets: new Float64Array(cells).fill(Number.NaN),
    fraction: new Float64Array(cells).fill(1),
    gate: gate === null ? null : { opening: new Uint8Array(cells), quiet: new Uint8Array(cells) },
  };
}

/**
 * One bar, in order; its row of `out` is written in full.
 *
 * @param state as initRebalancing or the step before left it
 */
export function stepRebalancing(
  state: RebalancingState,
  t: number,
  inputs: RebalancingInputs,
  policy: RebalancingPolicy,
  out: RebalancingRows,
  log: RebalancingLog,
): void {
  const bar: RebalancingBar = { t, state, policy, out, log };
  clearRow(bar);
  const decided = takeDecisions(bar, inputs);
  const first = state.calendar.firstDecision === t;
  if (first) {
    state.outcome.fill(OUTCOME.none);
    state.outcome[BOOK] = OUTCOME.confirmed;
  } else if (decided || state.held.some((closes) => closes > 0)) countCloses(state, t, policy, log);
  else state.outcome.fill(OUTCOME.none);
  acceptChanges(bar);
  pausePlans(bar);
  const byCalendar =
    policy.trigger === "threshold" || stepCalendar(state.calendar, t, inputs.axes.time, policy.interval);
  const listed = inputs.listed ?? null;
  findOpenings(bar, byCalendar || first, listed);
  for (let scope = 0; scope < state.slice.length; scope++)
    if (state.slice[scope]! >= 0 && state.paused[scope] === 0) tradeSlice(bar, scope);
  beginPlans(bar, first, listed);
}

function clearRow({ t, state, out }: RebalancingBar): void {
  const { targets, fraction, gate } = out;
  const from = t * state.standing.length;
  const to = from + state.standing.length;
  for (let i = from; i < to; i++) {
    targets[i] = Number.NaN;
    fraction[i] = 1;
    if (gate === null) continue;
    gate.opening[i] = 0;
    gate.quiet[i] = 0;
  }
}

/**
 * Takes note of the bar's decisions, and passes immediate ones on.
 *
 * @returns true where there was an ordinary one
 */
function takeDecisions(bar: RebalancingBar, { targets, immediate }: RebalancingInputs): boolean {
  const { t, state, policy, out } = bar;
  const { standing, confirmed, freshSince, dueSince, dueChange, plan, movedAt, calendar } = state;
  const row = t * standing.length;
  let decided = false;
  let left = false;
  if (calendar.firstDecision < 0 && entersMarket(row, standing.length, targets, immediate)) calendar.firstDecision = t;
  const beforeEntry = calendar.firstDecision < 0;
  for (let n = 0; n < standing.length; n++) {
    const target = targets[row + n]!;
    if (target !== target) continue;
    if (beforeEntry || (immediate !== null && immediate[row + n] === 1)) {
      standing[n] = target;
      confirmed[n] = target;
      freshSince[n] = -1;
      dueSince[n] = -1;
      dueChange[n] = 0;
      left ||= plan[n] !== 0;
      plan[n] = 0;
      out.targets[row + n] = target;
      if (out.gate !== null) out.gate.opening[row + n] = OUTSIDE_PLANS;
      continue;
    }
    if (Math.abs(weightChange(target, standing[n]!)) > SAME_WEIGHT) movedAt[policy.groupOf[n]!] = t;
    standing[n] = target;
    if (freshSince[n]! < 0) freshSince[n] = t;
    decided = true;
  }
  if (left) dropEmptyPlans(bar, "all it traded was decided immediately");
  return decided;
}

/** True where an ordinary decision wants something held. */
function entersMarket(row: number, assets: number, targets: Floats, immediate: Uint8Array | null): boolean {
  for (let i = row; i < row + assets; i++)
    if (Math.abs(targets[i]!) > 0 && (immediate === null || immediate[i] !== 1)) return true;
  return false;
}

function checkSizes({ axes, targets, immediate, listed }: RebalancingInputs): void {
  const cells = axes.time.length * axes.assets.length;
  const planes = { "rebalancing targets": targets, "rebalancing immediate": immediate, "rebalancing listed": listed };
  for (const [where, plane] of Object.entries(planes))
    if (plane && plane.length !== cells)
      throw InputError.of({ where, rule: `must have ${cells} cells`, got: plane.length });
}
