/** A single trade: fill price, fee and slippage, and what they do to units and cash. */
import type { FillReason } from "../core/contracts.ts";
import type { AccountState } from "./account-state.ts";
import type { StepContext, TradeTotals } from "./step-context.ts";

/**
 * Moves `quantity` units of one asset at `price` +- slippage and pays the fee.
 *
 * @param quantity signed units; zero leaves no fill
 * @param price    raw price before slippage
 */
export function executeTrade(
  state: AccountState,
  bar: number,
  asset: number,
  quantity: number,
  price: number,
  reason: FillReason,
  context: StepContext,
  totals: TradeTotals,
): void {
  if (quantity === 0) return;
  const { rates } = context;
  const fillPrice = quantity > 0 ? price * (1 + rates.slippage) : price * (1 - rates.slippage);
  const notional = Math.abs(quantity) * fillPrice;
  const fee = rates.fee * notional;
  const slippage = Math.abs(quantity) * price * rates.slippage;
  const units = state.units[asset]! + quantity;
  state.units[asset] = units;
  state.cash -= quantity * fillPrice + fee;
  totals.fees += fee;
  totals.slippage += slippage;
  totals.notional += notional;
  context.fills.add(bar, asset, quantity, fillPrice, fee, slippage, reason);
}
