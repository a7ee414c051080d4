/** Fills matched into trades, in one of two ways:
 *  average: one trade a position, from flat to flat. Fills in between (rebalancing) belong to it; entry and exit price
 *           are means over its units, so the profit is that of valuing every exit at the average entry.
 *  fifo:    every exit is matched with the oldest units still held, one trade for each pair of fills.
 *  A fill that turns a position round closes and opens, its fee split by units. Slippage and impact are in the prices. */
import type { Account, FillReason, Trade } from "../core/contracts.ts";
import { FILL_REASONS } from "../core/contracts.ts";
import { quotient } from "./ratios.ts";

export const MATCHINGS = ["average", "fifo"] as const;
export type Matching = (typeof MATCHINGS)[number];

/** A trade before prices between entry and exit are looked at. */
export interface MatchedTrade extends Omit<Trade, "maxAdverse" | "maxFavourable"> {
  /** Price of the fill that closed it, or the last close. */
  readonly lastPrice: number;
}

/** What is left of a position after rounding counts as nothing. */
const FLAT = 1e-9;
/** The same of a lot, whose units do not go through as many sums. */
const SPENT = 1e-12;

/** Part of a fill that enters or leaves one position. */
interface Piece {
  readonly bar: number;
  /** > 0. */
  readonly units: number;
  readonly price: number;
  readonly fee: number;
  readonly reason: FillReason;
}

/** The trades of one position, from flat to flat. */
interface Book {
  enter(piece: Piece): void;
  /** @param flat nothing is held after it */
  leave(piece: Piece, flat: boolean): void;
  /** Values what is held at the last close. */
  finish(bar: number, price: number): void;
}

interface Position {
  readonly asset: number;
  readonly direction: 1 | -1;
  readonly book: Book;
  /** Signed. */
  units: number;
  mostUnits: number;
}

/**
 * Every trade of an account in order of its exit, those still open last in order of asset.
 *
 * @returns profits that sum to the account's gain before funding, borrowing, forfeited margin and what was written off
 */
export function matchTrades(account: Account, matching: Matching): MatchedTrade[] {
  const { fills, axes } = account;
  const openBook = matching === "average" ? averageBook : fifoBook;
  const held = new Map<number, Position>();
  const trades: MatchedTrade[] = [];
  for (let i = 0; i < fills.bar.length; i++) {
    const asset = fills.asset[i]!;
    let units = fills.quantity[i]!;
    if (units === 0) continue;
    const price = fills.price[i]!;
    const feePerUnit = fills.fee[i]! / Math.abs(units);
    const pieceOf = (size: number): Piece => ({
      bar: fills.bar[i]!,
      units: size,
      price,
      fee: feePerUnit * size,
      reason: FILL_REASONS[fills.reason[i]!]!,
    });
    const position = held.get(asset);
    if (position !== undefined && units * position.direction < 0) {
      const left = Math.min(Math.abs(units), Math.abs(position.units));
      position.units -= position.direction * left;
      const flat = Math.abs(position.units) <= FLAT * position.mostUnits;
      position.book.leave(pieceOf(left), flat);
      if (!flat) continue;
      held.delete(asset);
      units += position.direction * left;
      if (Math.abs(units) <= FLAT * position.mostUnits) continue;
    }
    const direction = units > 0 ? 1 : -1;
    const kept = held.get(asset) ?? {
      asset,
      direction,
      book: openBook(asset, direction, trades),
      units: 0,
      mostUnits: 0,
    };
    held.set(asset, kept);
    kept.book.enter(pieceOf(Math.abs(units)));
    kept.units += units;
    kept.mostUnits = Math.max(kept.mostUnits, Math.abs(kept.units));
  }
  const last = axes.time.length - 1;
  for (const { asset, units, book } of [...held.values()].sort((a, b) => a.asset - b.asset)) {
    const value = account.heldWeights[last * axes.assets.length + asset]! * account.equity[last]!;
    book.finish(last, value / units);
  }
  return trades;
}

function averageBook(asset: number, direction: 1 | -1, trades: MatchedTrade[]): Book {
  let entryBar = -1;
  let [entered, held, most] = [0, 0, 0];
  let [invested, proceeds, fees] = [0, 0, 0];
  const close = (bar: number, exitBar: number, lastPrice: number, reason: Trade["reason"]): void => {
    const profit = direction * (proceeds - invested) - fees;
    trades.push({
      asset,
      side: direction > 0 ? "long" : "short",
      entryBar,
      exitBar,
      reason,
      units: most,
      entryPrice: invested / entered,
      exitPrice: proceeds / entered,
      lastPrice,
      invested,
      profit,
      profitRate: quotient(profit, invested),
      fees,
      barsHeld: bar - entryBar,
    });
  };
  return {
    enter({ bar, units, price, fee }) {
      if (entryBar < 0) entryBar = bar;
      entered += units;
      held += units;
      most = Math.max(most, held);
      invested += units * price;
      fees += fee;
    },
    leave({ bar, units, price, fee, reason }, flat) {
      held -= units;
      proceeds += units * price;
      fees += fee;
      if (flat) close(bar, bar, price, reason);
    },
    finish(bar, price) {
      proceeds += held * price;
      close(bar, -1, price, "open");
    },
  };
}

function fifoBook(asset: number, direction: 1 | -1, trades: MatchedTrade[]): Book {
  const lots: { readonly entry: Piece; left: number }[] = [];
  let oldest = 0;
  const close = (entry: Piece, units: number, exit: Piece, exitBar: number, reason: Trade["reason"]): void => {
    const fees = (entry.fee * units) / entry.units + (exit.fee * units) / exit.units;
    const invested = units * entry.price;
    const profit = direction * units * (exit.price - entry.price) - fees;
    trades.push({
      asset,
      side: direction > 0 ? "long" : "short",
      entryBar: entry.bar,
      exitBar,
      reason,
      units,
      entryPrice: entry.price,
      exitPrice: exit.price,
      lastPrice: exit.price,
      invested,
      profit,
      profitRate: quotient(profit, invested),
      fees,
      barsHeld: exit.bar - entry.bar,
    });
  };
  return {
    enter(entry) {
      lots.push({ entry, left: entry.units });
    },
    leave(exit, flat) {
      let wanted = exit.units;
      for (; oldest < lots.length && (flat || wanted > SPENT * exit.units); oldest++) {
        const lot = lots[oldest]!;
        const spent = flat || wanted >= lot.left - SPENT * lot.entry.units;
        const units = spent ? lot.left : wanted;
        close(lot.entry, units, exit, exit.bar, exit.reason);
        if (!spent) {
          lot.left -= units;
          return;
        }
        wanted -= units;
      }
    },
    finish(bar, price) {
      for (const { entry, left } of lots.slice(oldest))
        close(entry, left, { bar, units: left, price, fee: 0, reason: "target" }, -1, "open");
    },
  };
}
