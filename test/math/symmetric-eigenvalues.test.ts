import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conditionNumber, symmetricEigenvalues } from "../../src/math/symmetric-eigenvalues.ts";

const eigenvalues = (matrix: readonly number[], n: number): number[] => {
  const out = new Float64Array(n);
  symmetricEigenvalues(Float64Array.from(matrix), n, out);
  return [...out];
};

describe("symmetricEigenvalues", () => {
  test("finds those of a 2 x 2 matrix", () => {
    // [2 1; 1 2]: 1 and 3.
    const [low, high] = eigenvalues([2, 1, 1, 2], 2);
    expect(low).toBeCloseTo(1, 14);
    expect(high).toBeCloseTo(3, 14);
  });

  test("finds those of equal correlations: 1 - r repeated, and 1 + (n - 1) r", () => {
    const n = 6;
    const r = 0.3;
    const matrix = Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : r));
    const found = eigenvalues(matrix, n);
    for (let k = 0; k < n - 1; k++) expect(found[k]).toBeCloseTo(0.7, 13);
    expect(found[n - 1]).toBeCloseTo(2.5, 13);
  });

  test("finds 2 - 2 cos(k pi / (n + 1)) for the second difference", () => {
    const n = 9;
    const matrix = Array.from({ length: n * n }, (_, i) => {
      const apart = Math.abs(Math.floor(i / n) - (i % n));
      return apart === 0 ? 2 : apart === 1 ? -1 : 0;
    });
    const found = eigenvalues(matrix, n);
    for (let k = 0; k < n; k++) expect(found[k]).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 13);
  });

  test("keeps trace and squares of any symmetric matrix", () => {
    const cases = fc
      .integer({ min: 1, max: 9 })
      .chain((n) =>
        fc
          .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: n * n, maxLength: n * n })
          .map((b) => ({ n, matrix: b.map((x, i) => (x + b[(i % n) * n + Math.floor(i / n)]!) / 2) })),
      );
    fc.assert(
      fc.property(cases, ({ n, matrix }) => {
        const found = eigenvalues(matrix, n);
        const trace = matrix.reduce((sum, x, i) => sum + (i % (n + 1) === 0 ? x : 0), 0);
        const squares = matrix.reduce((sum, x) => sum + x * x, 0);
        expect(found.reduce((sum, x) => sum + x, 0)).toBeCloseTo(trace, 10);
        expect(found.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(squares, 9);
        expect([...found].sort((a, b) => a - b)).toEqual(found);
      }),
    );
  });
});

describe("conditionNumber", () => {
  test("is the ratio of the variances of uncorrelated assets", () => {
    expect(conditionNumber(Float64Array.of(4e-4, 0, 0, 1e-6), 2) / 400).toBeCloseTo(1, 12);
  });

  test("is infinite where an asset is duplicated and where the matrix is indefinite", () => {
    expect(conditionNumber(new Float64Array(9).fill(0.02), 3)).toBe(Number.POSITIVE_INFINITY);
    expect(conditionNumber(Float64Array.of(1, 2, 2, 1), 2)).toBe(Number.POSITIVE_INFINITY);
  });

  test("is NaN where there is nothing to say", () => {
    expect(conditionNumber(new Float64Array(0), 0)).toBeNaN();
    expect(conditionNumber(new Float64Array(4), 2)).toBeNaN();
    expect(conditionNumber(Float64Array.of(Number.NaN), 1)).toBeNaN();
  });

  test("is 1 for one asset", () => {
    expect(conditionNumber(Float64Array.of(0.03), 1)).toBe(1);
  });
});
