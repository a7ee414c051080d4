/** What tables, reports and leaderboards have to know of a metric to show it. */

/** percent: a fraction shown times 100; multiple: shown with an x; currency: the account's own. */
export const METRIC_UNITS = ["percent", "ratio", "multiple", "bars", "count", "currency"] as const;
export type MetricUnit = (typeof METRIC_UNITS)[number];

export const METRIC_GROUP_NAMES = ["return", "risk", "tail", "benchmark", "trading", "sample"] as const;
export type MetricGroup = (typeof METRIC_GROUP_NAMES)[number];

export const METRIC_DIRECTIONS = ["higher", "lower", "neutral"] as const;

export interface MetricInfo<Key extends string = string> {
  readonly key: Key;
  readonly label: string;
  readonly unit: MetricUnit;
  readonly better: (typeof METRIC_DIRECTIONS)[number];
  readonly group: MetricGroup;
  /** One sentence: what it measures and by which convention. */
  readonly describe: string;
}
