import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { bootstrapIntervals, drawResample, resampledMeanVariance } from "../../src/metrics/bootstrap.ts";
import { mean } from "../../src/metrics/moments.ts";

const options = { resamples: 1000, meanBlockBars: 5, confidence: 0.9 };
const source = createRng(5);
const returns = Float64Array.from({ length: 400 }, () => 0.01 * source.normal());

/** The interval of the mean. */
const ofMean = (series: Float64Array, changed: Partial<typeof options>, seed = 1) =>
  bootstrapIntervals(
    series,
    ["mean"],
    (resample, out) => {
      out[0] = mean(resample);
    },
    { ...options, ...changed, rng: createRng(seed) },
  ).mean;

test("equal streams give equal intervals", () => {
  expect(ofMean(returns, {}, 1)).toEqual(ofMean(returns, {}, 1));
  expect(ofMean(returns, {}, 1)).not.toEqual(ofMean(returns, {}, 2));
});

test("the mean of independent returns has an interval of 1.645 standard errors either side", () => {
  const { low, high } = ofMean(returns, { meanBlockBars: 1 });
  // Standard error about 0.01 / 20; a 90% normal interval is 3.29 of them wide.
  const width = (high - low) / (3.29 * 0.0005);
  expect(width).toBeGreaterThan(0.85);
  expect(width).toBeLessThan(1.15);
  expect(low < mean(returns) && mean(returns) < high).toBe(true);
});

test("blocks widen the interval of a series that keeps its sign", () => {
  const runs = Float64Array.from({ length: 400 }, (_, t) => (Math.floor(t / 20) % 2 === 0 ? 0.01 : -0.01));
  const width = (meanBlockBars: number): number => {
    const { low, high } = ofMean(runs, { meanBlockBars });
    return high - low;
  };
  expect(width(20)).toBeGreaterThan(1.5 * width(1));
});

test("takes every figure on the same resamples, and its bounds at the quantiles of the confidence", () => {
  let calls = 0;
  const count = (_: unknown, out: Float64Array) => {
    out[0] = calls++;
    out[1] = -out[0];
  };
  const got = bootstrapIntervals(returns, ["up", "down"], count, {
    ...options,
    resamples: 101,
    confidence: 0.5,
    rng: createRng(1),
  });
  // Outcomes 0..100: half of them lie between the 25% and the 75% quantile.
  expect(calls).toBe(101);
  expect(got).toEqual({
    up: { low: 25, high: 75, undefinedResamples: 0 },
    down: { low: -75, high: -25, undefinedResamples: 0 },
  });
});

test("leaves out the resamples on which a figure is undefined", () => {
  let calls = 0;
  const half = (_: unknown, out: Float64Array) => {
    out[0] = calls++ % 2 === 0 ? Number.NaN : 1;
    out[1] = 2;
    out[2] = Number.NaN;
  };
  const got = bootstrapIntervals(returns, ["half", "all", "none"], half, { ...options, rng: createRng(1) });
  expect(got).toEqual({
    half: { low: 1, high: 1, undefinedResamples: 500 },
    all: { low: 2, high: 2, undefinedResamples: 0 },
    none: { low: Number.NaN, high: Number.NaN, undefinedResamples: 1000 },
  });
});

test("has no bounds without returns and refuses options out of range", () => {
  expect(ofMean(new Float64Array(), {})).toEqual({ low: Number.NaN, high: Number.NaN, undefinedResamples: 1000 });
  expect(() => ofMean(returns, { confidence: 1 })).toThrow("confidence");
  expect(() => ofMean(returns, { meanBlockBars: 0 })).toThrow("meanBlockBars");
  expect(() => ofMean(returns, { resamples: 0 })).toThrow("resamples");
});

