/** A single trade: what it does to units and cash, and what it is recorded as. */
import type { FillReason } from "../core/contracts.ts";
import type { AccountState } from "./account-state.ts";
import { followEntry } from "./position-entry.ts";
import type { StepContext, TradeTotals } from "./step-context.ts";
import { fillFactor } from "./trade-cost.ts";

export interface Trade {
  readonly bar: number;
  readonly asset: number;
  /** Signed units; zero leaves no fill. */
  readonly quantity: number;
  /** Raw price before slippage and impact. */
  readonly price: number;
  /** Fraction of the price lost to impact, >= 0. */
  readonly impact: number;
  readonly reason: FillReason;
}

/** Moves units, pays for them and logs the fill. Where the price would fall below zero, impact is what is left of it. */
export function executeTrade(state: AccountState, trade: Trade, context: StepContext, totals: TradeTotals): void {
  const { asset, quantity, price } = trade;
  if (quantity === 0) return;
  const { schedule } = context;
  const size = Math.abs(quantity);
  const slippageRate = schedule.slippage[asset]!;
  const factor = fillFactor(quantity > 0, slippageRate, trade.impact);
  const fillPrice = price * factor;
  const notional = size * fillPrice;
  const fee = Math.max(schedule.minFee, schedule.fee[asset]! * notional);
  const slippage = size * price * slippageRate;
  const impact = trade.impact === 0 ? 0 : size * price * Math.abs(factor - 1) - slippage;
  followEntry(state, asset, quantity, fillPrice, atrDistance(trade, state.units.length, context));
  state.units[asset] = state.units[asset]! + quantity;
  state.cash -= quantity * fillPrice + fee;
  totals.fees += fee;
  totals.slippage += slippage;
  totals.impact += impact;
  totals.notional += notional;
  context.fills.add({ bar: trade.bar, asset, quantity, price: fillPrice, fee, slippage, impact, reason: trade.reason });
}

/** Takes asset n off the book at a price without any cost. */
export function closeForFree(
  state: AccountState,
  { bar, asset, price, reason }: Omit<Trade, "quantity" | "impact">,
  { fills }: StepContext,
): void {
  const quantity = -state.units[asset]!;
  if (quantity === 0) return;
  followEntry(state, asset, quantity, price, Number.NaN);
  state.units[asset] = 0;
  state.cash -= quantity * price;
  fills.add({ bar, asset, quantity, price, fee: 0, slippage: 0, impact: 0, reason });
}

/** As known at the close before the trade. */
function atrDistance({ bar, asset }: Trade, assets: number, { atr, policy }: StepContext): number {
  return atr === null ? Number.NaN : policy.stops!.atrMultiple * atr[(bar - 1) * assets + asset]!;
}
