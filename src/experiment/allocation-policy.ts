/** The `allocation` block of an experiment as the policy the allocation stage runs. */
import type { AllocationPolicy } from "../allocation/plan-step.ts";
import type { DecisionInputs } from "./decision-inputs.ts";
import { minHistoryBars } from "./resolve.ts";
import type { ExperimentConfig } from "./schema.ts";
import { weightingPolicy } from "./weighting-policy.ts";

/** @throws InputError for a group whose member is not in the data */
export function allocationPolicy(
  block: NonNullable<ExperimentConfig["allocation"]>,
  { metrics, asset_selector }: ExperimentConfig,
  { market, periodsPerYear, extensions }: Pick<DecisionInputs, "market" | "periodsPerYear" | "extensions">,
): AllocationPolicy {
  const { moe } = block;
  return {
    ...weightingPolicy(block, {
      names: market.axes.assets,
      periodsPerYear,
      riskFreeAnnual: metrics.risk_free,
      minHistoryBars: minHistoryBars(block),
      minTrades: 0,
      smoothingHalfLifeBars: block.smoothing_half_life_bars ?? null,
      temperature: moe.temperature,
      posteriorHalfLifeBars: moe.smoothing_half_life_bars ?? null,
      extensions,
      where: "allocation",
    }),
    lookbackBars: block.lookback_bars,
    rebalanceBars: block.rebalance_bars,
    applyScale: block.apply_scale,
    records: "risk_shares",
    redistribute: asset_selector?.enabled === true && asset_selector.redistribute,
  };
}
