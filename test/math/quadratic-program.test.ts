import fc from "fast-check";
import quadprog from "quadprog";
import { describe, expect, test } from "vitest";
import {
  minimiseOnFace,
  type QuadraticProgram,
  type QuadraticSolution,
  solveQuadraticProgram,
} from "../../src/math/quadratic-program.ts";
import {
  answerOf,
  anyEstimates,
  factorCovariance,
  largestDifference,
  regularEstimates,
} from "../support/covariances.ts";

const box = (n: number, low: number, high: number) => ({
  lower: new Float64Array(n).fill(low),
  upper: new Float64Array(n).fill(high),
});

/** Largest departure from stationarity, relative to the size of the gradient's terms; signs of multipliers included. */
function kktError({ quadratic, linear, lower, upper }: QuadraticProgram, { x, multiplier, ridge }: QuadraticSolution) {
  const n = x.length;
  let worst = 0;
  let scale = ridge;
  for (let i = 0; i < n; i++) {
    let gradient = ridge * x[i]! - (linear?.[i] ?? 0);
    scale = Math.max(scale, Math.abs(linear?.[i] ?? 0));
    for (let k = 0; k < n; k++) {
      gradient += quadratic[i * n + k]! * x[k]!;
      scale = Math.max(scale, quadratic[k * n + k]!);
    }
    if (lower[i] === upper[i]) continue;
    if (x[i]! > lower[i]!) worst = Math.max(worst, gradient - multiplier);
    if (x[i]! < upper[i]!) worst = Math.max(worst, multiplier - gradient);
  }
  return worst / scale;
}

function byQuadprog({ quadratic, linear, lower, upper, budget }: QuadraticProgram): number[] {
  const n = lower.length;
  const scale = 1 / Math.max(...quadratic);
  const D: number[][] = [[]];
  const A: number[][] = [[]];
  for (let i = 0; i < n; i++) {
    D.push([0, ...Array.from(quadratic.subarray(i * n, i * n + n), (value) => value * scale)]);
    const unit = Array.from({ length: n }, (_, k) => (k === i ? 1 : 0));
    A.push([0, 1, ...unit, ...unit.map((value) => -value)]);
  }
  const d = [0, ...Array.from(lower, (_, i) => (linear?.[i] ?? 0) * scale)];
  const answer = quadprog.solveQP(D, d, A, [0, budget, ...lower, ...upper.map((value) => -value)], 1);
  expect(answer.message).toBe("");
  return answer.solution.slice(1);
}

const boundedCase = fc.tuple(
  fc.constantFrom(0, 0, -0.2, 0.02),
  fc.double({ min: 1, max: 4, noNaN: true }),
  fc.constantFrom(0, 0.1, 1),
);

