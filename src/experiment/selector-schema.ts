/** The `asset_selector` block of the experiment's YAML: who takes part. */
import { z } from "zod";
import { MIN_SCORE_RETURNS, MOST_RAMP_STEPS, WEIGHT_SUM_ROUNDING } from "../selection/selector-policy.ts";
import { wholeBars } from "./portfolio-schema.ts";

const weight = (of: string, value: number) =>
  z.number().min(0).max(1).default(value).describe(`Share of the score that is the ${of}; the three sum to 1.`);

const threshold = z.number().min(0).max(1);

export const assetSelector = z.strictObject({
  enabled: z.boolean().default(true).describe("false is as if the block were not there."),
  sharpe_weight: weight("rank of the Sharpe ratio", 0.4),
  return_weight: weight("rank of the return", 0.3),
  drawdown_weight: weight("rank of the drawdown, the smallest being best", 0.3),
  sharpe_lookback: wholeBars(MIN_SCORE_RETURNS)
    .default(60)
    .describe("Returns for the Sharpe ratio, and the drawdown's closes less one."),
  return_lookback: wholeBars(1).default(30).describe("Bars of the return."),
  exclude_score_threshold: threshold
    .default(0.2)
    .describe("A score, 0 worst to 1 best, below this counts towards leaving."),
  include_score_threshold: threshold
    .default(0.35)
    .describe("A score above this counts towards coming back; between the two neither counts."),
  hard_exclude_sharpe: z
    .number()
    .default(-1)
    .describe("Annualised Sharpe ratio below which an asset whose drawdown is too deep as well is out at once."),
  hard_exclude_drawdown: z
    .number()
    .gt(0)
    .max(1)
    .default(0.15)
    .describe("Drawdown, as a fraction, beyond which that happens; 1 = never."),
  exclude_confirmation_bars: wholeBars(1).default(5).describe("Low scores in a row before an asset leaves."),
  include_confirmation_bars: wholeBars(1).default(3).describe("High scores in a row before an asset comes back."),
  relapse_confirmation_bars: wholeBars(1)
    .default(1)
    .describe("Low scores in a row before one coming back leaves again."),
  min_exclusion_bars: wholeBars(1).default(30).describe("Bars an asset stays out before high scores count."),
  ramp_steps: wholeBars(1)
    .max(MOST_RAMP_STEPS)
    .default(3)
    .describe("Bars from all to nothing and back: the multiplier moves by 1 / ramp_steps a bar."),
  min_active_assets: wholeBars(1)
    .default(2)
    .describe("Low scores make nobody leave when fewer would stay; the hard exclusion outranks this."),
  redistribute: z
    .boolean()
    .default(false)
    .describe("Hand what an asset loses by its multiplier to the others, instead of to cash."),
});

export type AssetSelectorBlock = z.output<typeof assetSelector>;

/** Keys that contradict each other: path below the block, rule, value. */
export function selectorFaults(
  block: AssetSelectorBlock,
): readonly (readonly [path: readonly string[], rule: string, got: number])[] {
  const faults: (readonly [readonly string[], string, number])[] = [];
  const { sharpe_weight, return_weight, drawdown_weight, exclude_score_threshold, include_score_threshold } = block;
  const sum = sharpe_weight + return_weight + drawdown_weight;
  if (Math.abs(sum - 1) > WEIGHT_SUM_ROUNDING)
    faults.push([
      ["sharpe_weight"],
      `must sum to 1 with return_weight ${return_weight} and drawdown_weight ${drawdown_weight}, but the sum is ${Number(sum.toPrecision(12))}`,
      sharpe_weight,
    ]);
  if (exclude_score_threshold >= include_score_threshold)
    faults.push([
      ["exclude_score_threshold"],
      `must be below include_score_threshold ${include_score_threshold}`,
      exclude_score_threshold,
    ]);
  return faults;
}
