/** One bar's trading: which pending targets trade, how large, and what that does to cash.
 *  The only place where holdings and targets meet. */
import type { FillReason } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import type { AccountState } from "./account-state.ts";
import { fitToCash } from "./fit-to-cash.ts";
import type { ExecutionPolicy } from "./policy.ts";
import { limitedTrade, postCostValue, ROOM_TOLERANCE, valuePerWeight } from "./post-cost-value.ts";
import type { RebalanceScratch, StepContext, TradeTotals } from "./step-context.ts";
import { executeTrade } from "./trade.ts";
import { impactFraction } from "./trade-cost.ts";

export interface RebalanceOutcome {
  /** Factor the cap put on the traded targets; 1 = not capped. */
  readonly leverageFactor: number;
  /** Share of the purchases that cash could pay were trading free; 1 = all. */
  readonly buyFactor: number;
  /** Assets of which only a part could be traded. */
  readonly limited: number;
  /** False when even closing would cost more than the book is worth, so that nothing was traded. */
  readonly affordable: boolean;
}

const UNTOUCHED: RebalanceOutcome = { leverageFactor: 1, buyFactor: 1, limited: 0, affordable: true };
/** Gross above the cap by less than this is rounding, not leverage. */
const CAP_TOLERANCE = 1e-9;

/** When and why a bar's trading happens. */
export interface Occasion {
  readonly bar: number;
  /** [T*N] at which trades are filled. */
  readonly prices: Floats;
  /** Worth of the book at them before trading, > 0. */
  readonly value: number;
  readonly reason: FillReason;
}

/**
 * Trades every pending target that has a price, and forgets it; what a participation limit leaves over stays pending.
 *
 * @param state  units, cash and pending targets are updated in place
 * @param totals incremented by what was traded
 */
export function rebalance(
  state: AccountState,
  { bar, prices, value, reason }: Occasion,
  context: StepContext,
  totals: TradeTotals,
): RebalanceOutcome {
  const { policy, scratch } = context;
  const row = bar * state.units.length;
  const count = selectTraded(state, prices, row, value, context);
  if (count === 0) return UNTOUCHED;

  let grossWeight = 0;
  let untouchedGross = grossValue(state, prices, row);
  for (let k = 0; k < count; k++) {
    const fraction = scratch.fraction[k]!;
    grossWeight += fraction * Math.abs(scratch.weights[k]!);
    untouchedGross -= fraction * Math.abs(scratch.held[k]!);
  }
  if (untouchedGross < 1e-12 * value) untouchedGross = 0;

  const { maxLeverage, sizing } = policy;
  const { minFee } = policy.costs;
  const problem = { value, count, grossWeight, untouchedGross, maxLeverage, minFee };
  const after = sizing === "post_cost" ? postCostValue(problem, scratch) : value;
  if (after !== after) return { ...UNTOUCHED, affordable: false };
  const perWeight = valuePerWeight(after, grossWeight, untouchedGross, maxLeverage);
  let limited = 0;
  for (let k = 0; k < count; k++) {
    const goal = scratch.weights[k]! * perWeight;
    scratch.goal[k] = goal;
    scratch.trade[k] = limitedTrade(scratch, k, goal);
    const whole = scratch.fraction[k]! * Math.abs(goal - scratch.held[k]!) <= scratch.limit[k]!;
    settlePending(state, k, scratch, whole);
    if (!whole) limited++;
  }
  if (limited > 0) trimToCap(state, maxLeverage * after - untouchedGross, count, scratch);

  const buyFactor = sizing === "pre_cost" ? fitToCash(state.cash, value, count, policy, scratch) : 1;
  for (let k = 0; k < count; k++) {
    const n = scratch.asset[k]!;
    const price = prices[row + n]!;
    const trade = scratch.trade[k]!;
    const closes = trade === -scratch.held[k]!;
    const quantity = closes ? -state.units[n]! : trade / price;
    const impact = impactFraction(scratch.impactScale[k]!, Math.abs(trade));
    executeTrade(state, { bar, asset: n, quantity, price, impact, reason }, context, totals);
  }
  const uncapped = after * (1 - CAP_TOLERANCE);
  return { leverageFactor: perWeight < uncapped ? perWeight / after : 1, buyFactor, limited, affordable: true };
}

/** Forgets a target that is met, and keeps the one of which a part is still to be traded. */
function settlePending(state: AccountState, k: number, scratch: RebalanceScratch, met: boolean): void {
  const n = scratch.asset[k]!;
  const fraction = scratch.fraction[k]!;
  if (met) {
    state.pending[n] = Number.NaN;
    state.working[n] = 0;
    state.slicing[n] = fraction < 1 ? 1 : 0;
    return;
  }
  const distance = scratch.goal[k]! - scratch.held[k]!;
  const traded = scratch.trade[k]!;
  state.pending[n] = scratch.weights[k]!;
  state.fraction[n] = (fraction * distance - traded) / (distance - traded);
  state.working[n] = 1;
}

