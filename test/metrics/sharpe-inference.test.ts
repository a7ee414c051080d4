import { expect, test } from "vitest";
import {
  deflatedSharpe,
  expectedMaxSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeSample,
} from "../../src/metrics/sharpe-inference.ts";

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
