/** Which trial was the best so far, again and again: windows of bars and the choice on each, from returns alone. A choice
 *  stands at the close before its test bars and reads nothing later. */
import type { Floats } from "../core/panel.ts";
import type { BarRange, OptimisedWindow } from "../core/walk-forward-record.ts";
import { headlineFigures } from "../metrics/intervals.ts";
import { periodicRate } from "../metrics/ratios.ts";
import { presentReturns } from "../metrics/returns.ts";
import { type SummaryOptions, summarise } from "../metrics/summary.ts";

export interface WindowPolicy {
  /** expanding learns from `start` on, rolling from the last `trainBars` before the test. */
  readonly kind: "expanding" | "rolling";
  readonly trainBars: number;
  readonly testBars: number;
  /** Bars from one test's start to the next, at most `testBars`. */
  readonly stepBars: number;
}

/** One of different trials, in order of index. */
export interface WindowTrial {
  /** Trial.index. */
  readonly trial: number;
  /** [T-1] as equityReturns gives them: that of bar t at t - 1. */
  readonly returns: Float64Array;
}

/** Value of the metric for some returns in order; NaN = undefined. */
export type WindowMeasure = (returns: Floats) => number;

/**
 * @param start first bar of the first training window
 * @returns in order of time, the last test ending with the bars; empty where no bar is left after the first training
 */
export function walkForwardWindows(
  start: number,
  bars: number,
  { kind, trainBars, testBars, stepBars }: WindowPolicy,
): { readonly train: BarRange; readonly test: BarRange }[] {
  const windows: { readonly train: BarRange; readonly test: BarRange }[] = [];
  for (let from = start + trainBars; from < bars; from += stepBars)
    windows.push({
      train: { from: kind === "expanding" ? start : from - trainBars, to: from },
      test: { from, to: Math.min(from + testBars, bars) },
    });
  return windows;
}

/**
 * Bar from which every trial has been in the market, those left out that are not within `trainBars` of the first. So it
 * is known before the first choice, whatever the trials do later.
 *
 * @returns at least 1; null where no trial has a return other than 0
 */
export function firstTradedBar(trials: readonly WindowTrial[], trainBars: number): number | null {
  const firsts = trials.map(({ returns }) => 1 + returns.findIndex(isMove)).filter((bar) => bar > 0);
  if (firsts.length === 0) return null;
  const first = firsts.reduce((least, bar) => Math.min(least, bar));
  return firsts.reduce((last, bar) => (bar < first + trainBars ? Math.max(last, bar) : last), first);
}

/** @param metric key of a metric of a return series */
export function windowMeasure(metric: string, options: SummaryOptions): WindowMeasure {
  const place = ["sharpe", "cagr", "max_drawdown"].indexOf(metric);
  if (place < 0)
    return (returns) => (summarise(returns, options) as Readonly<Record<string, number>>)[metric] ?? Number.NaN;
  const rate = periodicRate(options.riskFreeAnnual, options.periodsPerYear);
  const figures = new Float64Array(3);
  return (returns) => {
    headlineFigures(presentReturns(returns), rate, options.periodsPerYear, figures);
    return figures[place]!;
  };
}

/**
 * The trial with the best metric over each window's training bars, ties in order of index, and how it fares over the test
 * bars. A trial that has no return other than 0 in the training bars has no metric there; where none has one, the choice
 * before is kept.
 */
export function chooseOnWindows(
  windows: readonly { readonly train: BarRange; readonly test: BarRange }[],
  trials: readonly WindowTrial[],
  measure: WindowMeasure,
  ascending: boolean,
): OptimisedWindow[] {
  const isBetter = (a: number, b: number): boolean => (ascending ? a < b : a > b);
  let last = -1;
  return windows.map(({ train, test }): OptimisedWindow => {
    const trained = trials.map(({ returns }) => measuredOn(returns, train, measure));
    const tested = trials.map(({ returns }) => measuredOn(returns, test, measure));
    const best = trained.reduce(
      (chosen, value, p) => (value === value && (chosen < 0 || isBetter(value, trained[chosen]!)) ? p : chosen),
      -1,
    );
    const choice = best >= 0 ? "chosen" : last >= 0 ? "kept" : "none";
    if (best >= 0) last = best;
    const value = tested[last] ?? Number.NaN;
    const better = tested.filter((other) => isBetter(other, value)).length;
    const level = tested.filter((other) => other === value).length;
    return {
      train,
      test,
      choice,
      trial: trials[last]?.trial ?? -1,
      trainMetric: trained[last] ?? Number.NaN,
      testMetric: value,
      testRank: value === value ? better + (level + 1) / 2 : Number.NaN,
      tested: tested.filter((other) => other === other).length,
    };
  });
}

/** @returns NaN where nothing moved */
export function measuredOn(returns: Float64Array, { from, to }: BarRange, measure: WindowMeasure): number {
  const own = returns.subarray(from - 1, to - 1);
  return own.some(isMove) ? measure(own) : Number.NaN;
}

function isMove(value: number): boolean {
  return value === value && value !== 0;
}
