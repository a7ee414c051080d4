import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { drawResample } from "../../src/metrics/bootstrap.ts";
import { type RealityCheck, realityCheck } from "../../src/metrics/reality-check.ts";

type Rows = readonly (readonly number[])[];
const defaults = { resamples: 500, meanBlockBars: 3, seed: 1, benchmark: null as readonly number[] | null };
const run = (trials: Rows, changed: Partial<typeof defaults> = {}) => {
  const { resamples, meanBlockBars, seed, benchmark } = { ...defaults, ...changed };
  return realityCheck(
    trials.map((trial) => Float64Array.from(trial)),
    benchmark === null ? null : Float64Array.from(benchmark),
    { resamples, meanBlockBars, rng: createRng(seed) },
  );
};
const of = (trials: Rows, changed: Partial<typeof defaults> = {}): RealityCheck => {
  const result = run(trials, changed);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
};
/** Within 4 standard errors of a share of `resamples`. */
const within = (got: number, chance: number, resamples: number): void =>
  expect(Math.abs(got - chance), `${got} against ${chance}`).toBeLessThan(
    4 * Math.sqrt((chance * (1 - chance)) / resamples),
  );

describe("two bars drawn independently, by hand", () => {
  const many = { resamples: 10_000, meanBlockBars: 1 };

  test("one trial of 3% and -1%: p is the chance of drawing the good bar twice", () => {
    // Mean 1, distances +-2. White compares sqrt(2) * 1 = 1.41 with the sum of the distances over sqrt(2): 2.83 with
    // chance 1/4, 0 with 1/2. SPA divides both by 2, the deviation of one bar.
    const got = of([[0.03, -0.01]], many);
    for (const p of [got.realityCheck, got.spa.lower, got.spa.consistent, got.spa.upper])
      within(p, 1 / 4, many.resamples);
  });

  test("a poor and volatile trial costs White's test its power, and Hansen's nothing", () => {
    // -30% and -10%: mean -20, distances -10 and 10, so its sum over sqrt(2) is 14.1 when bar two is drawn twice: White
    // and the conservative SPA see their statistic exceeded there too, 1/4 + 1/4. Its own ratio, sqrt(2) * -20 / 10 =
    // -2.83, is below -sqrt(2 log log T): it drops out, 14.1 / 10 - 2.83 = -1.41.
    const got = of(
      [
        [-0.3, -0.1],
        [0.03, -0.01],
      ],
      many,
    );
    within(got.realityCheck, 1 / 2, many.resamples);
    within(got.spa.upper, 1 / 2, many.resamples);
    within(got.spa.consistent, 1 / 4, many.resamples);
    expect(got.spa.lower).toBe(got.spa.consistent);
    expect(got).toMatchObject({ trials: 2, excludedTrials: 0, best: 1 });
  });

  test("a benchmark comes off every trial", () => {
    // 5% and 4% over 2% and 5% is the first case.
    const got = of([[0.05, 0.04]], { ...many, benchmark: [0.02, 0.05] });
    expect(got).toEqual(of([[0.03, -0.01]], many));
  });
});

const drawnRows = (P: number, T: number, seed: number): number[][] => {
  const rng = createRng(seed);
  return Array.from({ length: P }, () => Array.from({ length: T }, () => 0.002 + 0.02 * rng.normal()));
};
/** Trials are resampled eight at a time: fewer, as many and more. */
const counts = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 6, max: 19 }));
const shapes = fc.tuple(counts, fc.integer({ min: 3, max: 30 }), fc.nat());
const seeded = { seed: 7, numRuns: 60 };

/** Hansen (2005) as printed: kernel weights over autocovariances, means of resampled differences, recentred. */
function naive(trials: Rows, m: number, resamples: number, seed: number) {
  const T = trials[0]!.length;
  const mean = (x: readonly number[]): number => x.reduce((sum, value) => sum + value, 0) / T;
  const q = 1 / m;
  const omega = trials.map((trial) => {
    const centred = trial.map((value) => value - mean(trial));
    const auto = (i: number): number => centred.slice(i).reduce((sum, value, t) => sum + (value * centred[t]!) / T, 0);
    let total = auto(0);
    for (let i = 1; i < T; i++) total += 2 * (((T - i) / T) * (1 - q) ** i + (i / T) * (1 - q) ** (T - i)) * auto(i);
    return Math.sqrt(total);
  });
  const root = Math.sqrt(T);
  const means = trials.map(mean);
  const limit = -Math.sqrt(2 * Math.log(Math.log(Math.max(T, Math.E))));
  const centres = [
    means.map((value) => Math.max(0, value)),
    means.map((value, k) => ((root * value) / omega[k]! >= limit ? value : 0)),
    means,
  ];
  const strongest = Math.max(...means) * root;
  const studentised = Math.max(0, ...means.map((value, k) => (root * value) / omega[k]!));
  const rng = createRng(seed);
  const order = Float64Array.from({ length: T }, (_, t) => t);
  const drawn = new Float64Array(T);
  const beaten = [0, 0, 0, 0];
  for (let i = 0; i < resamples; i++) {
    drawResample(order, m, rng, drawn);
    const resampled = trials.map((trial) => mean([...drawn].map((t) => trial[t]!)));
    const white = Math.max(...resampled.map((value, k) => root * (value - means[k]!)));
    if (white >= strongest - 1e-12) beaten[0]!++;
    centres.forEach((centre, c) => {
      const spa = Math.max(0, ...resampled.map((value, k) => (root * (value - centre[k]!)) / omega[k]!));
      if (spa >= studentised - 1e-12) beaten[c + 1]!++;
    });
  }
  return beaten.map((count) => count / resamples);
}

