/** A small experiment with a ranking, two models and two combiners, fast enough to train in a test. */

/** @param holdout first date of the holdout; null = none */
export function comparisonYaml(holdout: string | null = "2016-03-01"): string {
  return `name: small
data: {source: sample, sample_bars: 420, sample_assets: 8}
features:
  - {name: column, column: quality_signal}
  - {name: momentum, lookback_bars: 20}
ranking:
  short: {feature_weights: {quality_signal: 1}}
  long: {feature_weights: {momentum_20: 1}}
l5:
  model_type: [ridge, ols]
  horizons: {short: 2, long: 5}
  walk_forward: {train_bars: 120, test_bars: 60, min_train_rows: 20}
ensemble: {kind: [weighted, stacking]}
signal: {kind: scores, select: {top_k: 3}}
allocation: {method: equal_weight, lookback_bars: 20, rebalance_bars: 5}
portfolio: {cost_model: {fee_bps: 5}}
${holdout === null ? "" : `validation: {holdout_start: ${holdout}}\n`}`;
}
