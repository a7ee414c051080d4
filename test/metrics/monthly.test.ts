import fc from "fast-check";
import { expect, test } from "vitest";
import { monthlyReturns } from "../../src/metrics/monthly.ts";
import { wealth } from "../../src/metrics/returns.ts";

const DAY = 86_400_000;
const days = (from: string, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, t) => Date.parse(from) + t * DAY);
const weekdays = (from: string, to: string): Float64Array =>
  days(from, (Date.parse(to) - Date.parse(from)) / DAY + 1).filter((time) => {
    const weekday = new Date(time).getUTCDay();
    return weekday !== 0 && weekday !== 6;
  });

test("compounds within months and years, in UTC", () => {
  // 30 January to 3 February: the return earned on 31 January is January's, the next three are February's.
  const [year] = monthlyReturns(days("2020-01-30", 5), Float64Array.of(0.1, 0.1, -0.5, 1));
  expect(year!.year).toBe(2020);
  expect(year!.months).toHaveLength(12);
  expect(year!.months[0]!.value).toBeCloseTo(0.1, 12);
  expect(year!.months[1]!.value).toBeCloseTo(1.1 * 0.5 * 2 - 1, 12);
  expect(year!.months[2]).toEqual({ value: Number.NaN, partial: false });
  expect(year!.total).toBeCloseTo(1.1 * 1.1 - 1, 12);
  expect(year!.partial).toBe(true);
});

test("flags the months that the data cut", () => {
  const partial = (time: Float64Array): boolean[] =>
    monthlyReturns(time, new Float64Array(time.length - 1))[0]!
      .months.filter(({ value }) => !Number.isNaN(value))
      .map((month) => month.partial);
  // The base bar lies in the month itself: its first day has no return.
  expect(partial(days("2021-03-01", 61))).toEqual([true, false]);
  expect(partial(days("2021-03-01", 60))).toEqual([true, true]);
  // The base bar is the last of February; Friday 30 April is the last weekday of its month.
  expect(partial(weekdays("2021-02-26", "2021-04-30"))).toEqual([false, false]);
  expect(partial(weekdays("2021-02-26", "2021-04-29"))).toEqual([false, true]);
  // Friday 29 May 2020 ends the month of a weekday market, not of one that trades at weekends.
  expect(partial(weekdays("2020-04-30", "2020-05-29"))).toEqual([false]);
  expect(partial(days("2020-04-30", 30))).toEqual([true]);
});

test("drops missing returns and flags their month", () => {
  const [year] = monthlyReturns(days("2019-12-31", 33), new Float64Array(32).fill(0.01).fill(Number.NaN, 3, 4));
  expect(year!.months[0]).toEqual({ value: expect.closeTo(1.01 ** 30 - 1, 12), partial: true });
});

test("shows years and months without a bar as empty", () => {
  const time = Float64Array.of(Date.parse("2018-12-31"), Date.parse("2019-01-01"), Date.parse("2021-01-01"));
  const years = monthlyReturns(time, Float64Array.of(0.1, 0.2));
  expect(years.map(({ year }) => year)).toEqual([2019, 2020, 2021]);
  expect(years[1]!.total).toBeNaN();
});

test("is empty without returns and refuses lengths that do not fit", () => {
  expect(monthlyReturns(new Float64Array(), new Float64Array())).toEqual([]);
  expect(monthlyReturns(Float64Array.of(0), new Float64Array())).toEqual([]);
  expect(() => monthlyReturns(days("2020-01-01", 3), new Float64Array(3))).toThrow("3 bars need 2 returns, got 3");
});

test("its years compound to the total return", () => {
  const change = fc.double({ min: -0.1, max: 0.1, noNaN: true });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 900 }), (values) => {
      const returns = Float64Array.from(values);
      const years = monthlyReturns(days("2019-06-15", returns.length + 1), returns);
      const total = years.reduce((wealth, year) => wealth * (1 + year.total), 1) - 1;
      expect(Math.abs(total - (wealth(returns).at(-1)! - 1))).toBeLessThan(1e-9 * (1 + Math.abs(total)));
    }),
    { seed: 7, numRuns: 50 },
  );
});
