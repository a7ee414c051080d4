/** One bar of an account. Nothing here looks at a later row than its own. */
import type { AccountEvent } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import type { AccountState } from "./account-state.ts";
import { type RebalanceOutcome, rebalance } from "./rebalance.ts";
import type { BarInputs, StepContext, TradeTotals } from "./step-context.ts";
import { executeTrade } from "./trade.ts";

/** One bar: adopt the last close's decisions, trade at the open, close what is delisted, mark at the close. */
export function stepAccount(state: AccountState, t: number, inputs: BarInputs, context: StepContext): void {
  const { ledger } = context;
  const row = t * state.units.length;
  const totals: TradeTotals = { fees: 0, slippage: 0, notional: 0 };
  if (!state.ruined && t > 0) {
    adoptDecisions(state, inputs.targets, row - state.units.length);
    const value = valueAtOpen(state, inputs.open, row);
    ledger.positionPnl[t]! += value - state.equity;
    if (value <= 0) ruin(state, t, value, inputs.open, row, context);
    else {
      const outcome = rebalance(state, t, inputs.open, value, context, totals);
      recordOutcome(outcome, t, ledger.events);
      ledger.turnover[t] = totals.notional / value;
    }
  }
  if (!state.ruined) markAtClose(state, t, inputs, context, totals);
  ledger.fees[t] = totals.fees;
  ledger.slippage[t] = totals.slippage;
  ledger.equity[t] = state.equity;
  ledger.cash[t] = state.cash;
}

function adoptDecisions(state: AccountState, targets: Floats, row: number): void {
  for (let n = 0; n < state.pending.length; n++) {
    const target = targets[row + n]!;
    if (target === target) state.pending[n] = target;
  }
}

function valueAtOpen(state: AccountState, open: Floats, row: number): number {
  let value = state.cash;
  for (let n = 0; n < state.units.length; n++) {
    if (state.units[n] === 0) continue;
    const price = open[row + n]!;
    value += state.units[n]! * (price === price ? price : state.mark[n]!);
  }
  return value;
}

function markAtClose(
  state: AccountState,
  t: number,
  inputs: BarInputs,
  context: StepContext,
  totals: TradeTotals,
): void {
  const { ledger, policy } = context;
  const { units, mark, barsWithoutPrice } = state;
  const row = t * units.length;
  const tradedValue = valueAtOpen(state, inputs.open, row);
  let delistingCosts = totals.fees + totals.slippage;
  for (let n = 0; n < units.length; n++) {
    const open = inputs.open[row + n]!;
    const close = inputs.close[row + n]!;
    if (close === close) {
      mark[n] = close;
      barsWithoutPrice[n] = 0;
    } else if (open === open) {
      if (mark[n] !== mark[n]) mark[n] = open;
      barsWithoutPrice[n] = 0;
    } else if (mark[n] === mark[n] && ++barsWithoutPrice[n]! === policy.delistAfterBars)
      delist(state, t, n, context, totals);
  }
  delistingCosts = totals.fees + totals.slippage - delistingCosts;

  let equity = state.cash;
  let gross = 0;
  for (let n = 0; n < units.length; n++) {
    if (units[n] === 0) continue;
    const worth = units[n]! * mark[n]!;
    equity += worth;
    gross += Math.abs(worth);
  }
  ledger.positionPnl[t]! += equity - tradedValue + delistingCosts;
  if (equity <= 0) {
    ruin(state, t, equity, inputs.close, row, context);
    return;
  }
  state.equity = equity;
  ledger.grossExposure[t] = gross / equity;
  for (let n = 0; n < units.length; n++)
    if (units[n] !== 0) ledger.heldWeights[row + n] = (units[n]! * mark[n]!) / equity;
}

function delist(state: AccountState, t: number, n: number, context: StepContext, totals: TradeTotals): void {
  state.pending[n] = Number.NaN;
  const units = state.units[n]!;
  if (units === 0) return;
  const price = state.mark[n]! * (1 - context.policy.delistHaircut);
  executeTrade(state, t, n, -units, price, "delisting", context, totals);
  context.ledger.events.push({
    kind: "delisted",
    bar: t,
    asset: n,
    value: units * price,
    detail: `closed at its last price after ${context.policy.delistAfterBars} bars without one`,
  });
}

/** Ends the account: everything is closed without cost, equity is zero for good, the rest is written off. */
function ruin(state: AccountState, t: number, value: number, prices: Floats, row: number, context: StepContext): void {
  for (let n = 0; n < state.units.length; n++) {
    if (state.units[n] !== 0) {
      const price = prices[row + n]!;
      context.fills.add(t, n, -state.units[n]!, price === price ? price : state.mark[n]!, 0, 0, "ruin");
    }
    state.units[n] = 0;
    state.pending[n] = Number.NaN;
  }
  state.cash = 0;
  state.equity = 0;
  state.ruined = true;
  context.ledger.ruinBar = t;
  context.ledger.writeOff[t] = 0 - value;
  context.ledger.events.push({
    kind: "ruin",
    bar: t,
    asset: -1,
    value,
    detail: "equity was used up; the account is flat from here on",
  });
}

function recordOutcome(outcome: RebalanceOutcome, t: number, events: AccountEvent[]): void {
  const event = (kind: AccountEvent["kind"], value: number, detail: string) =>
    events.push({ kind, bar: t, asset: -1, value, detail });
  if (!outcome.affordable)
    event("cash_shortfall", 0, "closing would cost more than the book is worth; nothing was traded");
  if (outcome.leverageFactor < 1)
    event("leverage_capped", outcome.leverageFactor, "targets were scaled by this factor to stay under the cap");
  if (outcome.buyFactor < 1 - 1e-9)
    event("cash_shortfall", outcome.buyFactor, "share of the wanted purchases that cash could pay");
}
