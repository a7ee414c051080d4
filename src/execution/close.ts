/** The close of a bar: marks, what is delisted, what carrying the positions costs, and the equity that is left. */
import type { AccountState } from "./account-state.ts";
import { ruinAccount } from "./ruin.ts";
import type { BarInputs, StepContext, TradeTotals } from "./step-context.ts";
import { executeTrade } from "./trade.ts";

export function settleClose(
  state: AccountState,
  t: number,
  inputs: BarInputs,
  context: StepContext,
  totals: TradeTotals,
): void {
  const { ledger } = context;
  const { units, mark } = state;
  const row = t * units.length;
  let gain = 0;
  for (let n = 0; n < units.length; n++) {
    const open = inputs.open[row + n]!;
    const filled = inputs.fill[row + n]!;
    const before = filled === filled ? filled : mark[n]!;
    const gone = markAsset(state, open, inputs.close[row + n]!, n, context.policy.delistAfterBars);
    if (units[n] !== 0) gain += units[n]! * (mark[n]! - before);
    if (gone) gain += delist(state, t, n, context, totals);
  }
  ledger.positionPnl[t] = ledger.positionPnl[t]! + gain;
  payCarry(state, t, inputs, context);

  let equity = state.cash;
  let gross = 0;
  for (let n = 0; n < units.length; n++) {
    if (units[n] === 0) continue;
    const worth = units[n]! * mark[n]!;
    equity += worth;
    gross += Math.abs(worth);
  }
  if (equity <= 0) {
    ruinAccount(state, t, equity, inputs.close, context);
    return;
  }
  state.equity = equity;
  ledger.grossExposure[t] = gross / equity;
  for (let n = 0; n < units.length; n++)
    if (units[n] !== 0) ledger.heldWeights[row + n] = (units[n]! * mark[n]!) / equity;
}

/** Updates the mark and the count of bars without a price; true on the bar that ends a listing. */
function markAsset(state: AccountState, open: number, close: number, n: number, delistAfterBars: number): boolean {
  const { mark, barsWithoutPrice } = state;
  if (close === close || open === open) {
    if (close === close) mark[n] = close;
    else if (mark[n] !== mark[n]) mark[n] = open;
    barsWithoutPrice[n] = 0;
    return false;
  }
  if (mark[n] !== mark[n]) return false;
  barsWithoutPrice[n] = barsWithoutPrice[n]! + 1;
  return barsWithoutPrice[n] === delistAfterBars;
}

/** Closes what is held at the last price less the haircut; returns the haircut as a (negative) gain. */
function delist(state: AccountState, t: number, n: number, context: StepContext, totals: TradeTotals): number {
  state.pending[n] = Number.NaN;
  const units = state.units[n]!;
  if (units === 0) return 0;
  const price = state.mark[n]! * (1 - context.policy.delistHaircut);
  executeTrade(state, { bar: t, asset: n, quantity: -units, price, impact: 0, reason: "delisting" }, context, totals);
  context.ledger.events.push({
    kind: "delisted",
    bar: t,
    asset: n,
    value: units * price,
    detail: `closed at its last price after ${context.policy.delistAfterBars} bars without one`,
  });
  return units * (price - state.mark[n]!);
}

/** Funding on every position and the fee for borrowing short ones, on the notional at the close. */
function payCarry(state: AccountState, t: number, inputs: BarInputs, context: StepContext): void {
  const { borrowPerBar } = context.schedule;
  const { fundingRate } = inputs;
  if (fundingRate === null && borrowPerBar === 0) return;
  const row = t * state.units.length;
  let funding = 0;
  let borrow = 0;
  for (let n = 0; n < state.units.length; n++) {
    if (state.units[n] === 0) continue;
    const worth = state.units[n]! * state.mark[n]!;
    const rate = fundingRate === null ? 0 : fundingRate[row + n]!;
    if (rate === rate) funding += worth * rate;
    if (worth < 0) borrow -= worth * borrowPerBar;
  }
  context.ledger.funding[t] = funding;
  context.ledger.borrow[t] = borrow;
  state.cash -= funding + borrow;
}
