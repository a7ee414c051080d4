/** What becomes of the bar's decisions once it is known which changes hold: they fall due for a plan, wait, or are
 *  forgotten because the change they were part of was taken back. */
import { isPending } from "./debounce.ts";
import { dropEmptyPlans, type RebalancingBar } from "./plans.ts";
import { OUTCOME, type RebalancingState } from "./rebalancing-state.ts";
import { BOOK, isInScope, SAME_WEIGHT, weightChange } from "./scope.ts";

/** Confirmed values become what plans go for. Assets of plans that a change concerns leave them, and fall due too. */
export function acceptChanges(bar: RebalancingBar): void {
  const { state } = bar;
  const { outcome } = state;
  for (let scope = 0; scope < outcome.length; scope++) if (outcome[scope] === OUTCOME.confirmed) takeOver(bar, scope);
  acceptRepeats(bar);
}

function takeOver(bar: RebalancingBar, scope: number): void {
  const { t, state, policy } = bar;
  const { standing, confirmed, freshSince, dueSince, dueChange, plan, quiet, entering, local, outcome } = state;
  let waiting = false;
  let running = false;
  let met = false;
  let enters = false;
  for (let n = 0; n < standing.length; n++) {
    if (!isInScope(n, scope, policy)) continue;
    waiting ||= dueSince[n]! >= 0;
    const inPlan = plan[n] !== 0;
    if (inPlan && quiet[plan[n]! - 1] === 0) running = true;
    if (inPlan || freshSince[n]! >= 0) {
      const changes = Math.abs(weightChange(standing[n]!, confirmed[n]!)) > SAME_WEIGHT;
      fallDue(state, n, freshSince[n]! >= 0 ? freshSince[n]! : t);
      if (changes) dueChange[n] = 1;
    }
    met ||= inPlan;
    enters ||= inPlan && entering[plan[n]! - 1] === 1;
    plan[n] = 0;
    confirmed[n] = standing[n]!;
    freshSince[n] = -1;
  }
  if (met) dropEmptyPlans(bar, scope === BOOK ? "a global change takes its place" : "a change takes its place");
  if (running) outcome[scope] = OUTCOME.redirected;
  entering[scope] = enters ? 1 : 0;
  if (scope === BOOK) local.fill(0);
  else if (!waiting) local[scope - 1] = 1;
}

/** Decisions outside any change: what repeats a confirmed weight falls due, where no plan is at it already. */
function acceptRepeats({ state, policy }: RebalancingBar): void {
  const { standing, confirmed, freshSince, plan, outcome } = state;
  for (let n = 0; n < standing.length; n++) {
    if (freshSince[n]! < 0) continue;
    const group = policy.groupOf[n]!;
    if (isPending(state, group)) continue;
    const reverted = outcome[BOOK] === OUTCOME.reverted || outcome[group + 1] === OUTCOME.reverted;
    if (!reverted) {
      confirmed[n] = standing[n]!;
      if (plan[n] === 0) fallDue(state, n, freshSince[n]!);
    }
    freshSince[n] = -1;
  }
}

/** The first decision that waits is what the wait is counted from. */
function fallDue({ dueSince }: RebalancingState, n: number, since: number): void {
  if (dueSince[n]! < 0) dueSince[n] = since;
}
