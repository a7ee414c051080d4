/** What a change concerns: the whole book where the summed weight of a group changed (and always where there are no
 *  groups), else the groups inside which weights moved. */
import type { RebalancingPolicy } from "./rebalancing-policy.ts";
import type { RebalancingState } from "./rebalancing-state.ts";

/** Weights this close are the same, so that rounding in a sum is no change. */
export const SAME_WEIGHT = 1e-9;

/** Position of the whole book among scopes; group g is at g + 1. */
export const BOOK = 0;

/** A weight that was never decided is nothing held. */
export function weightChange(to: number, from: number): number {
  return (to === to ? to : 0) - (from === from ? from : 0);
}

/**
 * Compares the standing values with the confirmed ones.
 *
 * @param state `shift` and `differs` are written in full
 * @returns true where the difference concerns the whole book
 */
export function compareScopes(state: RebalancingState, { groups, groupOf }: RebalancingPolicy): boolean {
  const { standing, confirmed, shift, differs } = state;
  shift.fill(0);
  differs.fill(0);
  for (let n = 0; n < standing.length; n++) {
    const change = weightChange(standing[n]!, confirmed[n]!);
    if (change === 0) continue;
    const group = groupOf[n]!;
    shift[group] = shift[group]! + change;
    if (Math.abs(change) > SAME_WEIGHT) differs[group] = 1;
  }
  if (groups.length === 0) return differs[0] === 1;
  for (let g = 0; g < shift.length; g++) if (Math.abs(shift[g]!) > SAME_WEIGHT) return true;
  return false;
}

export function scopeName(scope: number, { groups }: RebalancingPolicy): string {
  return scope === BOOK || groups.length === 0 ? "global" : groups[scope - 1]!;
}

/** True where asset n is in the scope. */
export function isInScope(n: number, scope: number, { groupOf }: RebalancingPolicy): boolean {
  return scope === BOOK || groupOf[n] === scope - 1;
}

/** "0.2 in all over 2 assets": sum |standing - confirmed| in the scope. */
export function describeChange(state: RebalancingState, scope: number, policy: RebalancingPolicy): string {
  let total = 0;
  let assets = 0;
  for (let n = 0; n < state.standing.length; n++) {
    const change = Math.abs(weightChange(state.standing[n]!, state.confirmed[n]!));
    if (!isInScope(n, scope, policy) || change <= SAME_WEIGHT) continue;
    total += change;
    assets++;
  }
  return `${Number(total.toPrecision(6))} in all over ${counted(assets, "asset")}`;
}

/** "1 asset", "2 assets" */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
