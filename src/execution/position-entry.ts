/** What is remembered of how a position came about: stops and liquidations are measured from it. */
import type { AccountState } from "./account-state.ts";

/**
 * Follows one fill of asset n, before its units are booked: the entry price is the average of the fills that enlarged
 * the position; a reduction leaves it; closing forgets it; turning round starts anew at this fill.
 *
 * @param quantity    signed units, not zero
 * @param fillPrice   costs of slippage and impact included
 * @param atrDistance for a position that this fill opens; NaN = none
 */
export function followEntry(
  state: AccountState,
  n: number,
  quantity: number,
  fillPrice: number,
  atrDistance: number,
): void {
  const before = state.units[n]!;
  const after = before + quantity;
  if (after === 0) {
    state.entryPrice[n] = Number.NaN;
    state.bestPrice[n] = Number.NaN;
    state.atrDistance[n] = Number.NaN;
  } else if (Math.sign(before) !== Math.sign(after)) {
    state.entryPrice[n] = fillPrice;
    state.bestPrice[n] = fillPrice;
    state.atrDistance[n] = atrDistance;
  } else if (Math.abs(after) > Math.abs(before))
    state.entryPrice[n] = (before * state.entryPrice[n]! + quantity * fillPrice) / after;
}
