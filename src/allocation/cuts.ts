/** Sleeves that get no weight whatever a method would say: too little history, too few trades, too much risk. */
import type { WeightConstraints } from "./policy.ts";
import { expectedShortfall, type SleeveStatistics } from "./sleeve-statistics.ts";
import type { SleeveWindow } from "./weighting.ts";

/** Why sleeve k was cut. */
export interface Cut {
  readonly sleeve: number;
  readonly rule: "min_history" | "min_trades" | "max_dd" | "max_var_es";
  readonly value: number;
  readonly limit: number;
}

/**
 * @param trades [count] trades of each sleeve so far; null where nobody counts them, and the rule is off
 * @returns at most one cut a sleeve, in order of sleeve
 */
export function riskCuts(
  window: SleeveWindow,
  statistics: SleeveStatistics,
  constraints: WeightConstraints,
  trades: ArrayLike<number> | null,
): Cut[] {
  const cuts: Cut[] = [];
  for (let k = 0; k < window.count; k++) {
    const cut = (rule: Cut["rule"], value: number, limit: number) => cuts.push({ sleeve: k, rule, value, limit });
    const { minHistoryBars, minTrades, maxDrawdown, maxExpectedShortfall } = constraints;
    const shortfall = maxExpectedShortfall < Number.POSITIVE_INFINITY ? expectedShortfall(window, k) : 0;
    if (statistics.present[k]! < minHistoryBars) cut("min_history", statistics.present[k]!, minHistoryBars);
    else if (trades !== null && trades[k]! < minTrades) cut("min_trades", trades[k]!, minTrades);
    else if (statistics.maxDrawdown[k]! > maxDrawdown) cut("max_dd", statistics.maxDrawdown[k]!, maxDrawdown);
    else if (shortfall > maxExpectedShortfall) cut("max_var_es", shortfall, maxExpectedShortfall);
  }
  return cuts;
}
