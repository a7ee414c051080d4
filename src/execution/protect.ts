/** Exits that rest in the market: stops, take profits and liquidations. They only ever reduce a position to nothing,
 *  are charged like any trade (a liquidation instead takes the whole margin), and never wait for a participation cap.
 *
 *  A bar without an open trades nothing, these included; where high or low is missing, open and close bound the bar.
 *  Within a bar the adverse side is taken to come first, of several levels there the one the price meets first. */
import type { FillReason } from "../core/contracts.ts";
import type { AccountState } from "./account-state.ts";
import type { BarInputs, StepContext, TradeTotals } from "./step-context.ts";
import { closeForFree, executeTrade } from "./trade.ts";
import { impactFraction } from "./trade-cost.ts";

/** The open itself may be beyond a level: it is then the price. A margin that is used up at the open is lost. */
export function protectAtOpen(
  state: AccountState,
  bar: number,
  inputs: BarInputs,
  context: StepContext,
  totals: TradeTotals,
): void {
  if (!isProtected(context)) return;
  const row = bar * state.units.length;
  for (let n = 0; n < state.units.length; n++) {
    const open = inputs.open[row + n]!;
    if (state.units[n] === 0 || open !== open) continue;
    armAtrStop(state, n, bar, context);
    const side = state.units[n]! > 0 ? 1 : -1;
    const stop = nearestStop(state, n, side, context);
    if (side * (open - liquidationPrice(state, n, side, context)) <= 0)
      exit(state, { bar, n, price: open, reason: "liquidation" }, context, totals);
    else if (side * (open - stop.price) <= 0)
      exit(state, { bar, n, price: open, reason: stop.reason }, context, totals);
    else if (side * (open - takeProfitPrice(state, n, side, context)) >= 0)
      exit(state, { bar, n, price: open, reason: "take_profit" }, context, totals);
  }
}

/**
 * From the open to the close, positions just opened included; afterwards the best price of what is left follows.
 *
 * @returns price gain from the open to the exits, currency
 */
export function protectInBar(
  state: AccountState,
  bar: number,
  inputs: BarInputs,
  context: StepContext,
  totals: TradeTotals,
): number {
  if (!isProtected(context)) return 0;
  const row = bar * state.units.length;
  let gain = 0;
  for (let n = 0; n < state.units.length; n++) {
    const units = state.units[n]!;
    if (units === 0) continue;
    const side = units > 0 ? 1 : -1;
    const open = inputs.open[row + n]!;
    const close = inputs.close[row + n]!;
    const high = present(inputs.high[row + n]!, larger(open, close));
    const low = present(inputs.low[row + n]!, -larger(-open, -close));
    const best = side > 0 ? high : low;
    if (open === open) {
      const worst = side > 0 ? low : high;
      const found = levelMet(state, n, side, { open, worst, best }, context);
      if (found !== null) {
        exit(state, { bar, n, ...found }, context, totals);
        gain += units * (found.price - open);
        continue;
      }
    }
    if (side * (best - state.bestPrice[n]!) > 0) state.bestPrice[n] = best;
  }
  return gain;
}

interface Level {
  readonly price: number;
  readonly reason: FillReason;
}

interface Exit extends Level {
  readonly bar: number;
  readonly n: number;
}

function isProtected({ policy }: StepContext): boolean {
  return policy.stops !== null || policy.margin !== null;
}

/** The level a bar meets first, and the price it is filled at; null when it meets none. */
function levelMet(
  state: AccountState,
  n: number,
  side: 1 | -1,
  { open, worst, best }: { open: number; worst: number; best: number },
  context: StepContext,
): Level | null {
  const stop = nearestStop(state, n, side, context);
  const liquidation = liquidationPrice(state, n, side, context);
  const adverse: Level = side * (liquidation - stop.price) > 0 ? { price: liquidation, reason: "liquidation" } : stop;
  if (side * (worst - adverse.price) <= 0)
    return { ...adverse, price: side * Math.min(side * open, side * adverse.price) };
  const target = takeProfitPrice(state, n, side, context);
  if (side * (best - target) >= 0) return { price: side * Math.max(side * open, side * target), reason: "take_profit" };
  return null;
}

