/** What a sweep tried and what came of it: plain data, for files and reports. */
import type { HoldoutRecord } from "./holdout-record.ts";
import type { MetricInfo } from "./metric-info.ts";
import type { Axes } from "./panel.ts";
import type { WalkForwardRecord } from "./walk-forward-record.ts";

/** A value of an axis, as YAML has it. */
export type AxisValue = string | number | boolean | null;

/** A path of the config and the values it took; a list or mapping as a value is its JSON text. */
export interface SweepAxis {
  readonly path: string;
  /** Distinct, in the order they were first given. */
  readonly values: readonly AxisValue[];
}

/** `invalid`: the config contradicts itself or breaks the constraints; `failed`: it threw while it ran. */
export const TRIAL_STATES = ["done", "invalid", "failed"] as const;

/** One config of a sweep. */
export interface Trial {
  /** Position in the order of the sweep's axes, from 0. */
  readonly index: number;
  /** First digits of the hash of everything that went into it; "" where it is invalid. */
  readonly id: string;
  /** Value on every axis; undefined where an axis of another list does not apply. */
  readonly values: readonly (AxisValue | undefined)[];
  readonly state: (typeof TRIAL_STATES)[number];
  /** Why it is not done; null when it is. */
  readonly error: string | null;
  /** Metric key -> value; NaN = undefined for this series. Empty when not done. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Equity of one of the best trials, [T]. */
export interface TrialEquity {
  /** Trial.index. */
  readonly trial: number;
  readonly equity: Float64Array;
}

/** How likely the best of a sweep is the luck of many tries; NaN = not computable on these trials. */
export interface OverfittingRecord {
  /** Trials ever run on these data, this sweep's included. */
  readonly trials: number;
  /** Clusters of trials that move alike; NaN = not asked for. */
  readonly effectiveTrials: number;
  /** Per bar. */
  readonly sharpeVariance: number;
  /** Probabilities that the best trial's Sharpe ratio is above 0, and above what the best of so many would show by luck. */
  readonly probabilisticSharpe: number;
  /** With every trial counted as a try. */
  readonly deflatedSharpe: number;
  /** With the effective trials for the tries; NaN = not asked for. */
  readonly deflatedSharpeEffective: number;
  /** Bars needed before P(true Sharpe ratio > what the best of so many would show by luck) is 95%. */
  readonly minimumTrackRecord: number;
  /** Probability of backtest overfitting by CSCV, blocks and splits it is made of. */
  readonly pbo: number;
  readonly blocks: number;
  readonly splits: number;
  /** Share of splits in which the best in sample loses out of sample. */
  readonly probabilityOfLoss: number;
  /** Slope and intercept of out-of-sample on in-sample Sharpe ratio of the best, over splits; per bar. */
  readonly degradationSlope: number;
  readonly degradationIntercept: number;
  /** Histogram material: logits of the splits. */
  readonly logits: Float64Array;
  /** p-values that the best is no better than cash (or the benchmark). */
  readonly realityCheck: number;
  readonly superiorAbility: number;
}

/** One stage of the plan, and how many distinct results of it the trials need. */
export interface StageCount {
  readonly stage: string;
  readonly distinct: number;
}

export interface SweepRecord {
  readonly name: string;
  readonly description: string;
  readonly id: string;
  readonly synthetic: boolean;
  readonly periodsPerYear: number;
  readonly bars: Axes;
  readonly axes: readonly SweepAxis[];
  readonly trials: readonly Trial[];
  /** Metric the trials are ranked by, largest first unless `rankAscending`. */
  readonly rankBy: string;
  readonly rankAscending: boolean;
  /** Metrics that no catalogue has; absent without any. */
  readonly ownMetrics?: readonly MetricInfo[];
  /** Trial.index of the trials that are done, best first; ties in order of index. */
  readonly ranking: readonly number[];
  /** Of the best that come to something of their own: a config under another name is left out. */
  readonly best: readonly TrialEquity[];
  /** 95% bootstrap intervals of figures of the best trial, by metric key; that it was chosen for them is not allowed for.
   *  Empty without one. */
  readonly intervals: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
  readonly overfitting: OverfittingRecord | null;
  /** null where it was not asked for. */
  readonly walkForward: WalkForwardRecord | null;
  readonly stages: readonly StageCount[];
  /** First date of the holdout, which no trial saw; null without one. */
  readonly holdoutStart: string | null;
  /** The look at it; null where none was taken. */
  readonly holdout: HoldoutRecord | null;
  readonly provenance: {
    readonly dataHash: string;
    readonly codeVersion: string;
    readonly codeHash: string;
    readonly seed: number;
    /** As in Provenance. */
    readonly extensions?: readonly { readonly path: string; readonly hash: string }[];
  };
  readonly warnings: readonly string[];
  /** The experiment as YAML text, its sweep block included. */
  readonly config: string;
}
