import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Floats } from "../../src/core/panel.ts";
import { createRng } from "../../src/core/rng.ts";
import { trailingDrawdown, trailingReturn, trailingSharpe } from "../../src/selection/rolling-statistics.ts";

const LEAST = 4;
type Kernel = (x: Floats, assets: number, window: number, out: Float64Array) => void;
const sharpe: Kernel = (x, assets, window, out) => trailingSharpe(x, assets, window, LEAST, out);

/** Of the cells in the window up to and with t, oldest first. */
type Naive = (window: readonly number[]) => number;
const present = (window: readonly number[]) => window.filter((x) => !Number.isNaN(x));
const naiveSharpe: Naive = (window) => {
  const x = present(window);
  if (x.length < LEAST) return Number.NaN;
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const squares = x.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return squares === 0 ? 0 : mean / Math.sqrt(squares / (x.length - 1));
};
const naiveDrawdown: Naive = (window) => {
  const x = present(window);
  return Math.max(0, ...x.flatMap((peak, i) => x.slice(i + 1).map((later) => 1 - later / peak)));
};
/** The window has one bar more than the lookback. */
const naiveReturn: Naive = (window) => {
  const earlier = present(window.slice(0, -1));
  return earlier.length === 0 ? Number.NaN : window.at(-1)! / earlier[0]! - 1;
};

const run = (kernel: Kernel, x: Floats, assets: number, window: number): Float64Array => {
  const out = new Float64Array(x.length).fill(-7);
  kernel(x, assets, window, out);
  return out;
};
const orGap = (value: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: fc.constant(Number.NaN) });
const price = orGap(fc.oneof(fc.double({ min: 1, max: 1000, noNaN: true }), fc.constantFrom(10, 11, 12)));
/** In millionths: the square of a subnormal number is no question of this kernel. */
const change = orGap(
  fc.oneof(
    fc.integer({ min: -3e5, max: 3e5 }).map((x) => x / 1e6),
    fc.constantFrom(0, 0.125),
  ),
);

describe.each([
  ["trailingSharpe", sharpe, naiveSharpe, 0, change],
  ["trailingDrawdown", trailingDrawdown, naiveDrawdown, 0, price],
  ["trailingReturn", trailingReturn, naiveReturn, 1, price],
] as const)("%s", (_name, kernel, naive, extra, cell) => {
  test("equals its definition over a window that is cut out afresh at every bar", () => {
    const whole = (min: number, max: number) => fc.integer({ min, max });
    fc.assert(
      fc.property(whole(1, 3), whole(1, 8), whole(0, 30), fc.infiniteStream(cell), (N, window, T, stream) => {
        const x = Float64Array.from([...stream.take(N * T)]);
        const out = run(kernel, x, N, window);
        for (let t = 0; t < T; t++)
          for (let n = 0; n < N; n++) {
            const from = Math.max(0, t - window - extra + 1);
            const want = naive(Array.from({ length: t - from + 1 }, (_, i) => x[(from + i) * N + n]!));
            const got = out[t * N + n]!;
            const same = Number.isNaN(want)
              ? Number.isNaN(got)
              : Math.abs(got - want) <= 1e-12 * Math.max(1, Math.abs(want));
            expect(same, `t=${t} n=${n} want ${want} got ${got}`).toBe(true);
          }
      }),
      { seed: 7, numRuns: 600 },
    );
  });

  test("is causal to the bit: cutting the future off, or changing it, leaves earlier rows alone", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.array(cell, { minLength: 2, maxLength: 40 }),
        fc.nat(),
        (window, xs, k) => {
          const t = 1 + (k % (xs.length - 1));
          const whole = run(kernel, Float64Array.from(xs), 1, window).subarray(0, t);
          expect(run(kernel, Float64Array.from(xs.slice(0, t)), 1, window)).toEqual(whole);
          expect(run(kernel, Float64Array.from(xs.with(t, 0.7)), 1, window).subarray(0, t)).toEqual(whole);
        },
      ),
      { seed: 7 },
    );
  });

  test("permutes with its columns", () => {
    const rng = createRng(3);
    const x = Float64Array.from({ length: 80 }, () => 1 + rng.uniform());
    const swapped = x.map((_, i) => x[i ^ 1]!);
    expect(run(kernel, swapped, 2, 6)).toEqual(run(kernel, x, 2, 6).map((_, i, whole) => whole[i ^ 1]!));
  });

  test("accepts an empty plane, an all-NaN column and a window longer than the plane", () => {
    expect(run(kernel, new Float64Array(), 3, 5)).toHaveLength(0);
    const empty = run(kernel, new Float64Array(12).fill(Number.NaN), 1, 5);
    for (const value of empty) expect(value === 0 || Number.isNaN(value)).toBe(true);
    const x = Float64Array.of(1, 1.5, 1.2, 1.3, 1.1, 1.6);
    expect(run(kernel, x, 1, 1e9)[5]).toBeCloseTo(naive([...x]), 12);
  });
});

