import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAxes, type Floats } from "../../src/core/panel.ts";
import { type TimeSeriesMomentumPolicy, timeSeriesMomentum } from "../../src/signal/time-series-momentum.ts";
import { DAY, flatten } from "../support/market.ts";

const NONE = Number.NaN;
const policyOf = (changes: Partial<TimeSeriesMomentumPolicy> = {}): TimeSeriesMomentumPolicy => ({
  lookbackBars: 2,
  skipBars: 0,
  volatilityBars: 2,
  volatilityTarget: 0.01,
  maxStrength: 1,
  side: "long_short",
  ...changes,
});
const axesOf = (bars: number, assets: number) =>
  createAxes(
    Array.from({ length: bars }, (_, t) => t * DAY),
    Array.from({ length: assets }, (_, n) => `A${n}`),
  );
function momentum(close: Floats, assets: number, policy: TimeSeriesMomentumPolicy, fundingRate: Floats | null = null) {
  return timeSeriesMomentum({ axes: axesOf(close.length / assets, assets), close, fundingRate }, policy);
}
const one = (closes: readonly (number | null)[], changes = {}, rates: readonly (number | null)[] | null = null) => [
  ...momentum(flatten([closes]), 1, policyOf(changes), rates === null ? null : flatten([rates])),
];
/** Sample deviation of two numbers. */
const deviation = (a: number, b: number) => Math.abs(a - b) / Math.SQRT2;
const expectClose = (got: readonly number[], want: readonly number[]) => {
  expect(got.length).toBe(want.length);
  for (const [t, x] of want.entries())
    if (Number.isNaN(x)) expect(got[t], `bar ${t}`).toBeNaN();
    else expect(got[t], `bar ${t}`).toBeCloseTo(x, 12);
};

describe("direction and strength", () => {
  test("the sign of the lookback's return times the volatility allowed over the one there is", () => {
    // returns +10%, -10%, -10%, +20%; over two bars: -1%, -19%, +8%; deviations of the last two: 20, 0 and 30 points / sqrt 2
    const closes = [100, 110, 99, 89.1, 106.92];
    const got = one(closes, { volatilityTarget: 0.01 });
    expectClose(got.toSpliced(3, 1), [NONE, NONE, -0.01 / deviation(0.1, -0.1), 0.01 / deviation(-0.1, 0.2)]);
    // two equal falls have hardly a deviation, so the cap binds
    expect(got[3]).toBe(-1);
  });

  test("long only is out where long-short is short", () => {
    const closes = [100, 110, 99, 89.1, 106.92];
    expectClose(one(closes, { side: "long_only" }), [NONE, NONE, 0, 0, 0.01 / deviation(-0.1, 0.2)]);
  });

  test("is never more than the cap", () => {
    const closes = [100, 110, 99, 89.1, 106.92];
    // 0.5 / deviation(-0.1, 0.2) is 2.36, 0.5 / deviation(0.1, -0.1) is 3.54
    expectClose(one(closes, { volatilityTarget: 0.5, maxStrength: 3 }), [
      NONE,
      NONE,
      -3,
      -3,
      0.5 / deviation(-0.1, 0.2),
    ]);
  });

  test("leaves out the latest bars where it is told to, in the direction alone", () => {
    // at bar 4 the return from bar 1 to bar 3 is -19%, at bar 3 that from 0 to 2 is -1%
    const closes = [100, 110, 99, 89.1, 106.92];
    expectClose(one(closes, { skipBars: 1 }), [NONE, NONE, NONE, -1, -0.01 / deviation(-0.1, 0.2)]);
  });

  test("a price that did not move has no direction, one that moved before the window of the deviation is at the cap", () => {
    expect(one([5, 5, 5, 5])).toEqual([NONE, NONE, 0, 0]);
    expect(one([4, 5, 5, 5], { lookbackBars: 3 })).toEqual([NONE, NONE, NONE, 1]);
  });
});

