import { describe, expect, test } from "vitest";
import {
  epochTime,
  formatBarTime,
  formatTime,
  inferPeriodsPerYear,
  parseBarTime,
  parseTimeRange,
} from "../../src/data/calendar.ts";
import { DAY, day } from "./tables.ts";

const HOUR = DAY / 24;
const bars = (count: number, at: (t: number) => number): Float64Array =>
  Float64Array.from({ length: count }, (_, t) => at(t));
/** Monday to Friday from Monday 2020-01-06. */
const weekday = (t: number): number => day("2020-01-06") + (Math.floor(t / 5) * 7 + (t % 5)) * DAY;

describe("parseBarTime", () => {
  test.each([
    ["1970-01-02", DAY],
    ["2020-02-29", 1_582_934_400_000],
    ["2020-01-31T09:30", 1_580_463_000_000],
    ["2020-01-31 09:30:00", 1_580_463_000_000],
    ["2020-01-31T09:30:00Z", 1_580_463_000_000],
    ["2020-01-31T09:30:00.250Z", 1_580_463_000_250],
    ["2020-01-31T09:30:00.123456789", 1_580_463_000_123],
    ["2020-01-31T09:30:00+02:00", 1_580_455_800_000],
    ["2020-01-31T09:30:00-0530", 1_580_482_800_000],
    ["2020-01-31 09:30:00+00", 1_580_463_000_000],
    ["1580463000", 1_580_463_000_000],
    ["1580463000000", 1_580_463_000_000],
  ])("reads %s", (text, expected) => {
    expect(parseBarTime(text)).toBe(expected);
  });

  test.each([
    "",
    "2020-02-30",
    "2019-02-29",
    "2020-13-01",
    "2020-00-10",
    "2020-1-5",
    "2020/01/05",
    "01/02/2020",
    "20200131",
    "43831",
    "2020-01-31T24:00",
    "2020-01-31T09:60",
    "2020-01-31T09:30:00+25:00",
    "2020-01-31x",
    "today",
    "1580463000.5",
    "NaN",
  ])("refuses %j", (text) => {
    expect(parseBarTime(text)).toBeUndefined();
  });
});

test("numbers too short for seconds, or between seconds and milliseconds, are no epoch", () => {
  expect(epochTime(99_999_999)).toBeUndefined();
  expect(epochTime(100_000_000)).toBe(100_000_000_000);
  expect(epochTime(10_000_000_000)).toBeUndefined();
  expect(epochTime(100_000_000_000)).toBe(100_000_000_000);
  expect(epochTime(10_000_000_000_000)).toBeUndefined();
});

describe("parseTimeRange", () => {
  test("an end date keeps its whole day, an end timestamp only that instant", () => {
    expect(parseTimeRange("2020-01-01", "2020-01-02")).toEqual({ from: day("2020-01-01"), to: day("2020-01-03") - 1 });
    expect(parseTimeRange(undefined, "2020-01-02T12:00Z").to).toBe(day("2020-01-02") + 12 * HOUR);
  });

  test("is unbounded where nothing is given", () => {
    expect(parseTimeRange(undefined, undefined)).toEqual({ from: -Infinity, to: Infinity });
  });

  test("refuses a start after the end and what is no date", () => {
    expect(() => parseTimeRange("2020-01-03", "2020-01-02")).toThrow("start: must not be after end 2020-01-02");
    expect(() => parseTimeRange("soon", undefined)).toThrow(
      'start: must be a date like 2020-01-31 or an ISO timestamp, got "soon"',
    );
  });
});

describe("inferPeriodsPerYear", () => {
  test.each([
    ["daily bars without weekends are 252", bars(60, weekday), 252],
    ["daily bars with weekends are 365", bars(60, (t) => day("2020-01-06") + t * DAY), 365],
    [
      "one stray Saturday does not make a seven-day market",
      Float64Array.from([...bars(60, weekday), day("2020-02-01")]).sort(),
      252,
    ],
    ["weekly bars are 52", bars(30, (t) => day("2020-01-03") + 7 * t * DAY), 52],
    ["monthly bars are 12", bars(24, (t) => Date.UTC(2020, t, 1)), 12],
    ["quarterly bars are 4", bars(12, (t) => Date.UTC(2020, 3 * t, 1)), 4],
    ["yearly bars are 1", bars(5, (t) => Date.UTC(2000 + t, 0, 1)), 1],
    ["hourly bars around the clock are 24 x 365", bars(24 * 14, (t) => day("2020-01-06") + t * HOUR), 24 * 365],
    ["four-hour bars around the clock are 6 x 365", bars(6 * 14, (t) => day("2020-01-06") + 4 * t * HOUR), 6 * 365],
    [
      "seven hourly bars on weekdays are 7 x 252",
      bars(7 * 20, (t) => weekday(Math.floor(t / 7)) + (14 + (t % 7)) * HOUR),
      7 * 252,
    ],
    ["no bar at all counts as weekdays", new Float64Array(0), 252],
  ])("%s", (_, time, expected) => {
    expect(inferPeriodsPerYear(time)).toBe(expected);
  });
});

describe("formatBarTime", () => {
  test("prints dates when every label is midnight UTC", () => {
    expect(formatBarTime(Float64Array.of(0, DAY))(DAY)).toBe("1970-01-02");
  });

  test("prints full timestamps for every label when one is not midnight", () => {
    const print = formatBarTime(Float64Array.of(0, DAY + 90_000));
    expect([0, DAY + 90_000, DAY + 250].map((ms) => print(ms))).toEqual([
      "1970-01-01T00:00:00Z",
      "1970-01-02T00:01:30Z",
      "1970-01-02T00:00:00.250Z",
    ]);
  });

  test("a time that is not known prints as nothing", () => {
    expect(formatTime(Number.NaN)).toBe("");
  });
});
