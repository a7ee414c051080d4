import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cholesky, choleskySolve } from "../../src/math/cholesky.ts";

/** B B' + I/10 of a random square B. */
const definite = fc.integer({ min: 1, max: 8 }).chain((n) =>
  fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: n * n, maxLength: n * n }).map((b) => {
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        matrix[i * n + j] = i === j ? 0.1 : 0;
        for (let k = 0; k < n; k++) matrix[i * n + j]! += b[i * n + k]! * b[j * n + k]!;
      }
    return { n, matrix };
  }),
);

describe("cholesky", () => {
  test("factors a matrix by hand", () => {
    // [4 2; 2 5] = [2 0; 1 2] [2 1; 0 2]
    const out = new Float64Array(4).fill(9);
    expect(cholesky(Float64Array.of(4, 2, 2, 5), 2, out).ok).toBe(true);
    expect([...out]).toEqual([2, 0, 1, 2]);
  });

  test("multiplies back to the matrix, also in place", () => {
    fc.assert(
      fc.property(definite, ({ matrix, n }) => {
        const lower = matrix.slice();
        expect(cholesky(lower, n, lower).ok).toBe(true);
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) {
            let sum = 0;
            for (let k = 0; k < n; k++) sum += lower[i * n + k]! * lower[j * n + k]!;
            expect(Math.abs(sum - matrix[i * n + j]!)).toBeLessThan(1e-12);
          }
      }),
    );
  });

  test.each([
    ["an indefinite matrix", [1, 2, 2, 1]],
    ["a duplicated asset", [0.02, 0.02, 0.02, 0.02]],
    ["a zero variance", [1, 0, 0, 0]],
    ["a NaN", [1, Number.NaN, Number.NaN, 1]],
  ])("says which row stops it for %s", (_what, matrix) => {
    const answer = cholesky(Float64Array.from(matrix), 2, new Float64Array(4));
    expect(answer).toMatchObject({ ok: false, reason: expect.stringMatching(/^not positive definite: row 1 /) });
  });

  test("does not depend on the scale of the matrix", () => {
    expect(cholesky(Float64Array.of(4e-30, 2e-30, 2e-30, 5e-30), 2, new Float64Array(4)).ok).toBe(true);
  });
});

describe("choleskySolve", () => {
  test("solves what the factor was made from, also in place", () => {
    fc.assert(
      fc.property(definite, fc.infiniteStream(fc.double({ min: -1, max: 1, noNaN: true })), ({ matrix, n }, stream) => {
        const lower = new Float64Array(n * n);
        cholesky(matrix, n, lower);
        const b = Float64Array.from([...stream.take(n)]);
        const x = b.slice();
        choleskySolve(lower, n, x, x);
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let j = 0; j < n; j++) sum += matrix[i * n + j]! * x[j]!;
          expect(Math.abs(sum - b[i]!)).toBeLessThan(1e-10);
        }
      }),
    );
  });
});
