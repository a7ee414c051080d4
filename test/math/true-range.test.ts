import { expect, test } from "vitest";
import { trueRange } from "../../src/math/true-range.ts";

const ranges = (rows: readonly (readonly [high: number, low: number, close: number])[]): number[] => {
  const plane = (i: 0 | 1 | 2) => Float64Array.from(rows, (row) => row[i]);
  const out = new Float64Array(rows.length).fill(-1);
  trueRange({ high: plane(0), low: plane(1), close: plane(2) }, 1, out);
  return Array.from(out);
};
const none = Number.NaN;

test("takes in the gap from the last close, up or down", () => {
  const found = ranges([
    [10, 8, 9],
    [13, 12, 12],
    [11, 10, 11],
    [12, 10, 11],
  ]);
  expect(found).toEqual([10 - 8, 13 - 9, 12 - 10, 12 - 10]);
});

test("after a hole the gap counts from the last close there was, and a bar without high or low has no range", () => {
  const found = ranges([
    [none, none, none],
    [10, 8, 9],
    [none, none, none],
    [15, 14, 14],
    [none, 13, 20],
    [19, 18, 18],
  ]);
  expect(found).toEqual([none, 10 - 8, none, 15 - 9, none, 20 - 18]);
});

test("an empty plane stays empty", () => {
  expect(ranges([])).toEqual([]);
});
