/** The `asset_selector` block of a config as the policy the selection stage runs. */
import type { SelectorPolicy } from "../selection/selector-policy.ts";
import type { AssetSelectorBlock } from "./selector-schema.ts";

/** @returns null where the block is absent or switched off: everybody takes part */
export function selectorPolicy(block: AssetSelectorBlock | undefined, periodsPerYear: number): SelectorPolicy | null {
  if (block === undefined || !block.enabled) return null;
  return {
    scoring: {
      sharpeWeight: block.sharpe_weight,
      returnWeight: block.return_weight,
      drawdownWeight: block.drawdown_weight,
      sharpeLookbackBars: block.sharpe_lookback,
      returnLookbackBars: block.return_lookback,
      periodsPerYear,
    },
    excludeScore: block.exclude_score_threshold,
    includeScore: block.include_score_threshold,
    hardExcludeSharpe: block.hard_exclude_sharpe,
    hardExcludeDrawdown: block.hard_exclude_drawdown,
    excludeConfirmationBars: block.exclude_confirmation_bars,
    includeConfirmationBars: block.include_confirmation_bars,
    relapseConfirmationBars: block.relapse_confirmation_bars,
    minExclusionBars: block.min_exclusion_bars,
    rampSteps: block.ramp_steps,
    minActiveAssets: block.min_active_assets,
    redistribute: block.redistribute,
  };
}
