import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import {
  deflateBest,
  deflatedSharpe,
  expectedMaxSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeSample,
} from "../../src/metrics/sharpe-inference.ts";
import { describeWith, readOracle } from "../support/oracle.ts";

const sample = { sharpe: 0.1, periods: 401, skewness: 0, excessKurtosis: 0 };

test("a normal sample: 0.1 * sqrt(400) / sqrt(1 + 0.01 / 2) = 1.99501 standard errors above 0", () => {
  // PHI(1.99501) lies between PHI(1.99) = 0.97670 and PHI(2.00) = 0.97725 (printed tables).
  expect(probabilisticSharpe(sample)).toBeGreaterThan(0.9767);
  expect(probabilisticSharpe(sample)).toBeLessThan(0.97725);
  expect(probabilisticSharpe(sample, 0.1)).toBe(0.5);
});

test("the track record that just suffices has the probability asked for", () => {
  const periods = minimumTrackRecord(sample, 0.02, 0.9);
  expect(probabilisticSharpe({ ...sample, periods }, 0.02)).toBeCloseTo(0.9, 12);
  expect(minimumTrackRecord(sample, 0.1)).toBeNaN();
});

test("the best of more trials is expected to be better, and deflates more", () => {
  expect(expectedMaxSharpe(0.01, 1)).toBe(0);
  expect(deflatedSharpe(sample, 0.01, 1)).toBe(probabilisticSharpe(sample));
  let last = 0;
  for (const trials of [2, 3, 10, 100, 10_000]) {
    const best = expectedMaxSharpe(0.01, trials);
    expect(best).toBeGreaterThan(last);
    last = best;
  }
  expect(deflatedSharpe(sample, 0.001, 100)).toBeLessThan(deflatedSharpe(sample, 0.001, 10));
});

test("is NaN for what no one can infer", () => {
  expect(probabilisticSharpe(sharpeSample(new Float64Array(10).fill(0.01)))).toBeNaN();
  expect(probabilisticSharpe(sharpeSample(Float64Array.of(0.01)))).toBeNaN();
  expect(expectedMaxSharpe(-1, 10)).toBeNaN();
  expect(expectedMaxSharpe(1, 0)).toBeNaN();
});

test.each([
  ["daily", 252, 2.73],
  ["weekly", 52, 2.83],
  ["monthly", 12, 3.24],
])("published: %s normal returns with a Sharpe ratio of 2 a year need this many years to be above 1", (_, p, years) => {
  // Bailey & Lopez de Prado (2012), section on the minimum track record length.
  const normal = { sharpe: 2 / Math.sqrt(p), periods: 1000, skewness: 0, excessKurtosis: 0 };
  expect(minimumTrackRecord(normal, 1 / Math.sqrt(p)) / p).toBeCloseTo(years, 2);
});

test("published: a hedge fund's two years look skilled to who ignores their skewness and tails", () => {
  // Bailey & Lopez de Prado (2012), the numerical example: 24 monthly returns with mean 0.036, deviation 0.079 and so a
  // ratio of 0.458 a month (1.59 a year), skewness -2.448, kurtosis 10.164. PSR(0) 0.982 as if normal, 0.913 as they are.
  const normal = { sharpe: 0.458, periods: 24, skewness: 0, excessKurtosis: 0 };
  const fund = { ...normal, skewness: -2.448, excessKurtosis: 7.164 };
  expect(probabilisticSharpe(normal)).toBeCloseTo(0.982, 3);
  expect(probabilisticSharpe(fund)).toBeCloseTo(0.913, 3);
  // By hand: 1 + (1 + 2.448 x 0.458 + 9.164 / 4 x 0.458^2) (1.644854 / 0.458)^2 = 1 + 2.601753 x 12.898035 = 34.5575.
  expect(minimumTrackRecord(fund)).toBeCloseTo(34.5575, 3);
});

test.each([
  ["100 trials, skewness -3, kurtosis 10", 100, -3, 10, 0.9004],
  ["46 of them", 46, -3, 10, 0.9505],
  ["88, had the returns been normal", 88, 0, 3, 0.9505],
])("published: a ratio of 2.5 a year over five years, the best of %s", (_, trials, skewness, kurtosis, published) => {
  // Bailey & Lopez de Prado (2014), "The Deflated Sharpe Ratio", the numerical example: 1,250 days, 250 a year, variance of
  // the trials' annual ratios 1/2; the benchmark is 0.1132 a day over 100 trials.
  const found = { sharpe: 2.5 / Math.sqrt(250), periods: 1250, skewness, excessKurtosis: kurtosis - 3 };
  if (trials === 100) expect(expectedMaxSharpe(0.5 / 250, trials)).toBeCloseTo(0.1132, 4);
  expect(deflatedSharpe(found, 0.5 / 250, trials)).toBeCloseTo(published, 4);
});

test("published: the best of ten trials without skill over a year is expected to show 1.57", () => {
  // Bailey, Borwein, Lopez de Prado & Zhu, "Pseudo-Mathematics and Financial Charlatanism" (2014).
  expect(expectedMaxSharpe(1, 10)).toBeCloseTo(1.57, 2);
});