describe("funding", () => {
  const closes = [100, 101, 100, 101, 102];

  test("turns the direction where a long paid more than the price gained", () => {
    // bar 4: +2% over two bars, against 1.5% twice; bar 3: 0% over two bars, against nothing and 1.5%
    const gross = one(closes).map(Math.sign);
    const net = one(closes, {}, [0, 0, 0, 0.015, 0.015]).map(Math.sign);
    expect(gross).toEqual([NONE, NONE, 0, 0, 1]);
    expect(net).toEqual([NONE, NONE, 0, -1, -1]);
    // and where a long was paid
    expect(one(closes, {}, [0, 0, 0, -0.001, 0]).map(Math.sign)).toEqual([NONE, NONE, 0, 1, 1]);
  });

  test("is r - rate, compounded over the lookback", () => {
    // 1.1 - f, then 1.1 - f: nothing gained where (1.1 - f)^2 = 1, so at f = 0.1; the price alone has 21%
    const rising = [100, 110, 121];
    expect(one(rising, {}, [9, 0.0999, 0.0999]).map(Math.sign)[2]).toBe(1);
    expect(one(rising, {}, [9, 0.1001, 0.1001]).map(Math.sign)[2]).toBe(-1);
    // a fall by half, then a doubling, each less 10%: 0.4 * 1.9 = 0.76; on the sums it would be 0.5 - 0.2 > 0
    expect(one([100, 50, 100], {}, [0, 0.1, 0.1]).map(Math.sign)[2]).toBe(-1);
  });

  test("none paid is no difference, to the bit, whether it is zero or missing", () => {
    const gross = one(closes);
    expect(one(closes, {}, [0, 0, 0, 0, 0])).toEqual(gross);
    expect(one(closes, {}, [null, null, null, null, null])).toEqual(gross);
  });

  test("that takes all of a long is forgotten once it is out of the lookback", () => {
    const got = one([100, 101, 102, 103, 104, 105], {}, [0, 0, 2, 0, 0, 0]).map(Math.sign);
    expect(got).toEqual([NONE, NONE, -1, -1, 1, 1]);
  });
});

describe("holes", () => {
  test("are passed over: the return over a hole counts once in the deviation, the lookback goes between known closes", () => {
    // known closes 100, 110, 99, 118.8: returns +10%, -10%, +20%
    const got = one([100, 110, null, 99, 118.8]);
    // bar 3: against bar 1, 99 / 110; bar 4: against bar 2, for which the close of bar 1 stands
    expectClose(got, [NONE, NONE, NONE, -0.01 / deviation(0.1, -0.1), 0.01 / deviation(-0.1, 0.2)]);
  });

  test("there is no opinion before a listing and until both windows are full after it", () => {
    const late = one([null, 100, 110, 99, 89.1]);
    expectClose(late.toSpliced(4, 1), [NONE, NONE, NONE, -0.01 / deviation(0.1, -0.1)]);
    expect(one([null, null])).toEqual([NONE, NONE]);
    expect(one([1, 2, 3], { lookbackBars: 5 })).toEqual([NONE, NONE, NONE]);
    expect(one([1, 2, 3], { volatilityBars: 5 })).toEqual([NONE, NONE, NONE]);
    expect([...momentum(new Float64Array(), 2, policyOf())]).toEqual([]);
  });
});