/**
 * Sales that a limit holds back leave less room under the cap: shrinks whatever enlarges a position by one factor, the
 * rest of which waits for them.
 *
 * @param room gross value the traded assets may have in all
 */
function trimToCap(state: AccountState, room: number, count: number, scratch: RebalanceScratch): void {
  if (room === Number.POSITIVE_INFINITY) return;
  let base = 0;
  let growth = 0;
  for (let k = 0; k < count; k++) {
    const before = Math.abs(scratch.held[k]!);
    const change = Math.abs(scratch.held[k]! + scratch.trade[k]!) - before;
    base += change > 0 ? before : before + change;
    growth += Math.max(0, change);
  }
  if (growth === 0 || base + growth <= room * (1 + ROOM_TOLERANCE)) return;
  const share = Math.max(0, room - base) / growth;
  for (let k = 0; k < count; k++) {
    const held = scratch.held[k]!;
    const after = held + scratch.trade[k]!;
    const change = Math.abs(after) - Math.abs(held);
    if (change <= 0) continue;
    scratch.trade[k] = Math.sign(after) * (Math.abs(held) + share * change) - held;
    settlePending(state, k, scratch, false);
  }
}

/** Fills scratch with the assets that trade now; targets below the threshold are met by holding. */
function selectTraded(state: AccountState, prices: Floats, row: number, value: number, context: StepContext): number {
  const { policy, schedule, scratch } = context;
  const { pending, fraction, working, slicing, units } = state;
  const { liquidity } = schedule;
  const known = row - units.length;
  let candidates = 0;
  let grossWeight = 0;
  let untouchedGross = grossValue(state, prices, row);
  for (let n = 0; n < units.length; n++) {
    const price = prices[row + n]!;
    if (pending[n] !== pending[n] || price !== price) continue;
    if (liquidity !== null && Number.isNaN(liquidity.impactScale[known + n]! + liquidity.limit[known + n]!)) continue;
    scratch.asset[candidates++] = n;
    grossWeight += fraction[n]! * Math.abs(pending[n]!);
    untouchedGross -= fraction[n]! * Math.abs(units[n]! * price);
  }
  const share = valuePerWeight(value, grossWeight, Math.max(0, untouchedGross), policy.maxLeverage) / value;
  // weights that sum to the cap but for rounding are not capped, or a target of just the threshold would not be traded
  const factor = share > 1 - ROOM_TOLERANCE ? 1 : share;

  let count = 0;
  for (let k = 0; k < candidates; k++) {
    const n = scratch.asset[k]!;
    const held = units[n]! * prices[row + n]!;
    const target = working[n] === 1 ? pending[n]! : tradedTarget(pending[n]!, units[n]!, policy);
    const closes = target === 0 && units[n] !== 0;
    const slice = fraction[n]! < 1 || slicing[n] === 1;
    const exempt = closes || slice || working[n] === 1 || policy.executionMode === "signals";
    const drift = Math.abs(target * factor * value - held);
    if (target !== target || !(exempt || drift >= policy.rebalanceThreshold * value)) {
      pending[n] = Number.NaN;
      continue;
    }
    scratch.asset[count] = n;
    scratch.weights[count] = target;
    scratch.held[count] = held;
    scratch.fraction[count] = fraction[n]!;
    scratch.fee[count] = schedule.fee[n]!;
    scratch.slippage[count] = schedule.slippage[n]!;
    scratch.impactScale[count] = liquidity === null ? 0 : liquidity.impactScale[known + n]!;
    scratch.limit[count] = liquidity === null ? Number.POSITIVE_INFINITY : liquidity.limit[known + n]!;
    count++;
  }
  return count;
}

/** The target to trade towards; NaN = hold. */
function tradedTarget(target: number, units: number, policy: ExecutionPolicy): number {
  if (policy.executionMode === "orders") return target;
  const held = Math.sign(units);
  const wanted = Math.sign(target);
  if (wanted === held) return Number.NaN;
  if (held === 0 || wanted === 0 || policy.uponOppositeEntry === "reverse") return target;
  return policy.uponOppositeEntry === "close" ? 0 : Number.NaN;
}

/** Sum of |units * price| with the last mark standing in for a missing price. */
function grossValue(state: AccountState, prices: Floats, row: number): number {
  let gross = 0;
  for (let n = 0; n < state.units.length; n++) {
    if (state.units[n] === 0) continue;
    const price = prices[row + n]!;
    gross += Math.abs(state.units[n]! * (price === price ? price : state.mark[n]!));
  }
  return gross;
}
