/** The metric a sweep is ranked by: what it is called, how it is printed, and each trial's value of it. */
import type { MetricInfo } from "../../core/metric-info.ts";
import type { SweepRecord, Trial } from "../../core/sweep-record.ts";
import { METRICS } from "../../metrics/catalogue.ts";
import { formatValue, type NumberStyle } from "../number-format.ts";

export interface MetricName {
  readonly key: string;
  readonly label: string;
  readonly style: NumberStyle;
}

/** @param key the ranking metric without it */
export function metricName({ rankBy, ownMetrics = [] }: SweepRecord, key = rankBy): MetricName {
  return metricNameAmong(key, [...METRICS, ...ownMetrics]);
}

/** A metric that is not among those known goes by its key and is printed as a ratio. */
export function metricNameAmong(key: string, known: readonly MetricInfo[]): MetricName {
  const info = known.find((metric) => metric.key === key);
  return { key, label: info?.label ?? key, style: info?.unit ?? "ratio" };
}

/** Value of the ranking metric; NaN where the trial is not done or has none. */
export function rankedValue(record: SweepRecord, trial: Trial): number {
  return trial.state === "done" ? (trial.metrics[record.rankBy] ?? Number.NaN) : Number.NaN;
}

/** The ranking metric as text. */
export function rankedText(record: SweepRecord, value: number): string {
  return formatValue(value, metricName(record).style);
}

/** The trials in the order of the ranking, best first; those not done are not among them. */
export function rankedTrials(record: SweepRecord): Trial[] {
  const byIndex = new Map(record.trials.map((trial) => [trial.index, trial]));
  return record.ranking.flatMap((index) => byIndex.get(index) ?? []);
}

/** The ranked trials without those that come to the same as a better ranked one: its config under another name, such as a
 *  lookback that its method does not look at. */
export function differentTrials(record: SweepRecord): Trial[] {
  const seen = new Set<string>();
  return rankedTrials(record).filter(({ id }) => !seen.has(id) && seen.add(id));
}

/** Metric keys of the done trials, the ranking metric first, then as the catalogue has them, then others by name. */
export function metricKeys(record: SweepRecord): string[] {
  const present = new Set<string>();
  for (const { metrics } of record.trials) for (const key of Object.keys(metrics)) present.add(key);
  const known = METRICS.map(({ key }) => key as string).filter((key) => present.has(key));
  const others = [...present].filter((key) => !known.includes(key)).sort();
  return [record.rankBy, ...[...known, ...others].filter((key) => key !== record.rankBy)];
}
