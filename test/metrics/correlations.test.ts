import fc from "fast-check";
import { expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { correlations } from "../../src/metrics/correlations.ts";

test("three series by hand", () => {
  // Distances from the means: (-1, 0, 1), (1, -2, 1), (-1, 0, 1): products -1 + 1 = 0 and 2; lengths sqrt(2), sqrt(6).
  const got = correlations([Float64Array.of(1, 2, 3), Float64Array.of(5, 2, 5), Float64Array.of(10, 20, 30)]);
  [1, 0, 1, 0, 1, 0, 1, 0, 1].forEach((want, i) => {
    expect(got[i]).toBeCloseTo(want, 15);
  });
});

test("a missing return counts as the mean of its series", () => {
  // Means 2 and 2: distances (-1, 0, 1) and (-1, 1, 0), joint 1, lengths sqrt(2).
  const got = correlations([Float64Array.of(1, Number.NaN, 3), Float64Array.of(1, 3, Number.POSITIVE_INFINITY)]);
  expect(got[1]).toBeCloseTo(0.5, 15);
});

test("equals the definition for any number of series, and over more bars than a chunk has", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.constantFrom(2, 9, 256, 257, 600), fc.nat(), (P, T, seed) => {
      const rng = createRng(seed);
      const series = Array.from({ length: P }, () => Float64Array.from({ length: T }, () => rng.normal()));
      const got = correlations(series);
      const centred = series.map((x) => {
        const mean = x.reduce((sum, value) => sum + value, 0) / T;
        return x.map((value) => value - mean);
      });
      const product = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, t) => sum + v * b[t]!, 0);
      expect(got.length).toBe(P * P);
      for (let i = 0; i < P; i++)
        for (let j = 0; j < P; j++) {
          const [a, b] = [centred[i]!, centred[j]!];
          expect(got[i * P + j]).toBeCloseTo(product(a, b) / Math.sqrt(product(a, a) * product(b, b)), 10);
          expect(Math.abs(got[i * P + j]!)).toBeLessThanOrEqual(1);
        }
    }),
    { seed: 7, numRuns: 60 },
  );
});

test("of no series there are none", () => {
  expect(correlations([])).toEqual(new Float64Array());
});