describe("by hand", () => {
  test("the Sharpe ratio of 1, 2, 3, 4 is 2.5 over the root of 5/3, and of a constant stretch 0", () => {
    const out = run(sharpe, Float64Array.of(1, Number.NaN, 2, 3, 4), 1, 5);
    expect([...out.subarray(0, 4)]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(out[4]).toBeCloseTo(2.5 / Math.sqrt(5 / 3), 15);
    expect([...run(sharpe, new Float64Array(20).fill(0.1), 1, 6)].slice(3)).toEqual(new Array(17).fill(0));
  });

  test("a fall counts while both its peak and its trough are in the window", () => {
    const out = run(trailingDrawdown, Float64Array.of(100, 80, 90, 72, 100, 100, 99), 1, 3);
    // windows: 100 80 | 100 80 90 | 80 90 72 | 90 72 100 | 72 100 100 | 100 100 99
    expect([...out]).toEqual([0, 1 - 0.8, 1 - 0.8, 1 - 72 / 90, 1 - 72 / 90, 0, 1 - 0.99]);
  });

  test("the return is against the earliest close of the lookback", () => {
    const gap = Number.NaN;
    const out = run(trailingReturn, Float64Array.of(10, 20, gap, 30, 60, gap, gap, 15), 1, 2);
    // 20/10; none; 30/20; 60/30 (20 is three bars back); none; none; 15 has only gaps before it
    expect([...out]).toEqual([gap, 1, gap, 0.5, 1, gap, gap, gap]);
  });
});

test("agrees with the definition to 1e-12 over 2,000 bars of prices with holes", () => {
  const rng = createRng(11);
  const T = 2000;
  const close = new Float64Array(T);
  let last = 100;
  for (let t = 0; t < T; t++) {
    last *= Math.exp(0.03 * rng.normal());
    close[t] = rng.uniform() < 0.03 ? Number.NaN : last;
  }
  const returns = close.map((x, t) => (t === 0 ? Number.NaN : x / close[t - 1]! - 1));
  const apart = (kernel: Kernel, x: Float64Array, window: number, naive: Naive, extra: number): number => {
    const out = run(kernel, x, 1, window);
    let furthest = 0;
    for (let t = 0; t < T; t++) {
      const want = naive([...x.subarray(Math.max(0, t - window - extra + 1), t + 1)]);
      if (Number.isNaN(want)) expect(out[t]).toBeNaN();
      else furthest = Math.max(furthest, Math.abs(out[t]! - want));
    }
    return furthest;
  };
  expect(apart(sharpe, returns, 60, naiveSharpe, 0)).toBeLessThan(1e-12);
  expect(apart(trailingDrawdown, close, 61, naiveDrawdown, 0)).toBe(0);
  expect(apart(trailingReturn, close, 30, naiveReturn, 1)).toBe(0);
});
