/** An account as CSV files: equity.csv, fills.csv, trades and wide weights. */
import type { Account, Trade } from "../core/contracts.ts";
import { FILL_REASONS } from "../core/contracts.ts";
import type { Axes, Floats } from "../core/panel.ts";
import { formatBarTime } from "../data/calendar.ts";
import { writeTable, writeWideCsv } from "../data/csv-writer.ts";

/** date,equity,cash,gross_exposure,turnover,fees,slippage and, where there is one, benchmark_equity. */
export async function writeEquity(path: string, account: Account, benchmark?: Account | undefined): Promise<void> {
  const { axes } = account;
  await writeTable(path, [
    ["date", dates(axes)],
    ["equity", account.equity],
    ["cash", account.cash],
    ["gross_exposure", account.grossExposure],
    ["turnover", account.turnover],
    ["fees", account.fees],
    ["slippage", account.slippage],
    ...(benchmark === undefined ? [] : [["benchmark_equity", benchmark.equity] as const]),
  ]);
}

/** One line a bar; equity_change = position_pnl - fees - slippage - impact - funding - borrow - liquidation_loss +
 *  write_off. */
export async function writeLedger(path: string, account: Account): Promise<void> {
  const { equity } = account;
  await writeTable(path, [
    ["date", dates(account.axes)],
    ["equity_change", Float64Array.from(equity, (value, t) => (t === 0 ? 0 : value - equity[t - 1]!))],
    ["position_pnl", account.positionPnl],
    ["fees", account.fees],
    ["slippage", account.slippage],
    ["impact", account.impact],
    ["funding", account.funding],
    ["borrow", account.borrow],
    ["liquidation_loss", account.liquidationLoss],
    ["write_off", account.writeOff],
  ]);
}

/** date,symbol,quantity,price,fee,slippage,impact,reason; one line a fill, in order of bar. */
export async function writeFills(path: string, account: Account): Promise<void> {
  const { axes, fills } = account;
  const date = dates(axes);
  await writeTable(path, [
    ["date", Array.from(fills.bar, (t) => date[t]!)],
    ["symbol", Array.from(fills.asset, (n) => axes.assets[n]!)],
    ["quantity", fills.quantity],
    ["price", fills.price],
    ["fee", fills.fee],
    ["slippage", fills.slippage],
    ["impact", fills.impact],
    ["reason", Array.from(fills.reason, (code) => FILL_REASONS[code]!)],
  ]);
}

/** entry,exit,symbol,side,units,... one line a trade in the order given; the exit of an open one is an empty cell. */
export async function writeTrades(path: string, axes: Axes, trades: readonly Trade[]): Promise<void> {
  const date = dates(axes);
  const texts = (of: (trade: Trade) => string) => trades.map(of);
  const numbers = (of: (trade: Trade) => number) => trades.map(of);
  await writeTable(path, [
    ["entry", texts(({ entryBar }) => date[entryBar]!)],
    ["exit", texts(({ exitBar }) => (exitBar < 0 ? "" : date[exitBar]!))],
    ["symbol", texts(({ asset }) => axes.assets[asset]!)],
    ["side", texts(({ side }) => side)],
    ["units", numbers(({ units }) => units)],
    ["entry_price", numbers(({ entryPrice }) => entryPrice)],
    ["exit_price", numbers(({ exitPrice }) => exitPrice)],
    ["reason", texts(({ reason }) => reason)],
    ["bars_held", numbers(({ barsHeld }) => barsHeld)],
    ["profit", numbers(({ profit }) => profit)],
    ["return", numbers(({ profitRate }) => profitRate)],
    ["fees", numbers(({ fees }) => fees)],
    ["mae", numbers(({ maxAdverse }) => maxAdverse)],
    ["mfe", numbers(({ maxFavourable }) => maxFavourable)],
  ]);
}

/** Wide CSV date,<symbol>...; NaN is an empty cell. */
export async function writeWeights(path: string, axes: Axes, values: Floats): Promise<void> {
  await writeWideCsv(path, axes.time, axes.assets, values);
}

function dates(axes: Axes): string[] {
  const timeOf = formatBarTime(axes.time);
  return Array.from(axes.time as unknown as ArrayLike<number>, timeOf);
}