test("the best of hardly more than one trial is expected to be no worse than a single one", () => {
  // At 1.05 the formula says 0.423 * -1.668 + 0.577 * 0.385 < 0.
  expect(expectedMaxSharpe(0.01, 1.05)).toBe(0);
  expect(expectedMaxSharpe(0.01, 1.6)).toBeGreaterThan(0);
});

describe("the best of many trials", () => {
  test("takes number and variance from all of them, by hand", () => {
    // Mean 0.05; squares 0.0025 + 0 + 0.0025 over ddof 1: 0.0025. A trial without a Sharpe ratio is no trial.
    const got = deflateBest(sample, Float64Array.of(0, 0.05, Number.NaN, 0.1));
    expect(got.trials).toBe(3);
    expect(got.effectiveTrials).toBe(3);
    expect(got.trialVariance).toBeCloseTo(0.0025, 15);
    // PHI^-1(2/3) = 0.430727 and PHI^-1(1 - 1/(3 e)) = PHI^-1(0.877374) = 1.162002 (printed tables, interpolated).
    const expected = 0.05 * (0.4227843 * 0.430727 + 0.5772157 * 1.162);
    expect(got.expectedMaxSharpe).toBeCloseTo(expected, 5);
    expect(got.deflatedSharpe).toBe(deflatedSharpe(sample, got.trialVariance, 3));
    expect(got.probabilisticSharpe).toBe(probabilisticSharpe(sample));
    expect(got.minimumTrackRecord).toBe(minimumTrackRecord(sample, got.expectedMaxSharpe));
  });

  test("an effective number replaces the count and leaves the variance", () => {
    const sharpes = Float64Array.of(0, 0.05, 0.1, 0.02, 0.04);
    const [plain, fewer] = [deflateBest(sample, sharpes), deflateBest(sample, sharpes, 2)];
    expect(fewer).toMatchObject({ trials: 5, effectiveTrials: 2, trialVariance: plain.trialVariance });
    expect(fewer.deflatedSharpe).toBeGreaterThan(plain.deflatedSharpe);
  });

  test("a single trial is not deflated, and equal trials show no search to allow for", () => {
    expect(deflateBest(sample, Float64Array.of(0.1))).toMatchObject({
      trialVariance: 0,
      expectedMaxSharpe: 0,
      deflatedSharpe: probabilisticSharpe(sample),
    });
    expect(deflateBest(sample, new Float64Array(9).fill(0.1)).expectedMaxSharpe).toBe(0);
  });

  test("no track record will do for a Sharpe ratio below what luck explains", () => {
    const got = deflateBest(sample, Float64Array.of(-1, 1, -1, 1));
    expect(got.expectedMaxSharpe).toBeGreaterThan(sample.sharpe);
    expect(got.deflatedSharpe).toBeLessThan(0.5);
    expect(got.minimumTrackRecord).toBeNaN();
  });

  test("is undefined when no trial has a Sharpe ratio", () => {
    const got = deflateBest(sharpeSample(new Float64Array(5)), new Float64Array(3).fill(Number.NaN));
    expect(got.trials).toBe(0);
    expect([got.trialVariance, got.expectedMaxSharpe, got.deflatedSharpe]).toEqual([NaN, NaN, NaN]);
  });

  test("of 1,000 trials of pure noise is significant by itself and not once deflated", () => {
    for (const seed of [1, 2, 3]) {
      const rng = createRng(seed);
      const samples = Array.from({ length: 1000 }, () =>
        sharpeSample(Float64Array.from({ length: 252 }, () => 0.01 * rng.normal())),
      );
      const sharpes = Float64Array.from(samples, ({ sharpe }) => sharpe);
      const got = deflateBest(samples[sharpes.indexOf(Math.max(...sharpes))]!, sharpes);
      expect(got.probabilisticSharpe).toBeGreaterThan(0.99);
      expect(got.deflatedSharpe).toBeLessThan(0.95);
    }
  });
});

describeWith("oracles/metrics.json", "against ../shared/oracles/metrics.json", () => {
  const { input, expected } = readOracle("metrics").cases.find(
    (one: { name: string }) => one.name === "dsr_from_trials",
  );

  test("deflates the best of its five trials", () => {
    const samples = (input.trials as number[][]).map((trial) => sharpeSample(Float64Array.from(trial)));
    const sharpes = Float64Array.from(samples, ({ sharpe }) => sharpe);
    const got = deflateBest(samples[expected.best]!, sharpes);
    const pairs = [
      [got.trialVariance, expected.var_sr_ddof1],
      [got.trials, expected.n_trials],
      [got.expectedMaxSharpe, expected.expected_max_sr],
      [got.deflatedSharpe, expected.dsr],
      [got.probabilisticSharpe, expected.psr_vs_0_best],
    ];
    for (const [value, want] of pairs) expect(Math.abs(value - want)).toBeLessThanOrEqual(1e-9 * Math.abs(want));
  });
});
