import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { effectiveTrials } from "../../src/metrics/effective-trials.ts";

const drawn = (count: number, bars: number, seed: number): Float64Array[] => {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => Float64Array.from({ length: bars }, () => 0.01 * rng.normal()));
};
/** `count` trials that share `share` of their variance with one of the ideas, in turn. */
const variants = (ideas: readonly Float64Array[], count: number, share: number, seed: number): Float64Array[] =>
  drawn(count, ideas[0]!.length, seed).map((own, p) =>
    own.map((value, t) => Math.sqrt(share) * ideas[p % ideas.length]![t]! + Math.sqrt(1 - share) * value),
  );

test("forty variants of four ideas are four trials, each with its idea", () => {
  const got = effectiveTrials(variants(drawn(4, 500, 1), 40, 0.8, 2));
  expect(got).toMatchObject({ effective: 4, trials: 40, basis: "clusters" });
  expect([...got.labels]).toEqual(Array.from({ length: 40 }, (_, p) => p % 4));
});

test("independent trials count for one each, also beside a cluster", () => {
  const noise = drawn(30, 500, 3);
  const alone = effectiveTrials(noise);
  expect(alone.basis).toBe("average_correlation");
  expect(alone.effective).toBeGreaterThan(28);
  const beside = effectiveTrials([...noise, ...variants(drawn(1, 500, 4), 50, 0.95, 5)]);
  expect(beside).toMatchObject({ effective: 31, basis: "clusters" });
});

test("copies, levered or not, are one trial", () => {
  const [idea] = drawn(1, 100, 6);
  const copies = [1, 2, 0.5, 3, 1].map((leverage) => idea!.map((value) => leverage * value));
  const got = effectiveTrials(copies);
  expect(got.effective).toBeCloseTo(1, 7);
  expect(got.averageCorrelation).toBeCloseTo(1, 12);
});

test("two trials are 2 - rho, by hand; opposite ones are 2", () => {
  // Distances from the mean (-1, 0, 1) and (-1, 1, 0): correlation 1 / 2.
  const got = effectiveTrials([Float64Array.of(1, 2, 3), Float64Array.of(1, 3, 2)]);
  expect(got.effective).toBeCloseTo(1.5, 12);
  expect(got.averageCorrelation).toBeCloseTo(0.5, 12);
  expect(effectiveTrials([Float64Array.of(1, 2, 3), Float64Array.of(3, 2, 1)]).effective).toBe(2);
});

describe("edges", () => {
  test("none and one", () => {
    expect(effectiveTrials([])).toMatchObject({ effective: 0, trials: 0, labels: new Int32Array() });
    expect(effectiveTrials(drawn(1, 20, 7))).toMatchObject({ effective: 1, trials: 1, averageCorrelation: Number.NaN });
  });

  test("a trial that does not vary is no trial", () => {
    const trials = variants(drawn(2, 200, 8), 10, 0.9, 9);
    const flat = new Float64Array(200).fill(0.01);
    const nothing = new Float64Array(200).fill(Number.NaN);
    const got = effectiveTrials([flat, ...trials, nothing]);
    const without = effectiveTrials(trials);
    expect(got).toEqual({ ...without, labels: Int32Array.of(-1, ...without.labels, -1) });
    expect(effectiveTrials([flat, nothing])).toMatchObject({ effective: 0, trials: 0, labels: Int32Array.of(-1, -1) });
  });

  test("missing returns are survived", () => {
    const trials = variants(drawn(3, 300, 10), 12, 0.9, 11);
    for (const trial of trials) trial.fill(Number.NaN, 0, 20);
    expect(effectiveTrials(trials).effective).toBe(3);
  });

  test("refuses trials of different lengths", () => {
    expect(() => effectiveTrials([new Float64Array(3), new Float64Array(4)])).toThrow("trial 1 has 4 bars, not 3");
  });
});

test("lies in [1, trials], and neither the order of the trials nor leverage changes it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(0, 0.5, 0.9),
      fc.nat(),
      (P, ideas, share, seed) => {
        const trials = variants(drawn(ideas, 40, seed), P, share, seed + 1);
        const got = effectiveTrials(trials);
        expect(got.effective >= 1 && got.effective <= P).toBe(true);
        const turned = effectiveTrials(trials.toReversed().map((trial, p) => trial.map((value) => value * 2 ** p)));
        expect(turned.effective).toBeCloseTo(got.effective, 9);
        expect(turned.basis).toBe(got.basis);
      },
    ),
    { seed: 7, numRuns: 200 },
  );
});