describe("a quadratic program over box and budget", () => {
  test("splits two uncorrelated assets by inverse variance: 4 and 1 give 0.2 and 0.8", () => {
    const program = { quadratic: Float64Array.of(4, 0, 0, 1), budget: 1, ...box(2, 0, 1) };
    const { x, multiplier } = answerOf(solveQuadraticProgram(program));
    expect(x[0]).toBeCloseTo(0.2, 15);
    expect(x[1]).toBeCloseTo(0.8, 15);
    expect(multiplier).toBeCloseTo(0.8, 15);
  });

  test("equals Goldfarb-Idnani on positive definite programs", () => {
    fc.assert(
      fc.property(regularEstimates, boundedCase, ({ n, mu, cov }, [low, width, tilt]) => {
        const program = {
          quadratic: cov,
          linear: mu.map((value) => value * tilt),
          budget: 1,
          // Caps that leave one point are a case the reference calls inconsistent.
          ...box(n, low, (width + 0.05) / n),
        };
        const answer = answerOf(solveQuadraticProgram(program));
        expect(answer.ridge).toBe(0);
        expect(largestDifference(answer.x, byQuadprog(program))).toBeLessThan(1e-8);
      }),
      { numRuns: 400 },
    );
  });

  test("meets the optimality conditions, budget and bounds whatever the matrix", () => {
    fc.assert(
      fc.property(anyEstimates, boundedCase, ({ n, mu, cov }, [low, width, tilt]) => {
        const program = {
          quadratic: cov,
          linear: mu.map((value) => value * tilt),
          budget: 1,
          ...box(n, low, width / n),
        };
        const answer = answerOf(solveQuadraticProgram(program));
        expect(Math.abs(answer.x.reduce((sum, w) => sum + w, 0) - 1)).toBeLessThan(1e-12);
        for (const w of answer.x) expect(w >= program.lower[0]! && w <= program.upper[0]!).toBe(true);
        expect(kktError(program, answer)).toBeLessThan(1e-11);
      }),
      { numRuns: 600 },
    );
  });

  test("finds the same answer from the active set of another program", () => {
    fc.assert(
      fc.property(regularEstimates, boundedCase, boundedCase, ({ n, mu, cov }, [low, width], [other, wide, tilt]) => {
        const linear = mu.map((value) => value * tilt);
        const program = { quadratic: cov, linear, budget: 1, ...box(n, low, width / n) };
        const elsewhere = answerOf(solveQuadraticProgram({ quadratic: cov, budget: 1, ...box(n, other, wide / n) }));
        const cold = answerOf(solveQuadraticProgram(program));
        const warm = answerOf(solveQuadraticProgram(program, elsewhere));
        expect(largestDifference(cold.x, warm.x)).toBeLessThan(1e-11);
      }),
    );
  });

  test("is not disturbed by the unit of the matrix", () => {
    fc.assert(
      fc.property(regularEstimates, fc.constantFrom(1e-8, 1e6), ({ n, cov }, unit) => {
        const bounds = { budget: 1, ...box(n, 0, 2 / n) };
        const one = answerOf(solveQuadraticProgram({ quadratic: cov, ...bounds }));
        const two = answerOf(solveQuadraticProgram({ quadratic: cov.map((value) => value * unit), ...bounds }));
        expect(largestDifference(one.x, two.x)).toBeLessThan(1e-11);
      }),
    );
  });

  test("needs no ridge for perfectly anti-correlated assets, whose hedge is unique", () => {
    const program = { quadratic: Float64Array.of(1, -2, -2, 4), budget: 1, ...box(2, 0, 1) };
    const { x, ridge } = answerOf(solveQuadraticProgram(program));
    expect(ridge).toBe(0);
    expect(largestDifference(x, [2 / 3, 1 / 3])).toBeLessThan(1e-14);
  });

  test("shares evenly between twins and says what it added to the diagonal", () => {
    const program = { quadratic: new Float64Array(9).fill(0.04), budget: 1, ...box(3, 0, 1) };
    const { x, ridge } = answerOf(solveQuadraticProgram(program));
    expect(largestDifference(x, [1 / 3, 1 / 3, 1 / 3])).toBeLessThan(1e-6);
    expect(ridge).toBeCloseTo(0.04e-9, 20);
  });

  test("answers one asset, pinned assets and caps that just hold the budget", () => {
    const one = answerOf(solveQuadraticProgram({ quadratic: Float64Array.of(0), budget: 1, ...box(1, 0, 1) }));
    expect(Array.from(one.x)).toEqual([1]);
    const quadratic = Float64Array.of(2, 0, 0, 0, 1, 0, 0, 0, 1);
    const pinned = { lower: Float64Array.of(0.5, 0, 0), upper: Float64Array.of(0.5, 1, 1) };
    expect(
      largestDifference(answerOf(solveQuadraticProgram({ quadratic, budget: 1, ...pinned })).x, [0.5, 0.25, 0.25]),
    ).toBeLessThan(1e-15);
    const tenths = answerOf(solveQuadraticProgram({ quadratic: new Float64Array(100), budget: 1, ...box(10, 0, 0.1) }));
    expect(Array.from(tenths.x)).toEqual(new Array(10).fill(0.1));
    const all = { quadratic, budget: 1.5, ...box(3, 0.5, 0.5) };
    expect(Array.from(answerOf(solveQuadraticProgram(all)).x)).toEqual([0.5, 0.5, 0.5]);
  });

  test("treats an infinite bound as none", () => {
    const program = {
      quadratic: Float64Array.of(1, 0.9, 0.9, 1.44),
      budget: 1,
      ...box(2, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
    };
    // w1 = (s2^2 - c) / (s1^2 + s2^2 - 2c) = 0.54 / 0.64
    expect(answerOf(solveQuadraticProgram(program)).x[0]).toBeCloseTo(0.84375, 13);
  });

  test("says which bounds are in the way instead of answering", () => {
    const quadratic = Float64Array.of(1, 0, 0, 1);
    expect(solveQuadraticProgram({ quadratic, budget: 1, ...box(2, 0, 0.4) })).toEqual({
      ok: false,
      reason: "infeasible: upper bounds sum to 0.8, below the budget 1",
    });
    expect(solveQuadraticProgram({ quadratic, budget: 1, ...box(2, 0.6, 1) })).toEqual({
      ok: false,
      reason: "infeasible: lower bounds sum to 1.2, above the budget 1",
    });
    expect(solveQuadraticProgram({ quadratic, budget: 1, ...box(2, 1, 0) })).toEqual({
      ok: false,
      reason: "bounds of asset 0 are crossed: lower 1, upper 0",
    });
    const missing = { quadratic: Float64Array.of(1, 0, 0, Number.NaN), budget: 1, ...box(2, 0, 1) };
    expect(solveQuadraticProgram(missing)).toEqual({ ok: false, reason: "quadratic form is NaN at row 1" });
    const saddle = { quadratic: Float64Array.of(1, 3, 3, 1), budget: 1, ...box(2, -1, 2) };
    expect(solveQuadraticProgram(saddle).ok).toBe(false);
  });

  test("solves 500 assets to the optimality conditions", () => {
    const program = { quadratic: factorCovariance(500, 1020), budget: 1, ...box(500, 0, 0.01) };
    expect(kktError(program, answerOf(solveQuadraticProgram(program)))).toBeLessThan(1e-13);
  });

  test("a face point disregards the bounds of its free variables only", () => {
    const program = { quadratic: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), budget: 1, ...box(3, 0, 0.4) };
    const active = { x: Float64Array.of(0, 0.4, 0.6), status: Int8Array.of(-1, 0, 0) };
    expect(largestDifference(answerOf(minimiseOnFace(program, active)), [0, 0.5, 0.5])).toBeLessThan(1e-15);
  });
});
