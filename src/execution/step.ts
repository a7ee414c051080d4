/** One bar of an account: adopt the last close's decisions, trade at the fill price, settle at the close.
 *  Nothing here looks at a later row than its own. */
import type { AccountEvent } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import type { AccountState } from "./account-state.ts";
import { settleClose } from "./close.ts";
import type { ExecutionPolicy } from "./policy.ts";
import { type RebalanceOutcome, rebalance } from "./rebalance.ts";
import { ruinAccount } from "./ruin.ts";
import type { BarInputs, StepContext, TradeTotals } from "./step-context.ts";

export function stepAccount(state: AccountState, t: number, inputs: BarInputs, context: StepContext): void {
  const { ledger } = context;
  const totals: TradeTotals = { fees: 0, slippage: 0, impact: 0, notional: 0 };
  let valueBefore = state.equity;
  if (!state.ruined && t > 0) {
    adoptDecisions(state, inputs.targets, (t - 1) * state.units.length, context.policy);
    valueBefore = valueAt(state, inputs.fill, t * state.units.length);
    ledger.positionPnl[t] = valueBefore - state.equity;
    if (valueBefore <= 0) ruinAccount(state, t, valueBefore, inputs.fill, context);
    else recordOutcome(rebalance(state, t, inputs.fill, valueBefore, context, totals), t, ledger.events);
  }
  if (!state.ruined) settleClose(state, t, inputs, context, totals);
  ledger.turnover[t] = totals.notional === 0 ? 0 : totals.notional / valueBefore;
  ledger.fees[t] = totals.fees;
  ledger.slippage[t] = totals.slippage;
  ledger.impact[t] = totals.impact;
  ledger.equity[t] = state.equity;
  ledger.cash[t] = state.cash;
}

/** A newer decision replaces the pending one; a signal that only repeats itself leaves its own order at work. */
function adoptDecisions(state: AccountState, targets: Floats, row: number, policy: ExecutionPolicy): void {
  for (let n = 0; n < state.pending.length; n++) {
    const target = targets[row + n]!;
    if (target !== target) continue;
    const repeats = state.working[n] === 1 && Math.sign(target) === Math.sign(state.pending[n]!);
    if (repeats && policy.executionMode === "signals") continue;
    state.pending[n] = target;
    state.working[n] = 0;
  }
}

/** Worth of the book at these prices; the last mark stands in for a missing one. */
function valueAt(state: AccountState, prices: Floats, row: number): number {
  let value = state.cash;
  for (let n = 0; n < state.units.length; n++) {
    if (state.units[n] === 0) continue;
    const price = prices[row + n]!;
    value += state.units[n]! * (price === price ? price : state.mark[n]!);
  }
  return value;
}

function recordOutcome(outcome: RebalanceOutcome, t: number, events: AccountEvent[]): void {
  const event = (kind: AccountEvent["kind"], value: number, detail: string) =>
    events.push({ kind, bar: t, asset: -1, value, detail });
  if (!outcome.affordable)
    event("unaffordable", 0, "closing would cost more than the book is worth; nothing was traded");
  if (outcome.leverageFactor < 1)
    event("leverage_capped", outcome.leverageFactor, "targets were scaled by this factor to stay under the cap");
  if (outcome.buyFactor < 1 - 1e-9)
    event("cash_shortfall", outcome.buyFactor, "share of the wanted purchases that cash could pay");
  if (outcome.limited > 0)
    event(
      "participation_limited",
      outcome.limited,
      "assets of which the market could take only a part; the rest waits",
    );
}
