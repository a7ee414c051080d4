import { describe, expect, test } from "vitest";
import { normalCdf, normalQuantile } from "../../src/math/normal.ts";

// 60-digit values of mpmath 1.3: erfc(-x / sqrt(2)) / 2, and its root by Newton's method, rounded to doubles.
const CDF: readonly (readonly [number, number])[] = [
  [-37.5, 4.605353009581955e-308],
  [-30.0, 4.906713927148187e-198],
  [-20.0, 2.7536241186062337e-89],
  [-10.0, 7.619853024160525e-24],
  [-6.0, 9.86587645037698e-10],
  [-5.75, 4.462172453901612e-9],
  [-5.5, 1.8989562465887718e-8],
  [-4.0, 3.1671241833119924e-5],
  [-3.0, 0.0013498980316300946],
  [-2.0, 0.02275013194817921],
  [-1.0, 0.15865525393145705],
  [-0.6875, 0.24588385038026145],
  [-0.65625, 0.2558316413479339],
  [-0.5, 0.3085375387259869],
  [-0.25, 0.4012936743170763],
  [0.125, 0.5497382248301129],
  [0.5, 0.6914624612740131],
  [1.0, 0.8413447460685429],
  [2.0, 0.9772498680518208],
  [3.0, 0.9986501019683699],
  [5.0, 0.9999997133484281],
];
const QUANTILES: readonly (readonly [number, number])[] = [
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965326],
  [1e-20, -9.262340089798407],
  [1e-12, -7.034483825301132],
  [1e-11, -6.706023155495136],
  [1e-6, -4.753424308822899],
  [0.001, -3.0902323061678136],
  [0.01, -2.326347874040841],
  [0.025, -1.9599639845400543],
  [0.05, -1.6448536269514726],
  [0.074, -1.4466320671589785],
  [0.076, -1.4325027208258116],
  [0.25, -0.6744897501960817],
  [0.4, -0.2533471031357997],
  [0.49, -0.025068908258711057],
  [0.6, 0.2533471031357997],
  [0.9, 1.2815515655446006],
  [0.925, 1.4395314709384561],
  [0.975, 1.9599639845400538],
  [0.999, 3.090232306167813],
  [0.999999, 4.753424308817087],
];

const relative = (got: number, want: number): number => Math.abs(got - want) / Math.abs(want);

describe("normalCdf", () => {
  test.each(CDF)("at %d has 15 digits", (x, want) => {
    expect(relative(normalCdf(x), want)).toBeLessThan(1e-15);
  });
  test("is 0, 1/2 and 1 at -Infinity, 0 and Infinity, and NaN at NaN", () => {
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(0)).toBe(0.5);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(normalCdf(Number.NaN)).toBeNaN();
  });
  test("never falls, the joints between its approximations included", () => {
    let last = 0;
    for (let i = -4000; i <= 4000; i++) {
      const value = normalCdf(i / 400);
      expect(value >= last, `x = ${i / 400}`).toBe(true);
      last = value;
    }
    for (const joint of [0.67448975, Math.sqrt(32)])
      for (const x of [joint, -joint]) expect(relative(normalCdf(x + 1e-15), normalCdf(x - 1e-15))).toBeLessThan(1e-12);
  });
});

describe("normalQuantile", () => {
  test.each(QUANTILES)("at %d has 15 digits", (p, want) => {
    expect(relative(normalQuantile(p), want)).toBeLessThan(1e-15);
  });
  test("is infinite at 0 and 1, 0 at 1/2, and NaN outside [0, 1]", () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(0.5)).toBe(0);
    for (const p of [-1e-300, 1 + 1e-15, Number.NaN]) expect(normalQuantile(p)).toBeNaN();
  });
  test("is undone by normalCdf", () => {
    for (let i = 1; i < 1000; i++) expect(relative(normalCdf(normalQuantile(i / 1000)), i / 1000)).toBeLessThan(5e-15);
  });
});
