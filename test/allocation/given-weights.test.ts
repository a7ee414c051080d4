import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planGivenWeights, stepGivenWeights } from "../../src/allocation/given-weights.ts";
import { decisionPlanes, initStanding } from "../../src/allocation/multipliers.ts";

const NO = Number.NaN;
type Rows = readonly (readonly number[])[];

function given(
  weights: Rows,
  multiplier: Rows | null,
  redistribute = false,
  close: Rows = weights.map((r) => r.map(() => 1)),
) {
  const flat = (rows: Rows) => Float64Array.from(rows.flat());
  const inputs = {
    given: flat(weights),
    listed: flat(close),
    multiplier: multiplier === null ? null : flat(multiplier),
  };
  return planGivenWeights(inputs, weights[0]!.length, redistribute);
}

describe("given weights", () => {
  test("pass through as they are without a selector", () => {
    const { targets, immediate } = given(
      [
        [0.6, -0.4],
        [NO, NO],
        [0, NO],
      ],
      null,
    );
    expect([...targets]).toEqual([0.6, -0.4, NO, NO, 0, NO]);
    expect(immediate).toBe(null);
  });

  test("are scaled by the multipliers, and again whenever one changes", () => {
    const { targets, immediate } = given(
      [
        [0.6, -0.4],
        [NO, NO],
        [0.5, NO],
      ],
      [
        [1, 0.5],
        [1, 0],
        [0.5, 0],
      ],
    );
    expect([...targets]).toEqual([0.6, -0.2, NO, 0, 0.25, NO]);
    expect([...immediate!]).toEqual([0, 0, 0, 1, 1, 0]);
  });

  test("redistribute: gross stays the largest multiplier times the given gross", () => {
    // |f| 0.6 + 0.4 = 1; m|f| = 0.6 + 0.2 = 0.8: factor 1 / 0.8
    const { targets } = given(
      [
        [0.6, -0.4],
        [NO, NO],
      ],
      [
        [1, 1],
        [1, 0.5],
      ],
      true,
    );
    expect(targets[2]).toBeCloseTo(0.75, 15);
    expect(targets[3]).toBeCloseTo(-0.25, 15);
  });

  test("what is given for an asset without a price is passed on for the account to wait with", () => {
    const { targets } = given([[0.5, 0.5]], [[1, 0]], false, [[1, NO]]);
    expect([...targets]).toEqual([0.5, 0.5]);
  });

  test("stepped, saved and loaded give the bits of the whole run", () => {
    const cell = fc.constantFrom(NO, 0, 0.25, 0.5, -0.3);
    const factor = fc.constantFrom(0, 1 / 3, 1);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, factor, factor, fc.boolean()), { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        fc.nat(),
        (rows, redistribute, pick) => {
          const inputs = {
            given: Float64Array.from(rows.flatMap((row) => row.slice(0, 2) as number[])),
            multiplier: Float64Array.from(rows.flatMap(([, , a, b]) => [a, b])),
            listed: Float64Array.from(rows.flatMap((row) => [1, row[4] ? 1 : NO])),
          };
          const whole = planGivenWeights(inputs, 2, redistribute);
          const out = decisionPlanes(2 * rows.length, inputs.multiplier);
          let standing = initStanding(2);
          for (let t = 0; t < rows.length; t++) {
            if (t === pick % rows.length) standing = structuredClone(standing);
            stepGivenWeights(standing, t, inputs, redistribute, out);
          }
          expect(out).toEqual(whole);
        },
      ),
      { numRuns: 500 },
    );
  });
});
