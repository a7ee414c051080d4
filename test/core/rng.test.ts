import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);
const moments = (x: readonly number[]) => {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const central = (power: number) => x.reduce((sum, value) => sum + (value - mean) ** power, 0) / x.length;
  return {
    mean,
    variance: central(2),
    skewness: central(3) / central(2) ** 1.5,
    kurtosis: central(4) / central(2) ** 2,
  };
};

test("equal seeds give equal streams, others do not", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (a, b) => {
      const stream = (seed: number) => draw(5, createRng(seed).uniform);
      expect(stream(a)).toEqual(stream(a));
      if (a !== b) expect(stream(a)).not.toEqual(stream(b));
    }),
    { seed: 7 },
  );
});

test("a fork depends on its labels alone, not on what was drawn", () => {
  const fresh = createRng(1);
  const used = createRng(1);
  draw(100, used.normal);
  used.fork("other").uniform();
  expect(draw(5, used.fork("a").uniform)).toEqual(draw(5, fresh.fork("a").uniform));
  expect(draw(5, fresh.fork("a").uniform)).not.toEqual(draw(5, fresh.fork("b").uniform));
  expect(draw(5, fresh.fork("a").fork("b").uniform)).not.toEqual(draw(5, fresh.fork("b").fork("a").uniform));
});

test("a label with a slash is one label, not a path of two", () => {
  const rng = createRng(1);
  const first = (fork: { uniform(): number }): number => fork.uniform();
  const streams = [rng.fork("a/b"), rng.fork("a").fork("b"), rng.fork("a%2Fb"), rng.fork("a%252Fb")].map(first);
  expect(new Set(streams).size).toBe(4);
});

test("forking leaves the stream of its parent as it is", () => {
  const [plain, forked] = [createRng(3), createRng(3)];
  plain.uniform();
  forked.uniform();
  forked.fork("x");
  expect(forked.uniform()).toBe(plain.uniform());
});

describe("100,000 draws", () => {
  const rng = createRng(11);
  const count = 100_000;

  test("uniform fills [0, 1) evenly", () => {
    const x = draw(count, rng.fork("uniform").uniform);
    expect(Math.min(...x.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(x.every((value) => value >= 0 && value < 1)).toBe(true);
    // Chi-square over 50 cells of 2,000: 49 degrees of freedom, 99.9% quantile 85.35 (tables).
    const cells = new Int32Array(50);
    for (const value of x) cells[Math.floor(value * 50)]!++;
    expect(cells.reduce((sum, hits) => sum + (hits - 2000) ** 2 / 2000, 0)).toBeLessThan(85.35);
  });

  test("normal has mean 0, variance 1, no skewness and kurtosis 3, each within four standard errors", () => {
    const { mean, variance, skewness, kurtosis } = moments(draw(count, rng.fork("normal").normal));
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(skewness)).toBeLessThan(4 * Math.sqrt(6 / count));
    expect(Math.abs(kurtosis - 3)).toBeLessThan(4 * Math.sqrt(24 / count));
  });

  test("studentT(10) has variance 10 / 8 and is symmetric", () => {
    const { mean, variance } = moments(draw(count, () => studentT.studentT(10)));
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1.25 / count));
    // Kurtosis of t(10) is 4: variance of the variance is (4 - 1) * 1.25^2 / n.
    expect(Math.abs(variance - 1.25)).toBeLessThan(4 * 1.25 * Math.sqrt(3 / count));
  });
  const studentT = rng.fork("t");

  test("integer is even over a range that does not divide 2^32", () => {
    const die = rng.fork("integer");
    const cells = new Int32Array(7);
    for (let i = 0; i < 70_000; i++) cells[die.integer(7)]!++;
    // 6 degrees of freedom, 99.9% quantile 22.46 (tables).
    expect(cells.reduce((sum, hits) => sum + (hits - 10_000) ** 2 / 10_000, 0)).toBeLessThan(22.46);
  });

  test("integer takes any range up to 2^32 and refuses what it could not draw from", () => {
    const die = rng.fork("range");
    expect(die.integer(1)).toBe(0);
    expect(die.integer(2 ** 32)).toBeLessThan(2 ** 32);
    for (const below of [0, -1, 1.5, 5e9, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => die.integer(below)).toThrow(
        new RangeError(`integer: below must be a whole number from 1 to 2^32, got ${below}`),
      );
  });

  test("successive draws and forks with neighbouring labels are uncorrelated", () => {
    const x = draw(count, rng.fork("asset/1").normal);
    const y = draw(count, rng.fork("asset/2").normal);
    const product = (lag: number, other: readonly number[]) =>
      x.slice(0, count - lag).reduce((sum, value, i) => sum + value * other[i + lag]!, 0) / (count - lag);
    expect(Math.abs(product(0, y))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(product(1, x))).toBeLessThan(4 / Math.sqrt(count));
  });
});
