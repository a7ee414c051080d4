/** What a reader of a result must not miss, as sentences; details stay in the events and the data-quality table. */
import type { Account, AccountEvent, DataQuality } from "../core/contracts.ts";
import { formatBarTime } from "../data/calendar.ts";

export function runWarnings(account: Account, quality: DataQuality): string[] {
  const { axes, events } = account;
  const timeOf = formatBarTime(axes.time);
  const at = (event: AccountEvent) => timeOf(axes.time[event.bar]!);
  const symbols = (found: readonly AccountEvent[]) => {
    const distinct = [...new Set(found.map((event) => axes.assets[event.asset]!))];
    const named = distinct.slice(0, 5);
    return named.join(", ") + (distinct.length > named.length ? ` and ${distinct.length - named.length} more` : "");
  };
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
