import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  NORMALISERS,
  type Normaliser,
  neutralValue,
  normaliseRow,
  normaliseSpace,
} from "../../src/ranking/normalise.ts";
import { describeWith, readOracle } from "../support/oracle.ts";

const NONE = Number.NaN;
function normalised(row: readonly number[], kind: Normaliser["kind"], winsorTail = 0.05): number[] {
  const out = new Float64Array(row.length).fill(-9);
  normaliseRow(Float64Array.from(row), { kind, winsorTail }, normaliseSpace(row.length), out);
  return [...out];
}
const cell = fc.oneof(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.constantFrom(NONE, 0, 1));
const close = (got: readonly number[], want: readonly number[], digits = 12) => {
  expect(got.length).toBe(want.length);
  for (const [n, x] of want.entries())
    if (Number.isNaN(x)) expect(got[n]).toBeNaN();
    else expect(got[n]).toBeCloseTo(x, digits);
};

test("a percentile rank is the average rank over the number present", () => {
  // 4 present; 2 and 2 share ranks 2 and 3
  expect(normalised([2, NONE, 9, 1, 2], "rank")).toEqual([2.5 / 4, NONE, 1, 0.25, 2.5 / 4]);
});

describeWith("oracles/ridge.json", "percentile ranks as pandas has them", () => {
  // biome-ignore lint/suspicious/noExplicitAny: oracle files are plain JSON
  const cases: Record<"name" | "input" | "expected", any>[] = readOracle("ridge").cases;
  test.each(cases)("$name: every date and feature", ({ input, expected }) => {
    const want: (number | null)[][] = expected.cross_sectional_pct_rank_average;
    const rowsOf = Map.groupBy(input.rows.keys() as Iterable<number>, (i) => input.rows[i][0] as string);
    const features = want[0]!.length;
    let compared = 0;
    for (const rows of rowsOf.values())
      for (let f = 0; f < features; f++) {
        const got = normalised(
          rows.map((i) => input.values[i][f] ?? NONE),
          "rank",
        );
        for (const [k, i] of rows.entries()) {
          const reference = want[i]![f] ?? NONE;
          if (Number.isNaN(reference)) expect(got[k]).toBeNaN();
          else expect(Math.abs(got[k]! - reference)).toBeLessThanOrEqual(1e-9);
          compared++;
        }
      }
    expect(compared).toBe(want.length * features);
  });
});

test("a z-score is the distance from the mean in sample standard deviations", () => {
  // mean 4; deviations -3, -1, 4; squares 9 + 1 + 16 = 26, over 2: sd sqrt(13)
  const sd = Math.sqrt(13);
  close(normalised([1, NONE, 3, 8], "zscore"), [-3 / sd, NONE, -1 / sd, 4 / sd]);
});

test("winsorising pulls in what lies beyond the tail quantiles before the z-score", () => {
  // 0 1 2 3 100 with a quarter in each tail: quantiles at positions 1 and 3, so 1 1 2 3 3: mean 2, squares 4 over 4, sd 1
  close(normalised([0, 1, 2, 3, 100], "winsor", 0.25), [-1, -1, 0, 1, 1]);
  close(normalised([0, 1, 2, 3, 100], "winsor", 0), normalised([0, 1, 2, 3, 100], "zscore"));
});

test("where all values agree, or there is one only, nobody stands out", () => {
  for (const kind of ["zscore", "winsor"] as const) {
    expect(normalised([0.1, 0.1, NONE, 0.1], kind)).toEqual([0, 0, NONE, 0]);
    expect(normalised([7], kind)).toEqual([0]);
    expect(normalised([NONE], kind)).toEqual([NONE]);
    expect(normalised([], kind)).toEqual([]);
  }
  expect(normalised([0.1, 0.1, 0.1], "rank")).toEqual([2 / 3, 2 / 3, 2 / 3]);
  expect(normalised([7, NONE], "rank")).toEqual([1, NONE]);
});

describe.each(NORMALISERS)("%s", (kind) => {
  test("goes with the assets when they change places, to the bit", () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 40 }), fc.integer(), (row, seed) => {
        const order = row.map((_, n) => n).sort((a, b) => ((a * 7919 + seed) % 31) - ((b * 7919 + seed) % 31));
        const moved = normalised(
          order.map((n) => row[n]!),
          kind,
        );
        const stayed = normalised(row, kind);
        expect(moved).toEqual(order.map((n) => stayed[n]!));
      }),
    );
  });

  test("the neutral value is the mean of those present", () => {
    // a row symmetric about its middle, so that winsorising leaves the mean where it is
    const values = normalised([1, 4, 5, 6, 9], kind);
    const mean = values.reduce((sum, x) => sum + x, 0) / 5;
    expect(mean).toBeCloseTo(neutralValue({ kind, winsorTail: 0.05 }, 5), 12);
  });

  test("keeps the order of the values", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 20 }), (row) => {
        const values = normalised(row, kind);
        for (const [a, x] of row.entries())
          for (const [b, y] of row.entries()) if (x > y) expect(values[a]).toBeGreaterThanOrEqual(values[b]!);
      }),
    );
  });
});
