import fc from "fast-check";
import { expect, test } from "vitest";
import { rangeMaximum } from "../../src/math/range-maximum.ts";

test("is the largest value of every stretch, missing ones passed over", () => {
  const cell = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: -50, max: 50 }) }, fc.constant(Number.NaN));
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 20 }), (values) => {
      const maximum = rangeMaximum(Float64Array.from(values));
      for (let from = 0; from <= values.length; from++)
        for (let end = from; end <= values.length; end++) {
          const present = values.slice(from, end).filter((value) => value === value);
          expect(maximum(from, end)).toBe(present.length === 0 ? Number.NaN : Math.max(...present));
        }
    }),
    { seed: 3, numRuns: 200 },
  );
});
