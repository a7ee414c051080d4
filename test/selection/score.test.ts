import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import { createRng } from "../../src/core/rng.ts";
import { scorePanels } from "../../src/selection/score.ts";
import type { ScoringPolicy } from "../../src/selection/selector-policy.ts";
import { DAY } from "../support/market.ts";
import { SCORING } from "./cases.ts";

const marketFrom = (close: Float64Array, assets: number) => ({
  axes: createAxes(
    Array.from({ length: close.length / assets }, (_, t) => t * DAY),
    Array.from({ length: assets }, (_, n) => `A${n}`),
  ),
  close,
});

/** Random walks with late listings, holes and steps that repeat, so that ranks tie. */
function walks(seed: number, T: number, N: number): Float64Array {
  const rng = createRng(seed);
  const close = new Float64Array(T * N);
  for (let n = 0; n < N; n++) {
    const listing = rng.uniform() < 0.3 ? Math.floor(rng.uniform() * T) : 0;
    const flat = rng.uniform() < 0.2;
    let price = 10 + n;
    for (let t = 0; t < T; t++) {
      price *= flat ? 1 : 1 + 0.05 * rng.normal();
      if (price < 0.1) price = 10;
      close[t * N + n] = t < listing || rng.uniform() < 0.04 ? Number.NaN : price;
    }
  }
  return close;
}

/** The definition, one bar at a time, with nothing shared between bars. */
function naiveScores(close: Float64Array, N: number, t: number, scoring: ScoringPolicy): number[] {
  const cell = (bar: number, n: number) => (bar < 0 ? Number.NaN : close[bar * N + n]!);
  const statistics = Array.from({ length: N }, (_, n) => {
    if (Number.isNaN(cell(t, n))) return null;
    const bars = (count: number) => Array.from({ length: count }, (_, i) => t - count + 1 + i);
    const returns = bars(scoring.sharpeLookbackBars)
      .map((bar) => cell(bar, n) / cell(bar - 1, n) - 1)
      .filter((x) => !Number.isNaN(x));
    const earlier = bars(scoring.returnLookbackBars + 1)
      .slice(0, -1)
      .map((bar) => cell(bar, n))
      .filter((x) => !Number.isNaN(x));
    if (returns.length < 10 || earlier.length === 0) return "short" as const;
    const mean = returns.reduce((a, b) => a + b, 0) / returns.length;
    const variance = returns.reduce((a, b) => a + (b - mean) ** 2, 0) / (returns.length - 1);
    let peak = 0;
    let drawdown = 0;
    for (const bar of bars(scoring.sharpeLookbackBars + 1)) {
      if (Number.isNaN(cell(bar, n))) continue;
      peak = Math.max(peak, cell(bar, n));
      drawdown = Math.max(drawdown, 1 - cell(bar, n) / peak);
    }
    return {
      sharpe: variance === 0 ? 0 : (mean / Math.sqrt(variance)) * Math.sqrt(scoring.periodsPerYear),
      gain: cell(t, n) / earlier[0]! - 1,
      drawdown,
    };
  });
  const known = statistics.filter((x) => x !== null && x !== "short");
  const rank = (key: "sharpe" | "gain" | "drawdown", value: number): number => {
    const below = known.filter((x) => x[key] < value).length;
    const equal = known.filter((x) => x[key] === value).length;
    return known.length === 1 ? 0.5 : (below + (equal - 1) / 2) / (known.length - 1);
  };
  return statistics.map((x) => {
    if (x === null) return Number.NaN;
    if (x === "short") return 0.5;
    return (
      scoring.sharpeWeight * rank("sharpe", x.sharpe) +
      scoring.returnWeight * rank("gain", x.gain) +
      scoring.drawdownWeight * (1 - rank("drawdown", x.drawdown))
    );
  });
}

const shapes = fc.record({ seed: fc.nat(1e6), T: fc.integer({ min: 0, max: 60 }), N: fc.integer({ min: 1, max: 6 }) });
const scorings = fc.record({
  sharpeLookbackBars: fc.integer({ min: 10, max: 25 }),
  returnLookbackBars: fc.integer({ min: 1, max: 25 }),
});

