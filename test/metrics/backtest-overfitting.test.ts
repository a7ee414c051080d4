import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { type BacktestOverfitting, backtestOverfitting } from "../../src/metrics/backtest-overfitting.ts";
import { presentReturns } from "../../src/metrics/returns.ts";
import { sharpeSample } from "../../src/metrics/sharpe-inference.ts";

type Rows = readonly (readonly number[])[];
const of = (trials: Rows, blocks?: number): BacktestOverfitting => {
  const result = backtestOverfitting(
    trials.map((trial) => Float64Array.from(trial)),
    blocks,
  );
  if (!result.ok) throw new Error(result.reason);
  return result.value;
};

describe("four trials over four blocks of one bar, by hand", () => {
  // Two returns a and b have the Sharpe ratio (a + b) / (sqrt(2) |a - b|). Times sqrt(2), over the bars
  //      12    34    13    24    14    23
  // A     3    -3   3/5     0   1/3   1/3
  // B     2   7/3     3     4   3/2     5
  // C    -2   5/3   3/5  -1/2     0   1/7
  // D   1/3   1/5     5    -3     0   1/2
  const hand: Rows = [
    [4, 2, -1, -2],
    [1, 3, 2, 5],
    [-1, -3, 4, 1],
    [2, -1, 3, -2],
  ];
  const got = of(hand, 4);
  // Chosen on 12: A, worst on 34. On 34: B, third of four on 12. On 13: D, worst on 24. On 24: B, third on 13.
  // On 14 and on 23: B, best on the other.
  const inSample = [3, 7 / 3, 5, 4, 3 / 2, 5];
  const outOfSample = [-3, 2, -3, 3, 5, 3 / 2];
  const ranks = [1, 3, 1, 3, 4, 4];

  test("looks the best of each half up in the other", () => {
    inSample.forEach((want, i) => {
      expect(got.inSample[i]! * Math.SQRT2).toBeCloseTo(want, 12);
      expect(got.outOfSample[i]! * Math.SQRT2).toBeCloseTo(outOfSample[i]!, 12);
      expect(got.logits[i]).toBeCloseTo(Math.log(ranks[i]! / (5 - ranks[i]!)), 12);
    });
    expect(got.logits.length).toBe(6);
  });

  test("two of six choices come out below the median, and with a loss", () => {
    expect(got).toMatchObject({ trials: 4, excludedTrials: 0, blockBars: 1, droppedBars: 0 });
    expect(got.probabilityOfOverfitting).toBe(2 / 6);
    expect(got.probabilityOfLoss).toBe(2 / 6);
  });

  test("the degradation is the least-squares line through the six pairs", () => {
    // Sums of the pairs times sqrt(2): x 125/6, y 11/2, xy -9 + 14/3 - 15 + 12 + 15/2 + 15/2 = 23/3,
    // xx 9 + 49/9 + 25 + 16 + 9/4 + 25, yy 9 + 4 + 9 + 9 + 25 + 9/4.
    const joint = 23 / 3 - (125 / 6) * (11 / 12);
    const squaresX = 77.25 + 49 / 9 - (125 / 6) ** 2 / 6;
    const squaresY = 58.25 - 5.5 ** 2 / 6;
    const slope = joint / squaresX;
    expect(slope).toBeLessThan(0);
    expect(got.degradation.slope).toBeCloseTo(slope, 12);
    expect(got.degradation.intercept).toBeCloseTo((11 / 12 - (slope * 125) / 36) / Math.SQRT2, 12);
    expect(got.degradation.rSquared).toBeCloseTo((slope * joint) / squaresY, 12);
  });

  test("bars that do not fill the blocks are dropped from the beginning", () => {
    const late = of(
      hand.map((trial) => [9, -9, 7, ...trial]),
      4,
    );
    expect(late).toEqual({ ...got, droppedBars: 3 });
  });
});

/** The definition: put the blocks of a half together, take the Sharpe ratio of what is there, rank. */
function naive(trials: Rows, S: number): { logit: number; inSample: number; outOfSample: number }[] {
  const bars = trials[0]!.length;
  const width = Math.floor(bars / S);
  const over = (trial: readonly number[], mask: number): number => {
    const rows = trial.filter((_, t) => t >= bars % S && (mask >> Math.floor((t - (bars % S)) / width)) & 1);
    return sharpeSample(presentReturns(Float64Array.from(rows))).sharpe;
  };
  const sets = Array.from({ length: 2 ** S }, (_, mask) => mask).filter((mask) => {
    return mask.toString(2).replaceAll("0", "").length === S / 2;
  });
  return sets.map((mask) => {
    const inside = trials.map((trial) => over(trial, mask));
    const outside = trials.map((trial) => over(trial, 2 ** S - 1 - mask));
    const best = inside.indexOf(Math.max(...inside));
    const below = outside.filter((sharpe) => sharpe < outside[best]!).length;
    const equal = outside.filter((sharpe) => sharpe === outside[best]).length;
    const share = (below + (equal + 1) / 2) / (trials.length + 1);
    return { logit: Math.log(share / (1 - share)), inSample: inside[best]!, outOfSample: outside[best]! };
  });
}