/** The stop nearest to the price; infinitely far where there is none. */
function nearestStop(state: AccountState, n: number, side: 1 | -1, { policy }: StepContext): Level {
  let nearest: Level = { price: side * Number.NEGATIVE_INFINITY, reason: "stop_loss" };
  if (policy.stops === null) return nearest;
  const { stopLoss, trailing } = policy.stops;
  const consider = (price: number, reason: FillReason) => {
    if (side * (price - nearest.price) > 0) nearest = { price, reason };
  };
  if (stopLoss < Number.POSITIVE_INFINITY) consider(state.entryPrice[n]! * (1 - side * stopLoss), "stop_loss");
  if (trailing < Number.POSITIVE_INFINITY) consider(state.bestPrice[n]! * (1 - side * trailing), "trailing_stop");
  if (state.atrDistance[n]! > 0) consider(state.entryPrice[n]! - side * state.atrDistance[n]!, "atr_stop");
  return nearest;
}

/** Infinitely far without one. */
function takeProfitPrice(state: AccountState, n: number, side: 1 | -1, { policy }: StepContext): number {
  const takeProfit = policy.stops === null ? Number.POSITIVE_INFINITY : policy.stops.takeProfit;
  return takeProfit === Number.POSITIVE_INFINITY ? side * takeProfit : state.entryPrice[n]! * (1 + side * takeProfit);
}

/**
 * Where margin and gain are the maintenance margin: m E + (P - E) = r P for a long, m E + (E - P) = r P for a short,
 * per unit, with entry price E, initial rate m and maintenance rate r. Infinitely far without margin.
 */
function liquidationPrice(state: AccountState, n: number, side: 1 | -1, { policy }: StepContext): number {
  if (policy.margin === null) return side * Number.NEGATIVE_INFINITY;
  const { initialRate, maintenanceRate } = policy.margin;
  return (state.entryPrice[n]! * (1 - side * initialRate)) / (1 - side * maintenanceRate);
}

/** An entry decided while no range was known, or none but 0, gets its stop from the first close that knows one. */
function armAtrStop(state: AccountState, n: number, bar: number, { atr, policy }: StepContext): void {
  if (atr === null || state.atrDistance[n]! > 0) return;
  state.atrDistance[n] = policy.stops!.atrMultiple * atr[(bar - 1) * state.units.length + n]!;
}

/** Closes asset n and refuses further decisions of its sign, unless a decision of another already came. */
function exit(state: AccountState, { bar, n, price, reason }: Exit, context: StepContext, totals: TradeTotals): void {
  const units = state.units[n]!;
  const sign = Math.sign(units);
  if (reason === "liquidation") liquidate(state, bar, n, price, context, totals);
  else {
    const { liquidity } = context.schedule;
    const scale = liquidity === null ? 0 : liquidity.impactScale[(bar - 1) * state.units.length + n]!;
    const impact = scale === scale ? impactFraction(scale, Math.abs(units * price)) : 0;
    executeTrade(state, { bar, asset: n, quantity: -units, price, impact, reason }, context, totals);
  }
  state.slicing[n] = 0;
  const pending = state.pending[n]!;
  if (pending === pending && Math.sign(pending) !== sign) return;
  state.pending[n] = Number.NaN;
  state.working[n] = 0;
  state.stoppedSign[n] = sign;
}

/** Takes the position at no further cost than its margin: what the price left of it, or less than nothing of it, is
 *  the liquidation loss. */
function liquidate(
  state: AccountState,
  bar: number,
  n: number,
  price: number,
  context: StepContext,
  totals: TradeTotals,
): void {
  const units = state.units[n]!;
  const entry = state.entryPrice[n]!;
  const margin = context.policy.margin!.initialRate * Math.abs(units) * entry;
  const forfeited = margin + units * (price - entry);
  closeForFree(state, { bar, asset: n, price, reason: "liquidation" }, context);
  state.cash -= forfeited;
  totals.liquidationLoss += forfeited;
  totals.notional += Math.abs(units) * price;
  context.ledger.events.push({
    kind: "liquidated",
    bar,
    asset: n,
    value: margin,
    detail: `the ${units > 0 ? "long" : "short"} position's margin, in currency, was lost`,
  });
}

function present(value: number, otherwise: number): number {
  return value === value ? value : otherwise;
}

/** The larger of those that are present. */
function larger(a: number, b: number): number {
  return b !== b || a > b ? a : b;
}