describe("as a transform of panels", () => {
  const price = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 100 }) },
    { weight: 1, arbitrary: fc.constant(NONE) },
  );
  // of no simple ratio to any return, so that no product is 1 but for rounding
  const rate = fc.integer({ min: -9, max: 9 }).map((k) => k * 0.0053719);
  const drawn = fc
    .record({ bars: fc.integer({ min: 1, max: 14 }), assets: fc.integer({ min: 1, max: 3 }) })
    .chain(({ bars, assets }) => {
      const cells = bars * assets;
      return fc.record({
        bars: fc.constant(bars),
        assets: fc.constant(assets),
        close: fc.array(price, { minLength: cells, maxLength: cells }).map((x) => Float64Array.from(x)),
        rates: fc.array(rate, { minLength: cells, maxLength: cells }).map((x) => Float64Array.from(x)),
        lookbackBars: fc.integer({ min: 1, max: 5 }),
        skipBars: fc.integer({ min: 0, max: 2 }),
        volatilityBars: fc.integer({ min: 2, max: 5 }),
        funded: fc.boolean(),
      });
    });

  test("equals the definition written out", () => {
    fc.assert(
      fc.property(drawn, ({ bars, assets, close, rates, funded, ...windows }) => {
        const policy = policyOf({ volatilityTarget: 0.2, ...windows });
        const got = momentum(close, assets, policy, funded ? rates : null);
        for (let n = 0; n < assets; n++) {
          const column = Array.from({ length: bars }, (_, t) => close[t * assets + n]!);
          for (let t = 0; t < bars; t++) {
            const want = definition(column, (u) => (funded ? rates[u * assets + n]! : 0), t, policy);
            const value = got[t * assets + n]!;
            if (Number.isNaN(want)) expect(value).toBeNaN();
            else expect(Math.abs(value - want)).toBeLessThan(1e-9);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test("what comes later changes no bit of what was", () => {
    fc.assert(
      fc.property(drawn, fc.nat(), ({ bars, assets, close, rates, funded, ...windows }, k) => {
        const policy = policyOf(windows);
        const cut = (k % bars) * assets;
        const shaken = close.map((x, i) => (i < cut ? x : 1e6 - x));
        const whole = momentum(close, assets, policy, funded ? rates : null);
        const other = momentum(shaken, assets, policy, funded ? rates.map((x, i) => (i < cut ? x : 0.3)) : null);
        expect(other.subarray(0, cut)).toEqual(whole.subarray(0, cut));
        const short = momentum(close.slice(0, cut), assets, policy, funded ? rates.slice(0, cut) : null);
        expect(short).toEqual(whole.subarray(0, cut));
      }),
    );
  });

  test("goes with the assets when they change places", () => {
    fc.assert(
      fc.property(drawn, ({ assets, close, rates, funded, ...windows }) => {
        const turned = (x: Float64Array) =>
          x.map((_, i) => x[Math.floor(i / assets) * assets + assets - 1 - (i % assets)]!);
        const stayed = momentum(close, assets, policyOf(windows), funded ? rates : null);
        const moved = momentum(turned(close), assets, policyOf(windows), funded ? turned(rates) : null);
        expect(turned(moved)).toEqual(stayed);
      }),
    );
  });
});

/** Bar t of one asset, from its docstring. */
function definition(
  closes: readonly number[],
  rateAt: (t: number) => number,
  t: number,
  { lookbackBars, skipBars, volatilityBars, volatilityTarget, maxStrength }: TimeSeriesMomentumPolicy,
): number {
  const priced = (u: number) => !Number.isNaN(closes[u]);
  const lastKnown = (u: number) => closes.slice(0, u + 1).findLast((x) => !Number.isNaN(x)) ?? NONE;
  if (!priced(t) || t - skipBars - lookbackBars < 0) return NONE;
  let value = 1;
  for (let u = t - skipBars - lookbackBars + 1; u <= t - skipBars; u++)
    value *= lastKnown(u) / lastKnown(u - 1) - rateAt(u);
  const known = closes.slice(0, t + 1).filter((x) => !Number.isNaN(x));
  const returns = known.slice(1).map((x, i) => x / known[i]! - 1);
  if (returns.length < volatilityBars || Number.isNaN(value)) return NONE;
  const window = returns.slice(-volatilityBars);
  const mean = window.reduce((sum, r) => sum + r, 0) / volatilityBars;
  const variance = window.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (volatilityBars - 1);
  // what compounding leaves of a round trip is rounding
  const direction = Math.abs(value - 1) < 1e-12 ? 0 : Math.sign(value - 1);
  return direction * Math.min(maxStrength, volatilityTarget / Math.sqrt(variance));
}