describe("properties", () => {
  // Drawn rather than shrunk: series of a few tiny values would make this a test of rounding.
  const sweep = (T: { min: number; max: number }) =>
    fc.tuple(fc.integer({ min: 2, max: 6 }), fc.integer(T), fc.nat()).map(([P, bars, seed]) => {
      const rng = createRng(seed);
      const cell = () => (rng.uniform() < 0.07 ? [Number.NaN, Infinity][rng.integer(2)]! : 0.02 * rng.normal());
      return Array.from({ length: P }, () => Array.from({ length: bars }, cell));
    });
  const seeded = { seed: 7, numRuns: 150 };
  const ascending = (x: Iterable<number>): number[] => [...x].sort((a, b) => a - b);

  test("equals the definition, copies of a trial and missing returns included", () => {
    fc.assert(
      fc.property(sweep({ min: 30, max: 50 }), fc.constantFrom(2, 4, 6), (trials, S) => {
        const doubled = [...trials, trials[0]!];
        const got = of(doubled, S);
        const want = naive(doubled, S);
        expect(got.logits.length).toBe(want.length);
        const near = (values: Iterable<number>, wanted: readonly number[]): void => {
          const sorted = ascending(wanted);
          ascending(values).forEach((value, i) => {
            expect(value).toBeCloseTo(sorted[i]!, 9);
          });
        };
        near(
          got.logits,
          want.map(({ logit }) => logit),
        );
        near(
          got.inSample,
          want.map(({ inSample }) => inSample),
        );
        near(
          got.outOfSample,
          want.map(({ outOfSample }) => outOfSample),
        );
        expect(got.probabilityOfOverfitting).toBe(want.filter(({ logit }) => logit <= 0).length / want.length);
      }),
      seeded,
    );
  });

  test("the order of the trials changes nothing, even when several are best", () => {
    // Few values make ties of every kind: flat halves, equal trials, trials without a Sharpe ratio.
    const coarse = fc.array(fc.array(fc.constantFrom(0, 0, 0.01, -0.01), { minLength: 8, maxLength: 8 }), {
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(coarse, fc.nat(), (trials, turn) => {
        const k = turn % trials.length;
        const run = (rows: Rows) =>
          backtestOverfitting(
            rows.map((row) => Float64Array.from(row)),
            4,
          );
        const [plain, turned] = [run(trials), run([...trials.slice(k), ...trials.slice(0, k)].reverse())];
        expect(turned.ok).toBe(plain.ok);
        if (!plain.ok || !turned.ok) return;
        expect(turned.value.probabilityOfOverfitting).toBe(plain.value.probabilityOfOverfitting);
        expect(turned.value.logits).toEqual(plain.value.logits);
        expect(turned.value.inSample).toEqual(plain.value.inSample);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  test("probabilities lie in [0, 1], and scaling a trial by a power of 2 changes nothing", () => {
    fc.assert(
      fc.property(sweep({ min: 24, max: 40 }), (trials) => {
        const plain = of(trials, 6);
        for (const share of [plain.probabilityOfOverfitting, plain.probabilityOfLoss])
          expect(share >= 0 && share <= 1).toBe(true);
        expect(
          of(
            trials.map((trial, p) => trial.map((value) => value * 2 ** (p - 3))),
            6,
          ),
        ).toEqual(plain);
      }),
      seeded,
    );
  });
});

describe("edges", () => {
  const wave = Array.from({ length: 12 }, (_, t) => Math.sin(t * t) / 50);

  test("when all trials are the same, no choice is better than the median", () => {
    const got = of([wave, wave, wave], 4);
    expect(new Set(got.logits)).toEqual(new Set([0]));
    expect(got.probabilityOfOverfitting).toBe(1);
  });

  test("one trial that is the best everywhere is never overfitted", () => {
    const got = of(
      [wave, wave.map((value) => value + 0.05), wave.map((value) => value - 0.05), wave.map((value) => value + 0.01)],
      4,
    );
    expect(got.probabilityOfOverfitting).toBe(0);
    expect(got.probabilityOfLoss).toBe(0);
    expect(got.logits.every((logit) => Math.abs(logit - Math.log(4)) < 1e-12)).toBe(true);
  });

  test("one best in the first half and worst in the second is overfitted on both of two splits", () => {
    // Bars 1 and 2 against 3 and 4. The second trial does the opposite; the third lies between them.
    const got = of(
      [
        [0.02, 0.03, -0.02, -0.03],
        [-0.02, -0.03, 0.02, 0.03],
        [0.01, -0.01, 0.01, -0.01],
      ],
      2,
    );
    expect(got).toMatchObject({ blockBars: 2, probabilityOfOverfitting: 1, probabilityOfLoss: 1 });
    expect([...got.logits]).toEqual([Math.log(1 / 3), Math.log(1 / 3)]);
  });

  test("a trial that does not trade has a performance of 0, and can be the best of a bad lot", () => {
    const bad = wave.map((value) => value - 0.05);
    const got = of([bad, wave.map(() => 0), bad.map((value) => value * 2)], 4);
    expect(new Set(got.inSample)).toEqual(new Set([0]));
    expect(got.probabilityOfLoss).toBe(0);
    expect(got.probabilityOfOverfitting).toBe(0);
  });

  test("a trial with no Sharpe ratio over all bars is left out and counted", () => {
    const pair = [wave.map((value) => value - 0.05), wave.map((value) => value - 0.06)];
    const steady = wave.map(() => 0.01);
    const dead = wave.map((value, t) => (t < 11 ? Number.NaN : value));
    expect(of([steady, ...pair, dead], 4)).toEqual({ ...of(pair, 4), excludedTrials: 2 });
  });

  test("a steady gain over one half is never chosen on it, and ranks last there", () => {
    // Bars 1 and 2 against 3 and 4: the first trial gains 1% a bar on the one and loses on the other.
    const got = of(
      [
        [0.01, 0.01, -0.01, -0.02],
        [-0.01, -0.03, 0.01, 0.02],
      ],
      2,
    );
    // On the first half the second trial is chosen, with -0.02 / (0.02 / sqrt(2)), and is the better one on the other;
    // chosen there, it is the better one on the first half too.
    expect([...got.logits]).toEqual([Math.log(2), Math.log(2)].map((logit) => expect.closeTo(logit, 12)));
    expect(got.inSample[0]).toBeCloseTo(-Math.SQRT2, 12);
    expect(got.inSample[1]).toBeCloseTo(0.015 / (0.01 / Math.SQRT2), 12);
  });

  test("so is a gain that only rounding moves", () => {
    // 0.1 + 0.2 is 5.6e-17 above 0.3: with a deviation of 4e-17 its Sharpe ratio would be 7.6e15.
    const rows = [
      [0.1 + 0.2, 0.3, -0.01, -0.02],
      [-0.01, -0.03, 0.01, 0.02],
    ];
    expect(rows[0]![0]).not.toBe(rows[0]![1]);
    expect(of(rows, 2).inSample[0]).toBeCloseTo(-Math.SQRT2, 12);
  });

  test("what cannot be answered is a failure that says the numbers", () => {
    const reason = (trials: Rows, blocks?: number) =>
      backtestOverfitting(
        trials.map((trial) => Float64Array.from(trial)),
        blocks,
      );
    const tooFew = "needs at least 2 trials to choose from, got";
    expect(reason([])).toEqual({ ok: false, reason: `${tooFew} 0 of 0 with a Sharpe ratio` });
    expect(reason([wave], 4)).toEqual({ ok: false, reason: `${tooFew} 1 of 1 with a Sharpe ratio` });
    expect(reason([wave, wave])).toEqual({
      ok: false,
      reason: "needs at least one bar for each of 16 blocks, got 12 bars",
    });
    const nothing = wave.map(() => Number.NaN);
    const noneHas = { ok: false, reason: `${tooFew} 0 of 2 with a Sharpe ratio` };
    expect(reason([nothing, nothing], 4)).toEqual(noneHas);
    expect(reason([wave.map(() => 0.01), nothing], 4)).toEqual(noneHas);
    // One return on either side of the only cut.
    const two: Rows = [
      [0.01, 0.02],
      [0.02, 0.01],
    ];
    expect(reason(two, 2)).toEqual({ ok: false, reason: "no trial has a Sharpe ratio on any half of its 2 bars" });
  });

  test("refuses an odd number of blocks, too many of them, and trials of different lengths", () => {
    const run = (blocks: number) => () => of([wave, wave], blocks);
    for (const blocks of [0, 3, 2.5, 22, Number.NaN]) expect(run(blocks)).toThrow("even number from 2 to 20");
    expect(() => of([wave, [0.1]], 4)).toThrow("trial 1 has 1 bars, not 12");
  });
});

test("among 1,000 trials of pure noise the best of one half is a coin toss in the other", () => {
  const rng = createRng(3);
  const noise = Array.from({ length: 1000 }, () => Float64Array.from({ length: 504 }, () => 0.01 * rng.normal()));
  const got = backtestOverfitting(noise, 12);
  if (!got.ok) throw new Error(got.reason);
  // The splits of one sample are far from independent, so a sample's share strays from one half by more than a coin's.
  expect(Math.abs(got.value.probabilityOfOverfitting - 0.5)).toBeLessThan(0.15);
  expect(Math.abs(got.value.probabilityOfLoss - 0.5)).toBeLessThan(0.15);
});

test("a trial with real skill among noise is told from it", () => {
  const rng = createRng(4);
  const noise = Array.from({ length: 50 }, () => Float64Array.from({ length: 1000 }, () => 0.01 * rng.normal()));
  // A Sharpe ratio of 0.3 per period: 9.5 standard errors over 1,000.
  noise[17] = noise[17]!.map((value) => value + 0.003);
  const got = backtestOverfitting(noise, 10);
  expect(got.ok && got.value.probabilityOfOverfitting).toBe(0);
});
