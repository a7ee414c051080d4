import fc from "fast-check";
import { expect, test } from "vitest";
import { applyMultipliers } from "../../src/selection/apply-multipliers.ts";

const apply = (weights: number[], multiplier: number[], redistribute: boolean): number[] => {
  const out = new Float64Array(weights.length).fill(-1);
  applyMultipliers(Float64Array.from(weights), Float64Array.from(multiplier), redistribute, out);
  return [...out];
};

test("weights are multiplied, and what is lost stays in cash", () => {
  expect(apply([0.5, 0.25, 0.25], [1, 0.5, 0], false)).toEqual([0.5, 0.125, 0]);
});

test("redistribute hands what is lost to the others in proportion", () => {
  // 0.5 and 0.125 of 0.625
  const out = apply([0.5, 0.25, 0.25], [1, 0.5, 0], true);
  expect(out[0]).toBeCloseTo(0.8, 15);
  expect(out[1]).toBeCloseTo(0.2, 15);
  expect(out[2]).toBe(0);
});

test("redistribute keeps the gross at the best multiplier", () => {
  // all at 1/2: the gross is 1/2, not 1
  expect(apply([0.75, 0.25], [0.5, 0.5], true)).toEqual([0.375, 0.125]);
});

test("with every multiplier at 1 both leave weights that sum to 1 as they are", () => {
  expect(apply([0.75, 0.25], [1, 1], false)).toEqual([0.75, 0.25]);
  expect(apply([0.75, 0.25], [1, 1], true)).toEqual([0.75, 0.25]);
});

test("nobody left is all zero, also where a weight is missing for who is out", () => {
  expect(apply([0.5, 0.5], [0, 0], true)).toEqual([0, 0]);
  expect(apply([1, Number.NaN], [1, 0], true)).toEqual([1, 0]);
  expect(apply([], [], true)).toEqual([]);
});

test("the gross of redistribute is the best multiplier among those with a weight, whatever the rest", () => {
  const share = fc.integer({ min: 1, max: 100 });
  const step = fc.constantFrom(0, 1 / 3, 2 / 3, 1);
  fc.assert(
    fc.property(fc.array(fc.tuple(share, step), { minLength: 1, maxLength: 8 }), (rows) => {
      const multipliers = rows.map(([, m]) => m);
      const gross = apply(
        rows.map(([w]) => w / 800),
        multipliers,
        true,
      ).reduce((a, b) => a + b, 0);
      expect(gross).toBeCloseTo(Math.max(...multipliers), 12);
    }),
    { seed: 7 },
  );
});
