import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  axisEffects,
  byEffect,
  explainedText,
  pairEffect,
  spreadQuantile,
} from "../../../src/report/sweep/axis-effects.ts";
import { ascending, smallSweep } from "./small-sweep.ts";

/** Two by two, twice each at a; one invalid. */
const record = smallSweep({ "x.a": [2, 1], "x.b": ["p", "q"] }, [
  [[1, "p"], 1],
  [[1, "q"], 3],
  [[2, "p"], 5],
  [[2, "q"], "no"],
]);

describe("the quantile of a spread", () => {
  it("is linear between order statistics, as numpy has it", () => {
    // Place 0.25 * 3 = 0.75 between 1 and 2; the median between 2 and 4.
    expect(spreadQuantile([1, 2, 4, 8], 0.25)).toBe(1.75);
    expect(spreadQuantile([1, 2, 4, 8], 0.5)).toBe(3);
    expect(spreadQuantile([1, 2, 4, 8], 1)).toBe(8);
    expect(spreadQuantile([7], 0.75)).toBe(7);
    expect(spreadQuantile([], 0.5)).toBeNaN();
  });
});

describe("the effect of an axis", () => {
  it("is the spread of the trials at each of its values", () => {
    const [a, b] = axisEffects(record);
    expect(a!.levels).toEqual([
      { label: "1", tried: 2, count: 2, mean: 2, lower: 1.5, median: 2, upper: 2.5, best: 3, bestTrial: 1 },
      { label: "2", tried: 2, count: 1, mean: 5, lower: 5, median: 5, upper: 5, best: 5, bestTrial: 2 },
    ]);
    // Mean 3, total squares 4 + 0 + 4 = 8; within the levels of a 1 + 1 = 2, of b 4 + 4 = 8; 3 values in 2 levels.
    expect(a!.explained).toBe(1 - ((2 / 8) * 2) / 1);
    expect(b!.explained).toBe(1 - ((8 / 8) * 2) / 1);
    expect([a, b].map((effect) => explainedText(effect!.explained))).toEqual(["50.00%", "0.00%"]);
    expect(b!.levels[1]).toMatchObject({ label: "q", tried: 2, count: 1, median: 3 });
  });

  it("has the smallest as the best where small is good", () => {
    expect(axisEffects(ascending(record))[0]!.levels[0]).toMatchObject({ best: 1, bestTrial: 0 });
  });

  it("leaves out undefined values and axes that do not apply", () => {
    const sparse = smallSweep({ a: [1, 2], b: [7] }, [
      [[1, undefined], Number.NaN],
      [[2, 7], 4],
    ]);
    const [a, b] = axisEffects(sparse);
    expect(a!.levels[0]).toMatchObject({ tried: 1, count: 0, median: Number.NaN, best: Number.NaN, bestTrial: -1 });
    expect(b!.levels).toHaveLength(1);
    expect(b!.levels[0]).toMatchObject({ tried: 1, count: 1 });
    expect(a!.explained).toBeNaN();
  });

  it("orders axes by what they explain and drops those with one value", () => {
    const three = smallSweep({ a: [1, 2], b: [1, 2], c: [9] }, [
      [[1, 1, 9], 0],
      [[1, 2, 9], 4],
      [[2, 1, 9], 1],
      [[2, 2, 9], 5],
    ]);
    expect(byEffect(axisEffects(three)).map(({ axis }) => axis)).toEqual([1, 0]);
  });

  it("explains at most all, and nothing known where no level has two values", () => {
    const single = smallSweep({ a: [1, 2] }, [
      [[1], 0],
      [[2], 4],
    ]);
    expect(axisEffects(single)[0]!.explained).toBeNaN();
    expect(pairEffect(record, 0, 1).explained).toBeNaN();
    const trial = fc.tuple(fc.constantFrom(1, 2, 3), fc.constantFrom("p", "q"), fc.integer({ min: -5, max: 5 }));
    fc.assert(
      fc.property(fc.array(trial, { minLength: 2, maxLength: 30 }), (trials) => {
        const sweep = smallSweep(
          { a: [1, 2, 3], b: ["p", "q"] },
          trials.map(([a, b, value]) => [[a, b], value] as const),
        );
        const pair = pairEffect(sweep, 0, 1);
        for (const { explained } of axisEffects(sweep)) {
          if (explained === explained) expect(explained).toBeLessThanOrEqual(1 + 1e-12);
        }
        expect(pair.count.reduce((sum, count) => sum + count, 0)).toBe(trials.length);
        if (pair.explained === pair.explained) expect(pair.explained).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

describe("the effect of a pair", () => {
  it("is the mean of the trials in each cell, missing where none has a value", () => {
    const third = smallSweep({ a: [1, 2], b: ["p", "q"], c: [true, false] }, [
      [[1, "p", true], 1],
      [[1, "p", false], 2],
      [[2, "q", true], 6],
      [[2, "p", true], Number.NaN],
      [[2, "q", false], "no"],
    ]);
    const pair = pairEffect(third, 0, 1);
    expect([...pair.mean]).toEqual([1.5, Number.NaN, Number.NaN, 6]);
    expect([...pair.count]).toEqual([2, 0, 0, 1]);
    expect(pair.rowLabels).toEqual(["1", "2"]);
    expect(pair.columnLabels).toEqual(["p", "q"]);
    // Mean 3: total 4 + 1 + 9 = 14; within the cells 0.25 + 0.25; 3 values in 2 cells.
    expect(pair.explained).toBeCloseTo(1 - ((0.5 / 14) * 2) / 1, 14);
  });
});
