/** Windows by hand, choices on a few returns, and that no choice knows what comes after it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  chooseOnWindows,
  firstTradedBar,
  type WindowTrial,
  walkForwardWindows,
  windowMeasure,
} from "../../src/sweep/walk-forward-windows.ts";

const trial = (index: number, returns: readonly number[]): WindowTrial => ({
  trial: index,
  returns: Float64Array.from(returns),
});
/** What a return series adds up to: easy to do by hand. */
const sum = (returns: ArrayLike<number>) => Array.from(returns).reduce((total, value) => total + value, 0);
const range = (from: number, to: number) => ({ from, to });

describe("windows", () => {
  test("that roll keep their length, and the last test ends with the bars", () => {
    // first test at 1 + 4, then every 3 bars: 5..8, 8..11, 11..12
    expect(walkForwardWindows(1, 12, { kind: "rolling", trainBars: 4, testBars: 3, stepBars: 3 })).toEqual([
      { train: range(1, 5), test: range(5, 8) },
      { train: range(4, 8), test: range(8, 11) },
      { train: range(7, 11), test: range(11, 12) },
    ]);
  });

  test("that expand begin where the first did", () => {
    const windows = walkForwardWindows(2, 10, { kind: "expanding", trainBars: 3, testBars: 3, stepBars: 2 });
    expect(windows.map(({ train }) => train)).toEqual([range(2, 5), range(2, 7), range(2, 9)]);
    expect(windows.map(({ test }) => test)).toEqual([range(5, 8), range(7, 10), range(9, 10)]);
  });

  test("there is none without a bar after the first training", () => {
    expect(walkForwardWindows(1, 5, { kind: "rolling", trainBars: 4, testBars: 1, stepBars: 1 })).toEqual([]);
  });
});

describe("the first training window", () => {
  test("waits for trials that begin within its length of the first, and for no other", () => {
    const early = trial(0, [0, 0, 0.1, 0, 0, 0, 0]); // bar 3
    const later = trial(1, [0, 0, 0, 0, 0.1, 0, 0]); // bar 5
    const never = trial(2, [0, 0, 0, 0, 0, 0, 0]);
    expect(firstTradedBar([early, later, never], 3)).toBe(5);
    expect(firstTradedBar([early, later, never], 2)).toBe(3);
    expect(firstTradedBar([never], 3)).toBeNull();
  });
});

