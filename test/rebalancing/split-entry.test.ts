import fc from "fast-check";
import { expect, test } from "vitest";
import { sliceFraction } from "../../src/rebalancing/split-entry.ts";

test("what is left after slice k is the sum of the parts after it", () => {
  const parts = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(parts, fc.boolean(), (raw, equal) => {
      const whole = raw.reduce((sum, part) => sum + part, 0);
      const split = raw.map((part) => part / whole);
      let left = 1;
      for (let k = 0; k < split.length; k++) {
        const fraction = sliceFraction(split, k, equal);
        expect(fraction > 0 && fraction <= 1).toBe(true);
        left *= 1 - fraction;
        const after = equal
          ? (split.length - k - 1) / split.length
          : split.slice(k + 1).reduce((sum, part) => sum + part, 0);
        expect(Math.abs(left - after)).toBeLessThan(1e-12);
      }
      expect(left).toBe(0);
    }),
    { seed: 17, numRuns: 500 },
  );
});

test("equal slices after 30/20/20/20/10 are a fifth, a quarter, a third, a half and the rest", () => {
  const split = [0.3, 0.2, 0.2, 0.2, 0.1];
  expect(split.map((_, k) => sliceFraction(split, k, true))).toEqual([1 / 5, 1 / 4, 1 / 3, 1 / 2, 1]);
});
