import fc from "fast-check";
import { expect, test } from "vitest";
import { averageRanks, rankSpace } from "../../src/math/rank.ts";

function ranks(values: readonly number[], from = 0, count = values.length - from) {
  const out = new Float64Array(count).fill(-1);
  const present = averageRanks(Float64Array.from(values), from, count, rankSpace(count), out);
  return { out: [...out], present };
}

test("ties share the mean of the ranks they take up", () => {
  expect(ranks([3, 1, 3, 2])).toEqual({ out: [3.5, 1, 3.5, 2], present: 4 });
});

test("a missing value has no rank and counts for nobody", () => {
  expect(ranks([5, Number.NaN, 4])).toEqual({ out: [2, Number.NaN, 1], present: 2 });
});

test("ranks the row it is pointed at and no more", () => {
  expect(ranks([9, 9, 2, 1, 0], 2, 2)).toEqual({ out: [2, 1], present: 2 });
});

test("an empty row and a row without values are ranked by nobody", () => {
  expect(ranks([])).toEqual({ out: [], present: 0 });
  expect(ranks([Number.NaN])).toEqual({ out: [Number.NaN], present: 0 });
});

test("equals one plus the number below plus half of the others that are equal, whatever the size and the ties", () => {
  const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(Number.NaN), fc.constant(-0));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60, size: "max" }), (values) => {
      const { out } = ranks(values);
      for (const [n, x] of values.entries()) {
        const below = values.filter((y) => y < x).length;
        const equal = values.filter((y) => y === x).length;
        expect(out[n]).toBe(Number.isNaN(x) ? Number.NaN : below + (equal + 1) / 2);
      }
    }),
    { numRuns: 1000 },
  );
});
