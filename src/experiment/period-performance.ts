/** What an account came to over a part of its bars. */
import type { Account } from "../core/contracts.ts";
import type { PeriodPerformance } from "../core/model-comparison.ts";
import { quotient } from "../metrics/ratios.ts";
import { equityReturns } from "../metrics/returns.ts";
import { type SummaryOptions, summarise } from "../metrics/summary.ts";

/**
 * @param from bar before the first return
 * @param to   bar after the last one
 */
export function periodPerformance(
  account: Account,
  from: number,
  to: number,
  options: SummaryOptions,
): PeriodPerformance {
  const equity = account.equity.subarray(from, to);
  const { periods, total_return, cagr, volatility, sharpe, max_drawdown } = summarise(equityReturns(equity), options);
  const years = Math.max(0, equity.length - 1) / options.periodsPerYear;
  const within = (plane: Float64Array) => plane.subarray(from + 1, to).reduce((sum, value) => sum + value, 0);
  const { fees, slippage, impact, funding, borrow, liquidationLoss } = account;
  const costs = [fees, slippage, impact, funding, borrow, liquidationLoss].reduce(
    (sum, plane) => sum + within(plane),
    0,
  );
  const meanEquity = within(account.equity) / (equity.length - 1);
  return {
    bars: periods,
    totalReturn: total_return,
    cagr,
    volatility,
    sharpe,
    maxDrawdown: max_drawdown,
    turnover: quotient(within(account.turnover), years),
    costDrag: quotient(costs / years, meanEquity),
  };
}
