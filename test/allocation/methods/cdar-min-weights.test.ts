import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { cdarMinWeights } from "../../../src/allocation/methods/cdar-min-weights.ts";
import { uniformBounds } from "../../../src/allocation/weight-bounds.ts";
import { type LinearProgramSolver, loadLinearProgram } from "../../../src/math/linear-program.ts";
import { answerOf, largestDifference } from "../../support/covariances.ts";

let solve: LinearProgramSolver;
beforeAll(async () => {
  solve = await loadLinearProgram();
});

/** Mean of the worst alpha share of uncompounded drawdowns, by sorting; the last bar counts by its fraction. */
function cdarOf(returns: Float64Array, weights: Float64Array, alpha: number): number {
  const n = weights.length;
  const drawdowns: number[] = [];
  let cumulative = 0;
  let peak = 0;
  for (let t = 0; t < returns.length / n; t++) {
    for (let i = 0; i < n; i++) cumulative += weights[i]! * returns[t * n + i]!;
    peak = Math.max(peak, cumulative);
    drawdowns.push(peak - cumulative);
  }
  drawdowns.sort((a, b) => b - a);
  let rest = alpha * drawdowns.length;
  let total = 0;
  for (const drawdown of drawdowns) {
    total += Math.min(rest, 1) * drawdown;
    rest -= Math.min(rest, 1);
    if (rest <= 0) break;
  }
  return total / (alpha * drawdowns.length);
}

const history = fc.integer({ min: 1, max: 5 }).chain((n) =>
  fc.tuple(
    fc.constant(n),
    fc
      .array(fc.integer({ min: -80, max: 90 }), { minLength: 40 * n, maxLength: 40 * n })
      .map((values) => Float64Array.from(values, (value) => value / 1000)),
  ),
);

test("its objective is the drawdown of its weights, and no other weights do better", () => {
  fc.assert(
    fc.property(
      history,
      fc.constantFrom(0.05, 0.13, 1),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 5, maxLength: 5 }),
      ([n, returns], alpha, parts) => {
        const out = new Float64Array(n);
        const { cdar } = answerOf(cdarMinWeights(returns, uniformBounds(n, 0, 1), alpha, solve, out));
        expect(Math.abs(out.reduce((sum, w) => sum + w, 0) - 1)).toBeLessThan(1e-9);
        expect(cdarOf(returns, out, alpha)).toBeCloseTo(cdar, 9);
        const total = parts.slice(0, n).reduce((sum, part) => sum + part, 0);
        const rival = Float64Array.from(parts.slice(0, n), (part) => part / total);
        expect(cdarOf(returns, rival, alpha)).toBeGreaterThan(cdar - 1e-9);
      },
    ),
    { numRuns: 60 },
  );
});

test("hedges two mirrored assets: half and half never draws down", () => {
  const out = new Float64Array(2);
  const returns = Float64Array.of(0.02, -0.02, -0.05, 0.05, 0.01, -0.01);
  expect(answerOf(cdarMinWeights(returns, uniformBounds(2, 0, 1), 0.05, solve, out)).cdar).toBeCloseTo(0, 12);
  expect(largestDifference(out, [0.5, 0.5])).toBeLessThan(1e-9);
});

test("prefers the calmer asset up to its cap: a fall of 1% against one of 4% at caps of 0.6", () => {
  const out = new Float64Array(2);
  const returns = Float64Array.of(-0.01, -0.04, 0.01, 0.04);
  // Worst drawdown of two bars at alpha 0.5: 0.6 * 0.01 + 0.4 * 0.04.
  const { cdar } = answerOf(cdarMinWeights(returns, uniformBounds(2, 0, 0.6), 0.5, solve, out));
  expect(largestDifference(out, [0.6, 0.4])).toBeLessThan(1e-9);
  expect(cdar).toBeCloseTo(0.022, 12);
});

test("holds shorts within their bounds", () => {
  const out = new Float64Array(2);
  const returns = Float64Array.of(0.01, 0.03, -0.01, -0.02, 0.01, 0.02);
  const { cdar } = answerOf(cdarMinWeights(returns, uniformBounds(2, -1, 2), 1, solve, out));
  expect(cdar).toBeCloseTo(cdarOf(returns, out, 1), 12);
  expect(cdar).toBeLessThan(cdarOf(returns, Float64Array.of(1, 0), 1));
});

test("says what is missing instead of answering", () => {
  const out = new Float64Array(2).fill(7);
  const rows = Float64Array.of(0.01, 0.02, Number.NaN, 0.01);
  expect(cdarMinWeights(rows, uniformBounds(2, 0, 1), 0.05, solve, out)).toEqual({
    ok: false,
    reason: "return is NaN at bar 1, asset 0",
  });
  expect(cdarMinWeights(new Float64Array(4), uniformBounds(2, 0, 0.4), 0.05, solve, out)).toEqual({
    ok: false,
    reason: "infeasible: upper bounds sum to 0.8, below the budget 1",
  });
  expect(cdarMinWeights(new Float64Array(0), uniformBounds(2, 0, 1), 0.05, solve, out).ok).toBe(false);
  expect(Array.from(out)).toEqual([7, 7]);
});
