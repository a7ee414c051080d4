/** Figures over many trades: how many, how often they won, and what they made. */
import { FILL_REASONS, type Trade } from "../core/contracts.ts";
import { quotient } from "./ratios.ts";

/** What a summary reads of a trade. */
type Outcome = Pick<Trade, "exitBar" | "profit" | "profitRate" | "barsHeld" | "reason">;

export interface TradeSummary {
  /** Closed trades; the other members are made of them. */
  readonly closed: number;
  readonly open: number;
  /** Share of trades with a profit above 0, fraction. */
  readonly winRate: number;
  /** Sum of profits over sum of losses; NaN without a loss. */
  readonly profitFactor: number;
  /** Mean of profit / invested, fraction. */
  readonly meanReturn: number;
  readonly meanBars: number;
}

/** Trades that ended for one reason. */
export interface ReasonSummary {
  readonly reason: Trade["reason"];
  readonly count: number;
  /** As in TradeSummary. */
  readonly winRate: number;
  readonly meanReturn: number;
  readonly meanBars: number;
  /** Currency, over all of them. */
  readonly profit: number;
}

/** Figures over the closed trades; NaN where there is none. */
export function tradeSummary(trades: readonly Outcome[]): TradeSummary {
  const closed = trades.filter((trade) => trade.exitBar >= 0);
  return {
    closed: closed.length,
    open: trades.length - closed.length,
    winRate: winRate(closed),
    profitFactor: quotient(
      total(closed, (trade) => Math.max(trade.profit, 0)),
      total(closed, (trade) => Math.max(-trade.profit, 0)),
    ),
    meanReturn: mean(closed, (trade) => trade.profitRate),
    meanBars: mean(closed, (trade) => trade.barsHeld),
  };
}

/** One line a reason that occurs, in the order of FILL_REASONS; those still open last, at their value so far. */
export function tradesByReason(trades: readonly Outcome[]): ReasonSummary[] {
  return [...FILL_REASONS, "open" as const].flatMap((reason) => {
    const ended = trades.filter((trade) => trade.reason === reason);
    if (ended.length === 0) return [];
    return {
      reason,
      count: ended.length,
      winRate: winRate(ended),
      meanReturn: mean(ended, (trade) => trade.profitRate),
      meanBars: mean(ended, (trade) => trade.barsHeld),
      profit: total(ended, (trade) => trade.profit),
    };
  });
}

function winRate(trades: readonly Outcome[]): number {
  return mean(trades, (trade) => (trade.profit > 0 ? 1 : 0));
}

function mean(trades: readonly Outcome[], of: (trade: Outcome) => number): number {
  return quotient(total(trades, of), trades.length);
}

function total(trades: readonly Outcome[], of: (trade: Outcome) => number): number {
  return trades.reduce((sum, trade) => sum + of(trade), 0);
}