describe("a resample", () => {
  const T = 50;
  const places = Float64Array.from({ length: T }, (_, t) => t);
  const out = new Float64Array(T);
  const follows = (t: number): boolean => out[t] === (out[t - 1]! + 1) % T;

  test.each([1, 2, 5, 25])("has blocks of geometric length, %i bars on average", (meanBlockBars) => {
    const rng = createRng(3);
    const resamples = 4000;
    let breaks = 0;
    let pairs = 0;
    for (let i = 0; i < resamples; i++) {
      drawResample(places, meanBlockBars, rng, out);
      for (let t = 1; t < T; t++) if (!follows(t)) breaks++;
      for (let t = 2; t < T; t++) if (!follows(t) && !follows(t - 1)) pairs++;
    }
    // Each bar begins a block with chance 1 / mean, whatever came before; one block in T lands where the last one
    // would have gone on, and cannot be told. So a break has chance q and two in a row q^2; 4 standard errors.
    const q = (1 / meanBlockBars) * (1 - 1 / T);
    const within = (seen: number, chance: number, draws: number): void =>
      expect(Math.abs(seen / draws - chance)).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / draws) + 1e-12);
    within(breaks, q, resamples * (T - 1));
    // Neighbouring pairs share a break, which widens the error of their share at most by sqrt(3).
    expect(Math.abs(pairs / (resamples * (T - 2)) - q * q)).toBeLessThan(
      7 * Math.sqrt((q * q) / (resamples * (T - 2))),
    );
  });

  test("begins its blocks anywhere with equal chance and goes on past the end from the start", () => {
    const rng = createRng(4);
    const seen = new Float64Array(T);
    let wraps = 0;
    for (let i = 0; i < 4000; i++) {
      drawResample(places, 10, rng, out);
      for (let t = 0; t < T; t++) seen[out[t]!]!++;
      for (let t = 1; t < T; t++) if (out[t - 1] === T - 1 && out[t] === 0) wraps++;
    }
    // Every bar is as likely as any other at every place: 4000 times each on average.
    for (const count of seen) expect(Math.abs(count - 4000)).toBeLessThan(400);
    // 49 steps a resample, one in 50 from the last bar; nine in ten go on, and one in 50 of the others by chance:
    // 4000 * 49 / 50 * 0.902 = 3535.8.
    expect(Math.abs(wraps - 3535)).toBeLessThan(400);
  });

  test("holds for a series of one return and for a block longer than the series", () => {
    const one = new Float64Array(1);
    drawResample(Float64Array.of(0.5), 3, createRng(1), one);
    expect(one).toEqual(Float64Array.of(0.5));
    drawResample(places, 1e9, createRng(1), out);
    for (let t = 1; t < T; t++) expect(follows(t)).toBe(true);
  });
});

describe("the variance of the mean over resamples", () => {
  test("of 1 and -1 in blocks of two bars on average, by hand", () => {
    // The second bar follows the first with chance 1/2, else it is either: equal bars have chance 1/4, and a mean of
    // +-1; the others a mean of 0.
    expect(resampledMeanVariance(Float64Array.of(1, -1), 2)).toBeCloseTo(1 / 4, 15);
    // Independent bars: half of the pairs are equal.
    expect(resampledMeanVariance(Float64Array.of(1, -1), 1)).toBeCloseTo(1 / 2, 15);
  });

  test.each([1, 3, 20])("is what drawing them in blocks of %i bars shows", (meanBlockBars) => {
    const centre = mean(returns);
    const centred = returns.map((value) => value - centre);
    const rng = createRng(9);
    const out = new Float64Array(centred.length);
    let squares = 0;
    for (let i = 0; i < 4000; i++) {
      drawResample(centred, meanBlockBars, rng, out);
      squares += mean(out) ** 2;
    }
    // A variance of 4,000 draws has a relative standard error of sqrt(2 / 4000) = 0.022; four of them.
    const ratio = resampledMeanVariance(centred, meanBlockBars) / (squares / 4000);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.09);
  });

  test("is undefined without values and 0 for a single one", () => {
    expect(resampledMeanVariance(new Float64Array(), 2)).toBeNaN();
    expect(resampledMeanVariance(Float64Array.of(0), 2)).toBe(0);
  });
});
