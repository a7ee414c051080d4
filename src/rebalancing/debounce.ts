/** Changes that must hold for some closes before they count, so that a model that changes its mind does not trade.
 *  The close at which a change is seen is the first; the last one confirms it. Another value begins the count anew, and
 *  the old value back ends it. A change of the whole book takes over whatever is pending inside groups. */
import type { RebalancingEvent } from "../core/rebalancing-record.ts";
import type { RebalancingPolicy } from "./rebalancing-policy.ts";
import { OUTCOME, type RebalancingState } from "./rebalancing-state.ts";
import { BOOK, compareScopes, counted, describeChange, scopeName } from "./scope.ts";

export type RebalancingLog = (event: RebalancingEvent) => void;

/**
 * Counts one more close for what is pending and says what came of it. With `debounceBars` 1 a change is confirmed as
 * it comes.
 *
 * @param state `held` and `outcome` are updated; values stay as they are
 */
export function countCloses(state: RebalancingState, t: number, policy: RebalancingPolicy, log: RebalancingLog): void {
  const { held, outcome, movedAt, differs } = state;
  const groups = movedAt.length;
  outcome.fill(OUTCOME.none);
  const wasGlobal = held[BOOK]! > 0;
  if (compareScopes(state, policy)) {
    let moved = false;
    let was = wasGlobal;
    for (let g = 0; g < groups; g++) {
      moved ||= movedAt[g] === t;
      was ||= held[g + 1]! > 0;
      held[g + 1] = 0;
    }
    held[BOOK] = wasGlobal && !moved ? held[BOOK]! + 1 : 1;
    settle(state, t, BOOK, was, policy, log);
    return;
  }
  held[BOOK] = 0;
  let lives = false;
  for (let g = 0; g < groups; g++) {
    const scope = g + 1;
    const was = held[scope]! > 0;
    if (differs[g] === 1) {
      lives = true;
      held[scope] = was && movedAt[g] !== t ? held[scope]! + 1 : 1;
      settle(state, t, scope, was || wasGlobal, policy, log);
    } else if (was) revert(state, t, scope, policy, log);
  }
  if (!wasGlobal) return;
  if (lives) outcome[BOOK] = OUTCOME.reverted;
  else revert(state, t, BOOK, policy, log);
}

/** True while a change of the group or of the whole book is pending. */
export function isPending({ held }: RebalancingState, group: number): boolean {
  return held[BOOK]! > 0 || held[group + 1]! > 0;
}

function settle(
  state: RebalancingState,
  t: number,
  scope: number,
  wasPending: boolean,
  policy: RebalancingPolicy,
  log: RebalancingLog,
): void {
  const { debounceBars } = policy;
  const { held, outcome } = state;
  const closes = held[scope]!;
  const name = scopeName(scope, policy);
  if (closes >= debounceBars) {
    held[scope] = 0;
    outcome[scope] = OUTCOME.confirmed;
    if (debounceBars === 1) return;
    const detail = `a change of ${describeChange(state, scope, policy)} held for ${counted(closes, "close")}`;
    log({ kind: "confirmed", bar: t, scope: name, detail });
  } else if (closes === 1) {
    const detail = `a change of ${describeChange(state, scope, policy)}: close 1 of ${debounceBars}`;
    log({ kind: wasPending ? "restarted" : "pending", bar: t, scope: name, detail });
  }
}

function revert(
  state: RebalancingState,
  t: number,
  scope: number,
  policy: RebalancingPolicy,
  log: RebalancingLog,
): void {
  state.held[scope] = 0;
  state.outcome[scope] = OUTCOME.reverted;
  const detail = `back before ${counted(policy.debounceBars, "close")} confirmed it`;
  log({ kind: "reverted", bar: t, scope: scopeName(scope, policy), detail });
}
