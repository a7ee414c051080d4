import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { placeOrderStatistic, smallestFirst } from "../../src/metrics/order-statistics.ts";

const ascending = (values: Float64Array): Float64Array => values.toSorted();
const coarse = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), {
  minLength: 1,
  maxLength: 80,
});

/** Series long enough to be sampled, of every order a return or drawdown series may have. */
const rng = createRng(2);
const long: readonly (readonly [string, Float64Array])[] = (
  [
    ["drawn", () => rng.normal()],
    ["ascending", (t) => t],
    ["descending", (t) => -t],
    ["all equal", () => 1],
    ["mostly 0", () => (rng.uniform() < 0.8 ? 0 : rng.normal())],
    ["of two values", () => rng.integer(2)],
    ["rising and falling", (t) => -Math.abs(t - 1700)],
    ["a sawtooth", (t) => t % 97],
    ["with outliers", () => rng.normal() / (rng.uniform() + 1e-9)],
  ] as const satisfies readonly (readonly [string, (t: number) => number])[]
).map(([name, value]) => [name, Float64Array.from({ length: 3000 }, (_, t) => value(t))]);

describe("the smallest first", () => {
  const check = (values: Float64Array, count: number): void => {
    const got = values.slice();
    smallestFirst(got, count);
    const want = ascending(values);
    expect(got.subarray(0, count)).toEqual(want.subarray(0, count));
    expect(ascending(got)).toEqual(want);
  };

  test("are those of a sort, in its order, and nothing is lost", () => {
    fc.assert(
      fc.property(coarse, fc.nat(), (xs, k) => {
        // A sort puts -0 before 0, selection holds them for equal.
        check(
          Float64Array.from(xs, (x) => x + 0),
          k % (xs.length + 1),
        );
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  test.each(long)("hold for a long series %s", (_name, values) => {
    for (const count of [0, 1, 150, 1500, 2999, 3000]) check(values, count);
  });

  test("hold for no value at all", () => {
    check(new Float64Array(), 0);
  });
});

describe("one order statistic", () => {
  test.each(long)("parts a long series %s, and leaves alone what comes before", (_name, values) => {
    for (const from of [0, 200])
      for (const place of [from, 700, 2850, 2999]) {
        const got = values.slice();
        placeOrderStatistic(got, place, from);
        expect(got.subarray(0, from)).toEqual(values.subarray(0, from));
        expect(got[place]).toBe(ascending(values.subarray(from))[place - from]);
        expect(Math.max(...got.subarray(from, place + 1))).toBe(got[place]);
        expect(Math.min(...got.subarray(place))).toBe(got[place]);
      }
  });
});
