import fc from "fast-check";
import { expect, test } from "vitest";
import { gaussianRanks } from "../../src/math/gaussian-rank.ts";
import { normalCdf } from "../../src/math/normal.ts";
import { averageRanks, rankSpace } from "../../src/math/rank.ts";

function gaussian(values: readonly number[], from = 0, count = values.length - from) {
  const out = new Float64Array(count).fill(-1);
  const present = gaussianRanks(Float64Array.from(values), from, count, rankSpace(count), out);
  return { out: [...out], present };
}
const value = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constant(Number.NaN));

test("four values fall on the eighths of the normal distribution", () => {
  // Ranks 1..4 of 4: p = 1/8, 3/8, 5/8, 7/8; normal table: 1.15035 and 0.31864.
  const { out, present } = gaussian([30, 10, 40, 20]);
  expect(present).toBe(4);
  for (const [n, z] of [0.31864, -1.15035, 1.15035, -0.31864].entries()) expect(out[n]).toBeCloseTo(z, 5);
});

test("ties share the quantile of their average rank, and a missing value counts for nobody", () => {
  // Present: 1, 5, 5. Ranks 1, 2.5, 2.5 of 3: p = 1/6 and 2/3; normal table: -0.96742 and 0.43073.
  const { out, present } = gaussian([5, Number.NaN, 1, 5]);
  expect(present).toBe(3);
  expect(out[1]).toBeNaN();
  expect(out[2]).toBeCloseTo(-0.96742, 5);
  expect(out[0]).toBeCloseTo(0.43073, 5);
  expect(out[3]).toBe(out[0]);
});

test("a single value and a row of equal values are neutral, an empty row is nothing", () => {
  expect(gaussian([7])).toEqual({ out: [0], present: 1 });
  expect(gaussian([2, 2, 2, 2])).toEqual({ out: [0, 0, 0, 0], present: 4 });
  expect(gaussian([Number.NaN])).toEqual({ out: [Number.NaN], present: 0 });
  expect(gaussian([])).toEqual({ out: [], present: 0 });
});

test("reads the row it is pointed at and no more", () => {
  expect(gaussian([9, 9, 2, 1, 0], 2, 2)).toEqual(gaussian([2, 1]));
});

test("the distribution function takes every value back to (rank - 1/2) / n", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), (values) => {
      const { out, present } = gaussian(values);
      const ranks = new Float64Array(values.length);
      averageRanks(Float64Array.from(values), 0, values.length, rankSpace(values.length), ranks);
      for (const [n, z] of out.entries())
        if (Number.isNaN(values[n])) expect(z).toBeNaN();
        else expect(Math.abs(normalCdf(z) - (ranks[n]! - 0.5) / present)).toBeLessThan(1e-14);
    }),
  );
});

test("negating the values negates the result, to the bit", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 40 }), (values) => {
      const negated = gaussian(values.map((x) => -x)).out;
      const flipped = gaussian(values).out.map((z) => 0 - z);
      expect(negated.map((z) => z + 0)).toEqual(flipped);
    }),
  );
});
