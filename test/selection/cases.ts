/** Policies and panels for tests of the selector. */
import { createAxes } from "../../src/core/panel.ts";
import type { ScorePanels } from "../../src/selection/score.ts";
import type { ScoringPolicy, SelectorPolicy, TransitionPolicy } from "../../src/selection/selector-policy.ts";
import { DAY, flatten } from "../support/market.ts";

export const SCORING: ScoringPolicy = {
  sharpeWeight: 0.4,
  returnWeight: 0.3,
  drawdownWeight: 0.3,
  sharpeLookbackBars: 60,
  returnLookbackBars: 30,
  periodsPerYear: 365,
};

export function transitionPolicy(changes: Partial<TransitionPolicy> = {}): TransitionPolicy {
  return {
    excludeScore: 0.2,
    includeScore: 0.35,
    hardExcludeSharpe: -1,
    hardExcludeDrawdown: 0.15,
    excludeConfirmationBars: 5,
    includeConfirmationBars: 3,
    relapseConfirmationBars: 1,
    minExclusionBars: 30,
    rampSteps: 3,
    minActiveAssets: 1,
    ...changes,
  };
}

/** The parameters of a case of the reference file. */
export function oraclePolicy(params: Readonly<Record<string, number>>, periodsPerYear: number): SelectorPolicy {
  const value = (key: string): number => {
    if (params[key] === undefined) throw new Error(`the reference has no ${key}`);
    return params[key];
  };
  return {
    scoring: {
      sharpeWeight: value("sharpe_weight"),
      returnWeight: value("return_weight"),
      drawdownWeight: value("drawdown_weight"),
      sharpeLookbackBars: value("sharpe_lookback"),
      returnLookbackBars: value("return_lookback"),
      periodsPerYear,
    },
    excludeScore: value("exclude_score_threshold"),
    includeScore: value("include_score_threshold"),
    hardExcludeSharpe: value("hard_exclude_sharpe"),
    hardExcludeDrawdown: value("hard_exclude_drawdown"),
    excludeConfirmationBars: value("exclude_confirmation_bars"),
    includeConfirmationBars: value("include_confirmation_bars"),
    relapseConfirmationBars: value("relapse_confirmation_bars"),
    minExclusionBars: value("min_exclusion_bars"),
    rampSteps: value("ramp_steps"),
    minActiveAssets: value("min_active_assets"),
    redistribute: false,
  };
}

type Rows = readonly (readonly (number | null)[])[];

/** Panels of given scores, one row a bar, null = not listed; Sharpe ratio and drawdown harmless unless given. */
export function panelsOf(score: Rows, sharpe?: Rows, drawdown?: Rows): ScorePanels {
  const assets = score[0]!.length;
  const axes = createAxes(
    score.map((_, t) => t * DAY),
    Array.from({ length: assets }, (_, n) => `A${n}`),
  );
  const plane = (rows: Rows | undefined) =>
    rows === undefined ? new Float64Array(score.length * assets) : flatten(rows);
  return { axes, score: flatten(score), sharpe: plane(sharpe), drawdown: plane(drawdown) };
}

/** Panels of one asset beside others that stay at 0.5. */
export function panelsOfOne(score: readonly (number | null)[], others = 1): ScorePanels {
  return panelsOf(score.map((x) => [x, ...Array.from({ length: others }, () => 0.5)]));
}
