/** What a bet on one sleeve alone is worth, as the fraction of wealth Kelly (1956) would put on it. */
import type { MethodParameters } from "../policy.ts";
import { presentReturns } from "../sleeve-statistics.ts";
import type { Weighing } from "../weighting.ts";
import { profitFactorEdge } from "./profit-factor-edge.ts";

/**
 * `mean_variance`: (mu - r) / sigma^2, the continuous limit (Thorp 2006); `profit_factor`: see profit-factor-edge.
 *
 * @returns edge of sleeve k, NaN where its returns do not say
 */
export function kellyEdge(problem: Weighing, k: number, source: MethodParameters["kelly"]["edgeSource"]): number {
  if (source === "profit_factor") return profitFactorEdge(presentReturns(problem.window, k)).kellyFraction;
  const { mean, volatility } = problem.statistics();
  const variance = volatility[k]! ** 2;
  return variance > 0 ? (mean[k]! - problem.parameters.riskFree) / variance : Number.NaN;
}
