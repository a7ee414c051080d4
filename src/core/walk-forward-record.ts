/** What a walk-forward optimisation chose and what came of it: plain data, for files and reports. */

import type { AxisValue } from "./sweep-record.ts";

/** Bars from .. to - 1; the returns of a range are those of its bars, each against the close before. */
export interface BarRange {
  readonly from: number;
  readonly to: number;
}

/** How a window came by its config: by its training bars; the choice before it kept, as no trial has the metric there;
 *  or not at all, as there is none to keep either, so that the account stays in cash. */
export const WINDOW_CHOICES = ["chosen", "kept", "none"] as const;

export interface OptimisedWindow {
  readonly train: BarRange;
  /** Shorter than asked for where the bars end. */
  readonly test: BarRange;
  readonly choice: (typeof WINDOW_CHOICES)[number];
  /** Trial.index; -1 = none. */
  readonly trial: number;
  /** The metric of that trial's own account over the training and the test bars; NaN = undefined. */
  readonly trainMetric: number;
  readonly testMetric: number;
  /** 1 = best of all different trials over the test bars, as many as have the metric there; equal ones share the mean of
   *  their places. NaN without the metric. */
  readonly testRank: number;
  readonly tested: number;
}

/** How much the choice moves along one axis. */
export interface AxisSteadiness {
  /** Position among the sweep's axes. */
  readonly axis: number;
  /** Different values chosen. */
  readonly distinct: number;
  /** Value chosen most often, and its share of the windows with a choice; undefined where the axis does not apply. */
  readonly mode: AxisValue | undefined;
  readonly modeShare: number;
  /** Windows whose value differs from that of the window before. */
  readonly changes: number;
}

/** An account over the bars out of sample, and what it came to there. */
export interface ForwardAccount {
  /** Trial.index; -1 = of more than one. */
  readonly trial: number;
  /** [T - firstBar + 1] from the close before the first test bar on. */
  readonly equity: Float64Array;
  /** Metric key -> value, over the bars out of sample alone. */
  readonly metrics: Readonly<Record<string, number>>;
}

export interface WalkForwardRecord {
  readonly kind: "expanding" | "rolling";
  readonly trainBars: number;
  readonly testBars: number;
  readonly stepBars: number;
  /** Metric the choice goes by, largest first unless `rankAscending`. */
  readonly rankBy: string;
  readonly rankAscending: boolean;
  readonly windows: readonly OptimisedWindow[];
  /** First bar out of sample. */
  readonly firstBar: number;
  /** Windows whose config is another than the window's before. */
  readonly switches: number;
  readonly steadiness: readonly AxisSteadiness[];
  /** Mean of the metric out of sample and in sample, over the windows that have both, each by its test bars, and the
   *  former over the latter; NaN where that says nothing, the latter not being above 0. */
  readonly testMean: number;
  readonly trainMean: number;
  readonly efficiency: number;
  /** Mean place of the choice among all different trials out of sample: 0 = best, 0.5 = as by chance, 1 = worst. */
  readonly meanPlace: number;
  /** The result: one account that trades every change of config, with costs. */
  readonly stitched: ForwardAccount;
  /** 95% bootstrap intervals of its figures, by metric key. */
  readonly intervals: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
  /** Returns of the chosen trials' own accounts put end to end: no change of config is traded or paid for. */
  readonly spliced: ForwardAccount;
  /** Of the trials on the same bars: the best, known afterwards only, and the middle one. */
  readonly hindsight: ForwardAccount;
  readonly median: ForwardAccount;
}