describe("properties", () => {
  test("equals the printed definition on the same resamples", () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom(1, 2, 6), ([P, T, seed], meanBlockBars) => {
        const trials = drawnRows(P, T, seed);
        const { realityCheck, spa } = of(trials, { meanBlockBars, resamples: 80, seed });
        expect([realityCheck, spa.lower, spa.consistent, spa.upper]).toEqual(naive(trials, meanBlockBars, 80, seed));
      }),
      seeded,
    );
  });

  test("lower <= consistent <= upper, and the order of the trials changes no p-value", () => {
    fc.assert(
      fc.property(shapes, ([P, T, seed]) => {
        const trials = drawnRows(P, T, seed);
        const got = of(trials, { resamples: 100 });
        expect(got.spa.lower <= got.spa.consistent && got.spa.consistent <= got.spa.upper).toBe(true);
        expect(of(trials.toReversed(), { resamples: 100 })).toEqual({ ...got, best: P - 1 - got.best });
      }),
      seeded,
    );
  });

  test("leverage on all trials changes nothing, on one of them nothing in Hansen's test", () => {
    fc.assert(
      fc.property(shapes, ([P, T, seed]) => {
        const trials = drawnRows(P, T, seed);
        const got = of(trials, { resamples: 100 });
        const geared = (factor: (p: number) => number) =>
          of(
            trials.map((trial, p) => trial.map((value) => value * factor(p))),
            { resamples: 100 },
          );
        expect(geared(() => 4)).toEqual(got);
        expect(geared((p) => 2 ** p).spa).toEqual(got.spa);
      }),
      seeded,
    );
  });

  test("a copy of a trial changes nothing, nor does a bar that every trial misses", () => {
    const trials = drawnRows(3, 25, 5);
    const got = of(trials, { meanBlockBars: 1, resamples: 4000 });
    expect(of([...trials, trials[0]!], { meanBlockBars: 1, resamples: 4000 })).toEqual({ ...got, trials: 4 });
    const holed = of(
      trials.map((trial) => [...trial, Number.NaN, Number.POSITIVE_INFINITY]),
      { meanBlockBars: 1, resamples: 4000 },
    );
    // Another draw of the same chance.
    expect(Math.abs(holed.spa.consistent - got.spa.consistent)).toBeLessThan(0.06);
    expect(Math.abs(holed.realityCheck - got.realityCheck)).toBeLessThan(0.06);
  });
});

describe("edges", () => {
  const wave = Array.from({ length: 20 }, (_, t) => Math.sin(t * t) / 50);

  test("trials all below their benchmark have p = 1, however far below", () => {
    const got = of([wave.map((value) => value - 1), wave.map((value) => value / 2 - 2)]);
    expect(got).toMatchObject({ best: 0, spa: { lower: 1, consistent: 1, upper: 1 } });
  });

  test("a trial far above it has p = 0", () => {
    const got = of([wave, wave.map((value) => value + 1)]);
    expect(got).toMatchObject({ best: 1, realityCheck: 0, spa: { lower: 0, consistent: 0, upper: 0 } });
  });

  test("a trial without returns, or without a difference that varies, is left out and counted", () => {
    const nothing = wave.map(() => Number.NaN);
    const flat = wave.map(() => 0.01);
    expect(of([nothing, wave, flat])).toEqual({ ...of([wave]), excludedTrials: 2, best: 1 });
    expect(run([nothing, flat])).toEqual({
      ok: false,
      reason: "none of 2 trials has returns that vary against the benchmark",
    });
    expect(run([wave], { benchmark: wave }).ok).toBe(false);
    expect(run([]).ok).toBe(false);
    expect(run([[], []]).ok).toBe(false);
    expect(run([[0.1], [0.2]]).ok).toBe(false);
  });

  test("equal streams give equal p-values", () => {
    const trials = drawnRows(4, 30, 2);
    expect(of(trials, { seed: 3 })).toEqual(of(trials, { seed: 3 }));
    expect(of(trials, { seed: 3 })).not.toEqual(of(trials, { seed: 4 }));
  });

  test("refuses series of different lengths and options out of range", () => {
    expect(() => run([wave, [0.1]])).toThrow("trial 1 has 1 bars, not 20");
    expect(() => run([wave], { benchmark: [0.1] })).toThrow("20 returns against 1 of the benchmark");
    expect(() => run([wave], { resamples: 0 })).toThrow("resamples");
    expect(() => run([wave], { meanBlockBars: 0.5 })).toThrow("meanBlockBars");
  });
});

test("the best of 200 trials of pure noise is significant by itself and not after the search", () => {
  const rng = createRng(6);
  const noise = Array.from({ length: 200 }, () => Array.from({ length: 250 }, () => 0.01 * rng.normal()));
  const got = of(noise, { meanBlockBars: 5 });
  expect(got.spa.consistent).toBeGreaterThan(0.05);
  expect(got.realityCheck).toBeGreaterThan(0.05);
  expect(of([noise[got.best]!], { meanBlockBars: 5 }).spa.consistent).toBeLessThan(0.02);
});
