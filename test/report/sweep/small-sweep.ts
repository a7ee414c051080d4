/** A sweep small enough to be worked by hand: trials given as values on the axes and a Sharpe ratio. */
import { createAxes } from "../../../src/core/panel.ts";
import type { AxisValue, SweepAxis, SweepRecord, Trial } from "../../../src/core/sweep-record.ts";

/** A number is a done trial's Sharpe ratio (NaN = undefined); a text is why the trial is invalid. */
export type SmallTrial = readonly [values: readonly (AxisValue | undefined)[], outcome: number | string];

export function smallSweep(
  axes: Readonly<Record<string, readonly AxisValue[]>>,
  trials: readonly SmallTrial[],
): SweepRecord {
  const made = trials.map(
    ([values, outcome], index): Trial =>
      typeof outcome === "string"
        ? { index, id: "", values, state: "invalid", error: outcome, metrics: {} }
        : { index, id: `id${index}`, values, state: "done", error: null, metrics: { sharpe: outcome } },
  );
  const value = ({ metrics }: Trial): number => (metrics.sharpe === metrics.sharpe ? metrics.sharpe! : -Infinity);
  return {
    name: "small",
    description: "",
    id: "small-1",
    synthetic: false,
    periodsPerYear: 252,
    bars: createAxes([0, 86_400_000, 172_800_000], ["AAA"]),
    axes: Object.entries(axes).map(([path, values]): SweepAxis => ({ path, values })),
    trials: made,
    rankBy: "sharpe",
    rankAscending: false,
    ranking: made
      .filter(({ state }) => state === "done")
      .sort((a, b) => value(b) - value(a) || a.index - b.index)
      .map(({ index }) => index),
    best: [],
    intervals: {},
    overfitting: null,
    walkForward: null,
    stages: [],
    holdoutStart: null,
    holdout: null,
    provenance: { dataHash: "d", codeVersion: "1", codeHash: "c", seed: 1 },
    warnings: [],
    config: "name: small\n",
  };
}

/** The same sweep with the smallest value first. */
export function ascending(record: SweepRecord): SweepRecord {
  return { ...record, rankAscending: true, ranking: [...record.ranking].reverse() };
}
