import { expect, test } from "vitest";
import { type LinearProgram, loadLinearProgram } from "../../src/math/linear-program.ts";
import { answerOf, largestDifference } from "../support/covariances.ts";

/** max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18: (2, 6) with 36, the example of Hillier & Lieberman. */
const factory: LinearProgram = {
  cost: Float64Array.of(-3, -5),
  columnLower: new Float64Array(2),
  columnUpper: Float64Array.of(4, Number.POSITIVE_INFINITY),
  rowLower: new Float64Array(2).fill(Number.NEGATIVE_INFINITY),
  rowUpper: Float64Array.of(12, 18),
  starts: Int32Array.of(0, 1, 3),
  indices: Int32Array.of(1, 0, 1),
  values: Float64Array.of(2, 3, 2),
};

test("solves a textbook program, again and again", async () => {
  const solve = await loadLinearProgram();
  for (let i = 0; i < 3; i++) {
    const { x, objective } = answerOf(solve(factory));
    expect(largestDifference(x, [2, 6])).toBeLessThan(1e-12);
    expect(objective).toBeCloseTo(-36, 12);
  }
});

test("says infeasible and unbounded instead of answering", async () => {
  const solve = await loadLinearProgram();
  expect(solve({ ...factory, rowLower: Float64Array.of(13, 0) }).ok).toBe(false);
  expect(solve({ ...factory, rowLower: Float64Array.of(0, 40), rowUpper: Float64Array.of(12, 50) })).toEqual({
    ok: false,
    reason: "infeasible: no point meets every row and bound",
  });
  const open = new Float64Array(2).fill(Number.POSITIVE_INFINITY);
  expect(solve({ ...factory, rowUpper: open })).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/unbounded/),
  });
});
