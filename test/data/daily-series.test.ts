import { expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import { dailyReturns, type SeriesKind } from "../../src/data/daily-series.ts";

const NONE = Number.NaN;
const HOUR = 3_600_000;

function daily(kind: SeriesKind, hours: readonly number[], values: readonly number[], capital = 100) {
  const axes = createAxes(
    hours.map((hour) => hour * HOUR),
    ["A", "B"],
  );
  return dailyReturns({ axes, values: Float64Array.from(values), lineOf: () => 1 }, kind, capital, "s.csv");
}
const rounded = (values: Float64Array) => [...values].map((x) => Number(x.toFixed(12)));

test("returns finer than days compound, and a day without any stays missing", () => {
  const { returns, time } = daily("returns", [1, 23, 25, 49], [0.1, NONE, 0.1, 0.01, NONE, 0.02, NONE, NONE]);
  expect([...time]).toEqual([0, 24 * HOUR, 48 * HOUR]);
  expect(rounded(returns)).toEqual([0.21, 0.01, NONE, 0.02, NONE, NONE]);
});

test("equity gives the return between the last values of days, across holes", () => {
  const { returns } = daily("equity", [1, 23, 25, 49], [100, 50, 110, NONE, NONE, 55, 99, 66]);
  // A: 110 on day 0, none on day 1, 99 on day 2; B: 50, 55, 66
  expect(rounded(returns)).toEqual([NONE, NONE, NONE, 0.1, -0.1, 0.2]);
});

test("pnl adds up over a day and is a return on the capital that is there", () => {
  const { returns } = daily("pnl", [1, 2, 25], [10, 1, 10, NONE, -12, 2], 100);
  // A: 20 on 100, then -12 on 120; B: 1 on 100, then 2 on 101
  expect(rounded(returns)).toEqual([0.2, 0.01, -0.1, Number((2 / 101).toFixed(12))]);
});

test("an equity of zero and a pnl that uses up the capital are named", () => {
  expect(() => daily("equity", [1], [0, 5])).toThrow("s.csv, 1970-01-01 A: equity must be above 0, got 0");
  expect(() => daily("pnl", [1], [5, -100])).toThrow("s.csv, 1970-01-01 B: pnl uses up the capital of 100, got -100");
});
