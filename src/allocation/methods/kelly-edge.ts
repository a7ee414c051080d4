/** What a bet on one sleeve is worth, as the fraction of wealth Kelly (1956) would put on it alone. */
import type { MethodParameters } from "../policy.ts";
import type { SleeveStatistics } from "../sleeve-statistics.ts";

/**
 * `mean_variance`: mu / sigma^2, the continuous limit (Thorp 2006). `profit_factor`: p - (1 - p) / b with win rate p
 * and payoff b = profit factor * (1 - p) / p, which is p (1 - 1 / PF); without a single loss that is p.
 *
 * @returns edge of sleeve k, NaN where its returns do not say
 */
export function kellyEdge(
  statistics: SleeveStatistics,
  k: number,
  riskFree: number,
  source: MethodParameters["kelly"]["edgeSource"],
): number {
  if (source === "profit_factor") return statistics.winRate[k]! * (1 - 1 / statistics.profitFactor[k]!);
  const variance = statistics.volatility[k]! ** 2;
  return variance > 0 ? (statistics.mean[k]! - riskFree) / variance : Number.NaN;
}
