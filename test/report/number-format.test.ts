import { describe, expect, it } from "vitest";
import {
  formatDay,
  formatPercent,
  formatShort,
  formatTime,
  formatValue,
  formatWhole,
  plural,
} from "../../src/report/number-format.ts";

describe("formatValue", () => {
  it("writes n/a for what is undefined, never 0", () => {
    for (const style of ["percent", "ratio", "currency", "count", "multiple", "bars", "date"] as const) {
      expect(formatValue(Number.NaN, style)).toBe("n/a");
      expect(formatValue(null, style)).toBe("n/a");
    }
  });

  it("uses a minus sign as wide as a digit, and none on a rounded zero", () => {
    expect(formatPercent(-0.1234)).toBe("−12.34%");
    expect(formatPercent(-0.000001)).toBe("0.00%");
    expect(formatValue(-1234567.891, "currency")).toBe("−1,234,567.89");
    expect(formatWhole(-1234.5)).toBe("−1,234");
  });

  it("shortens amounts that a tile has no room for", () => {
    expect(formatShort(99_999_999)).toBe("99,999,999");
    expect(formatShort(270_338_431)).toBe("270.34M");
    expect(formatShort(-1.5e11)).toBe("−150.00B");
    expect(formatShort(Number.NaN)).toBe("n/a");
    expect(formatShort(Number.POSITIVE_INFINITY)).toBe("n/a");
  });

  it("passes text through", () => {
    expect(formatValue("Mar 2019", "text")).toBe("Mar 2019");
  });
});

describe("times", () => {
  it("show hours only when the bar is not at midnight UTC", () => {
    expect(formatTime(Date.UTC(2019, 2, 1))).toBe("2019-03-01");
    expect(formatTime(Date.UTC(2019, 2, 1, 9, 30))).toBe("2019-03-01 09:30");
    expect(formatTime(Number.NaN)).toBe("n/a");
    expect(formatTime(1e300)).toBe("n/a");
  });

  it("read as dates in running text", () => {
    expect(formatDay(Date.UTC(2015, 0, 2))).toBe("2 Jan 2015");
  });
});

describe("plural", () => {
  it("agrees with its count", () => {
    expect(plural(1, "bar")).toBe("1 bar");
    expect(plural(2520, "bar")).toBe("2,520 bars");
  });
});
