import { describe, expect, test } from "vitest";
import { METRICS } from "../../src/metrics/catalogue.ts";
import { formatMetric } from "../../src/metrics/format.ts";
import { type MetricValues, renderMetrics } from "../../src/metrics/summary-text.ts";

const every = Object.fromEntries(METRICS.map(({ key }) => [key, -1234.5678])) as MetricValues;

describe("formatMetric", () => {
  test.each([
    [0.12345, "percent", "12.35%"],
    [-0.00001, "percent", "0.00%"],
    [1234.5, "currency", "1,234.50"],
    [3.456, "multiple", "3.46x"],
    [-0.004, "ratio", "0.00"],
    [252, "count", "252"],
    [252.25, "count", "252.25"],
    [1500, "bars", "1,500"],
    [Number.NaN, "ratio", "n/a"],
  ] as const)("writes %d %s as %s", (value, unit, text) => {
    expect(formatMetric(value, unit)).toBe(text);
  });
});

describe("renderMetrics", () => {
  test("aligns the strategy with its benchmark within 80 columns, whatever their names", () => {
    const name = "a_name_much_longer_than_any_column_has_room_for";
    const lines = renderMetrics(every, every, { strategy: name, benchmark: name }).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[0]).toContain("…");
    const rows = lines.filter((line) => line.startsWith("  ") && !line.includes("…"));
    expect(rows).toHaveLength(METRICS.length);
    expect(new Set(rows.map((line) => line.length)).size).toBe(1);
  });
  test("shows only the metrics that are there, groups without any left out", () => {
    expect(renderMetrics({ sharpe: 1.234, periods: 10 })).toBe(
      [
        "                                strategy",
        "────────────────────────────────────────",
        "Risk and reward",
        "  Sharpe ratio                      1.23",
        "",
        "Sample",
        "  Periods                             10",
      ].join("\n"),
    );
  });
  test("shows metrics that no catalogue has where their group is, and unknown ones by their keys at the end", () => {
    const own = {
      key: "mine",
      label: "My own",
      unit: "percent",
      better: "higher",
      group: "risk",
      describe: "",
    } as const;
    const text = renderMetrics({ sharpe: 1, periods: 10, mine: 0.5, other: 2 }, undefined, undefined, [own]);
    expect(text).toMatch(/Sharpe ratio +1\.00\n {2}My own +50\.00%\n\nSample\n.*\n\nOther\n {2}other +2\.00$/);
  });
  test("leaves a cell blank that one side lacks and says n/a where it is undefined", () => {
    const text = renderMetrics({ beta: 0.5, sharpe: Number.NaN }, { sharpe: 1 });
    expect(text).toMatch(/Sharpe ratio +n\/a +1\.00/);
    expect(text).toMatch(/Beta +0\.50$/m);
  });
});
