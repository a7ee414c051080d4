import { expect, test } from "vitest";
import { leastSquares } from "../../src/metrics/least-squares.ts";

test("the line through (0, 1), (1, 3), (2, 2) by hand, a missing point left out", () => {
  // Centres 1 and 2; joint -1 * -1 + 0 * 1 + 1 * 0 = 1, squares of x 2, of y 2: slope 1/2, intercept 3/2, r^2 1/4.
  const got = leastSquares(Float64Array.of(0, Number.NaN, 1, 5, 2), Float64Array.of(1, 9, 3, Number.NaN, 2));
  expect(got).toEqual({ slope: 0.5, intercept: 1.5, rSquared: 0.25 });
});

test("is undefined with one point, with a constant x, and explains nothing of a constant y", () => {
  const undefinedLine = { slope: Number.NaN, intercept: Number.NaN, rSquared: Number.NaN };
  expect(leastSquares(Float64Array.of(), Float64Array.of())).toEqual(undefinedLine);
  expect(leastSquares(Float64Array.of(1), Float64Array.of(1))).toEqual(undefinedLine);
  expect(leastSquares(Float64Array.of(2, 2), Float64Array.of(1, 3))).toEqual(undefinedLine);
  expect(leastSquares(Float64Array.of(1, 2), Float64Array.of(3, 3))).toEqual({
    slope: 0,
    intercept: 3,
    rSquared: Number.NaN,
  });
});
