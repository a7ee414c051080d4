/** One look of a sweep's chosen config at the bars no trial saw. Plain data, for files and reports. */

export interface HoldoutRecord {
  /** Trial.index and Trial.id of the config that was run. */
  readonly trial: number;
  readonly id: string;
  /** Position in the sweep's ranking, from 1. */
  readonly rank: number;
  /** Of the whole config, as looks are counted by. */
  readonly configHash: string;
  /** First date asked for, first bar on or after it, and bars from there on. */
  readonly start: string;
  readonly firstBar: number;
  readonly bars: number;
  /** Different configs that have looked at this holdout, this one included. */
  readonly looks: number;
  /** UTC ms of all bars, the holdout's included. */
  readonly time: Float64Array;
  /** [T] over all bars. */
  readonly equity: Float64Array;
  /** Metric key -> value before the holdout and in it. */
  readonly development: Readonly<Record<string, number>>;
  readonly holdout: Readonly<Record<string, number>>;
  /** 95% bootstrap intervals of figures in the holdout, by metric key. */
  readonly intervals: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
}
