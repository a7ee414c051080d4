/** A sweep as the one JSON object of `--json`: what was tried, the best, and how far to believe it. */
import type { SweepRecord } from "../core/sweep-record.ts";
import type { WalkForwardRecord } from "../core/walk-forward-record.ts";
import { formatBarTime } from "../data/calendar.ts";
import { holdoutFacts } from "../experiment/walk-forward-files.ts";

const BEST = 10;

export function sweepSummary(record: SweepRecord): Readonly<Record<string, unknown>> {
  const { axes, trials, ranking, overfitting, walkForward } = record;
  const byIndex = new Map(trials.map((trial) => [trial.index, trial]));
  const count = (state: string) => trials.filter((trial) => trial.state === state).length;
  const valuesOf = (index: number) => {
    const values = byIndex.get(index)?.values ?? [];
    return Object.fromEntries(axes.map(({ path }, a) => [path, values[a] ?? null]));
  };
  return {
    id: record.id,
    name: record.name,
    trials: trials.length,
    done: count("done"),
    invalid: count("invalid"),
    failed: count("failed"),
    rankBy: record.rankBy,
    best: ranking.slice(0, BEST).map((index) => {
      const { id, metrics } = byIndex.get(index)!;
      return { id, values: valuesOf(index), metrics };
    }),
    intervals: record.intervals,
    overfitting: overfitting === null ? null : { ...overfitting, logits: undefined },
    walkForward: walkForward === null ? null : forwardSummary(record, walkForward, valuesOf),
    holdout: holdoutFacts(record),
    stages: record.stages,
    warnings: record.warnings,
  };
}

/** Without the series, which are in walk_forward_equity.csv. */
function forwardSummary(
  { axes, bars: { time } }: SweepRecord,
  { windows, steadiness, firstBar, stitched, spliced, hindsight, median, ...facts }: WalkForwardRecord,
  valuesOf: (trial: number) => unknown,
): Readonly<Record<string, unknown>> {
  const dateOf = formatBarTime(time);
  const metricsOf = ({ trial, metrics }: typeof stitched) => (trial < 0 ? { metrics } : { trial, metrics });
  return {
    ...facts,
    firstBar: dateOf(time[firstBar]!),
    windows: windows.map(({ train, test, trial, ...window }) => ({
      trainStart: dateOf(time[train.from]!),
      trainEnd: dateOf(time[train.to - 1]!),
      testStart: dateOf(time[test.from]!),
      testEnd: dateOf(time[test.to - 1]!),
      ...window,
      trial: trial < 0 ? null : trial,
      values: trial < 0 ? null : valuesOf(trial),
    })),
    steadiness: steadiness.map(({ axis, mode, ...steady }) => ({
      axis: axes[axis]!.path,
      mode: mode ?? null,
      ...steady,
    })),
    stitched: metricsOf(stitched),
    spliced: metricsOf(spliced),
    bestInHindsight: metricsOf(hindsight),
    median: metricsOf(median),
  };
}
