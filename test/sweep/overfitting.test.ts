/** How much of the best is luck, where it is known: trials of noise alone, and one with an edge among them. */
import { beforeAll, describe, expect, test } from "vitest";
import { hashFloats } from "../../src/core/hash.ts";
import type { Floats } from "../../src/core/panel.ts";
import { createRng } from "../../src/core/rng.ts";
import type { OverfittingRecord } from "../../src/core/sweep-record.ts";
import { loadWithRaw } from "../../src/experiment/load-config.ts";
import { NO_CACHE, type StageCache } from "../../src/experiment/stage-cache.ts";
import { equityReturns } from "../../src/metrics/returns.ts";
import { deflatedSharpe, sharpeSample } from "../../src/metrics/sharpe-inference.ts";
import { type EarlierTrial, overfitting } from "../../src/sweep/overfitting.ts";
import { runSweep } from "../../src/sweep/run-sweep.ts";
import { tempFile } from "../support/files.ts";
import { noiseMarket } from "../support/training.ts";

const TRIALS = 1000;
const BARS = 504;

/** Independent normal returns, best Sharpe ratio first; trial 500 has `edge` deviations a bar more. */
function noise(seed: number, edge = 0): Float64Array[] {
  const rng = createRng(seed);
  const drawn = Array.from({ length: TRIALS }, (_, p) =>
    Float64Array.from({ length: BARS }, () => 0.01 * (rng.normal() + (p === 500 ? edge : 0))),
  );
  return bestFirst(drawn);
}

function bestFirst(trials: readonly Float64Array[]): Float64Array[] {
  const sharpe = new Map(trials.map((trial) => [trial, sharpeSample(trial).sharpe]));
  return [...trials].sort((a, b) => sharpe.get(b)! - sharpe.get(a)!);
}

function luckOf(
  trials: readonly Floats[],
  earlier: readonly EarlierTrial[] = [],
  seed = 1,
  cache: StageCache = NO_CACHE,
): OverfittingRecord {
  const keys = trials.map((_, p) => String(p));
  const context = { cache, keys, seed, riskFreePerBar: 0, clusters: false, earlier };
  return overfitting(trials.map(equityOf), context)!;
}

