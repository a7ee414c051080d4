/** Whether the best trials stand on a plateau or on a spike: each against its neighbours, which differ from it by one
 *  step on one numeric axis. A step leads to the next number the sweep tried on that axis; texts, booleans and null
 *  have no order and so no neighbours. */
import type { AxisValue, SweepRecord, Trial } from "../../core/sweep-record.ts";
import { sortedNumbers } from "./axis-levels.ts";
import { differentTrials, rankedValue } from "./ranking-metric.ts";

export interface TrialStability {
  /** Trial.index. */
  readonly trial: number;
  /** The ranking metric at the peak. */
  readonly value: number;
  /** Steps there are from here, one or two a numeric axis, and those that lead to a trial with a value. */
  readonly steps: number;
  readonly neighbours: number;
  /** Over the neighbours; NaN without any. */
  readonly mean: number;
  readonly worst: number;
  /** How much better the peak is than that mean (negative: worse), in standard deviations (ddof 1) of all trials'
   *  values; NaN without neighbours or when all values are equal. */
  readonly excess: number;
}

/** @param most of the best trials, in order of the ranking; those without a value are left out */
export function stability(record: SweepRecord, most: number): TrialStability[] {
  const numbers = record.axes.map(({ values }) => sortedNumbers(values));
  const valued = record.trials.filter((trial) => Number.isFinite(rankedValue(record, trial)));
  const trialAt = new Map(valued.map((trial) => [placeKey(trial.values), trial]));
  const deviation = standardDeviation([...trialAt.values()].map((trial) => rankedValue(record, trial)));
  const better = record.rankAscending ? -1 : 1;
  return differentTrials(record)
    .filter((trial) => Number.isFinite(rankedValue(record, trial)))
    .slice(0, most)
    .map((trial) => {
      const value = rankedValue(record, trial);
      const reached = stepsFrom(trial, numbers)
        .map((place) => trialAt.get(placeKey(place)))
        .filter((other) => other?.id !== trial.id);
      const around = reached.flatMap((other) => (other === undefined ? [] : [rankedValue(record, other)]));
      const mean = around.reduce((sum, other) => sum + other, 0) / around.length;
      return {
        trial: trial.index,
        value,
        steps: reached.length,
        neighbours: around.length,
        mean,
        worst: around.length === 0 ? Number.NaN : better * Math.min(...around.map((other) => better * other)),
        excess: deviation > 0 ? (better * (value - mean)) / deviation : Number.NaN,
      };
    });
}

function stepsFrom({ values }: Trial, numbers: readonly (readonly number[])[]): (AxisValue | undefined)[][] {
  return values.flatMap((value, axis) => {
    if (typeof value !== "number") return [];
    const at = numbers[axis]!.indexOf(value);
    return [at - 1, at + 1].flatMap((next) => {
      const step = numbers[axis]![next];
      return step === undefined ? [] : [values.with(axis, step)];
    });
  });
}

/** Where on the axes; JSON has no undefined, so it stands as an empty list, which no value is. */
function placeKey(values: readonly (AxisValue | undefined)[]): string {
  return JSON.stringify(values.map((value) => (value === undefined ? [] : value)));
}

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
