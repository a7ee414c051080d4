/** What a reader of a result must not miss, as sentences; details stay in the events and the data-quality table. */
import { type Account, type AccountEvent, FILL_REASONS, type FillReason } from "../core/contracts.ts";
import type { DataQuality } from "../core/data-quality.ts";
import { formatBarTime } from "../data/calendar.ts";

const SYMBOLS_SHOWN = 5;
const STOPPED: ReadonlySet<FillReason> = new Set([
  "stop_loss",
  "take_profit",
  "trailing_stop",
  "atr_stop",
  "liquidation",
]);

export function runWarnings(account: Account, quality: DataQuality): string[] {
  const { axes, events } = account;
  const timeOf = formatBarTime(axes.time);
  const at = (event: AccountEvent) => timeOf(axes.time[event.bar]!);
  const symbols = (found: readonly AccountEvent[]) => listed(found.map((event) => axes.assets[event.asset]!));
  const warnings: string[] = [];
  const tell = (
    kind: AccountEvent["kind"],
    sentence: (found: readonly AccountEvent[], first: AccountEvent) => string,
  ) => {
    const found = events.filter((event) => event.kind === kind);
    if (found.length > 0) warnings.push(sentence(found, found[0]!));
  };
  tell("ruin", (_, first) => `equity was used up at ${at(first)}: the account is flat from there on`);
  tell(
    "liquidated",
    (found, first) =>
      `${found.length === 1 ? "a position was" : `${found.length} positions were`} liquidated, first at ${at(first)}: ${symbols(found)}`,
  );
  const gone = stoppedForGood(account);
  if (gone.length > 0)
    warnings.push(
      `${gone.length === 1 ? "an asset was" : `${gone.length} assets were`} stopped out and not entered again, as no target of the other sign or zero came: ${listed(gone)}`,
    );
  tell(
    "kill_switch",
    (found, first) =>
      `the kill switch sold the whole book ${times(found)}, first at ${at(first)}, ${percent(first.value)} down`,
  );
  tell("kill_switch_released", (found, first) => `after that it came back ${times(found)}, first at ${at(first)}`);
  tell(
    "plan_dropped",
    (found, first) =>
      `${found.length === 1 ? "a rebalancing was" : `${found.length} rebalancings were`} dropped, the drift being below the threshold, first at ${at(first)}`,
  );
  tell("leverage_capped", (found, first) => {
    const least = found.reduce((a, b) => Math.min(a, b.value), 1);
    return `targets were scaled down ${times(found)} to stay under the leverage cap, first at ${at(first)}, at most to ${percent(least)}`;
  });
  tell(
    "cash_shortfall",
    (found, first) => `purchases exceeded cash ${times(found)}, first at ${at(first)}, and were cut`,
  );
  tell(
    "unaffordable",
    (found, first) =>
      `trading would have cost more than the book was worth ${times(found)}, first at ${at(first)}: nothing was traded then`,
  );
  tell(
    "participation_limited",
    (found, first) =>
      `orders were larger than the market could take ${times(found)}, first at ${at(first)}, and were spread over later bars`,
  );
  tell(
    "delisted",
    (found) =>
      `${found.length === 1 ? "a position was" : `${found.length} positions were`} closed as delisted: ${symbols(found)}`,
  );
  tell(
    "unfilled_target",
    (found) =>
      `${found.length === 1 ? "a target was" : `${found.length} targets were`} still waiting at the end: ${symbols(found)}`,
  );
  const borrowed = borrowing(account);
  if (borrowed.bars > 0)
    warnings.push(
      `cash was negative on ${borrowed.bars} bars, down to ${percent(borrowed.most)} of equity: borrowed at no cost`,
    );
  if (account.equity.length < 2)
    warnings.push("there is one bar only: no decision can be filled and there is no return");
  else if (account.fills.bar.length === 0)
    warnings.push("nothing was ever traded: the account is its initial cash throughout");
  const { mode, dropped, clipped } = quality.repairs;
  if (dropped + clipped > 0)
    warnings.push(`the data were repaired (${mode}): ${dropped} rows dropped, ${clipped} rows clipped`);
  return warnings;
}

/** The first few of the distinct names. */
function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const shown = distinct.slice(0, SYMBOLS_SHOWN);
  return shown.join(", ") + (distinct.length > shown.length ? ` and ${distinct.length - shown.length} more` : "");
}

/** Symbols whose last fill was an exit that no decision asked for and that bars the way back. */
function stoppedForGood({ axes, fills, finalUnits }: Account): string[] {
  const last = new Map<number, FillReason>();
  for (const [i, asset] of fills.asset.entries()) last.set(asset, FILL_REASONS[fills.reason[i]!]!);
  return axes.assets.filter((_, n) => finalUnits[n] === 0 && STOPPED.has(last.get(n) ?? "target"));
}

/** Bars with cash below zero by more than rounding, and the deepest of them as a fraction of equity. */
function borrowing({ cash, equity }: Account): { bars: number; most: number } {
  let bars = 0;
  let most = 0;
  for (let t = 0; t < cash.length; t++) {
    if (!(cash[t]! < -1e-6 * equity[t]!)) continue;
    bars++;
    most = Math.min(most, cash[t]! / equity[t]!);
  }
  return { bars, most };
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)}%`;
}

function times(found: readonly AccountEvent[]): string {
  return found.length === 1 ? "once" : `${found.length} times`;
}