/** [T+1] of [T] returns, from 1. */
function equityOf(returns: Floats): Float64Array {
  const equity = new Float64Array(returns.length + 1).fill(1);
  for (let t = 0; t < returns.length; t++) equity[t + 1] = equity[t]! * (1 + returns[t]!);
  return equity;
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("1,000 trials of pure noise, six times", () => {
  let samples: readonly OverfittingRecord[];
  beforeAll(() => {
    samples = [1, 2, 3, 4, 5, 6].map((seed) => luckOf(noise(seed), [], seed));
  });

  test("the best looks significant by itself and is not once deflated", () => {
    // 1,000 draws have their greatest at 3.24 deviations on average. A deflated ratio of 95% wants 1.645 more, which the
    // greatest reaches with chance 1000 (1 - PHI(4.89)) = 0.0005.
    for (const { trials, probabilisticSharpe, deflatedSharpe: deflated } of samples) {
      expect(trials).toBe(TRIALS);
      expect(probabilisticSharpe).toBeGreaterThan(0.99);
      expect(deflated).toBeLessThan(0.95);
    }
  });

  test("the probability of backtest overfitting is one half within its standard error", () => {
    // Halves of independent returns are independent: what is chosen on one has rank 1 to 1,000 on the other with equal
    // chances, of which 500 are at or below the median, so that the expectation is 1/2 exactly. The 12,870 splits of a
    // sample share its bars; how far a sample strays is therefore measured over samples, not derived from the splits.
    const pbo = samples.map((sample) => sample.pbo);
    const centre = meanOf(pbo);
    const deviation = Math.sqrt(pbo.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (pbo.length - 1));
    const error = deviation / Math.sqrt(pbo.length);
    expect(error).toBeLessThan(0.06);
    expect(Math.abs(centre - 0.5)).toBeLessThan(3 * error);
  });

  test("nothing beats cash by more than the search explains", () => {
    // White's p-values under a true null hypothesis are even on [0, 1]: mean 1/2, deviation 0.29 / sqrt(6) = 0.12.
    // Hansen's divide by deviations that are estimated from the same bars; the largest of 1,000 such ratios is too large
    // over two years, so that its p-values come out lower. Neither may call noise an edge.
    expect(meanOf(samples.map((sample) => sample.realityCheck))).toBeGreaterThan(0.5 - 3 * 0.12);
    for (const { realityCheck, superiorAbility } of samples) {
      expect(realityCheck).toBeGreaterThan(0.05);
      expect(superiorAbility).toBeGreaterThan(0.01);
    }
  });
});

test("a real edge among 999 trials of noise is significant, found again in the other half, and beats cash", () => {
  // 0.3 deviations a bar are 6.7 standard errors over 504 bars and 4.8 over half of them; the best of the noise has 3.2.
  const got = luckOf(noise(9, 0.3));
  expect(got.deflatedSharpe).toBeGreaterThan(0.95);
  expect(got.pbo).toBeLessThan(0.05);
  expect(got.probabilityOfLoss).toBeLessThan(0.05);
  expect(got.realityCheck).toBeLessThan(0.01);
  expect(got.superiorAbility).toBeLessThan(0.01);
});

describe("what counts as a trial", () => {
  const trials = bestFirst(noise(10).slice(0, 40));

  test("one written down twice is one, wherever it was run before", () => {
    const plain = luckOf(trials);
    expect(luckOf([...trials, trials[3]!, trials[3]!])).toEqual(plain);
    const hash = hashFloats([["returns", equityReturns(equityOf(trials[3]!))]]);
    expect(luckOf(trials, [{ returnsHash: hash, sharpe: 0.3 }])).toEqual(plain);
  });

  test("earlier ones on the same data raise the bar", () => {
    const plain = luckOf(trials);
    const sharpes = trials.map((trial) => sharpeSample(trial).sharpe);
    const earlier = sharpes.map((sharpe) => ({ returnsHash: null, sharpe }));
    const got = luckOf(trials, earlier);
    expect(got.trials).toBe(80);
    // The same ratios twice: mean as before, squares doubled over 79 instead of 39.
    expect(got.sharpeVariance).toBeCloseTo((plain.sharpeVariance * 2 * 39) / 79, 12);
    expect(got.deflatedSharpe).toBeCloseTo(deflatedSharpe(sharpeSample(trials[0]!), got.sharpeVariance, 80), 12);
    expect(got.deflatedSharpe).toBeLessThan(plain.deflatedSharpe);
    expect(got.pbo).toBe(plain.pbo);
  });

  test("what another seed drew and the cache kept is not taken for this one's", () => {
    const kept = new Map<string, unknown>();
    const cache: StageCache = { read: (key) => kept.get(key), write: (key, value) => void kept.set(key, value) };
    const first = luckOf(trials, [], 1, cache);
    expect(luckOf(trials, [], 1, cache)).toBe(first);
    expect(luckOf(trials, [], 2, cache)).toEqual(luckOf(trials, [], 2));
    expect(luckOf(trials, [], 2).realityCheck).not.toBe(first.realityCheck);
  });

  test("one alone is still the last of all that were tried on the data before", () => {
    const earlier = [0.02, 0.05, 0.08].map((sharpe) => ({ returnsHash: null, sharpe }));
    const got = luckOf(trials.slice(0, 1), earlier);
    const own = sharpeSample(trials[0]!);
    const mean = (0.15 + own.sharpe) / 4;
    const variance = [0.02, 0.05, 0.08, own.sharpe].reduce((sum, sharpe) => sum + (sharpe - mean) ** 2, 0) / 3;
    expect(got.trials).toBe(4);
    expect(got.deflatedSharpe).toBeCloseTo(deflatedSharpe(own, variance, 4), 12);
    expect([got.pbo, got.probabilityOfLoss, got.splits]).toEqual([Number.NaN, Number.NaN, 0]);
  });

  test("with fewer than two different trials there is nothing to ask", () => {
    const context = { cache: NO_CACHE, keys: [], seed: 1, riskFreePerBar: 0, clusters: false, earlier: [] };
    const equity = equityOf(trials[0]!);
    expect(overfitting([equity, equity.slice()], context)).toBeNull();
    expect(overfitting([], context)).toBeNull();
  });
});

describe("a whole sweep of noise through prices, ranking and execution", () => {
  const SCORES = 60;
  const ASSETS = 12;
  const MARKET_BARS = 320;

  /** Prices without drift and columns that know nothing of them; `oracle` is the return of the bar that follows the fill. */
  function noiseSweep(withOracle: boolean, seed: number): string {
    const { axes, open, high, low, close, volume } = noiseMarket(seed, MARKET_BARS, ASSETS);
    const rng = createRng(100 + seed);
    const names = [...Array.from({ length: SCORES }, (_, k) => `noise_${k}`), "oracle"];
    const rows = [`date,symbol,open,high,low,close,volume,${names.join(",")}`];
    for (let t = 0; t < MARKET_BARS; t++)
      for (let n = 0; n < ASSETS; n++) {
        const i = t * ASSETS + n;
        const later = open[i + 2 * ASSETS]! / open[i + ASSETS]! - 1;
        const known = Number.isFinite(later) ? 3 * later + 0.05 * rng.normal() : 0;
        const cells = Array.from({ length: SCORES }, () => rng.normal().toFixed(4));
        const date = new Date(axes.time[t]!).toISOString().slice(0, 10);
        rows.push([date, axes.assets[n], open[i], high[i], low[i], close[i], volume[i], ...cells, known].join(","));
      }
    const prices = tempFile("noise.csv", `${rows.join("\n")}\n`);
    const tried = withOracle ? names : names.slice(0, -1);
    return tempFile(
      "noise.yaml",
      `name: noise
data: {path: ${prices}}
features: [${tried.map((column) => `{name: column, column: ${column}}`).join(", ")}]
ranking: {short: {feature_weights: {${tried[0]}: 1}}}
signal: {kind: scores, select: {top_k: 4}, side: long_short}
allocation: {method: equal_weight, rebalance_bars: 1}
portfolio: {cost_model: {preset: frictionless}}
sweep: {grid: {ranking.short.feature_weights: [${tried.map((column) => `{${column}: 1}`).join(", ")}]}}
`,
    );
  }

  async function sweptLuck(withOracle: boolean, seed: number) {
    const file = noiseSweep(withOracle, seed);
    const { raw, value } = loadWithRaw(file);
    const run = await runSweep(raw, value, file, { cache: NO_CACHE, workers: 1 });
    return run!.record;
  }

  test.each([5, 6, 7])("the best of it is not significant (market %i)", async (seed) => {
    const { overfitting: got, trials } = await sweptLuck(false, seed);
    expect(trials.filter(({ state }) => state === "done")).toHaveLength(SCORES);
    expect(got!.trials).toBe(SCORES);
    expect(got!.probabilisticSharpe).toBeGreaterThan(0.95);
    expect(got!.deflatedSharpe).toBeLessThan(0.95);
    // Over 60 trials a sample strays from one half by 0.17: all that can be asked is that it does not look sound.
    expect(got!.pbo).toBeGreaterThan(0.05);
    expect(got!.realityCheck).toBeGreaterThan(0.05);
  });

  test("a column that knows what comes is the best by far", async () => {
    const { overfitting: got, ranking } = await sweptLuck(true, 5);
    expect(ranking[0]).toBe(SCORES);
    expect(got!.deflatedSharpe).toBeGreaterThan(0.99);
    expect(got!.pbo).toBeLessThan(0.01);
    expect(got!.realityCheck).toBeLessThan(0.01);
  });
});
