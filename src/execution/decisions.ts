/** What becomes of the last close's decisions before anything is traded: taken over, refused or dropped. */
import { OUTSIDE_PLANS, type PlanGate } from "../core/contracts.ts";
import type { AccountState } from "./account-state.ts";
import type { ExecutionPolicy } from "./policy.ts";
import type { BarInputs, StepContext } from "./step-context.ts";

/**
 * A newer decision replaces the pending one; a signal that only repeats itself leaves its own order at work. After a
 * stop, decisions of the sign that was stopped do not count until another came.
 *
 * @param row cell at which the deciding bar begins
 */
export function adoptDecisions(state: AccountState, inputs: BarInputs, row: number, policy: ExecutionPolicy): void {
  const { pending, fraction, working, stoppedSign } = state;
  const { targets, moves } = inputs;
  for (let n = 0; n < pending.length; n++) {
    const target = targets[row + n]!;
    if (target !== target) continue;
    if (stoppedSign[n] !== 0) {
      if (Math.sign(target) === stoppedSign[n]) continue;
      stoppedSign[n] = 0;
    }
    const repeats = working[n] === 1 && Math.sign(target) === Math.sign(pending[n]!);
    if (repeats && policy.executionMode === "signals") continue;
    const move = moves === null ? 1 : moves.fraction[row + n]!;
    fraction[n] = move === move ? move : 1;
    pending[n] = fraction[n] === 0 ? Number.NaN : target;
    working[n] = 0;
  }
}

/** A book that sits out sells what it holds and takes no decision; plans that would open now are dropped whole. */
export function leaveMarket(state: AccountState, { moves }: BarInputs, row: number): void {
  const { units, pending, fraction, planDropped } = state;
  for (let n = 0; n < units.length; n++) {
    pending[n] = units[n] === 0 ? Number.NaN : 0;
    fraction[n] = 1;
  }
  const gate = moves?.gate;
  if (!gate) return;
  for (let n = 0; n < units.length; n++) if (gate.opening[row + n] !== 0) planDropped[n] = 1;
}

/**
 * Weighs the plans that open with the decisions of `row`, and drops what belongs to plans that were dropped.
 *
 * @param bar   at whose fill prices holdings are valued; the last mark stands in for a missing one
 * @param value worth of the book at them, > 0
 */
export function gatePlans(
  state: AccountState,
  bar: number,
  inputs: BarInputs,
  value: number,
  { ledger, scratch }: StepContext,
): void {
  const gate = inputs.moves?.gate;
  if (!gate) return;
  const assets = state.units.length;
  const row = (bar - 1) * assets;
  const counted = scratch.order;
  for (let n = 0; n < assets; n++) {
    const decided = inputs.targets[row + n] === inputs.targets[row + n];
    counted[n] = decided && state.stoppedSign[n] === 0 ? 1 : 0;
  }
  for (let n = 0; n < assets; n++) {
    const plan = gate.opening[row + n]!;
    if (plan === OUTSIDE_PLANS) state.planDropped[n] = 0;
    if (plan === 0 || plan === OUTSIDE_PLANS || isOpenedBefore(gate, row, n)) continue;
    let drift = 0;
    for (let m = n; m < assets; m++) {
      if (gate.opening[row + m] !== plan || counted[m] === 0) continue;
      const price = inputs.fill[bar * assets + m]!;
      const held = state.units[m] === 0 ? 0 : state.units[m]! * (price === price ? price : state.mark[m]!);
      const distance = Math.abs(inputs.targets[row + m]! - held / value);
      drift = gate.measure === "max" ? Math.max(drift, distance) : drift + distance;
    }
    const dropped = !(drift >= gate.threshold);
    for (let m = n; m < assets; m++) if (gate.opening[row + m] === plan) state.planDropped[m] = dropped ? 1 : 0;
    if (dropped && gate.quiet?.[row + n] !== 1)
      ledger.events.push({
        kind: "plan_dropped",
        bar,
        asset: -1,
        value: drift,
        detail: `drift (${gate.measure}) was below the plan's threshold ${gate.threshold}`,
      });
  }
  for (let n = 0; n < assets; n++)
    if (counted[n] === 1 && state.planDropped[n] === 1) {
      state.pending[n] = Number.NaN;
      state.working[n] = 0;
    }
}

/** True where an earlier asset of the row belongs to the same plan. */
function isOpenedBefore({ opening }: PlanGate, row: number, n: number): boolean {
  for (let m = 0; m < n; m++) if (opening[row + m] === opening[row + n]) return true;
  return false;
}
