/** The end of an account whose equity is used up. */
import type { Floats } from "../core/panel.ts";
import type { AccountState } from "./account-state.ts";
import type { StepContext } from "./step-context.ts";
import { closeForFree } from "./trade.ts";

/**
 * Closes everything without cost, writes off what is owed and leaves equity at zero for good.
 *
 * @param value  worth of the book, <= 0
 * @param prices [T*N] of the moment it happened; the last mark stands in for a missing one
 */
export function ruinAccount(state: AccountState, t: number, value: number, prices: Floats, context: StepContext): void {
  const row = t * state.units.length;
  for (let n = 0; n < state.units.length; n++) {
    const quoted = prices[row + n]!;
    const price = quoted === quoted ? quoted : state.mark[n]!;
    closeForFree(state, { bar: t, asset: n, price, reason: "ruin" }, context);
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
