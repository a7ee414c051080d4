import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FeaturePlanes, rowsToScore, trainingSetOf } from "../../src/models/design-matrix.ts";
import { recencyWeights } from "../../src/models/sample-weights.ts";
import { splitForValidation } from "../../src/models/validation-split.ts";

const gap = Number.NaN;

describe("trainingSetOf", () => {
  // 4 bars, 2 assets; cell = 2t + n
  const features: FeaturePlanes = {
    names: ["a", "b"],
    values: [Float64Array.of(0, 1, gap, 3, 4, 5, 6, 7), Float64Array.of(10, 11, gap, gap, 14, 15, 16, 17)],
    assets: 2,
  };
  const labels = { values: Float64Array.of(0.1, gap, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), endBar: (t: number) => t + 2 };

  test("has a row for each bar and asset with a label and a feature", () => {
    const { set, purged } = trainingSetOf(features, labels, { from: 0, to: 3, knownBefore: 5 }, null);
    expect(set).toEqual({
      features: ["a", "b"],
      x: Float64Array.of(0, 10, 3, gap, 4, 14, 5, 15),
      y: Float64Array.of(0.1, 0.4, 0.5, 0.6),
      weight: null,
      bar: Int32Array.of(0, 1, 2, 2),
      labelEnd: Int32Array.of(2, 3, 4, 4),
    });
    expect(purged).toBe(0);
  });

  test("purges rows whose label is not known before the bar it may be known before", () => {
    // labels of bars 2 and 3 end at bars 4 and 5
    const { set, purged } = trainingSetOf(features, labels, { from: 0, to: 4, knownBefore: 4 }, null);
    expect([...set.bar]).toEqual([0, 1]);
    expect(purged).toBe(4);
  });

  test("weighs rows by their age", () => {
    // ages 2, 1, 0, 0 at half-life 1: 1/4, 1/2, 1, 1, mean 2.75/4
    const { set } = trainingSetOf(features, labels, { from: 0, to: 3, knownBefore: 9 }, 1);
    expect([...set.weight!].map((weight) => weight * 2.75)).toEqual(
      [1, 2, 4, 4].map((part) => expect.closeTo(part, 12)),
    );
  });

  test("has no rows where there are none", () => {
    const { set } = trainingSetOf(features, labels, { from: 2, to: 2, knownBefore: 9 }, 5);
    expect([set.x.length, set.weight!.length]).toEqual([0, 0]);
  });

  test("does not change by a bit when what is not known yet does", () => {
    const cell = fc.oneof(fc.double({ min: -9, max: 9, noNaN: true }), fc.constant(gap));
    const planes = fc.array(cell, { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(
        planes,
        planes,
        planes,
        planes,
        fc.integer({ min: 0, max: 8 }),
        (a, label, later, laterLabel, now) => {
          const at = (old: number[], fresh: number[], from: number) =>
            Float64Array.from(old, (value, i) => (i >= from * 3 ? fresh[i]! : value));
          const window = { from: 0, to: now, knownBefore: now };
          const set = (x: Float64Array, y: Float64Array) =>
            trainingSetOf({ names: ["a"], values: [x], assets: 3 }, { values: y, endBar: (t) => t + 2 }, window, 4);
          // features are known up to bar now - 1, the label of bar t once bar t + 2 is over
          const changed = set(at(a, later, now), at(label, laterLabel, now - 2));
          expect(changed).toEqual(set(Float64Array.from(a), Float64Array.from(label)));
        },
      ),
    );
  });
});

test("rowsToScore has each cell with a feature, and says which it is", () => {
  const planes = [Float64Array.of(0, gap, gap, 3), Float64Array.of(10, gap, 12, gap)];
  const { x, cells } = rowsToScore({ names: ["a", "b"], values: planes, assets: 2 }, 0, 2);
  expect(cells).toEqual(Int32Array.of(0, 2, 3));
  expect(x).toEqual(Float64Array.of(0, 10, gap, 12, 3, gap));
});

describe("recencyWeights", () => {
  test("halve with each half-life, and have a mean of 1", () => {
    const out = new Float64Array(3);
    recencyWeights(Int32Array.of(10, 20, 30), 10, out);
    // 1/4, 1/2, 1 over their mean 7/12
    for (const [r, weight] of [3 / 7, 6 / 7, 12 / 7].entries()) expect(out[r]).toBeCloseTo(weight, 14);
  });

  test("refuse a half-life that is not above 0", () => {
    expect(() => recencyWeights(Int32Array.of(1), 0, new Float64Array(1))).toThrow("half-life must be above 0, got 0");
  });
});

describe("splitForValidation", () => {
  test("keeps the last bars back and purges the labels that reach into them", () => {
    // bars 0..9 twice each; 30% = bars 7, 8, 9; labels end 2 bars on: bars 5 and 6 are purged
    const bar = Int32Array.from({ length: 20 }, (_, r) => r >> 1);
    const rows = Int32Array.from(bar.keys());
    const split = splitForValidation(
      rows,
      bar,
      bar.map((t) => t + 2),
      0.3,
    );
    expect(split.fit).toEqual(rows.slice(0, 10));
    expect(split.validation).toEqual(rows.slice(14));
    expect([split.firstValidationBar, split.purged]).toEqual([7, 4]);
  });

  test("counts the bars that have rows, not those between them", () => {
    const bar = Int32Array.of(0, 100, 200, 201);
    const split = splitForValidation(
      Int32Array.of(0, 1, 3),
      bar,
      bar.map((t) => t + 1),
      0.4,
    );
    expect([[...split.fit], [...split.validation]]).toEqual([[0, 1], [3]]);
  });

  test("never learns from a label that ends at or after the first validation bar", () => {
    const gaps = fc.array(fc.record({ step: fc.nat(3), horizon: fc.integer({ min: 1, max: 6 }) }), { minLength: 2 });
    fc.assert(
      fc.property(gaps, fc.double({ min: 0.05, max: 0.9, noNaN: true }), (steps, share) => {
        let t = 0;
        const bar = Int32Array.from(steps, ({ step }) => (t += step));
        const labelEnd = bar.map((at, r) => at + steps[r]!.horizon);
        const rows = Int32Array.from(bar.keys());
        const answer = () => splitForValidation(rows, bar, labelEnd, share);
        let split: ReturnType<typeof splitForValidation>;
        try {
          split = answer();
        } catch {
          expect(answer).toThrow("early_stopping.share: leaves no row to learn from");
          return;
        }
        expect(Math.max(...split.fit.map((r) => labelEnd[r]!))).toBeLessThan(split.firstValidationBar);
        expect(split.fit.length + split.purged + split.validation.length).toBe(rows.length);
        expect(bar[split.validation[0]!]).toBe(split.firstValidationBar);
      }),
    );
  });
});