describe("score panels", () => {
  test("equal their definition to 1e-12", () => {
    let scored = 0;
    fc.assert(
      fc.property(shapes, scorings, ({ seed, T, N }, changes) => {
        const scoring = { ...SCORING, ...changes };
        const close = walks(seed, T, N);
        const { score } = scorePanels(marketFrom(close, N), scoring);
        for (let t = 0; t < T; t++)
          for (const [n, want] of naiveScores(close, N, t, scoring).entries()) {
            const got = score[t * N + n]!;
            if (got !== 0.5 && got === got) scored++;
            const same = Number.isNaN(want) ? Number.isNaN(got) : Math.abs(got - want) <= 1e-12;
            expect(same, `t=${t} n=${n} want ${want} got ${got}`).toBe(true);
          }
      }),
      { seed: 7, numRuns: 150 },
    );
    expect(scored).toBeGreaterThan(1000);
  });

  test("do not change by a bit when the future is cut off", () => {
    fc.assert(
      fc.property(shapes, fc.nat(), ({ seed, T, N }, k) => {
        const close = walks(seed, T + 1, N);
        const cut = (k % (T + 1)) * N;
        const whole = scorePanels(marketFrom(close, N), SCORING);
        const part = scorePanels(marketFrom(close.slice(0, cut), N), SCORING);
        for (const plane of ["score", "sharpe", "drawdown"] as const)
          expect(part[plane]).toEqual(whole[plane].subarray(0, cut));
      }),
      { seed: 7 },
    );
  });

  test("permute with the assets", () => {
    const N = 5;
    const close = walks(4, 80, N);
    const backwards = close.map((_, i) => close[Math.floor(i / N) * N + (N - 1 - (i % N))]!);
    const { score } = scorePanels(marketFrom(close, N), SCORING);
    const { score: other } = scorePanels(marketFrom(backwards, N), SCORING);
    expect(other).toEqual(Float64Array.from(score).map((_, i) => score[Math.floor(i / N) * N + (N - 1 - (i % N))]!));
  });

  test("do not change when an asset's prices are all doubled", () => {
    const close = walks(5, 80, 3);
    const doubled = close.map((x, i) => (i % 3 === 1 ? 2 * x : x));
    expect(scorePanels(marketFrom(doubled, 3), SCORING)).toMatchObject({
      score: scorePanels(marketFrom(close, 3), SCORING).score,
    });
  });

  test("by hand: the best of three in everything scores 1, the worst 0, the one between 0.5", () => {
    const rates = [1.02, 1.01, 0.99];
    const T = 20;
    const close = Float64Array.from({ length: T * 3 }, (_, i) => {
      const t = Math.floor(i / 3);
      // every third bar loses 1%, 2%, 3%, so that drawdowns rank like the rest
      return 100 * rates[i % 3]! ** t * (t % 3 === 2 ? 0.97 - 0.02 * (i % 3) : 1);
    });
    const { score } = scorePanels(marketFrom(close, 3), SCORING);
    expect([...score.subarray(9 * 3, 10 * 3)]).toEqual([0.5, 0.5, 0.5]);
    expect([...score.subarray(10 * 3, 11 * 3)]).toEqual([1, 0.5, 0]);
  });

  test("a single asset with history, and assets that are all alike, score 0.5", () => {
    const alike = Float64Array.from({ length: 40 * 2 }, (_, i) => 100 + (Math.floor(i / 2) % 5));
    expect(new Set(scorePanels(marketFrom(alike, 2), SCORING).score)).toEqual(new Set([0.5]));
    const alone = Float64Array.from({ length: 40 }, (_, t) => 100 + (t % 5));
    expect(new Set(scorePanels(marketFrom(alone, 1), SCORING).score)).toEqual(new Set([0.5]));
  });

  test("a score that is 0.29 in decimals is the number 0.29, so that a threshold of 0.29 is met exactly", () => {
    // 11 assets whose Sharpe ratio and return rise with n while the drawdown is the same for all: rank 0.5.
    // 0.4 * n/10 + 0.3 * n/10 + 0.3 * (1 - 0.5) = 0.15 + 0.07 n
    const N = 11;
    const close = Float64Array.from({ length: 30 * N }, (_, i) => {
      const t = Math.floor(i / N);
      return 100 * (1 + 0.001 * (1 + (i % N))) ** t * (t % 2 === 0 ? 1 : 1.0001);
    });
    const { score, drawdown } = scorePanels(marketFrom(close, N), SCORING);
    expect(new Set(drawdown.subarray(29 * N))).toEqual(new Set([0]));
    expect([...score.subarray(29 * N)]).toEqual([0.15, 0.22, 0.29, 0.36, 0.43, 0.5, 0.57, 0.64, 0.71, 0.78, 0.85]);
  });

  test("no bars and no assets give empty panels; closes that do not fit the axes are refused", () => {
    expect(scorePanels(marketFrom(new Float64Array(), 2), SCORING).score).toHaveLength(0);
    const none = { axes: createAxes([0, DAY], []), close: new Float64Array() };
    expect(scorePanels(none, SCORING).score).toHaveLength(0);
    const { axes } = marketFrom(new Float64Array(4), 2);
    expect(() => scorePanels({ axes, close: new Float64Array(3) }, SCORING)).toThrow("close has 3 cells, axes 2 x 2");
  });

  test("scoring policies that break their rules are refused", () => {
    const market = marketFrom(new Float64Array(), 1);
    const refused = (changes: Partial<ScoringPolicy>) => () => scorePanels(market, { ...SCORING, ...changes });
    expect(refused({ sharpeWeight: 0.5 })).toThrow("weights must sum to 1, got 1.1");
    expect(refused({ sharpeWeight: 1.1, returnWeight: -0.4 })).toThrow("returnWeight must be at least 0, got -0.4");
    expect(refused({ sharpeLookbackBars: 9 })).toThrow("sharpeLookbackBars must be a whole number >= 10, got 9");
    expect(refused({ returnLookbackBars: 0 })).toThrow("returnLookbackBars");
    expect(refused({ periodsPerYear: Number.NaN })).toThrow("periodsPerYear must be positive, got NaN");
  });
});