describe("choices", () => {
  // bars 1..6; windows train 1..2, 3..4 and test 3..4, 5..6
  const windows = [
    { train: range(1, 3), test: range(3, 5) },
    { train: range(3, 5), test: range(5, 7) },
  ];

  test("go by the training bars and are measured and ranked on the test bars", () => {
    const trials = [
      trial(4, [0.01, 0.01, 0.05, 0.05, -0.02, 0.01]),
      trial(7, [0.02, 0.01, -0.01, 0.0, 0.01, 0.01]),
      trial(9, [0.0, 0.01, 0.01, 0.01, 0.03, 0.03]),
    ];
    // window 1: sums 0.02, 0.03, 0.01: trial 7; on bars 3..4 sums 0.10, -0.01, 0.02: the last of three
    // window 2: sums 0.10, -0.01, 0.02: trial 4; on bars 5..6 sums -0.01, 0.02, 0.06: the last of three
    const made = chooseOnWindows(windows, trials, sum, false);
    expect(made.map((window) => window.trial)).toEqual([7, 4]);
    expect(made[0]!.trainMetric).toBeCloseTo(0.03, 12);
    expect(made[0]!.testMetric).toBeCloseTo(-0.01, 12);
    expect(made.map(({ testRank, tested }) => [testRank, tested])).toEqual([
      [3, 3],
      [3, 3],
    ]);
    // smallest first: trial 9, then trial 7
    const lowest = chooseOnWindows(windows, trials, sum, true);
    expect(lowest.map((window) => window.trial)).toEqual([9, 7]);
    expect(lowest.map(({ testRank }) => testRank)).toEqual([2, 2]);
  });

  test("take the first of equals, and equals share the mean of their ranks", () => {
    const same = [0.5, 0.25, 0.125, 0.125, 0.5, 0.5];
    const made = chooseOnWindows(windows, [trial(2, same), trial(3, same), trial(5, same)], sum, false);
    expect(made.map((window) => window.trial)).toEqual([2, 2]);
    expect(made.map(({ testRank }) => testRank)).toEqual([2, 2]);
  });

  test("are kept where no trial has the metric, and are none before there was one", () => {
    const idle = trial(0, [0, 0, 0.1, 0.1, 0, 0]);
    const third = { train: range(5, 7), test: range(7, 8) };
    const made = chooseOnWindows(
      [...windows, third],
      [{ ...idle, returns: Float64Array.of(...idle.returns, 0.2) }],
      sum,
      false,
    );
    expect(made.map(({ choice, trial: index }) => [choice, index])).toEqual([
      ["none", -1],
      ["chosen", 0],
      ["kept", 0],
    ]);
    expect(made[0]).toMatchObject({ trainMetric: Number.NaN, testMetric: Number.NaN, testRank: Number.NaN });
    expect(made[2]!.trainMetric).toBeNaN();
    expect(made[2]!.testMetric).toBeCloseTo(0.2, 12);
  });

  test("never take a trial that did nothing in the training bars, whatever its drawdown", () => {
    const measure = windowMeasure("max_drawdown", { periodsPerYear: 252, riskFreeAnnual: 0 });
    const made = chooseOnWindows(
      windows,
      [trial(0, [0, 0, 0, 0, 0, 0]), trial(1, [0.1, -0.1, 0.1, -0.1, 0, 0.1])],
      measure,
      false,
    );
    expect(made.map((window) => window.trial)).toEqual([1, 1]);
    expect(made[0]!.trainMetric).toBeCloseTo(-0.1, 12);
  });

  test("follow a regime that turns, as soon as the training bars have turned", () => {
    // one trial earns until bar 60, the other from there on; by hand: a window of 20 turns when 11 of its bars have
    const noise = (t: number) => 0.001 * ((t * 7) % 5);
    const bull = Array.from({ length: 120 }, (_, t) => (t < 60 ? 0.01 : -0.01) + noise(t));
    const bear = Array.from({ length: 120 }, (_, t) => (t < 60 ? -0.01 : 0.01) + noise(t));
    const measure = windowMeasure("sharpe", { periodsPerYear: 252, riskFreeAnnual: 0 });
    const all = walkForwardWindows(1, 121, { kind: "rolling", trainBars: 20, testBars: 10, stepBars: 10 });
    const made = chooseOnWindows(all, [trial(0, bull), trial(1, bear)], measure, false);
    // tests from bar 21, 31, ... 111; trained to bar 60 and before: bull; to 70: ten bars each; from 80 on: bear
    const expected = made.map(({ train }) => (train.to <= 61 ? 0 : 1));
    expect(made.filter(({ train }) => train.to !== 71).map(({ trial: index }) => index)).toEqual(
      expected.filter((_, k) => made[k]!.train.to !== 71),
    );
    expect(made.at(-1)!.testRank).toBe(1);
    expect(made.find(({ test }) => test.from === 61)).toMatchObject({ trial: 0, testRank: 2, tested: 2 });
  });

  test("know nothing of what comes after them", () => {
    const series = fc.array(fc.double({ min: -0.05, max: 0.05, noNaN: true }), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(series, { minLength: 2, maxLength: 4 }),
        series,
        fc.integer({ min: 2, max: 39 }),
        (all, other, cut) => {
          const measure = windowMeasure("sharpe", { periodsPerYear: 252, riskFreeAnnual: 0 });
          const made = (trials: readonly WindowTrial[]) => {
            const start = firstTradedBar(trials, 8);
            if (start === null) return [];
            const policy = { kind: "rolling", trainBars: 8, testBars: 5, stepBars: 5 } as const;
            return chooseOnWindows(walkForwardWindows(start, 41, policy), trials, measure, false)
              .filter(({ train }) => train.to <= cut)
              .map(({ train, trial: index, trainMetric }) => [train, index, trainMetric]);
          };
          const before = all.map((returns, k) => trial(k, returns));
          // return t belongs to bar t + 1: those of bars before the cut stay
          const after = all.map((returns, k) => trial(k, [...returns.slice(0, cut - 1), ...other.slice(cut - 1)]));
          expect(made(after)).toEqual(made(before));
        },
      ),
    );
  });
});
