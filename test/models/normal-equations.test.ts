import fc from "fast-check";
import { expect, test } from "vitest";
import { normalEquations } from "../../src/models/normal-equations.ts";
import { standardisationOf } from "../../src/models/standardise.ts";

/** Rows around the 256 that are read at a time, columns around the two by four sums that are kept at a time. */
const shapes = fc.record({
  columns: fc.integer({ min: 1, max: 11 }),
  rows: fc.constantFrom(1, 2, 7, 255, 256, 257, 600),
  weighted: fc.boolean(),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

test("are the sums of products of what lies off the means, whatever the number of rows and columns", () => {
  fc.assert(
    fc.property(shapes, ({ columns, rows, weighted, seed }) => {
      const wave = (i: number): number => Math.sin(seed + 12.9898 * i * i);
      const x = Float64Array.from({ length: rows * columns }, (_, i) =>
        i % 13 === 5 ? Number.NaN : wave(i) + (i % 3),
      );
      const y = Float64Array.from({ length: rows }, (_, r) => wave(-r - 1));
      const weight = weighted ? Float64Array.from({ length: rows }, (_, r) => 1.5 + wave(r + 0.5)) : null;
      const used = Int32Array.from(y.keys()).filter((r) => r % 5 !== 3);
      const { centre, scale, varies } = standardisationOf(x, columns, used);
      const features = Array.from({ length: columns }, (_, f) => `f${f}`);
      const set = { features, x, y, weight, bar: used, labelEnd: used };
      const found = normalEquations(set, used, { centre, scale, varies });

      const active = [...features.keys()].filter((f) => varies[f] === 1);
      const heft = [...used].map((r) => weight?.[r] ?? 1);
      const total = heft.reduce((sum, each) => sum + each, 0);
      const off = (values: readonly number[]): { mean: number; rest: number[] } => {
        const mean = values.reduce((sum, value, k) => sum + heft[k]! * value, 0) / total;
        return { mean, rest: values.map((value) => value - mean) };
      };
      const product = (a: readonly number[], b: readonly number[]): number =>
        a.reduce((sum, value, k) => sum + heft[k]! * value * b[k]!, 0);
      const z = active.map((f) =>
        off([...used].map((r) => (x[r * columns + f]! - centre[f]!) / scale[f]!).map((value) => value || 0)),
      );
      const label = off([...used].map((r) => y[r]!));

      const near = (values: Float64Array, expected: readonly number[]): void => {
        expect(values.length).toBe(expected.length);
        for (const [i, value] of expected.entries()) expect(Math.abs(values[i]! - value)).toBeLessThan(1e-12 * rows);
      };
      expect([...found.active]).toEqual(active);
      near(
        found.gram,
        z.flatMap((a) => z.map((b) => product(a.rest, b.rest))),
      );
      near(
        found.moment,
        z.map((a) => product(a.rest, label.rest)),
      );
      near(
        found.means,
        z.map(({ mean }) => mean),
      );
      near(Float64Array.of(found.yMean), [label.mean]);
    }),
    { numRuns: 300 },
  );
});
