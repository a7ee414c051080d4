import { describe, expect, test } from "vitest";
import type { RebalancingPolicy } from "../../src/rebalancing/rebalancing-policy.ts";
import { initCalendar, stepCalendar } from "../../src/rebalancing/trigger.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Labels of the bars at which plans may open; the first decision is at `first`. */
function openings(labels: readonly string[], interval: RebalancingPolicy["interval"], first = 0): string[] {
  const time = Float64Array.from(labels, (label) => Date.parse(label));
  const state = initCalendar();
  const open: string[] = [];
  for (const [t, label] of labels.entries()) {
    if (t === first) state.firstDecision = t;
    if (stepCalendar(state, t, time, interval)) open.push(label);
  }
  return open;
}

/** Daily labels from one date to another, all days or Monday to Friday, without the holidays named. */
function days(from: string, to: string, weekends: boolean, holidays: readonly string[] = []): string[] {
  const labels: string[] = [];
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += DAY) {
    const weekday = new Date(ms).getUTCDay();
    const label = new Date(ms).toISOString().slice(0, 10);
    if ((weekends || (weekday !== 0 && weekday !== 6)) && !holidays.includes(label)) labels.push(label);
  }
  return labels;
}

describe("every n bars", () => {
  test("counts from the first decision", () => {
    const labels = days("2020-01-01", "2020-01-12", true);
    expect(openings(labels, 4, 2)).toEqual(["2020-01-03", "2020-01-07", "2020-01-11"]);
    expect(openings(labels, 1, 9)).toEqual(["2020-01-10", "2020-01-11", "2020-01-12"]);
    expect(openings(labels, 5, -1)).toEqual([]);
  });
});

describe("the end of a month", () => {
  test("is its last day where there is trading every day, its last weekday where there is not", () => {
    expect(openings(days("2020-01-06", "2020-05-15", true), "month")).toEqual([
      "2020-01-31",
      "2020-02-29",
      "2020-03-31",
      "2020-04-30",
    ]);
    // Friday 31 January, Friday 28 February, Tuesday 31 March, Thursday 30 April, Friday 29 May 2020
    expect(openings(days("2020-01-06", "2020-06-10", false), "month")).toEqual([
      "2020-01-31",
      "2020-02-28",
      "2020-03-31",
      "2020-04-30",
      "2020-05-29",
    ]);
  });

  test("is made up for at the next bar where its last day is a holiday", () => {
    // Good Friday 2024 was 29 March, the last weekday of the month
    const labels = days("2024-03-01", "2024-05-03", false, ["2024-03-29"]);
    expect(openings(labels, "month")).toEqual(["2024-04-01", "2024-04-30"]);
  });

  test("is every bar of monthly data, once", () => {
    const labels = Array.from({ length: 14 }, (_, k) => new Date(Date.UTC(2020, k, 1)).toISOString().slice(0, 10));
    expect(openings(labels, "month")).toEqual(labels.slice(1));
  });

  test("is the last hour of hourly data", () => {
    const labels = Array.from({ length: 60 }, (_, h) => new Date(Date.UTC(2020, 0, 30, h)).toISOString());
    expect(openings(labels, "month")).toEqual(["2020-01-31T23:00:00.000Z"]);
  });
});

describe("the end of a week", () => {
  test("is Friday without weekend trading, also past a stray weekend print", () => {
    const labels = days("2020-01-06", "2020-03-20", false);
    const fridays = labels.filter((label) => new Date(label).getUTCDay() === 5);
    expect(openings(labels, "week")).toEqual(fridays);
    const printed = [...labels, "2020-03-07"].sort();
    expect(openings(printed, "week")).toEqual(fridays);
  });

  test("is Sunday with weekend trading, once the first weekend was seen", () => {
    const labels = days("2020-01-06", "2020-01-31", true);
    // the Friday of the first week passes for its end: no weekend was seen yet
    expect(openings(labels, "week")).toEqual(["2020-01-10", "2020-01-19", "2020-01-26"]);
  });

  test("is the first bar after it where the market closed early", () => {
    const labels = days("2020-01-06", "2020-01-22", false, ["2020-01-10"]);
    expect(openings(labels, "week")).toEqual(["2020-01-13", "2020-01-17"]);
  });

  test("is every bar of weekly data", () => {
    const labels = Array.from({ length: 6 }, (_, k) => new Date(Date.UTC(2020, 0, 3 + 7 * k)).toISOString());
    expect(openings(labels, "week")).toEqual(labels.slice(1));
  });
});
