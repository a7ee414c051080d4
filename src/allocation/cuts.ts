/** Sleeves that get no weight whatever a method would say: too little history, too few trades, too much risk. */
import type { AllocationConstraints } from "./policy.ts";
import { deepestDrawdown, expectedShortfall, presentReturns } from "./sleeve-statistics.ts";
import type { WindowEstimates } from "./window-estimates.ts";

/** Why sleeve k was cut. */
export interface Cut {
  readonly sleeve: number;
  readonly rule: "min_history" | "min_trades" | "max_dd" | "max_var_es";
  readonly value: number;
  readonly limit: number;
}

const NOTHING = new Float64Array(0);

/**
 * @param trades [count] trades of each sleeve so far; null where nobody counts them, and the rule is off
 * @returns at most one cut a sleeve, in order of sleeve
 */
export function riskCuts(
  estimates: WindowEstimates,
  constraints: AllocationConstraints,
  trades: ArrayLike<number> | null,
): Cut[] {
  const { minHistoryBars, minTrades, maxDrawdown, maxExpectedShortfall } = constraints;
  const off = minHistoryBars === 0 && maxDrawdown >= 1 && maxExpectedShortfall === Number.POSITIVE_INFINITY;
  if (off && trades === null) return [];
  const cuts: Cut[] = [];
  const present = estimates.present();
  const limitsRisk = maxDrawdown < 1 || maxExpectedShortfall < Number.POSITIVE_INFINITY;
  for (let k = 0; k < estimates.count; k++) {
    const cut = (rule: Cut["rule"], value: number, limit: number) => cuts.push({ sleeve: k, rule, value, limit });
    const returns = limitsRisk ? presentReturns(estimates.window(), k) : NOTHING;
    const drawdown = maxDrawdown < 1 ? deepestDrawdown(returns) : 0;
    const shortfall = maxExpectedShortfall < Number.POSITIVE_INFINITY ? expectedShortfall(returns) : 0;
    if (present[k]! < minHistoryBars) cut("min_history", present[k]!, minHistoryBars);
    else if (trades !== null && trades[k]! < minTrades) cut("min_trades", trades[k]!, minTrades);
    else if (drawdown > maxDrawdown) cut("max_dd", drawdown, maxDrawdown);
    else if (shortfall > maxExpectedShortfall) cut("max_var_es", shortfall, maxExpectedShortfall);
  }
  return cuts;
}
