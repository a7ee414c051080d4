import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { solveGroupedQuadraticProgram } from "../../src/math/grouped-quadratic-program.ts";
import { solveQuadraticProgram } from "../../src/math/quadratic-program.ts";
import { answerOf, largestDifference, regularEstimates } from "../support/covariances.ts";

const noRows = { coefficients: new Float64Array(0), lower: new Float64Array(0), upper: new Float64Array(0) };

describe("a quadratic program with group rows", () => {
  test("holds a group at its limit: of three equals the first two may have 0.5, so 0.25, 0.25, 0.5", () => {
    const program = {
      quadratic: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
      budget: 1,
      lower: new Float64Array(3),
      upper: new Float64Array(3).fill(1),
    };
    const rows = {
      coefficients: Float64Array.of(1, 1, 0),
      lower: Float64Array.of(Number.NEGATIVE_INFINITY),
      upper: Float64Array.of(0.5),
    };
    const { x } = answerOf(solveGroupedQuadraticProgram(program, rows));
    expect(largestDifference(x, [0.25, 0.25, 0.5])).toBeLessThan(1e-14);
    const exactly = { ...rows, lower: Float64Array.of(0.9), upper: Float64Array.of(0.9) };
    expect(
      largestDifference(answerOf(solveGroupedQuadraticProgram(program, exactly)).x, [0.45, 0.45, 0.1]),
    ).toBeLessThan(1e-14);
  });

  test("equals the active set when there is no row", () => {
    fc.assert(
      fc.property(regularEstimates, ({ n, mu, cov }) => {
        const program = {
          quadratic: cov,
          linear: mu,
          budget: 1,
          lower: new Float64Array(n),
          upper: new Float64Array(n).fill(Math.max(1 / n, 0.3)),
        };
        const grouped = answerOf(solveGroupedQuadraticProgram(program, noRows));
        expect(largestDifference(grouped.x, answerOf(solveQuadraticProgram(program)).x)).toBeLessThan(1e-8);
      }),
    );
  });

  test("refuses rows that contradict one another, and answers a singular matrix with a stated ridge", () => {
    const program = {
      quadratic: new Float64Array(4).fill(1),
      budget: 1,
      lower: new Float64Array(2),
      upper: new Float64Array(2).fill(1),
    };
    const row = (lower: number, upper: number) => ({
      coefficients: Float64Array.of(1, 0),
      lower: Float64Array.of(lower),
      upper: Float64Array.of(upper),
    });
    expect(solveGroupedQuadraticProgram(program, row(1.2, 2))).toEqual({
      ok: false,
      reason: "infeasible: no weights meet the budget, the bounds and the group limits together",
    });
    const answer = answerOf(solveGroupedQuadraticProgram(program, row(0, 0.3)));
    expect(answer.ridge).toBe(1e-9);
    expect(largestDifference(answer.x, [0.3, 0.7])).toBeLessThan(1e-6);
  });
});
