/** One bar's trading at the open: which pending targets trade, how large, and what that does to cash.
 *  The only place where holdings and targets meet. */
import type { Floats } from "../core/panel.ts";
import type { AccountState } from "./account-state.ts";
import type { CostRates, ExecutionPolicy } from "./policy.ts";
import { postCostValue, valuePerWeight } from "./post-cost-value.ts";
import type { RebalanceScratch, StepContext, TradeTotals } from "./step-context.ts";
import { executeTrade } from "./trade.ts";

export interface RebalanceOutcome {
  /** Factor the cap put on the traded targets; 1 = not capped. */
  readonly leverageFactor: number;
  /** Share of the purchases that cash could pay were trading free; 1 = all. */
  readonly buyFactor: number;
  /** False when even closing would cost more than the book is worth, so that nothing was traded. */
  readonly affordable: boolean;
}

const UNTOUCHED: RebalanceOutcome = { leverageFactor: 1, buyFactor: 1, affordable: true };
/** Gross above the cap by less than this is rounding, not leverage. */
const CAP_TOLERANCE = 1e-9;

/**
 * Trades every pending target that has an open, and forgets it.
 *
 * @param state  units, cash and pending targets are updated in place
 * @param open   [T*N]
 * @param value  worth of the book at this open before trading, > 0
 * @param totals incremented by what was traded
 */
export function rebalance(
  state: AccountState,
  bar: number,
  open: Floats,
  value: number,
  context: StepContext,
  totals: TradeTotals,
): RebalanceOutcome {
  const { policy, rates, scratch } = context;
  const row = bar * state.units.length;
  const count = selectTraded(state, open, row, value, policy, scratch);
  if (count === 0) return UNTOUCHED;

  let grossWeight = 0;
  let untouchedGross = grossValue(state, open, row);
  for (let k = 0; k < count; k++) {
    grossWeight += Math.abs(scratch.weights[k]!);
    untouchedGross -= Math.abs(scratch.held[k]!);
  }
  if (untouchedGross < 1e-12 * value) untouchedGross = 0;

  let after = value;
  if (policy.sizing === "post_cost") {
    after = postCostValue(
      { value, weights: scratch.weights, held: scratch.held, count, untouchedGross, maxLeverage: policy.maxLeverage },
      rates,
    );
    if (after !== after) return { ...UNTOUCHED, affordable: false };
  }
  const perWeight = valuePerWeight(after, grossWeight, untouchedGross, policy.maxLeverage);
  for (let k = 0; k < count; k++) {
    scratch.trade[k] = scratch.weights[k]! * perWeight - scratch.held[k]!;
    state.pending[scratch.asset[k]!] = Number.NaN;
  }

  const buyFactor = policy.sizing === "pre_cost" ? fitToCash(state.cash, value, count, policy, rates, scratch) : 1;
  for (let k = 0; k < count; k++) {
    const n = scratch.asset[k]!;
    const price = open[row + n]!;
    const closes = scratch.weights[k] === 0 && scratch.trade[k] === -scratch.held[k]!;
    executeTrade(
      state,
      bar,
      n,
      closes ? -state.units[n]! : scratch.trade[k]! / price,
      price,
      "target",
      context,
      totals,
    );
  }
  const uncapped = after * (1 - CAP_TOLERANCE);
  return { leverageFactor: perWeight < uncapped ? perWeight / after : 1, buyFactor, affordable: true };
}

/** Fills scratch with the assets that trade at this open; targets below the threshold are met by holding. */
function selectTraded(
  state: AccountState,
  open: Floats,
  row: number,
  value: number,
  policy: ExecutionPolicy,
  scratch: RebalanceScratch,
): number {
  const { pending, units } = state;
  let candidates = 0;
  let grossWeight = 0;
  let untouchedGross = grossValue(state, open, row);
  for (let n = 0; n < units.length; n++) {
    const price = open[row + n]!;
    if (pending[n] !== pending[n] || price !== price) continue;
    scratch.asset[candidates++] = n;
    grossWeight += Math.abs(pending[n]!);
    untouchedGross -= Math.abs(units[n]! * price);
  }
  const factor = valuePerWeight(value, grossWeight, Math.max(0, untouchedGross), policy.maxLeverage) / value;

  let count = 0;
  for (let k = 0; k < candidates; k++) {
    const n = scratch.asset[k]!;
    const held = units[n]! * open[row + n]!;
    const target = pending[n]!;
    const closes = target === 0 && units[n] !== 0;
    if (closes || Math.abs(target * factor - held / value) >= policy.rebalanceThreshold) {
      scratch.asset[count] = n;
      scratch.weights[count] = target;
      scratch.held[count] = held;
      count++;
    } else pending[n] = Number.NaN;
  }
  return count;
}

/** Sum of |units * price| with the last mark standing in for a missing open. */
function grossValue(state: AccountState, open: Floats, row: number): number {
  let gross = 0;
  for (let n = 0; n < state.units.length; n++) {
    if (state.units[n] === 0) continue;
    const price = open[row + n]!;
    gross += Math.abs(state.units[n]! * (price === price ? price : state.mark[n]!));
  }
  return gross;
}

/**
 * Shrinks the buys in scratch.trade so that cash after all sells covers them.
 *
 * @returns share of the buys that cash could pay if trading were free; below 1 the targets themselves were too large
 */
function fitToCash(
  cash: number,
  value: number,
  count: number,
  policy: ExecutionPolicy,
  rates: CostRates,
  scratch: RebalanceScratch,
): number {
  const { trade } = scratch;
  const borrowable = policy.maxLeverage < Number.POSITIVE_INFINITY ? Math.max(0, policy.maxLeverage - 1) * value : 0;
  const buyTakes = (1 + rates.slippage) * (1 + rates.fee);
  let sold = 0;
  let bought = 0;
  for (let k = 0; k < count; k++) {
    if (trade[k]! < 0) sold -= trade[k]!;
    else bought += trade[k]!;
  }
  const available = Math.max(0, cash + borrowable + sold * (1 - rates.slippage) * (1 - rates.fee));
  if (bought * buyTakes <= available) return 1;

  if (policy.cashShortfall === "pro_rata") {
    const share = available / (bought * buyTakes);
    for (let k = 0; k < count; k++) if (trade[k]! > 0) trade[k]! *= share;
  } else {
    for (let k = 0; k < count; k++) scratch.order[k] = k;
    let left = available;
    for (const k of scratch.order.subarray(0, count).sort((a, b) => trade[a]! - trade[b]! || a - b)) {
      if (trade[k]! <= 0) continue;
      trade[k] = Math.min(trade[k]!, left / buyTakes);
      left = Math.max(0, left - trade[k]! * buyTakes);
    }
  }
  return Math.min(1, Math.max(0, cash + borrowable + sold) / bought);
}
