/** What takes the whole book out of the market: a loss since the start (system stop loss) or a drawdown from the
 *  highest close (kill switch). Both are seen at a close, so the book is sold at the next price; nothing is bought
 *  for a number of bars, after which both are measured anew. */
import type { AccountState } from "./account-state.ts";
import type { StepContext } from "./step-context.ts";

/** At the close of bar t, once equity is known: counts down a pause, or begins one. */
export function watchEquity(state: AccountState, t: number, { policy, ledger }: StepContext): void {
  if (policy.guards === null) return;
  if (state.flatBarsLeft > 0) {
    state.flatBarsLeft--;
    if (state.flatBarsLeft > 0) return;
    state.guardStart = state.equity;
    state.guardPeak = state.equity;
    ledger.events.push({
      kind: "kill_switch_released",
      bar: t,
      asset: -1,
      value: state.equity,
      detail: "decisions count again from this close on, in currency of equity",
    });
    return;
  }
  const { lossLimit, drawdownLimit, flatBars } = policy.guards;
  state.guardPeak = Math.max(state.guardPeak, state.equity);
  const loss = 1 - state.equity / state.guardStart;
  const drawdown = 1 - state.equity / state.guardPeak;
  if (!(loss >= lossLimit || drawdown >= drawdownLimit)) return;
  const lost = loss >= lossLimit;
  state.flatBarsLeft = flatBars;
  state.pending.fill(Number.NaN);
  state.working.fill(0);
  ledger.events.push({
    kind: "kill_switch",
    bar: t,
    asset: -1,
    value: lost ? loss : drawdown,
    detail: `${lost ? `loss reached the system stop ${lossLimit}` : `drawdown reached the limit ${drawdownLimit}`}; everything is sold at the next price`,
  });
}
