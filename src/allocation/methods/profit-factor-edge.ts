/** Kelly fraction of a sleeve from its record of gains and losses: f* = p - (1 - p) / b, with p the share of winning
 *  periods and b the average gain over the average loss (Kelly 1956; Thorp 2006, two-outcome bet). As the profit
 *  factor PF = sum gains / sum |losses| is b p / (1 - p), this is f* = p (1 - 1 / PF): positive exactly when PF > 1.
 *  It treats every win and every loss as its average, so it overstates the stake for a fat lower tail. */
import type { Floats } from "../../core/panel.ts";

export interface ProfitFactorEdge {
  /** sum gains / sum |losses|; Infinity without a loss */
  readonly profitFactor: number;
  /** Wins over wins and losses; a period at exactly 0 is neither. */
  readonly winRate: number;
  /** Average gain over average loss; Infinity without a loss, 0 without a win. */
  readonly payoff: number;
  /** f*, a share of capital per unit of average loss; 1 without a loss, -Infinity without a win. */
  readonly kellyFraction: number;
}

/** @param returns [T] simple returns or P&L of one sleeve, any unit; NaN = absent. All NaN when none is nonzero. */
export function profitFactorEdge(returns: Floats): ProfitFactorEdge {
  let gains = 0;
  let losses = 0;
  let wins = 0;
  let defeats = 0;
  for (let t = 0; t < returns.length; t++) {
    const r = returns[t]!;
    if (r > 0) {
      gains += r;
      wins++;
    } else if (r < 0) {
      losses -= r;
      defeats++;
    }
  }
  const winRate = wins / (wins + defeats);
  const profitFactor = gains / losses;
  const payoff = wins + defeats === 0 ? Number.NaN : wins === 0 ? 0 : gains / wins / (losses / Math.max(defeats, 1));
  const kellyFraction =
    wins > 0 ? winRate * (1 - 1 / profitFactor) : defeats > 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  return { profitFactor, winRate, payoff, kellyFraction };
}
