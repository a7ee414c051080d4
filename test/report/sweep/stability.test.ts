import { describe, expect, it } from "vitest";
import { stability } from "../../../src/report/sweep/stability.ts";
import { ascending, type SmallTrial, smallSweep } from "./small-sweep.ts";

/** a in 1, 2, 4 by b in 10, 20; the peak at (2, 20). */
const TRIALS: readonly SmallTrial[] = [
  [[1, 10], 0],
  [[1, 20], 2],
  [[2, 10], 3],
  [[2, 20], 8],
  [[4, 10], 1],
  [[4, 20], 4],
];
const AXES = { a: [4, 1, 2], b: [10, 20] };

describe("stability", () => {
  it("holds a trial against those one step away on one numeric axis", () => {
    const [peak, second] = stability(smallSweep(AXES, TRIALS), 2);
    // (2,20) has (1,20) = 2, (4,20) = 4 and (2,10) = 3: mean 3, worst 2.
    // All values: mean 3, squares 9 + 1 + 0 + 25 + 4 + 1 = 40, deviation sqrt(40 / 5).
    expect(peak).toEqual({ trial: 3, value: 8, steps: 3, neighbours: 3, mean: 3, worst: 2, excess: 5 / Math.sqrt(8) });
    // (4,20) is at the end of a, so has two: (2,20) = 8 and (4,10) = 1.
    expect(second).toMatchObject({
      trial: 5,
      steps: 2,
      neighbours: 2,
      mean: 4.5,
      worst: 1,
      excess: -0.5 / Math.sqrt(8),
    });
  });

  it("counts steps to trials that are undone, undefined or untried without their values", () => {
    const trials = TRIALS.map(([values], k) => [values, [0, "no", Number.NaN, 8, 1, 4][k]!] as const);
    const [peak] = stability(smallSweep(AXES, trials), 1);
    expect(peak).toMatchObject({ steps: 3, neighbours: 1, mean: 4, worst: 4 });
    const [alone] = stability(smallSweep(AXES, [TRIALS[3]!, TRIALS[0]!]), 1);
    expect(alone).toMatchObject({ steps: 3, neighbours: 0, mean: Number.NaN, worst: Number.NaN, excess: Number.NaN });
  });

  it("turns better round where small is good", () => {
    const [peak] = stability(ascending(smallSweep(AXES, TRIALS)), 1);
    // (1,10) = 0 with (2,10) = 3 and (1,20) = 2: 2.5 better than their mean.
    expect(peak).toEqual({
      trial: 0,
      value: 0,
      steps: 2,
      neighbours: 2,
      mean: 2.5,
      worst: 3,
      excess: 2.5 / Math.sqrt(8),
    });
  });

  it("has no neighbours along texts, booleans and null, nor across other axes", () => {
    const mixed = smallSweep({ m: ["p", "q"], a: [1, 2, null], s: [true, false] }, [
      [["p", 1, true], 5],
      [["q", 1, true], 4],
      [["p", 1, false], 4],
      [["p", null, true], 4],
      [["p", 2, true], 1],
      [["q", 2, true], 4],
    ]);
    expect(stability(mixed, 1)[0]).toMatchObject({ trial: 0, steps: 1, neighbours: 1, mean: 1 });
  });

  it("tells an axis that does not apply from one that is null", () => {
    const sparse = smallSweep({ a: [1, 2], b: [null] }, [
      [[1, undefined], 5],
      [[2, null], 1],
      [[2, undefined], 3],
    ]);
    expect(stability(sparse, 1)[0]).toMatchObject({ neighbours: 1, mean: 3 });
  });

  it("takes a trial's copies neither for peaks nor for neighbours", () => {
    const sweep = smallSweep(AXES, TRIALS);
    // (2,20) and (4,20) are one trial: of the three neighbours (1,20) = 2 and (2,10) = 3 are left
    const trials = sweep.trials.map((trial) =>
      trial.index === 5 ? { ...trial, id: "id3", metrics: { sharpe: 8 } } : trial,
    );
    const peaks = stability({ ...sweep, trials, ranking: [3, 5, 2, 1, 4, 0] }, 2);
    expect(peaks[0]).toMatchObject({ trial: 3, steps: 2, neighbours: 2, mean: 2.5, worst: 2 });
    expect(peaks[1]).toMatchObject({ trial: 2 });
  });

  it("is empty when no trial has a value", () => {
    expect(stability(smallSweep({ a: [1] }, [[[1], Number.NaN]]), 3)).toEqual([]);
    expect(stability(smallSweep({}, []), 3)).toEqual([]);
  });
});
