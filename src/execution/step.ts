/** One bar of an account: adopt the last close's decisions, trade at the fill price, settle at the close.
 *  Nothing here looks at a later row than its own. */
import type { AccountEvent } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import type { AccountState } from "./account-state.ts";
import { settleClose } from "./close.ts";
import { adoptDecisions, gatePlans, leaveMarket } from "./decisions.ts";
import { watchEquity } from "./guards.ts";
import { protectAtOpen, protectInBar } from "./protect.ts";
import { type RebalanceOutcome, rebalance } from "./rebalance.ts";
import { ruinAccount } from "./ruin.ts";
import type { BarInputs, StepContext, TradeTotals } from "./step-context.ts";

export function stepAccount(state: AccountState, t: number, inputs: BarInputs, context: StepContext): void {
  const { ledger } = context;
  const totals: TradeTotals = { fees: 0, slippage: 0, impact: 0, notional: 0, liquidationLoss: 0 };
  const valueBefore = !state.ruined && t > 0 ? tradeBar(state, t, inputs, context, totals) : state.equity;
  if (!state.ruined) settleClose(state, t, inputs, context, totals);
  if (!state.ruined) watchEquity(state, t, context);
  ledger.turnover[t] = totals.notional === 0 ? 0 : totals.notional / valueBefore;
  ledger.fees[t] = totals.fees;
  ledger.slippage[t] = totals.slippage;
  ledger.impact[t] = totals.impact;
  ledger.liquidationLoss[t] = totals.liquidationLoss;
  ledger.equity[t] = state.equity;
  ledger.cash[t] = state.cash;
}

/**
 * Everything of a bar before its close. Resting exits that the open has passed come first, then the decisions, then
 * the exits that the rest of the bar meets; where decisions are filled at the close, all exits come before them.
 *
 * @returns worth of the book before the decisions were traded; of the last close where nothing was left of it
 */
function tradeBar(
  state: AccountState,
  t: number,
  inputs: BarInputs,
  context: StepContext,
  totals: TradeTotals,
): number {
  const { ledger, policy } = context;
  const known = (t - 1) * state.units.length;
  const valueAtClose = state.equity;
  const sitsOut = state.flatBarsLeft > 0;
  if (sitsOut) leaveMarket(state, inputs, known);
  else adoptDecisions(state, inputs, known, policy);
  protectAtOpen(state, t, inputs, context, totals);
  if (policy.priceType === "next_close") protectInBar(state, t, inputs, context, totals);

  const value = valueAt(state, inputs.fill, t * state.units.length);
  const paid = totals.fees + totals.slippage + totals.impact + totals.liquidationLoss;
  ledger.positionPnl[t] = value - valueAtClose + paid;
  if (value <= 0) {
    ruinAccount(state, t, value, inputs.fill, context);
    return valueAtClose;
  }
  if (!sitsOut) gatePlans(state, t, inputs, value, context);
  const reason = sitsOut ? "kill_switch" : "target";
  recordOutcome(rebalance(state, { bar: t, prices: inputs.fill, value, reason }, context, totals), t, ledger.events);
  if (policy.priceType === "next_open")
    ledger.positionPnl[t] = ledger.positionPnl[t]! + protectInBar(state, t, inputs, context, totals);
  return value;
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
